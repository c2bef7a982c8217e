//! Lab `dishes`: dishes are washed and dried, by one person or by several.
//!
//! Each of N dishes is washed and then dried. The strategies differ in who does which, and in how a dish gets
//! from one person to the next. This file holds what the strategies share; each strategy is a file next to
//! it, written to be read.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use engine::trace::{Lane, MarkKind, Name, Nanos, SpanKind, TaskId, Trace};
use engine::{Capacity, Channel, Random, Runtime, Task};
use lab::lesson::Try;
use lab::{Control, Finding, FindingValue, Lab, Param, Scenario, Setup, Twin, Values, strategy};

mod alone;
mod hand_to_hand;
mod more_dryers;
mod rack;
#[cfg(test)]
mod tests;

/// The lab, as listed in the catalogue.
pub static LAB: Lab = Lab {
    id: "dishes",
    params: &[
        Param::new("dishes", 1.0, 1_000.0, 4.0, Control::Logarithmic),
        Param::new("wash_ms", 0.0, 10_000.0, 2_000.0, Control::Logarithmic),
        Param::new("dry_ms", 0.0, 10_000.0, 4_000.0, Control::Logarithmic),
        Param::new("washers", 1.0, 20.0, 1.0, Control::Linear),
        Param::new("dryers", 1.0, 20.0, 2.0, Control::Linear),
        Param::new("rack", 1.0, 100.0, 4.0, Control::Logarithmic),
        Param::JITTER_PERCENT,
        Param::SEED,
    ],
    strategies: &[
        strategy!(alone, Kitchen::new).also_in(&[Twin::Python]),
        strategy!(hand_to_hand, Kitchen::new).also_in(&[Twin::Python]),
        strategy!(rack, Kitchen::new).also_in(&[Twin::Python]),
        strategy!(more_dryers, Kitchen::new).also_in(&[Twin::Python]),
    ],
    scenarios: &[
        Scenario::new("party", &[("dishes", 40.0), ("rack", 10.0)]),
        Scenario::new("as-fast", &[("dishes", 20.0), ("wash_ms", 3_000.0), ("dry_ms", 3_000.0)]),
        Scenario::new(
            "uneven",
            &[("dishes", 40.0), ("wash_ms", 3_000.0), ("dry_ms", 3_000.0), ("jitter_percent", 100.0)],
        ),
        Scenario::new("slow-washer", &[("dishes", 20.0), ("wash_ms", 4_000.0), ("dry_ms", 2_000.0)]),
    ],
    setup: |values| Setup::new(values.count("dishes"), 1),
    sweep: Some(("dryers", "makespan_ms")),
    tries: &[
        Try::new("twice", |seen| seen.takes("more-dryers", 55, "rack")),
        Try::new("uneven", |seen| seen.takes("rack", 95, "hand-to-hand")),
        Try::new("wrong_end", |seen| {
            seen.values.get("dryers") > 1.0 && seen.takes("rack", 101, "more-dryers")
        }),
    ],
    findings,
    quick: &[("dishes", 4.0), ("wash_ms", 60.0), ("dry_ms", 120.0), ("rack", 2.0)],
};

/// One dish, with the lab time that each step takes.
#[derive(Clone, Copy, Debug)]
pub struct Dish {
    id: TaskId,
    wash: Nanos,
    dry: Nanos,
}

/// What the strategies work with. Cheap to clone, so that everybody in the kitchen can own one.
#[derive(Clone)]
pub struct Kitchen {
    rt: Runtime,
    dirty: Rc<RefCell<VecDeque<Dish>>>,
    rack: usize,
    /// The number of washers, for strategies with several.
    pub washers: usize,
    /// The number of dryers, for strategies with several.
    pub dryers: usize,
}

impl Kitchen {
    fn new(rt: &Runtime, values: &Values) -> Kitchen {
        Kitchen {
            rt: rt.clone(),
            dirty: Rc::new(RefCell::new(dishes(values))),
            rack: values.count("rack"),
            washers: values.count("washers"),
            dryers: values.count("dryers"),
        }
    }

    /// The next dish that nobody has taken yet; `None` if there is none left.
    pub fn next_dirty(&self) -> Option<Dish> {
        self.dirty.borrow_mut().pop_front()
    }

    /// Washes a dish.
    #[track_caller]
    pub fn wash(&self, dish: Dish) -> impl Future<Output = ()> {
        self.rt.reached();
        self.rt.work(dish.id, dish.wash)
    }

    /// Dries a dish. Then it is done.
    #[track_caller]
    pub fn dry(&self, dish: Dish) -> impl Future<Output = ()> {
        self.rt.reached();
        async move {
            self.rt.work(dish.id, dish.dry).await;
            self.rt.mark(MarkKind::TaskCompleted, dish.id);
        }
    }

    /// A rack with as many places as the reader chose.
    pub fn rack(&self) -> Channel<Dish> {
        Channel::with_gauge(&self.rt, Name::new("rack", 1), Capacity::Bounded(self.rack))
    }

    /// A channel without room: a dish goes from hand to hand.
    pub fn hands(&self) -> Channel<Dish> {
        Channel::new(&self.rt, Name::new("hands", 1), Capacity::Rendezvous)
    }

    /// Somebody who washes. They begin with `job` when the caller next awaits something.
    pub fn washer(&self, number: usize, job: impl Future<Output = ()> + 'static) -> Task<()> {
        self.person(Name::new(WASHER, number as u16), job)
    }

    /// Somebody who dries. They begin with `job` when the caller next awaits something.
    pub fn dryer(&self, number: usize, job: impl Future<Output = ()> + 'static) -> Task<()> {
        self.person(Name::new(DRYER, number as u16), job)
    }

    fn person(&self, name: Name, job: impl Future<Output = ()> + 'static) -> Task<()> {
        self.rt.spawn_as(self.rt.open_lane(name), job)
    }
}

const WASHER: &str = "washer";
const DRYER: &str = "dryer";

/// The dishes that the parameters describe. Jitter spreads both times evenly around their means.
fn dishes(values: &Values) -> VecDeque<Dish> {
    let mut random = Random::new(values.get("seed") as u64);
    let mut spread = |key: &str| random.around(Nanos::from_ms(values.get(key)), values.get("jitter_percent"));
    (0..values.count("dishes") as u32)
        .map(|number| Dish { id: TaskId(number), wash: spread("wash_ms"), dry: spread("dry_ms") })
        .collect()
}

/// How busy the people were, and how full the rack was.
fn findings(_: &Values, trace: &Trace) -> Vec<Finding> {
    let mut found = Vec::new();
    for (key, people) in [("washers_busy", WASHER), ("dryers_busy", DRYER)] {
        if let Some(share) = busy(trace, people) {
            found.push(Finding::new(key, FindingValue::Share(share)));
        }
    }
    if let Some((rack, _)) = trace.gauges().next() {
        let most = trace.samples_of(rack).map(|sample| sample.level).max();
        found.push(Finding::new("rack_most", FindingValue::Count(most.unwrap_or_default())));
    }
    found
}

/// The fraction of the run that the people with this name spent at work, on average; `None` if there are
/// none.
fn busy(trace: &Trace, people: &str) -> Option<f64> {
    let lanes: Vec<Lane> =
        trace.lanes().filter(|(_, name)| name.key == people).map(|(lane, _)| lane).collect();
    let works = trace.spans_of(SpanKind::Work).filter(|span| lanes.contains(&span.lane));
    let worked: Nanos = works.map(|span| span.duration()).sum();
    let there = trace.end().0 * lanes.len() as u64;
    (there > 0).then(|| worked.0 as f64 / there as f64)
}
