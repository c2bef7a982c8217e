//! How long predictions and sweeps of `shared-workload` take. (`cargo xtask bench clock` is about long
//! streams.)
#![allow(missing_docs, reason = "criterion's macros make public items")]

#[cfg(not(target_arch = "wasm32"))]
mod native {
    use criterion::{Criterion, Throughput};
    use engine::trace::Trace;
    use session::predict;
    use session::sweep::{Request, sweep};
    use virtual_clock::Conditions;

    /// All strategies with 600 tasks, as predicted at each move of a slider.
    pub fn predictions(criterion: &mut Criterion) {
        let Some(lab) = labs::find("shared-workload") else { return };
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

    /// A chart of 200 points, as predicted at every change.
    pub fn sweeps(criterion: &mut Criterion) {
        let request = Request {
            address: "lab=shared-workload&tasks=600".to_string(),
            param: "cpu_ms".to_string(),
            metric: "makespan_ms".to_string(),
            points: 200,
            seeds: 20,
        };
        let mut group = criterion.benchmark_group("sweep");
        group.sample_size(10);
        group.bench_function("200 points, 600 tasks, all strategies", |bencher| {
            bencher.iter(|| sweep(&request, Conditions::IDEAL));
        });
        group.finish();
    }
}

#[cfg(not(target_arch = "wasm32"))]
criterion::criterion_group!(benches, native::predictions, native::sweeps);

#[cfg(not(target_arch = "wasm32"))]
criterion::criterion_main!(benches);

#[cfg(target_arch = "wasm32")]
fn main() {}
