//! The virtual clock and other simulators: tasks that stream through a server.
//!
//! Each task takes 1 ms of the single CPU and then 100 ms at a server with a capacity of 100. Natively this
//! prints how many tasks per second each simulator handles; in wasm, bench/stream.cjs does so for the virtual
//! clock.

use engine::trace::{Nanos, TaskId};
use engine::{Runtime, Server, Task};
use virtual_clock::Conditions;

const TASKS: u32 = 200_000;
const CAPACITY: usize = 100;
/// When the last response arrives: after all the computing and one service.
const END_MS: u32 = TASKS + 100;

/// Runs the stream on the virtual clock, which also records it. Returns when it ended, in milliseconds.
fn loopscope() -> f64 {
    async fn stream(rt: Runtime) {
        let server = Server::new(&rt, CAPACITY);
        let mut last: Option<Task<()>> = None;
        for task in (0..TASKS).map(TaskId) {
            rt.spend_cpu(task, Nanos(1_000_000));
            let server = server.clone();
            let save = rt.spawn(async move { server.request(task, Nanos(100_000_000)).await });
            if let Some(earlier) = last.replace(save) {
                earlier.detach(); // the server is first in, first out, so the last one ends last
            }
            rt.yield_now(rt.kindest_yield()).await;
        }
        if let Some(last) = last {
            last.await;
        }
    }
    virtual_clock::run(Conditions::IDEAL, |rt| Box::pin(stream(rt))).trace.end().as_ms()
}

#[cfg(not(target_arch = "wasm32"))]
mod peers {
    //! The same stream, written for other simulators.

    use std::time::Duration;

    use simrs::{Component, ComponentId, Executor, Fifo, Key, QueueId, Scheduler, Simulation, State};
    use simu::{Resource, SimEnv};

    use super::{CAPACITY, TASKS};

    /// simu-des: processes, as in SimPy.
    pub fn simu_des() -> f64 {
        let mut env = SimEnv::with_seed(0);
        let (cpu, server) = (Resource::new(1), Resource::new(CAPACITY));
        let handle = env.handle();
        env.spawn(async move {
            for _ in 0..TASKS {
                let computing = cpu.request().await;
                handle.timeout(1.0).await;
                drop(computing);
                let (server, timer) = (server.clone(), handle.clone());
                handle.spawn(async move {
                    let _slot = server.request().await;
                    timer.timeout(100.0).await;
                });
            }
        });
        env.run();
        env.now()
    }

    /// simrs: events and components that handle them.
    pub fn simrs() -> f64 {
        let mut simulation = Simulation::default();
        let queue = simulation.add_queue(Fifo::default());
        let free = simulation.state.insert(CAPACITY);
        let computed = simulation.state.insert(0);
        let server = simulation.add_component(Server { queue, free });
        let cpu = simulation.add_component(Cpu { queue, server, computed });
        simulation.schedule(Duration::from_millis(1), cpu, Computed);
        simulation.execute(Executor::unbound());
        simulation.scheduler.time().as_secs_f64() * 1e3
    }

    struct Cpu {
        queue: QueueId<Fifo<u32>>,
        server: ComponentId<At>,
        computed: Key<u32>,
    }

    #[derive(Debug)]
    struct Computed;

    impl Component for Cpu {
        type Event = Computed;

        fn process_event(
            &self,
            id: ComponentId<Computed>,
            _: &Computed,
            scheduler: &mut Scheduler,
            state: &mut State,
        ) {
            let computed = state.get_mut(self.computed).expect("it was inserted");
            let task = *computed;
            *computed += 1;
            if *computed < TASKS {
                scheduler.schedule(Duration::from_millis(1), id, Computed);
            }
            state.send(self.queue, task).expect("it is unbounded");
            scheduler.schedule_now(self.server, At::Arrival);
        }
    }

    struct Server {
        queue: QueueId<Fifo<u32>>,
        free: Key<usize>,
    }

    #[derive(Debug)]
    enum At {
        Arrival,
        End,
    }

    impl Component for Server {
        type Event = At;

        fn process_event(
            &self,
            id: ComponentId<At>,
            event: &At,
            scheduler: &mut Scheduler,
            state: &mut State,
        ) {
            let free = state.get_mut(self.free).expect("it was inserted");
            if matches!(event, At::End) {
                *free += 1;
            }
            if *free > 0 && state.recv(self.queue).is_some() {
                *state.get_mut(self.free).expect("it was inserted") -= 1;
                scheduler.schedule(Duration::from_millis(100), id, At::End);
            }
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    type Simulator = (&'static str, fn() -> f64);
    let simulators: [Simulator; 3] =
        [("loopscope", loopscope), ("simu-des", peers::simu_des), ("simrs", peers::simrs)];
    for (name, run) in simulators {
        let start = std::time::Instant::now();
        let end = run();
        let seconds = start.elapsed().as_secs_f64();
        assert_eq!(end, f64::from(END_MS), "{name} simulated something else");
        println!("{name} {:.0}", f64::from(TASKS) / seconds);
    }
}

/// Runs the stream once. Returns the number of its tasks.
#[cfg(target_arch = "wasm32")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn stream() -> u32 {
    assert_eq!(loopscope(), f64::from(END_MS));
    TASKS
}

#[cfg(target_arch = "wasm32")]
fn main() {}
