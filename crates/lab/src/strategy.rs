//! Ways of doing a lab's work: [`Strategy`].

use engine::{Runtime, Work, YieldWith};

use crate::Values;

/// One way of doing the lab's work.
pub struct Strategy {
    /// The id of its lab.
    pub lab: &'static str,
    /// Its name in the address.
    pub id: &'static str,
    /// The path of the file that runs, from the root of the repository, as the compiler writes it. The page
    /// shows it.
    pub source: &'static str,
    /// The other languages that it is written in (files in `twins/` in the lab's folder).
    pub twins: &'static [Twin],
    /// Whether it does not do the work but sets a bound that no strategy can beat.
    pub is_bound: bool,
    /// What the browser must offer to run it.
    pub needs: Need,
    /// Makes the future that does the work; called through [`Strategy::begin`].
    pub start: Start,
}

/// Makes the future that does a strategy's work. Not a bare `fn`, so that it may hold a program of the
/// reader's.
pub type Start = &'static (dyn Fn(&Runtime, &Values) -> Work + Sync);

/// Another language in which a strategy is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Twin {
    /// Runs on asyncio.
    Python,
    /// Runs in browsers.
    JavaScript,
}

impl Twin {
    /// Every language.
    pub const ALL: [Twin; 2] = [Twin::Python, Twin::JavaScript];

    /// The extension of its files, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Twin::Python => "py",
            Twin::JavaScript => "js",
        }
    }
}

/// What a strategy needs besides an event loop.
#[derive(Clone, Copy, Debug)]
pub enum Need {
    /// Nothing.
    Nothing,
    /// This way to yield.
    Yield(YieldWith),
    /// The way to yield that the parameter `yield_with` names.
    ChosenYield,
    /// Other threads to compute on: how many must be ready before the clock starts.
    Workers(fn(&Values) -> usize),
}

impl Strategy {
    /// A strategy of `lab`; `start` runs what is in the file `source`. In a lab's folder,
    /// [`strategy!`](crate::strategy) is shorter.
    pub const fn new(lab: &'static str, id: &'static str, source: &'static str, start: Start) -> Strategy {
        Strategy { lab, id, source, twins: &[], is_bound: false, needs: Need::Nothing, start }
    }

    /// The same strategy, which is also written in these languages.
    pub const fn also_in(self, twins: &'static [Twin]) -> Strategy {
        Strategy { twins, ..self }
    }

    /// The same strategy as a bound: it does not do the work, but no strategy can beat it.
    pub const fn as_bound(self) -> Strategy {
        Strategy { is_bound: true, ..self }
    }

    /// The same strategy, which cannot run without `needs`.
    pub const fn needing(self, needs: Need) -> Strategy {
        Strategy { needs, ..self }
    }

    /// The future that does the work. The trace notes the lines of [`Strategy::source`] that it gets to.
    pub fn begin(&self, rt: &Runtime, values: &Values) -> Work {
        rt.follow(self.source);
        (self.start)(rt, values)
    }

    /// The key of one of its texts (`name` or `idea`).
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
