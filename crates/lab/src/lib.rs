//! What a lab is, and how its runs are judged.
//!
//! Start here. A [`Lab`] is plain data: parameters, scenarios, and strategies, each of which is one short
//! `async fn`. The trace of a run gives its [`metrics`] and the patterns in it that cost something
//! ([`lint`]); the metrics of several runs give the [`verdict`]. A lab knows what to run, not on which clock,
//! and this crate knows no lab by name.
//!
//! Texts are not here: they are in the lab's folder, under keys made of the ids (`lab.<id>.…`,
//! `param.<key>.…`).

use engine::trace::Trace;

use crate::lesson::Try;

mod finding;
pub mod folder;
pub mod lesson;
pub mod lint;
pub mod metrics;
mod param;
mod scenario;
mod spent;
mod strategy;
mod values;
pub mod verdict;

pub use self::finding::{Finding, FindingValue};
pub use self::param::{Control, Param, YIELD_WITH};
pub use self::scenario::{Published, Scenario};
pub use self::strategy::{Need, Start, Strategy, Twin};
pub use self::values::Values;

/// One topic: a question, and two or more strategies that answer it.
#[derive(Debug)]
pub struct Lab {
    /// Its name in the address.
    pub id: &'static str,
    /// What the reader can change.
    pub params: &'static [Param],
    /// The ways of doing the same work. The first is the baseline that the others are compared with.
    pub strategies: &'static [Strategy],
    /// Named sets of values.
    pub scenarios: &'static [Scenario],
    /// How much work there is, and with what means, for these values.
    pub setup: fn(&Values) -> Setup,
    /// What a sweep shows first: the key of a parameter and the key of a metric in the summary. `None` if the
    /// lab has no parameters.
    pub sweep: Option<(&'static str, &'static str)>,
    /// Things to try.
    pub tries: &'static [Try],
    /// The lab's own numbers, read from a trace of a run with these values.
    pub findings: fn(&Values, &Trace) -> Vec<Finding>,
    /// Changes to the defaults with which the tests run every strategy and its twins for real. No such run
    /// should take longer than a second.
    pub quick: &'static [(&'static str, f64)],
}

/// Labs are equal if their ids are.
impl PartialEq for Lab {
    fn eq(&self, other: &Lab) -> bool {
        self.id == other.id
    }
}

impl Lab {
    /// The strategy of that name.
    pub fn strategy(&self, id: &str) -> Option<&'static Strategy> {
        self.strategies.iter().find(|strategy| strategy.id == id)
    }

    /// The scenario of that name.
    pub fn scenario(&self, id: &str) -> Option<&'static Scenario> {
        self.scenarios.iter().find(|scenario| scenario.id == id)
    }

    /// Every parameter at its default.
    pub fn defaults(&'static self) -> Values {
        Values { lab: self, numbers: self.params.iter().map(|param| param.default).collect() }
    }

    /// The defaults, with the scenario's changes.
    pub fn values_of(&'static self, scenario: &Scenario) -> Values {
        self.values_with(scenario.values)
    }

    /// The defaults, with these changes; each is clamped to its parameter's range.
    pub fn values_with(&'static self, changes: &[(&str, f64)]) -> Values {
        let mut values = self.defaults();
        for (key, number) in changes {
            values.set(key, *number);
        }
        values
    }
}

/// How much work there is, and with what means. The lower bound on the makespan follows from it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Setup {
    /// How many tasks there are.
    pub tasks: usize,
    /// How many requests the server serves at once.
    pub capacity: usize,
}
