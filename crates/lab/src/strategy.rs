//! Ways of doing a lab's work: [`Strategy`].

use engine::{Runtime, Work, YieldWith};

use crate::Values;

/// One way of doing the lab's work.
pub struct Strategy {
    /// The id of its lab.
    pub lab: &'static str,
    /// Its name in the address.
    pub id: &'static str,
    /// The file that runs, as the compiler names it: from the project's folder. The reader sees it highlighted.
    pub source: &'static str,
    /// The languages besides Rust that it is written in (`twins/` in the lab's folder).
    pub twins: &'static [Twin],
    /// Whether it is no way to do the work but a bound that no way can beat.
    pub is_bound: bool,
    /// What it cannot do without.
    pub needs: Need,
    /// Makes the future that does the work; called through [`Strategy::begin`].
    pub start: Start,
}

/// Makes the future that does a strategy's work. Not a bare `fn`, so that it may hold a program of the reader's.
pub type Start = &'static (dyn Fn(&Runtime, &Values) -> Work + Sync);

/// A language besides Rust in which a strategy is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Twin {
    /// For asyncio.
    Python,
    /// For browsers.
    JavaScript,
}

impl Twin {
    /// Every language.
    pub const ALL: [Twin; 2] = [Twin::Python, Twin::JavaScript];

    /// The end of its files' names.
    pub fn extension(self) -> &'static str {
        match self {
            Twin::Python => "py",
            Twin::JavaScript => "js",
        }
    }
}

/// What a strategy needs of the browser besides an event loop.
#[derive(Clone, Copy, Debug)]
pub enum Need {
    /// Nothing.
    Nothing,
    /// This way to yield.
    Yield(YieldWith),
    /// The way to yield that the parameter `yield_with` says.
    ChosenYield,
    /// Threads beside the loop's own: how many must stand ready before the clock starts.
    Workers(fn(&Values) -> usize),
}

impl Strategy {
    /// A strategy of `lab`; `start` runs what stands in the file `source`. In a lab's folder, [`strategy!`](crate::strategy)
    /// is shorter.
    pub const fn new(lab: &'static str, id: &'static str, source: &'static str, start: Start) -> Strategy {
        Strategy { lab, id, source, twins: &[], is_bound: false, needs: Need::Nothing, start }
    }

    /// The same, which is also written in these languages.
    pub const fn also_in(self, twins: &'static [Twin]) -> Strategy {
        Strategy { twins, ..self }
    }

    /// The same as a bound: no way to do the work, but what no way can beat.
    pub const fn as_bound(self) -> Strategy {
        Strategy { is_bound: true, ..self }
    }

    /// The same, but it cannot do without `needs`.
    pub const fn needing(self, needs: Need) -> Strategy {
        Strategy { needs, ..self }
    }

    /// The future that does the work; the lines it comes to are noted in the trace.
    pub fn begin(&self, rt: &Runtime, values: &Values) -> Work {
        rt.follow(self.source);
        (self.start)(rt, values)
    }

    /// The message key of one of its texts: `name`, `idea`.
    pub fn key(&self, part: &str) -> String {
        format!("lab.{}.strategy.{}.{part}", self.lab, self.id)
    }
}

impl PartialEq for Strategy {
    fn eq(&self, other: &Strategy) -> bool {
        self.lab == other.lab && self.id == other.id
    }
}

impl std::fmt::Debug for Strategy {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.id)
    }
}
