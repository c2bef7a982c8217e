//! Every lab at every corner of its parameters: a prediction that can be kept, or a refusal; never a number that stands
//! for an overflow, nor one that the automatic scale has made.

use engine::YieldWith;
use engine::trace::Nanos;
use lab::{Lab, Values};
use labs::CATALOGUE;
use loopscope::app::state::{Action, Browser, State};
use session::address::Address;
use session::plan::{MOST_DISTORTION, Refusal};
use texts::Language;

/// More than a reader's tab should hold, in bytes.
const MOST_MEMORY: usize = 600_000_000;

fn state(query: &str) -> State {
    let (language, kindest_yield) = (Language::English, YieldWith::ALL[0]);
    let browser = Browser { language, kindest_yield, has: [true; YieldWith::ALL.len()], cores: 4 };
    let mut state = State::new(query, browser);
    for _ in 0..100 {
        if state.is_predicted() {
            return state;
        }
        state.apply(Action::PredictNext);
    }
    panic!("{query} is never predicted");
}

/// All parameters at their least, all at their greatest, and each of them alone at either.
fn corners(lab: &'static Lab) -> Vec<Values> {
    let all = |pick: fn(&lab::Param) -> f64| {
        lab.values_with(&lab.params.iter().map(|param| (param.key, pick(param))).collect::<Vec<_>>())
    };
    let alone = lab.params.iter().flat_map(|param| [(param.key, param.min), (param.key, param.max)]);
    let alone = alone.map(|change| lab.values_with(&[change]));
    [all(|param| param.min), all(|param| param.max)].into_iter().chain(alone).collect()
}

fn makespans(state: &State) -> Vec<Nanos> {
    state.rows.iter().map(|row| row.prediction.as_ref().unwrap().metrics.makespan).collect()
}

fn check(address: &str) {
    let shown = state(address);
    if let Err(Refusal::TooMuch { .. }) = shown.plan() {
        assert!(shown.rows.iter().all(|row| row.prediction.is_none()), "{address}");
        return;
    }
    let bytes: usize = shown.rows.iter().map(|row| row.prediction.as_ref().unwrap().trace.bytes()).sum();
    assert!(bytes < MOST_MEMORY, "{address}: {bytes} bytes");
    let true_to = state(&format!("{address}&scale=1"));
    for (own, at_1) in makespans(&shown).into_iter().zip(makespans(&true_to)) {
        assert!(own < Nanos(u64::MAX / 2), "{address}: {own:?}");
        let change = own.0.abs_diff(at_1.0) as f64 / at_1.0.max(1) as f64;
        assert!(change <= MOST_DISTORTION, "{address}: {own:?} instead of {at_1:?}");
    }
}

#[test]
fn every_corner_is_predicted_or_refused() {
    for lab in CATALOGUE {
        for values in corners(lab) {
            check(&Address { values, ..Address::of(lab) }.to_query());
        }
    }
}

#[test]
fn the_automatic_scale_runs_away_no_more() {
    for address in [
        "lab=yield-interval&tasks=10000&cpu_ms=1&yield_with=timeout",
        "lab=yield-interval&tasks=100000&cpu_ms=1&input_every_ms=1000",
        "lab=yield-interval&tasks=100000&cpu_ms=200&input_every_ms=1000",
        "lab=yield-interval&tasks=100000&cpu_ms=200&input_every_ms=1",
        "lab=shared-workload&tasks=100000&yield_with=timeout&strategies=yielding",
    ] {
        check(address);
    }
}
