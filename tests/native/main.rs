//! Native tests: what the product promises, checked on the virtual clock.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "../conformance/mod.rs"]
mod conformance;

mod address;
mod assets;
mod channels;
mod chart;
mod determinism;
mod dishes;
mod event_loop;
mod event_loop_order;
mod golden;
mod guess;
mod inspect;
mod lag;
mod languages;
mod layering;
mod lint;
mod locks;
mod on_virtual_clock;
mod page_state;
mod plan;
mod pool;
mod process;
mod settings;
mod shared_state;
mod shared_workload;
mod sweep;
mod timeline;
mod trace;
mod verdict;
mod view;
mod yield_interval;
mod yield_primitives;

use loopscope::lab::{Lab, Strategy};
use loopscope::metrics::Metrics;
use loopscope::predict::predict;
use loopscope::runtime::event_loop::Conditions;

/// The numbers of these strategies of the core lab (none named: of all), with these changes to its defaults.
fn core_lab(changes: &[(&str, f64)], strategies: &[&str]) -> Vec<(&'static Strategy, Metrics)> {
    let lab = Lab::find("shared-workload").unwrap();
    let mut values = lab.defaults();
    for (key, number) in changes {
        values.set(key, *number);
    }
    let numbers = |one| Metrics::of(&predict(one, &values, Conditions::IDEAL).trace, &values);
    let is_wanted = |one: &&Strategy| strategies.is_empty() || strategies.contains(&one.id);
    lab.strategies.iter().filter(is_wanted).map(|one| (one, numbers(one))).collect()
}
