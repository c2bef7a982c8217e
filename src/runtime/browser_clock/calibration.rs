//! Measures what this browser's own doings cost: small strategies, run by the clock itself.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use tokio::sync::mpsc;

use super::{BrowserRun, CpuKernel, clock_step_ms, has, now_ms};
use crate::lab::Work;
use crate::metrics::Distribution;
use crate::orders::{Depth, Order, Report};
use crate::runtime::costs::{Calibration, Costs};
use crate::runtime::{Runtime, YieldWith};
use crate::thread::{Thread, Word};
use crate::trace::{Nanos, TaskId};

/// How fast this browser computes and, if `depth` asks for it, what its event loop costs; nothing when
/// `go_on` says no meanwhile. The speed takes a quarter of a second (on a clock of whole milliseconds
/// up to two and a half, in stretches of 50 ms), the costs another second and a half.
pub async fn calibrate(depth: Depth, go_on: impl Fn() -> bool) -> Option<Calibration> {
    let blocks_per_ms = speed(&go_on).await?;
    let costs = match depth {
        Depth::Speed => None,
        Depth::All => Some(costs(blocks_per_ms, &go_on).await?),
    };
    Some(Calibration { blocks_per_ms, costs })
}

/// Blocks of the CPU kernel per millisecond.
///
/// The speed of an undisturbed machine is wanted: whatever else it does, and a browser that still
/// compiles hot code in the background, only make rounds slower. So it is measured in rounds, with
/// pauses, until the two fastest agree.
async fn speed(go_on: &impl Fn() -> bool) -> Option<f64> {
    const LEAST_ROUNDS: usize = 12;
    const MOST_ROUNDS: usize = 40;
    const AGREEMENT: f64 = 1.02;
    const PAUSE_MS: u32 = 10;
    let step_ms = clock_step_ms();
    let (mut fastest, mut second) = (0.0f64, 0.0f64);
    for round in 1..=MOST_ROUNDS {
        if !go_on() {
            return None;
        }
        let speed = CpuKernel::measure(now_ms, step_ms);
        second = second.max(speed.min(fastest));
        fastest = fastest.max(speed);
        if round >= LEAST_ROUNDS && fastest <= second * AGREEMENT {
            break;
        }
        TimeoutFuture::new(PAUSE_MS).await;
    }
    Some(second)
}

async fn costs(blocks_per_ms: f64, go_on: &impl Fn() -> bool) -> Option<Costs> {
    let mut yields = [None; YieldWith::ALL.len()];
    for (with, cost) in YieldWith::ALL.into_iter().zip(&mut yields) {
        if has(with) && go_on() {
            *cost = Some(one_yield(with).await);
        }
    }
    let spawn = each(16, 200, |rt| Box::pin(async move { rt.spawn(async {}).await })).await;
    let record = each(16, 200, |rt| Box::pin(async move { rt.spend_cpu(TaskId::NONE, Nanos::ZERO) })).await;
    let timer_lateness = timer_lateness().await;
    let (worker_start, message) = worker().await.unwrap_or_default();
    let parallel_slowdown = parallel_slowdown(blocks_per_ms).await.unwrap_or(1.0);
    go_on().then_some(Costs {
        spawn,
        yields,
        timer_lateness,
        message,
        worker_start,
        parallel_slowdown,
        record,
    })
}

/// Runs a strategy whose time is that of a whole run at scale 1.
async fn run(strategy: impl FnOnce(Runtime) -> Work) {
    // A browser without message channels has no live runs either, and says so there.
    if let Ok(mut run) = BrowserRun::prepare(1.0, 1.0, strategy)
        && run.start().is_ok()
    {
        run.finished().await;
    }
}

/// What one yield takes: the fastest half of many rounds, for a yield to a free loop is meant.
async fn one_yield(with: YieldWith) -> Nanos {
    // Those that wait for the browser's own periods take milliseconds each.
    let is_slow = matches!(with, YieldWith::Timeout | YieldWith::AnimationFrame | YieldWith::IdleCallback);
    let (rounds, yields) = if is_slow { (1, 12) } else { (8, 50) };
    // The first timers are not nested deep enough to be clamped.
    let warm_up = if is_slow { 6 } else { 20 };
    let times = Rc::new(RefCell::new(Vec::new()));
    let noted = times.clone();
    run(move |rt| {
        Box::pin(async move {
            for _ in 0..warm_up {
                rt.yield_now(with).await;
            }
            for _ in 0..rounds {
                let start = rt.now();
                for _ in 0..yields {
                    rt.yield_now(with).await;
                }
                noted.borrow_mut().push(Nanos(rt.now().since(start).0 / yields));
            }
        })
    })
    .await;
    low_median(times.take())
}

/// What one of `work` takes, in rounds of so many in one turn.
async fn each(rounds: u32, count: u64, work: impl Fn(Runtime) -> Work + 'static) -> Nanos {
    let times = Rc::new(RefCell::new(Vec::new()));
    let noted = times.clone();
    run(move |rt| {
        Box::pin(async move {
            for _ in 0..rounds {
                let start = rt.now();
                for _ in 0..count {
                    work(rt.clone()).await;
                }
                noted.borrow_mut().push(Nanos(rt.now().since(start).0 / count));
                rt.yield_now(YieldWith::Message).await;
            }
        })
    })
    .await;
    low_median(times.take())
}

async fn timer_lateness() -> Nanos {
    const TIMERS: usize = 20;
    const DELAY: Nanos = Nanos(6_000_000);
    let times = Rc::new(RefCell::new(Vec::new()));
    let noted = times.clone();
    run(move |rt| {
        Box::pin(async move {
            for _ in 0..TIMERS {
                let start = rt.now();
                rt.sleep(DELAY).await;
                noted.borrow_mut().push(rt.now().since(start + DELAY));
            }
        })
    })
    .await;
    low_median(times.take())
}

/// How long a worker takes to start, and a message to or from it.
async fn worker() -> Option<(Nanos, Nanos)> {
    const ROUNDS: usize = 8;
    const MESSAGES: u64 = 10;
    let (sender, mut answers) = mpsc::unbounded_channel();
    let began = now_ms();
    let thread = Thread::start(move |word| drop(sender.send(word))).await.ok()?;
    let started = Nanos::from_ms(now_ms() - began);
    let mut ways = Vec::new();
    for _ in 0..ROUNDS {
        // Many at a time, for one alone may be shorter than the clock's step.
        let sent = now_ms();
        for _ in 0..MESSAGES {
            thread.order(&Order::Compute { key: 0, blocks: 0 });
            let Some(Word::Report(Report::Computed { .. })) = answers.recv().await else { return None };
        }
        ways.push(Nanos(Nanos::from_ms(now_ms() - sent).0 / (2 * MESSAGES)));
    }
    Some((started, low_median(ways)))
}

/// How many times as long a thread computes while another one does. What browsers call cores may share one.
async fn parallel_slowdown(blocks_per_ms: f64) -> Option<f64> {
    const ROUNDS: usize = 4;
    const MS: f64 = 20.0;
    let (sender, mut answers) = mpsc::unbounded_channel();
    let mut threads = Vec::new();
    for _ in 0..2 {
        let sender = sender.clone();
        threads.push(Thread::start(move |word| drop(sender.send(word))).await.ok()?);
    }
    let blocks = (MS * blocks_per_ms) as u64;
    let mut fastest = [f64::INFINITY; 2];
    for _ in 0..ROUNDS {
        // Alone, then together; the undisturbed rounds count.
        for (count, fastest) in [1, 2].into_iter().zip(&mut fastest) {
            for thread in &threads[..count] {
                thread.order(&Order::Compute { key: 0, blocks });
            }
            let mut slowest = 0.0f64;
            for _ in 0..count {
                let Some(Word::Report(Report::Computed { began_ms, ended_ms, .. })) = answers.recv().await
                else {
                    return None;
                };
                slowest = slowest.max(ended_ms - began_ms);
            }
            *fastest = fastest.min(slowest);
        }
    }
    Some((fastest[1] / fastest[0]).max(1.0))
}

/// The median of the faster half: what it takes when nothing comes in between.
fn low_median(mut times: Vec<Nanos>) -> Nanos {
    times.sort_unstable();
    times.truncate(times.len().div_ceil(2));
    Distribution::of(times).map(|distribution| distribution.p50).unwrap_or_default()
}
