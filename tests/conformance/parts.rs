//! What the simulated parts promise.

use engine::trace::{Name, Nanos, SpanKind, TaskId};
use engine::{Capacity, Channel, Faults, Mutex, Pool, Process, Sharing};

use super::{MS, Notes, TestClock, assert_time};

pub async fn channels_keep_their_order_and_their_bound<C: TestClock>() {
    for capacity in [Capacity::Rendezvous, Capacity::Bounded(2), Capacity::Unbounded] {
        let notes = Notes::default();
        let noted = notes.clone();
        let trace = run!(C, |rt| async move {
            let channel = Channel::with_gauge(&rt, Name::new("queue", 1), capacity);
            let (runtime, receiver) = (rt.clone(), channel.clone());
            let consumer = rt.spawn(async move {
                while let Some(number) = receiver.receive().await {
                    noted.borrow_mut().push(number);
                    runtime.work(TaskId(number), Nanos(3 * MS)).await;
                }
            });
            for number in 0..8 {
                assert_eq!(channel.send(number).await, None);
            }
            channel.close();
            consumer.await;
        });
        assert_eq!(*notes.borrow(), (0..8).collect::<Vec<_>>(), "{capacity:?}");
        let most = trace.samples().iter().map(|sample| sample.level).max();
        let bound = match capacity {
            Capacity::Rendezvous => 1,
            Capacity::Bounded(places) => places as i64,
            Capacity::Unbounded => 8,
        };
        assert_eq!(most, Some(bound), "{capacity:?}");
        assert_time::<C>(trace.end(), Nanos(8 * 3 * MS), "eight things of 3 ms");
    }
}

pub async fn a_mutex_is_first_come_first_served<C: TestClock>() {
    let notes = Notes::default();
    let noted = notes.clone();
    let trace = run!(C, |rt| async move {
        let mutex = Mutex::new(&rt, Name::new("lock", 1), ());
        let visitors: Vec<_> = (0..6)
            .map(|number| {
                let (runtime, mutex, noted) = (rt.clone(), mutex.clone(), noted.clone());
                rt.spawn_as(TaskId(number), async move {
                    for round in 0..2 {
                        let _guard = mutex.lock().await;
                        noted.borrow_mut().push(6 * round + number);
                        runtime.work(TaskId(number), Nanos(2 * MS)).await;
                    }
                })
            })
            .collect();
        for visitor in visitors {
            visitor.await;
        }
    });
    assert_eq!(
        *notes.borrow(),
        (0..12).collect::<Vec<_>>(),
        "nobody has the lock twice before everybody had it once"
    );
    assert_time::<C>(trace.end(), Nanos(24 * MS), "twelve visits of 2 ms");
    assert!(trace.spans_of(SpanKind::Waiting).count() >= 5, "the waiting is recorded");
}

pub async fn cores_share_their_time<C: TestClock>() {
    let notes = Notes::default();
    let noted = notes.clone();
    let trace = run!(C, |rt| async move {
        let pool = Pool::new(&rt, 1, Sharing { slice: Nanos(2 * MS), switch_cost: Nanos(MS) });
        let tasks: Vec<_> = [6, 2, 4]
            .into_iter()
            .zip(0..)
            .map(|(cost, number)| {
                let (pool, noted) = (pool.clone(), noted.clone());
                rt.spawn(async move {
                    pool.compute(TaskId(number), Nanos(cost * MS)).await;
                    noted.borrow_mut().push(number);
                })
            })
            .collect();
        for task in tasks {
            task.await;
        }
    });
    assert_eq!(*notes.borrow(), [1, 2, 0], "the shortest is done first");
    // Slices 0 1 2 0 2 0: five switches.
    assert_time::<C>(trace.end(), Nanos((12 + 5) * MS), "12 ms of work, and five switches");
}

pub async fn a_process_comes_back_after_a_crash<C: TestClock>() {
    let notes = Notes::default();
    let noted = notes.clone();
    let trace = run!(C, |rt| async move {
        let at = vec![Nanos(25 * MS)];
        let process = Process::new(&rt, Faults { at, down_for: Nanos(10 * MS), ..Faults::default() });
        let life = || async {
            for step in 0..3 {
                rt.work(TaskId(step), Nanos(20 * MS)).await;
                noted.borrow_mut().push(step);
            }
        };
        process.run(life).await;
        assert_eq!(process.crashes(), 1);
    });
    assert_eq!(*notes.borrow(), [0, 0, 1, 2]);
    assert_time::<C>(trace.end(), Nanos((25 + 10 + 60) * MS), "a crash, a pause, and everything again");
}
