//! How each lint is found in a trace. Knows what a run recorded, not how a lint is told.

use engine::number::sort;
use engine::trace::{LONG_TASK, Lane, MarkKind, Nanos, Outcome, Span, SpanKind, TaskId, Trace, YieldKind};

use super::{Lint, Pattern, Spoiled};
use crate::metrics::Metrics;
use crate::{Strategy, Values};

/// What `trace`, a run of `strategy` with `values`, shows; the most serious first. `metrics` are the trace's
/// own.
///
/// For a spoiled run, only that is reported; for a bound nothing is, since a bound is not a way to do the
/// work.
pub fn lints(
    strategy: &Strategy,
    trace: &Trace,
    metrics: &Metrics,
    values: &Values,
    spoiled: Option<Spoiled>,
) -> Vec<Lint> {
    if let Some(spoiled) = spoiled {
        let pattern = match spoiled {
            Spoiled::Hidden => Pattern::Hidden,
            Spoiled::Disturbed => Pattern::Disturbed,
        };
        return vec![Lint::new(pattern, Nanos::ZERO, trace.end())];
    }
    if strategy.is_bound {
        return Vec::new();
    }
    let setup = (values.lab().setup)(values);
    let queue = queue(trace);
    let found = [
        never_awaited(trace, metrics, setup.tasks),
        never_yielded(trace, metrics),
        only_microtasks(trace, metrics),
        loop_blocked(trace, metrics),
        timer_clamp(trace, metrics),
        awaited_in_a_row(trace, metrics, setup.capacity),
        server_overloaded(trace, &queue),
        backlog_grows(trace, queue),
        limit_never_reached(trace, metrics),
    ];
    found.into_iter().flatten().collect()
}

/// A finished run has marked each task as done or given up (see [`MarkKind::TaskCompleted`]). Where a mark is
/// missing, the program went on without the task's result.
fn never_awaited(trace: &Trace, metrics: &Metrics, tasks: usize) -> Option<Lint> {
    let is_lost = trace.outcome() == Some(Outcome::Finished) && metrics.unfinished > 0;
    is_lost.then(|| {
        let mut answered: Vec<_> = trace.marks_of(MarkKind::ResponseSeen).map(|mark| mark.task).collect();
        sort(&mut answered, |task| task.0.into(), |number| TaskId(number as u32));
        let is_open = |task: &TaskId| answered.binary_search(task).is_err();
        let open = trace.marks_of(MarkKind::RequestSent).find(|mark| is_open(&mark.task));
        let from = open.map_or(Nanos::ZERO, |mark| mark.at);
        let pattern = Pattern::NeverAwaited { unfinished: metrics.unfinished, tasks };
        Lint::new(pattern, from, trace.end())
    })
}

/// The longest turn that held up the loop with the work of several tasks. A single task has nowhere to yield.
fn never_yielded(trace: &Trace, metrics: &Metrics) -> Option<Lint> {
    if trace.microtask_yields() > 0 || metrics.yields > 0 || metrics.longest_block <= LONG_TASK {
        return None;
    }
    let mut longest: Option<(usize, Span)> = None;
    // A turn is recorded after everything that ran in it.
    let (mut tasks, mut last) = (0, None);
    for span in trace.spans().iter().filter(|span| span.lane == Lane::LOOP) {
        match span.kind() {
            SpanKind::Cpu | SpanKind::Blocked if last != Some(span.task) => {
                tasks += 1;
                last = Some(span.task);
            }
            SpanKind::Turn => {
                let is_longer = longest.is_none_or(|(_, turn)| span.duration() > turn.duration());
                if tasks > 1 && span.duration() > LONG_TASK && is_longer {
                    longest = Some((tasks, *span));
                }
                (tasks, last) = (0, None);
            }
            _ => {}
        }
    }
    longest.map(|(tasks, turn)| {
        Lint::new(Pattern::NeverYielded { tasks, turn: turn.duration() }, turn.start, turn.end)
    })
}

/// A program that yields wants its turns to be short. If every yield was to a microtask and a turn was long,
/// the yields were in vain.
fn only_microtasks(trace: &Trace, metrics: &Metrics) -> Option<Lint> {
    let is_in_vain = trace.microtask_yields() > 0 && metrics.yields == 0;
    if !is_in_vain || metrics.longest_block <= LONG_TASK {
        return None;
    }
    let turn = trace.spans_of(SpanKind::Turn).max_by_key(|turn| turn.duration())?;
    let pattern = Pattern::OnlyMicrotasks { yields: trace.microtask_yields(), turn: turn.duration() };
    Some(Lint::new(pattern, turn.start, turn.end))
}

/// W3C Long Tasks: turns of more than 50 ms.
fn loop_blocked(trace: &Trace, metrics: &Metrics) -> Option<Lint> {
    if metrics.longest_block <= LONG_TASK {
        return None;
    }
    let long = || trace.spans_of(SpanKind::Turn).filter(|turn| turn.duration() > LONG_TASK);
    let longest = long().max_by_key(|turn| turn.duration())?;
    let pattern = Pattern::LoopBlocked {
        turns: long().count(),
        longest: longest.duration(),
        share: share(long().map(|turn| turn.duration()).sum(), trace),
    };
    Some(Lint::new(pattern, longest.start, longest.end))
}

/// A zero timer that is not clamped fires as soon as the loop is free. So whenever the loop is idle while one
/// is set, the clamp is to blame (HTML standard, "timer initialization steps"). It dominates when that is
/// most of the run.
fn timer_clamp(trace: &Trace, metrics: &Metrics) -> Option<Lint> {
    const MOST: f64 = 0.5;
    if metrics.yields == 0 {
        return None;
    }
    let timers = || trace.yields().filter(|(_, kind)| *kind == YieldKind::Timer).map(|(span, _)| span);
    let (first, last) = (timers().next()?, timers().last()?);
    let turns = Turns::of(trace);
    let held_back = timers().map(|span| turns.idle(span.start, span.end)).sum();
    let share = share(held_back, trace).min(1.0);
    let pattern = Pattern::TimerClamp { yields: timers().count(), share };
    (share > MOST).then(|| Lint::new(pattern, first.start, last.end))
}

/// Requests of different tasks, each sent only after the response to the one before, while the loop was idle.
/// Silent where they could not have waited together anyway: a server or a limit of one, or a lock.
fn awaited_in_a_row(trace: &Trace, metrics: &Metrics, capacity: usize) -> Option<Lint> {
    /// Two requests may follow each other for a reason.
    const LEAST: usize = 3;
    /// Below this, the requests were short next to the computing between them.
    const LEAST_IDLE_SHARE: f64 = 0.5;
    let is_otherwise = metrics.max_in_flight != 1
        || capacity <= 1
        || trace.in_flight_limit() == Some(1)
        || trace.spans_of(SpanKind::Waiting).next().is_some()
        || trace.spans_of(SpanKind::Blocked).next().is_some();
    if is_otherwise {
        return None;
    }
    let turns = Turns::of(trace);
    let (mut count, mut waited, mut idle) = (0, Nanos::ZERO, Nanos::ZERO);
    let mut sent: Option<(TaskId, Nanos)> = None;
    let mut before: Option<TaskId> = None;
    let (mut from, mut to) = (None, Nanos::ZERO);
    for mark in trace.marks() {
        match mark.kind {
            // Requests of one task may need each other's results.
            MarkKind::RequestSent if before == Some(mark.task) => return None,
            MarkKind::RequestSent => {
                sent = Some((mark.task, mark.at));
                from = from.or(Some(mark.at));
            }
            MarkKind::ResponseSeen => {
                let (task, at) = sent.take()?;
                before = Some(task);
                count += 1;
                waited += mark.at - at;
                idle += turns.idle(at, mark.at);
                to = mark.at;
            }
            _ => {}
        }
    }
    let is_shareable = count >= LEAST && idle.0 as f64 >= LEAST_IDLE_SHARE * waited.0 as f64;
    let pattern = Pattern::AwaitedInARow { requests: count, waited };
    (is_shareable && waited > Nanos::ZERO).then(|| Lint::new(pattern, from.unwrap_or_default(), to))
}

/// Requests that waited at the server for longer, in total, than they were served.
fn server_overloaded(trace: &Trace, queue: &[(Nanos, i64)]) -> Option<Lint> {
    let most = queue.iter().map(|(_, level)| *level as usize).max()?;
    let total = |kind: SpanKind| trace.spans_of(kind).map(|span| span.duration()).sum::<Nanos>();
    if total(SpanKind::Queued) <= total(SpanKind::Service) {
        return None;
    }
    let queued = || trace.spans_of(SpanKind::Queued);
    let pattern =
        Pattern::ServerOverloaded { queue: most, longest: queued().map(|span| span.duration()).max()? };
    let (from, to) = (queued().map(|span| span.start).min()?, queued().map(|span| span.end).max()?);
    Some(Lint::new(pattern, from, to))
}

/// The queue that grew longest, of the lab's own (its gauges) and the server's.
fn backlog_grows(trace: &Trace, queue: Vec<(Nanos, i64)>) -> Option<Lint> {
    let gauges = trace.gauges().map(|(gauge, _)| {
        trace.samples_of(gauge).map(|sample| (sample.at, sample.level)).collect::<Vec<_>>()
    });
    let grown = gauges.chain([queue]).filter_map(|levels| growth(&levels, trace.end()));
    grown.max_by_key(|lint| lint.figures().count)
}

/// The length of the server's queue, from each time at which it changes.
fn queue(trace: &Trace) -> Vec<(Nanos, i64)> {
    let queued = trace.spans_of(SpanKind::Queued);
    let mut steps: Vec<_> = queued.flat_map(|span| [(span.start, 1), (span.end, -1)]).collect();
    // At the same time, a request leaves before another joins.
    sort(
        &mut steps,
        |(at, step)| at.0 << 1 | u64::from(*step > 0),
        |number| (Nanos(number >> 1), if number & 1 == 1 { 1 } else { -1 }),
    );
    let mut level = 0;
    for (_, step) in &mut steps {
        level += *step;
        *step = level;
    }
    steps
}

/// A level that climbs to its peak over a good part of the run, although something is taken away now and
/// then.
///
/// A level that only rises is a counter; one that soon stays near its peak has reached a bound.
fn growth(levels: &[(Nanos, i64)], end: Nanos) -> Option<Lint> {
    /// A shorter queue goes unnoticed.
    const LEAST_PEAK: i64 = 10;
    /// A climb over less of the run than this is a burst, and evening out bursts is what queues are for.
    const LEAST_CLIMB: f64 = 0.25;
    /// A backlog that grows and is then worked off spends about a tenth of the run in the top tenth of its
    /// levels.
    const MOST_AT_PEAK: f64 = 0.25;
    let peak = levels.iter().map(|(_, level)| *level).max().filter(|peak| *peak >= LEAST_PEAK)?;
    let top = levels.iter().position(|(_, level)| *level == peak)?;
    let first = levels.iter().position(|(_, level)| *level > 0)?;
    let (from, to) = (levels[first].0, levels[top].0);
    let climb = &levels[first..=top];
    let is_worked_off = climb.windows(2).any(|pair| pair[1].1 < pair[0].1);
    let part = |time: Nanos| time.0 as f64 / end.0.max(1) as f64;

    let until = levels.iter().skip(1).map(|(at, _)| *at).chain([end]);
    let near_peak = levels.iter().zip(until).filter(|((_, level), _)| *level * 10 >= peak * 9);
    let at_peak = near_peak.map(|((at, _), until)| until.since(*at)).sum();

    let reached = |quarters: u64| from + Nanos(to.since(from).0 / 4 * quarters);
    let begun = climb.iter().take_while(|(at, _)| *at <= reached(1)).map(|(_, level)| *level).max()?;
    let halfway = climb.partition_point(|(at, _)| *at <= reached(2)).saturating_sub(1);
    let is_climbing = climb[halfway..].iter().all(|(_, level)| *level > begun);

    let grows =
        is_worked_off && is_climbing && part(to.since(from)) >= LEAST_CLIMB && part(at_peak) <= MOST_AT_PEAK;
    grows.then(|| Lint::new(Pattern::BacklogGrows { level: peak as usize }, from, to))
}

fn limit_never_reached(trace: &Trace, metrics: &Metrics) -> Option<Lint> {
    let limit = trace.in_flight_limit().filter(|limit| metrics.max_in_flight < *limit)?;
    let pattern = Pattern::LimitNeverReached { reached: metrics.max_in_flight, limit };
    Some(Lint::new(pattern, Nanos::ZERO, trace.end()))
}

fn share(time: Nanos, trace: &Trace) -> f64 {
    time.0 as f64 / trace.end().0.max(1) as f64
}

/// When the loop was busy. Each turn is (start, end, busy time before it), in order, so that a look-up is a
/// search.
struct Turns(Vec<(Nanos, Nanos, Nanos)>);

impl Turns {
    fn of(trace: &Trace) -> Turns {
        let mut before = Nanos::ZERO;
        let turns = trace.spans_of(SpanKind::Turn).map(|turn| {
            let busy = before;
            before += turn.duration();
            (turn.start, turn.end, busy)
        });
        Turns(turns.collect())
    }

    /// How long the loop was busy before `until`.
    fn busy(&self, until: Nanos) -> Nanos {
        let begun = self.0.partition_point(|(start, ..)| *start < until);
        let last = begun.checked_sub(1).map(|index| self.0[index]);
        last.map_or(Nanos::ZERO, |(start, end, before)| before + end.min(until).since(start))
    }

    /// How long the loop was idle between the two.
    fn idle(&self, from: Nanos, to: Nanos) -> Nanos {
        to.since(from) - (self.busy(to) - self.busy(from))
    }
}
