//! How long predictions of the core lab take. (`cargo xtask bench clock` is about long streams.)
#![allow(missing_docs, reason = "criterion's macros make public items")]

#[cfg(not(target_arch = "wasm32"))]
mod native {
    use criterion::{Criterion, Throughput};
    use loopscope::lab::Lab;
    use loopscope::predict::predict;
    use loopscope::runtime::event_loop::Conditions;
    use loopscope::trace::Trace;

    /// All strategies at 600 tasks: what one move of a slider costs.
    pub fn predictions(criterion: &mut Criterion) {
        let Some(lab) = Lab::find("shared-workload") else { return };
        let mut values = lab.defaults();
        values.set("tasks", 600.0);
        let mut group = criterion.benchmark_group("predict");
        group.throughput(Throughput::Elements(600 * lab.strategies.len() as u64));
        group.bench_function("600 tasks, all strategies", |bencher| {
            bencher.iter(|| -> Vec<Trace> {
                lab.strategies.iter().map(|one| predict(one, &values, Conditions::IDEAL).trace).collect()
            });
        });
        group.finish();
    }
}

#[cfg(not(target_arch = "wasm32"))]
criterion::criterion_group!(benches, native::predictions);

#[cfg(not(target_arch = "wasm32"))]
criterion::criterion_main!(benches);

#[cfg(target_arch = "wasm32")]
fn main() {}
