//! Measures what this browser's event loop costs, by small strategies on the clock itself. Must not know what
//! for.

use std::cell::RefCell;
use std::rc::Rc;

use engine::browser::{Calibration, Costs, Depth};
use engine::number::sort;
use engine::trace::{Cursor, Distribution, Nanos, Span, SpanKind, TaskId, Trace};
use engine::{Runtime, Work, YieldWith};
use futures_lite::future::or;
use gloo_timers::future::TimeoutFuture;
use tokio::sync::mpsc;
use web_sys::MessageChannel;

use crate::bindings::{clock_step_ms, has, now_ms};
use crate::cpu_kernel::CpuKernel;
use crate::thread::{Computed, Thread, Word, encode, said};
use crate::{BrowserRun, Probe};

/// Measures how fast this browser computes and, if `depth` asks for it, what its event loop costs. `None` if
/// `go_on` returns `false` meanwhile. The speed takes a quarter of a second (with a clock of whole
/// milliseconds up to two and a half, in stretches of 50 ms), the costs another second and a half.
/// A speed of zero means that nothing can be measured by this clock: it stands still, or runs backwards.
pub async fn calibrate(depth: Depth, go_on: &dyn Fn() -> bool) -> Option<Calibration> {
    let blocks_per_ms = speed(go_on).await?;
    let costs = match depth {
        Depth::All if blocks_per_ms > 0.0 => Some(costs(blocks_per_ms, go_on).await?),
        Depth::Speed | Depth::All => None,
    };
    Some(Calibration { blocks_per_ms, costs })
}

/// Blocks of the CPU kernel per millisecond.
///
/// What is wanted is the speed of an undisturbed machine. Whatever else it does, such as compiling hot code
/// in the background, can only make rounds slower. So rounds are measured, with pauses, until the two fastest
/// agree.
async fn speed(go_on: &dyn Fn() -> bool) -> Option<f64> {
    const LEAST_ROUNDS: usize = 12;
    const MOST_ROUNDS: usize = 40;
    const AGREEMENT: f64 = 1.02;
    const PAUSE_MS: u32 = 10;
    let step_ms = clock_step_ms();
    let (mut fastest, mut second, mut latest) = (0.0f64, 0.0f64, now_ms());
    for round in 1..=MOST_ROUNDS {
        if !go_on() {
            return None;
        }
        let speed = CpuKernel::measure(now_ms, step_ms);
        let now = now_ms();
        if speed == 0.0 || now < latest {
            return Some(0.0); // by this clock nothing can be measured
        }
        latest = now;
        second = second.max(speed.min(fastest));
        fastest = fastest.max(speed);
        if round >= LEAST_ROUNDS && fastest <= second * AGREEMENT {
            break;
        }
        TimeoutFuture::new(PAUSE_MS).await;
    }
    Some(second)
}

async fn costs(blocks_per_ms: f64, go_on: &dyn Fn() -> bool) -> Option<Costs> {
    let mut yields = [None; YieldWith::ALL.len()];
    for (with, cost) in YieldWith::ALL.into_iter().zip(&mut yields) {
        if has(with) && go_on() {
            *cost = one_yield(with).await;
        }
    }
    let spawn = each(|rt| Box::pin(async move { rt.spawn(async {}).await })).await;
    let record = one_span().await + report();
    let probe = probe();
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
        probe,
    })
}

/// Runs a strategy at scale 1. Gives it up if it takes far too long, as frames do in a tab that is not
/// visible.
async fn run(strategy: Box<dyn FnOnce(Runtime) -> Work>) {
    const PATIENCE_MS: u32 = 3_000;
    // Without message channels there are no live runs either, and they report it.
    if let Ok(mut run) = BrowserRun::prepare(1.0, 1.0, strategy)
        && run.start().is_ok()
    {
        or(run.finished(), TimeoutFuture::new(PATIENCE_MS)).await;
    }
}

/// The least length of a round, in time and in steps of the clock. Its length is then known within a few
/// percent.
const ROUND: Nanos = Nanos(2_000_000);
const ROUND_STEPS: f64 = 20.0;
const ROUNDS: usize = 8;

fn round() -> Nanos {
    ROUND.max(Nanos::from_ms(ROUND_STEPS * clock_step_ms()))
}

/// What one yield takes on a loop with nothing else to do. `None` if not a single round was completed.
async fn one_yield(with: YieldWith) -> Option<Nanos> {
    // Yields that wait for the browser's own periods take milliseconds each, so a few of them make a round.
    let is_slow = matches!(with, YieldWith::Timeout | YieldWith::AnimationFrame | YieldWith::IdleCallback);
    let (rounds, least) = if is_slow { (1, 12) } else { (ROUNDS, 20) };
    // The first timers are not nested deeply enough to be clamped.
    let warm_up = if is_slow { 6 } else { 20 };
    let (round, times) = (round(), Rc::new(RefCell::new(Vec::new())));
    let noted = times.clone();
    run(Box::new(move |rt| {
        Box::pin(async move {
            for _ in 0..warm_up {
                rt.yield_now(with).await;
            }
            for _ in 0..rounds {
                let (start, mut count) = (rt.now(), 0);
                while count < least || rt.now().since(start) < round {
                    rt.yield_now(with).await;
                    count += 1;
                }
                noted.borrow_mut().push(Nanos(rt.now().since(start).0 / count));
            }
        })
    }))
    .await;
    // Empty if no frames came.
    let times = times.take();
    (!times.is_empty()).then(|| low_median(times))
}

/// What `work` takes once, measured by many in one turn.
async fn each(work: fn(Runtime) -> Work) -> Nanos {
    const AT_ONCE: u64 = 50;
    let (round, times) = (round(), Rc::new(RefCell::new(Vec::new())));
    let noted = times.clone();
    run(Box::new(move |rt| {
        Box::pin(async move {
            for _ in 0..ROUNDS {
                let (start, mut count) = (rt.now(), 0);
                while rt.now().since(start) < round {
                    for _ in 0..AT_ONCE {
                        work(rt.clone()).await;
                    }
                    count += AT_ONCE;
                }
                noted.borrow_mut().push(Nanos(rt.now().since(start).0 / count));
                rt.yield_now(YieldWith::Message).await;
            }
        })
    }))
    .await;
    low_median(times.take())
}

/// What recording one span takes, with a look at the clock before and after.
async fn one_span() -> Nanos {
    const SPANS: u64 = 20;
    let spans = each(|rt| {
        Box::pin(async move {
            for _ in 0..SPANS {
                let start = rt.now();
                rt.record(SpanKind::Cpu, TaskId::NONE, start, rt.now());
            }
        })
    });
    Nanos(spans.await.0 / SPANS)
}

/// What `work` takes once, measured by many in a row.
fn in_a_row(mut work: impl FnMut()) -> Nanos {
    let (round, start, mut count) = (round().as_ms(), now_ms(), 0u64);
    while now_ms() - start < round {
        work();
        count += 1;
    }
    Nanos(Nanos::from_ms(now_ms() - start).0 / count.max(1))
}

/// What sending one span to the page takes: its share of a message with many.
fn report() -> Nanos {
    const SPANS: u64 = 500;
    let Ok(channel) = MessageChannel::new() else { return Nanos::ZERO };
    let mut trace = Trace::default();
    for number in 0..SPANS {
        let (start, task) = (Nanos(number * 1_000_000), TaskId(number as u32));
        trace.push_span(Span::new(SpanKind::Cpu, task, start, start + Nanos(900_000)));
    }
    let part = in_a_row(|| {
        let part = encode(&trace.since(&mut Cursor::default()));
        let _ = channel.port1().post_message(&said(&part));
    });
    channel.port1().close();
    Nanos(part.0 / SPANS)
}

/// One look of the probe: the turns of its timer and of its message. What the browser itself needs for a turn
/// is not included.
fn probe() -> Nanos {
    Probe::start().map(|probe| in_a_row(|| probe.look())).unwrap_or_default()
}

async fn timer_lateness() -> Nanos {
    const TIMERS: usize = 20;
    const DELAY: Nanos = Nanos(6_000_000);
    let times = Rc::new(RefCell::new(Vec::new()));
    let noted = times.clone();
    run(Box::new(move |rt| {
        Box::pin(async move {
            for _ in 0..TIMERS {
                let start = rt.now();
                rt.sleep(DELAY).await;
                noted.borrow_mut().push(rt.now().since(start + DELAY));
            }
        })
    }))
    .await;
    low_median(times.take())
}

/// How long a worker takes to start, and how long a message to it or from it takes.
async fn worker() -> Option<(Nanos, Nanos)> {
    const ROUNDS: usize = 8;
    const MESSAGES: u64 = 10;
    let (sender, mut answers) = mpsc::unbounded_channel();
    let began = now_ms();
    let thread = Thread::start(Box::new(move |word| drop(sender.send(word)))).await.ok()?;
    let started = Nanos::from_ms(now_ms() - began);
    let mut ways = Vec::new();
    for _ in 0..ROUNDS {
        // Many at a time, since a single one may be shorter than the clock's step.
        let sent = now_ms();
        for _ in 0..MESSAGES {
            thread.compute(0, 0);
            let Some(Word::Computed(_)) = answers.recv().await else { return None };
        }
        ways.push(Nanos(Nanos::from_ms(now_ms() - sent).0 / (2 * MESSAGES)));
    }
    Some((started, low_median(ways)))
}

/// How many times as long a thread computes while another one computes as well: what browsers call cores may
/// share one.
async fn parallel_slowdown(blocks_per_ms: f64) -> Option<f64> {
    const ROUNDS: usize = 8;
    const MS: f64 = 20.0;
    let (sender, mut answers) = mpsc::unbounded_channel();
    let mut threads = Vec::new();
    for _ in 0..2 {
        let sender = sender.clone();
        threads.push(Thread::start(Box::new(move |word| drop(sender.send(word)))).await.ok()?);
    }
    let blocks = (MS * blocks_per_ms) as u64;
    let mut fastest = [f64::INFINITY; 2];
    for _ in 0..ROUNDS {
        // Alone, then together. The fastest round of each counts.
        for (count, fastest) in [1, 2].into_iter().zip(&mut fastest) {
            for thread in &threads[..count] {
                thread.compute(0, blocks);
            }
            let mut total = 0.0;
            for _ in 0..count {
                let Some(Word::Computed(Computed { began_ms, ended_ms, .. })) = answers.recv().await else {
                    return None;
                };
                total += ended_ms - began_ms;
            }
            *fastest = fastest.min(total / count as f64);
        }
    }
    Some((fastest[1] / fastest[0]).max(1.0))
}

/// The median of the faster half: what it takes if nothing interferes.
fn low_median(mut times: Vec<Nanos>) -> Nanos {
    sort(&mut times, |time| time.0, Nanos);
    times.truncate(times.len().div_ceil(2));
    Distribution::of(times).map(|distribution| distribution.p50).unwrap_or_default()
}
