//! How fast the virtual clock is: predictions and sweeps of the core lab, and a long stream of tasks.
#![allow(missing_docs, reason = "criterion's macros make public items")]

#[cfg(not(target_arch = "wasm32"))]
mod native {
    use criterion::{Criterion, Throughput};
    use loopscope::lab::Lab;
    use loopscope::lock::Semaphore;
    use loopscope::predict::predict;
    use loopscope::runtime::event_loop::Conditions;
    use loopscope::runtime::{Runtime, virtual_clock};
    use loopscope::server::Server;
    use loopscope::sweep::{Request, sweep};
    use loopscope::trace::{Nanos, TaskId, Trace};

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

    /// A chart of 200 points, drawn anew at every change.
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

    /// `yielding` without end: 1 ms of CPU each, then 100 ms at a server of 100.
    pub fn stream(criterion: &mut Criterion) {
        const TASKS: u32 = 200_000;
        let mut group = criterion.benchmark_group("stream");
        group.throughput(Throughput::Elements(u64::from(TASKS))).sample_size(10);
        group.bench_function("200 000 tasks, yielding", |bencher| {
            bencher.iter(|| virtual_clock::run(Conditions::IDEAL, |rt| Box::pin(yielding(rt, TASKS))));
        });
        group.finish();
    }

    async fn yielding(rt: Runtime, tasks: u32) {
        let server = Server::new(&rt, 100);
        let in_flight = Semaphore::new(100);
        let mut saves = Vec::new();
        for task in (0..tasks).map(TaskId) {
            rt.spend_cpu(task, Nanos(1_000_000));
            let (server, in_flight) = (server.clone(), in_flight.clone());
            saves.push(rt.spawn(async move {
                let _permit = in_flight.acquire().await;
                server.request(task, Nanos(100_000_000)).await;
            }));
            rt.yield_now(rt.kindest_yield()).await;
        }
        for save in saves {
            save.await;
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
criterion::criterion_group!(benches, native::predictions, native::sweeps, native::stream);

#[cfg(not(target_arch = "wasm32"))]
criterion::criterion_main!(benches);

#[cfg(target_arch = "wasm32")]
fn main() {}
