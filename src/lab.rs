//! What a lab is: parameters, scenarios and strategies, all plain data. And the catalogue of labs.
//!
//! A lab knows what to run, not on which clock. Texts are not here: they stand in `locales/`
//! under keys made of the ids (`lab.<id>.…`, `param.<key>.…`).

use std::future::Future;
use std::pin::Pin;

use crate::labs;
use crate::lesson::Try;
use crate::number::within;
use crate::runtime::{Runtime, YieldWith};
use crate::trace::{Nanos, Trace};

/// Every lab, in the order of the catalogue. A new lab is one folder in `labs/` and one line here.
pub static CATALOGUE: [&Lab; 6] = [
    &labs::shared_workload::LAB,
    &labs::yield_primitives::LAB,
    &labs::yield_interval::LAB,
    &labs::event_loop_order::LAB,
    &labs::shared_state::LAB,
    &labs::dishes::LAB,
];

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
}

/// A number of one lab's own: how many updates were lost, how long the queue was.
#[derive(Clone, PartialEq, Debug)]
pub struct Finding {
    /// Its name in the summary's `lab_metrics`, with the unit in it, and the last part of its message key.
    pub key: &'static str,
    /// What it comes to.
    pub value: FindingValue,
    /// Whether the result of the run is wrong because of it.
    pub is_fault: bool,
}

/// What a [`Finding`] comes to.
#[derive(Clone, PartialEq, Debug)]
pub enum FindingValue {
    /// So many.
    Count(i64),
    /// So long.
    Time(Nanos),
    /// So many of so many. In the summary it is the first of the two.
    Part(i64, i64),
    /// Such a part of the whole: 1 is all of it.
    Share(f64),
    /// In this order.
    Order(Vec<u32>),
}

impl Finding {
    /// The finding `key`.
    pub const fn new(key: &'static str, value: FindingValue) -> Finding {
        Finding { key, value, is_fault: false }
    }

    /// So many of so many that went wrong. A run with any is no correct way to do the work, however fast.
    pub const fn fault(key: &'static str, count: i64, of: i64) -> Finding {
        Finding { key, value: FindingValue::Part(count, of), is_fault: count != 0 }
    }
}

/// A lab is the same lab only as itself.
impl PartialEq for Lab {
    fn eq(&self, other: &Lab) -> bool {
        self.id == other.id
    }
}

impl Lab {
    /// The lab of that name.
    pub fn find(id: &str) -> Option<&'static Lab> {
        CATALOGUE.into_iter().find(|lab| lab.id == id)
    }

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
        let mut values = self.defaults();
        for (key, number) in scenario.values {
            values.set(key, *number);
        }
        values
    }
}

/// One thing that the reader can turn. All values are numbers; a choice is the index of its option.
#[derive(PartialEq, Debug)]
pub struct Param {
    /// Its name in the address, with the unit in it.
    pub key: &'static str,
    /// The least value.
    pub min: f64,
    /// The greatest value.
    pub max: f64,
    /// The value until somebody changes it.
    pub default: f64,
    /// How it is turned.
    pub control: Control,
}

/// How a parameter is turned.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Control {
    /// A slider over whole numbers, in even steps.
    Linear,
    /// A slider over whole numbers, finer where they are small.
    Logarithmic,
    /// A whole number without a meaningful order, such as a seed.
    Number,
    /// One of several options, by index into their ids.
    Choice(&'static [&'static str]),
}

/// The options of the parameter `yield_with`: `auto`, then every way to yield in the order of [`YieldWith::ALL`].
pub static YIELD_WITH: [&str; YieldWith::ALL.len() + 1] = {
    let mut ids = ["auto"; YieldWith::ALL.len() + 1];
    let mut index = 0;
    while index < YieldWith::ALL.len() {
        ids[index + 1] = YieldWith::ALL[index].id();
        index += 1;
    }
    ids
};

impl Param {
    /// The parameter `key`.
    pub const fn new(key: &'static str, min: f64, max: f64, default: f64, control: Control) -> Param {
        Param { key, min, max, default, control }
    }

    /// The values at which a slider for this parameter stops, ascending.
    pub fn stops(&self) -> Vec<f64> {
        const ROUND: [f64; 10] = [1.0, 1.2, 1.6, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0];
        const EACH_UP_TO: f64 = 20.0;
        let each_up_to =
            if self.control == Control::Logarithmic { EACH_UP_TO.min(self.max) } else { self.max };
        let mut stops: Vec<f64> = (self.min as u32..=each_up_to as u32).map(f64::from).collect();
        let mut magnitude = 10.0;
        while magnitude < self.max {
            let round = ROUND.into_iter().map(|factor| factor * magnitude);
            stops.extend(round.filter(|stop| *stop > each_up_to && *stop < self.max));
            magnitude *= 10.0;
        }
        if stops.last().is_some_and(|last| *last < self.max) {
            stops.push(self.max);
        }
        stops
    }

    /// `number` as this parameter takes it: whole and in range; what is no number becomes the default.
    pub fn clamp(&self, number: f64) -> f64 {
        if number.is_nan() { self.default } else { within(number.round(), self.min, self.max) }
    }
}

/// A named set of values.
#[derive(PartialEq, Debug)]
pub struct Scenario {
    /// Its name in the address.
    pub id: &'static str,
    /// What differs from the defaults.
    pub values: &'static [(&'static str, f64)],
    /// Where it stands in a published grid of experiments: tasks and difficulty.
    pub cell: Option<(u32, u32)>,
    /// A published result for this scenario, to stand beside ours.
    pub published: Option<Published>,
}

impl Scenario {
    /// The scenario `id`, which changes these values.
    pub const fn new(id: &'static str, values: &'static [(&'static str, f64)]) -> Scenario {
        Scenario { id, values, cell: None, published: None }
    }
}

/// Somebody else's result: how many times as fast `strategy` was as `baseline`.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Published {
    /// The id of the faster strategy.
    pub strategy: &'static str,
    /// The id of the slower strategy.
    pub baseline: &'static str,
    /// Time of the slower divided by time of the faster.
    pub speed_up: f64,
}

/// One way of doing the lab's work.
pub struct Strategy {
    /// The id of its lab.
    pub lab: &'static str,
    /// Its name in the address.
    pub id: &'static str,
    /// The file that runs, from the project's folder. The reader sees it highlighted (`assets/code/`).
    pub source: &'static str,
    /// Whether it is no way to do the work but a bound that no way can beat.
    pub is_bound: bool,
    /// What it cannot do without.
    pub needs: Need,
    /// Makes the future that does the work; called through [`Strategy::begin`].
    pub start: fn(&Runtime, &Values) -> Work,
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
    /// A strategy of `lab`; `start` runs what stands in the file `source`.
    pub const fn new(
        lab: &'static str,
        id: &'static str,
        source: &'static str,
        start: fn(&Runtime, &Values) -> Work,
    ) -> Strategy {
        Strategy { lab, id, source, is_bound: false, needs: Need::Nothing, start }
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

/// A strategy at work.
pub type Work = Pin<Box<dyn Future<Output = ()>>>;

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

/// What there is to do and to do it with; lower bounds follow from it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Setup {
    /// How many tasks there are.
    pub tasks: usize,
    /// How many requests the server serves at once.
    pub capacity: usize,
}

/// A value for each parameter of a lab.
#[derive(Clone, PartialEq, Debug)]
pub struct Values {
    lab: &'static Lab,
    numbers: Vec<f64>,
}

impl Values {
    /// The lab whose values these are.
    pub fn lab(&self) -> &'static Lab {
        self.lab
    }

    fn index(&self, key: &str) -> Option<usize> {
        self.lab.params.iter().position(|param| param.key == key)
    }

    /// The value of the parameter `key`; zero for one that the lab does not have.
    pub fn get(&self, key: &str) -> f64 {
        debug_assert!(self.index(key).is_some(), "{} has no parameter {key}", self.lab.id);
        self.index(key).map_or(0.0, |index| self.numbers[index])
    }

    /// The same as a count.
    pub fn count(&self, key: &str) -> usize {
        self.get(key) as usize
    }

    /// The way to yield that the parameter `yield_with` names; `auto` is the kindest that there is.
    pub fn yield_with(&self, rt: &Runtime) -> YieldWith {
        match self.count("yield_with") {
            0 => rt.kindest_yield(),
            option => YieldWith::ALL[option - 1],
        }
    }

    /// Sets the parameter `key`, clamped to its range; does nothing for one that the lab does not have.
    pub fn set(&mut self, key: &str, number: f64) {
        if let Some(index) = self.index(key) {
            self.numbers[index] = self.lab.params[index].clamp(number);
        }
    }

    /// Every parameter with its value.
    pub fn iter(&self) -> impl Iterator<Item = (&'static Param, f64)> {
        self.lab.params.iter().zip(self.numbers.iter().copied())
    }
}
