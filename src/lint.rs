//! Lints: patterns in a trace that cost something, each with its evidence.
//!
//! Derived from the trace, its metrics and what there was to do; knows neither languages nor
//! the page, and no lab by name. A lint is never a guess about a program's text: it says what
//! this run shows, so it is silent where nothing happened that it could be about.

use serde::{Serialize, Serializer};

use crate::lab::{Strategy, Values};
use crate::metrics::Metrics;
use crate::number::sort;
use crate::trace::{Lane, MarkKind, Nanos, Outcome, SpanKind, TaskId, Trace, YieldKind};
use crate::verdict::LONG_TASK;

/// Something that a run shows, and where.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub struct Lint {
    /// What it is about.
    #[serde(rename = "id")]
    pub kind: LintKind,
    /// Where it begins to show.
    #[serde(rename = "from_ms")]
    pub from: Nanos,
    /// Where it ends.
    #[serde(rename = "to_ms")]
    pub to: Nanos,
    /// How many; of what depends on the kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<usize>,
    /// Of how many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<usize>,
    /// How long.
    #[serde(rename = "time_ms", skip_serializing_if = "Option::is_none")]
    pub time: Option<Nanos>,
    /// Which part of the whole: 1 is all of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share: Option<f64>,
}

impl Lint {
    fn new(kind: LintKind, from: Nanos, to: Nanos) -> Lint {
        Lint { kind, from, to, count: None, of: None, time: None, share: None }
    }
}

/// What a lint is about, the most serious first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum LintKind {
    /// The tab was hidden while the run was measured.
    Hidden,
    /// The machine was busy with something else while the run was measured.
    Disturbed,
    /// The program ended before `count` tasks `of` all were done.
    NeverAwaited,
    /// `count` tasks at a stretch, for `time`, in a run without a yield.
    NeverYielded,
    /// `count` yields, none of which let the loop have its turn; the longest turn took `time`.
    OnlyMicrotasks,
    /// Turns longer than a long task: the longest `time`, all together `share` of the run.
    LoopBlocked,
    /// `count` yields through zero timers; for `share` of the run nothing but they were waited for.
    TimerClamp,
    /// `count` requests one after another, with `time` of waiting that could have been shared.
    AwaitedInARow,
    /// Up to `count` requests in the server's queue, one of them for `time`.
    ServerOverloaded,
    /// A queue that grew to `count` because more came in than was worked off.
    BacklogGrows,
    /// At most `count` requests in flight where `of` are allowed.
    LimitNeverReached,
}

impl LintKind {
    /// Every kind, in this order.
    pub const ALL: [LintKind; 11] = [
        LintKind::Hidden,
        LintKind::Disturbed,
        LintKind::NeverAwaited,
        LintKind::NeverYielded,
        LintKind::OnlyMicrotasks,
        LintKind::LoopBlocked,
        LintKind::TimerClamp,
        LintKind::AwaitedInARow,
        LintKind::ServerOverloaded,
        LintKind::BacklogGrows,
        LintKind::LimitNeverReached,
    ];

    /// Whether it tells that a measurement does not count, and why.
    pub fn is_spoiled(self) -> bool {
        matches!(self, LintKind::Hidden | LintKind::Disturbed)
    }

    /// Its name in the summary and in message keys.
    pub fn id(self) -> &'static str {
        match self {
            LintKind::Hidden => "hidden",
            LintKind::Disturbed => "disturbed",
            LintKind::NeverAwaited => "never-awaited",
            LintKind::NeverYielded => "never-yielded",
            LintKind::OnlyMicrotasks => "only-microtasks",
            LintKind::LoopBlocked => "loop-blocked",
            LintKind::TimerClamp => "timer-clamp",
            LintKind::AwaitedInARow => "awaited-in-a-row",
            LintKind::ServerOverloaded => "server-overloaded",
            LintKind::BacklogGrows => "backlog-grows",
            LintKind::LimitNeverReached => "limit-never-reached",
        }
    }
}

impl Serialize for LintKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

/// What spoils a measurement: then it says nothing about the program.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Spoiled {
    /// The tab was hidden, and browsers slow hidden tabs down.
    Hidden,
    /// The machine was busy with something else.
    Disturbed,
}

/// What `trace` shows, the most serious first. It is of `strategy`, was run with `values`, and its numbers are
/// `metrics`.
///
/// Of a spoiled run only that is said, and of a bound nothing: it is no way to do the work.
pub fn lints(
    strategy: &Strategy,
    trace: &Trace,
    metrics: &Metrics,
    values: &Values,
    spoiled: Option<Spoiled>,
) -> Vec<Lint> {
    if let Some(spoiled) = spoiled {
        let kind = match spoiled {
            Spoiled::Hidden => LintKind::Hidden,
            Spoiled::Disturbed => LintKind::Disturbed,
        };
        return vec![Lint::new(kind, Nanos::ZERO, trace.end())];
    }
    if strategy.is_bound {
        return Vec::new();
    }
    let setup = (values.lab().setup)(values);
    let found = [
        never_awaited(trace, metrics, setup.tasks),
        never_yielded(trace),
        only_microtasks(trace),
        loop_blocked(trace),
        timer_clamp(trace),
        awaited_in_a_row(trace, metrics, setup.capacity),
        server_overloaded(trace),
        backlog_grows(trace),
        limit_never_reached(trace, metrics),
    ];
    found.into_iter().flatten().collect()
}

/// A finished run has told of each task that it is done or given up (see [`MarkKind::TaskCompleted`]). Where it has
/// not, the program went on without the result.
fn never_awaited(trace: &Trace, metrics: &Metrics, tasks: usize) -> Option<Lint> {
    let is_lost = trace.outcome() == Some(Outcome::Finished) && metrics.unfinished > 0;
    is_lost.then(|| {
        let mut answered: Vec<_> = trace.marks_of(MarkKind::ResponseSeen).map(|mark| mark.task).collect();
        sort(&mut answered, |task| task.0.into(), |number| TaskId(number as u32));
        let is_open = |task: &TaskId| answered.binary_search(task).is_err();
        let open = trace.marks_of(MarkKind::RequestSent).find(|mark| is_open(&mark.task));
        let from = open.map_or(Nanos::ZERO, |mark| mark.at);
        Lint {
            count: Some(metrics.unfinished),
            of: Some(tasks),
            ..Lint::new(LintKind::NeverAwaited, from, trace.end())
        }
    })
}

/// The longest turn that held up the loop with the work of several tasks. One task alone has nowhere to yield.
fn never_yielded(trace: &Trace) -> Option<Lint> {
    if trace.microtask_yields() > 0 || trace.yields().next().is_some() {
        return None;
    }
    let mut longest: Option<Lint> = None;
    // What ran in a turn was recorded before the turn was.
    let (mut tasks, mut last) = (0, None);
    for span in trace.spans().iter().filter(|span| span.lane == Lane::LOOP) {
        match span.kind {
            SpanKind::Cpu | SpanKind::Blocked if last != Some(span.task) => {
                tasks += 1;
                last = Some(span.task);
            }
            SpanKind::Turn => {
                let time = Some(span.duration());
                if tasks > 1
                    && span.duration() > LONG_TASK
                    && longest.is_none_or(|longest| time > longest.time)
                {
                    let lint = Lint::new(LintKind::NeverYielded, span.start, span.end);
                    longest = Some(Lint { count: Some(tasks), time, ..lint });
                }
                (tasks, last) = (0, None);
            }
            _ => {}
        }
    }
    longest
}

/// Who yields wants turns to be short. Where none of the yields was one, and a turn was long, that was in vain.
fn only_microtasks(trace: &Trace) -> Option<Lint> {
    let turn = trace.spans_of(SpanKind::Turn).max_by_key(|turn| turn.duration())?;
    let is_in_vain = trace.microtask_yields() > 0 && trace.yields().next().is_none();
    (is_in_vain && turn.duration() > LONG_TASK).then(|| Lint {
        count: Some(trace.microtask_yields()),
        time: Some(turn.duration()),
        ..Lint::new(LintKind::OnlyMicrotasks, turn.start, turn.end)
    })
}

/// W3C Long Tasks: a turn of more than 50 ms.
fn loop_blocked(trace: &Trace) -> Option<Lint> {
    let long = || trace.spans_of(SpanKind::Turn).filter(|turn| turn.duration() > LONG_TASK);
    let longest = long().max_by_key(|turn| turn.duration())?;
    Some(Lint {
        count: Some(long().count()),
        time: Some(longest.duration()),
        share: Some(share(long().map(|turn| turn.duration()).sum(), trace)),
        ..Lint::new(LintKind::LoopBlocked, longest.start, longest.end)
    })
}

/// A zero timer that is not held back fires as soon as the loop is free. So whatever time the loop is idle while
/// one is set is the clamp's (HTML standard, "timer initialization steps"). It dominates when that is most of the run.
fn timer_clamp(trace: &Trace) -> Option<Lint> {
    const MOST: f64 = 0.5;
    let timers = || trace.yields().filter(|(_, kind)| *kind == YieldKind::Timer).map(|(span, _)| span);
    let (first, last) = (timers().next()?, timers().last()?);
    let turns = Turns::of(trace);
    let held_back = timers().map(|span| turns.idle(span.start, span.end)).sum();
    let share = share(held_back, trace).min(1.0);
    (share > MOST).then(|| Lint {
        count: Some(timers().count()),
        share: Some(share),
        ..Lint::new(LintKind::TimerClamp, first.start, last.end)
    })
}

/// Requests of different tasks, each sent only when the one before was answered, while the loop had nothing to do.
/// Silent where something else forbids that they wait together: a server or a limit of one, or a lock.
fn awaited_in_a_row(trace: &Trace, metrics: &Metrics, capacity: usize) -> Option<Lint> {
    /// Two may be one after another for a reason.
    const LEAST: usize = 3;
    /// Else the requests were short beside the computing between them.
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
    (is_shareable && waited > Nanos::ZERO).then(|| Lint {
        count: Some(count),
        time: Some(waited),
        ..Lint::new(LintKind::AwaitedInARow, from.unwrap_or_default(), to)
    })
}

/// Requests waited at the server for longer, all together, than they were served.
fn server_overloaded(trace: &Trace) -> Option<Lint> {
    let total = |kind: SpanKind| trace.spans_of(kind).map(|span| span.duration()).sum::<Nanos>();
    if total(SpanKind::Queued) <= total(SpanKind::Service) {
        return None;
    }
    let queued = || trace.spans_of(SpanKind::Queued);
    Some(Lint {
        count: queue(trace).iter().map(|(_, level)| *level as usize).max(),
        time: queued().map(|span| span.duration()).max(),
        ..Lint::new(
            LintKind::ServerOverloaded,
            queued().map(|span| span.start).min()?,
            queued().map(|span| span.end).max()?,
        )
    })
}

/// The longest of all queues that grew: those of the lab (its gauges), and the server's.
fn backlog_grows(trace: &Trace) -> Option<Lint> {
    let gauges = trace.gauges().map(|(gauge, _)| {
        trace.samples_of(gauge).map(|sample| (sample.at, sample.level)).collect::<Vec<_>>()
    });
    let grown = gauges.chain([queue(trace)]).filter_map(|levels| growth(&levels, trace.end()));
    grown.max_by_key(|lint| lint.count)
}

/// How many requests were in the server's queue, from each moment on.
fn queue(trace: &Trace) -> Vec<(Nanos, i64)> {
    let queued = trace.spans_of(SpanKind::Queued);
    let mut steps: Vec<_> = queued.flat_map(|span| [(span.start, 1), (span.end, -1)]).collect();
    // Who leaves at a time goes before who comes.
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

/// Levels that climb to their peak for a good part of the run, though something is taken away all the while.
///
/// What only ever rises counts something; what soon stays near its peak has found its bound.
fn growth(levels: &[(Nanos, i64)], end: Nanos) -> Option<Lint> {
    /// A queue that nobody would notice.
    const LEAST_PEAK: i64 = 10;
    /// Less of the run than this is a burst, and to level bursts is what queues are for.
    const LEAST_CLIMB: f64 = 0.25;
    /// A backlog that grows and is worked off spends a tenth of its time in the uppermost tenth.
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
    grows.then(|| Lint { count: Some(peak as usize), ..Lint::new(LintKind::BacklogGrows, from, to) })
}

fn limit_never_reached(trace: &Trace, metrics: &Metrics) -> Option<Lint> {
    let limit = trace.in_flight_limit().filter(|limit| metrics.max_in_flight < *limit)?;
    Some(Lint {
        count: Some(metrics.max_in_flight),
        of: Some(limit),
        ..Lint::new(LintKind::LimitNeverReached, Nanos::ZERO, trace.end())
    })
}

fn share(time: Nanos, trace: &Trace) -> f64 {
    time.0 as f64 / trace.end().0.max(1) as f64
}

/// When the loop was busy, to be asked often: the turns in order, each with what was busy before it.
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

    /// How long the loop was busy until then.
    fn busy(&self, until: Nanos) -> Nanos {
        let begun = self.0.partition_point(|(start, ..)| *start < until);
        let last = begun.checked_sub(1).map(|index| self.0[index]);
        last.map_or(Nanos::ZERO, |(start, end, before)| before + end.min(until).since(start))
    }

    /// How long it had nothing to do in between.
    fn idle(&self, from: Nanos, to: Nanos) -> Nanos {
        to.since(from) - (self.busy(to) - self.busy(from))
    }
}
