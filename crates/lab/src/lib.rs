//! What a lab is, and what its runs amount to.
//!
//! Start here. A [`Lab`] is plain data: parameters, scenarios, and strategies, each of which is one short `async fn`.
//! From the trace of a run follow its [`metrics`], from those of several the [`verdict`], and from a trace what costs
//! something in it ([`lint`]). A lab knows what to run, not on which clock; and this crate knows no lab by name.
//!
//! Texts are not here: they stand in the lab's folder, under keys made of the ids (`lab.<id>.…`, `param.<key>.…`).

use engine::trace::Trace;

use crate::lesson::Try;

mod finding;
pub mod folder;
pub mod lesson;
pub mod lint;
pub mod metrics;
mod param;
mod scenario;
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
    /// What the reader can turn.
    pub params: &'static [Param],
    /// The ways of doing the same work; the first is what the others are compared with.
    pub strategies: &'static [Strategy],
    /// Named sets of values.
    pub scenarios: &'static [Scenario],
    /// What there is to do and to do it with.
    pub setup: fn(&Values) -> Setup,
    /// The parameter and the number (by its name in the summary) that a sweep shows first; nothing where there is
    /// no parameter.
    pub sweep: Option<(&'static str, &'static str)>,
    /// What there is to try.
    pub tries: &'static [Try],
    /// What its traces show besides the numbers that all labs have.
    pub findings: fn(&Values, &Trace) -> Vec<Finding>,
    /// What differs from the defaults where each strategy is run for real by the tests, as are its twins: none should
    /// take longer than a second.
    pub quick: &'static [(&'static str, f64)],
}

/// A lab is the same lab only as itself.
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

    /// The value that each parameter has until somebody changes it.
    pub fn defaults(&'static self) -> Values {
        Values { lab: self, numbers: self.params.iter().map(|param| param.default).collect() }
    }

    /// The default values, changed as the scenario says.
    pub fn values_of(&'static self, scenario: &Scenario) -> Values {
        self.values_with(scenario.values)
    }

    /// The default values with these changes.
    pub fn values_with(&'static self, changes: &[(&str, f64)]) -> Values {
        let mut values = self.defaults();
        for (key, number) in changes {
            values.set(key, *number);
        }
        values
    }
}

/// What there is to do and to do it with; lower bounds follow from it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Setup {
    /// How many tasks there are.
    pub tasks: usize,
    /// How many requests the server serves at once.
    pub capacity: usize,
    /// How many other things happen at least: inputs, timers, messages.
    pub beside: usize,
}

impl Setup {
    /// So many tasks, and a server that serves so many requests at once.
    pub fn new(tasks: usize, capacity: usize) -> Setup {
        Setup { tasks, capacity, beside: 0 }
    }
}
