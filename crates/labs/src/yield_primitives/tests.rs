//! Lab `yield-primitives`: what each way to yield costs, and what it lets through.

use engine::browser::{NESTED_TIMER_CLAMP, NESTING_LIMIT};
use engine::trace::{Nanos, Outcome, SpanKind};
use lab::FindingValue;
use lab::metrics::Metrics;
use session::predict;
use virtual_clock::Conditions;
use virtual_clock::event_loop::FRAME_PERIOD;

const MS: u64 = 1_000_000;

/// What the defaults say: 200 pieces of 1 ms, a timer and a message every 10 ms, 5 requests of 100 ms.
const PIECES: u64 = 200;
const TIMERS: i64 = 19;
const FETCHES: i64 = 5;

/// The numbers of one strategy.
struct Numbers(Metrics);

fn run(strategy: &str) -> Numbers {
    let lab = &super::LAB;
    let values = lab.defaults();
    let trace = predict(lab.strategy(strategy).unwrap(), &values, Conditions::IDEAL).trace;
    let metrics = Metrics::of(&trace, &values);
    assert_eq!(trace.outcome(), Some(Outcome::Finished), "{strategy}");
    assert!(metrics.is_complete(), "{strategy}: {metrics:?}");
    assert!(metrics.makespan >= metrics.lower_bound, "{strategy}: {metrics:?}");
    assert_eq!(trace.spans_of(SpanKind::Cpu).count() as u64, PIECES);
    Numbers(metrics)
}

impl Numbers {
    fn value(&self, key: &str) -> &FindingValue {
        &self.0.findings.iter().find(|one| one.key == key).unwrap_or_else(|| panic!("no {key}")).value
    }

    fn count(&self, key: &str) -> i64 {
        let FindingValue::Count(count) = self.value(key) else { panic!("{key} is not a count") };
        *count
    }

    fn time(&self, key: &str) -> Nanos {
        let FindingValue::Time(time) = self.value(key) else { panic!("{key} is not a time") };
        *time
    }

    /// The timers, messages and responses that got a turn while the loop computed.
    fn company(&self) -> [i64; 3] {
        ["timers", "messages", "responses"].map(|key| self.count(key))
    }
}

const ALL: [i64; 3] = [TIMERS, TIMERS, FETCHES];

#[test]
fn a_microtask_is_no_yield() {
    let [microtask, none] = ["microtask", "no-yield"].map(run);
    for numbers in [&microtask, &none] {
        assert_eq!(numbers.company(), [0; 3]);
        assert_eq!(numbers.count("frames"), 0);
        assert_eq!(numbers.0.longest_block, Nanos(PIECES * MS), "the page is frozen for all of it");
        assert_eq!(numbers.time("first_timer_ms"), Nanos(PIECES * MS));
    }
    assert_eq!(microtask.0.yields, 0);
}

#[test]
fn a_zero_timer_pays_the_clamp_from_the_sixth_nesting_on() {
    let numbers = run("timeout");
    let clamped = PIECES - 1 - (u64::from(NESTING_LIMIT) + 1);
    let expected = Nanos(PIECES * MS + clamped * NESTED_TIMER_CLAMP.0);
    assert_eq!(numbers.time("computed_after_ms"), expected);
    assert_eq!(numbers.company(), ALL, "everything else got a turn");
}

#[test]
fn a_continuation_starves_timers_messages_and_responses() {
    for strategy in ["scheduler-yield", "post-task-user-blocking"] {
        let numbers = run(strategy);
        assert_eq!(numbers.company(), [0; 3], "{strategy}");
        assert_eq!(numbers.count("frames"), 1, "{strategy}: the frame that had waited for 100 ms");
        assert_eq!(numbers.time("computed_after_ms"), Nanos(PIECES * MS), "{strategy}");
        assert_eq!(numbers.time("first_timer_ms"), Nanos(PIECES * MS), "{strategy}: after the loop");
        assert_eq!(numbers.0.longest_block, Nanos(MS), "{strategy}: and yet no turn is long");
    }
}

#[test]
fn messages_and_tasks_let_everything_through_two_pieces_late_at_most() {
    for strategy in ["message", "post-task-user-visible", "message-then-timeout"] {
        let numbers = run(strategy);
        let [timers, messages, responses] = numbers.company();
        assert!(timers >= TIMERS - 1 && messages >= TIMERS - 1, "{strategy}: {:?}", numbers.company());
        assert_eq!(responses, FETCHES, "{strategy}");
        assert!((11..=12).contains(&numbers.count("frames")), "{strategy}");
        assert!(numbers.time("first_timer_ms") <= Nanos(12 * MS), "{strategy}");
        assert_eq!(numbers.time("yield_cost_ms"), Nanos::ZERO, "{strategy}");
    }
}

#[test]
fn in_the_background_everything_else_comes_on_time() {
    for strategy in ["background-yield", "post-task-background"] {
        let numbers = run(strategy);
        assert_eq!(numbers.company(), ALL, "{strategy}");
        assert_eq!(numbers.time("first_timer_ms"), Nanos(10 * MS), "{strategy}");
        assert_eq!(numbers.time("computed_after_ms"), Nanos(PIECES * MS), "{strategy}");
    }
}

#[test]
fn frames_and_idle_periods_set_the_pace() {
    let frames = run("animation-frame");
    assert_eq!(frames.time("computed_after_ms"), Nanos((PIECES - 1) * FRAME_PERIOD.0 + MS));
    assert_eq!(frames.company(), ALL);
    let idle = run("idle-callback");
    assert!(idle.time("yield_cost_ms") >= Nanos(8 * MS), "a timer or a frame ends each idle period");
    assert_eq!(idle.company(), ALL);
}

/// The kindest yield costs nothing without overhead.
#[test]
fn the_background_yield_is_as_fast_as_none_and_lets_everything_through() {
    let (kindest, bound) = (run("background-yield"), run("no-yield"));
    assert_eq!(kindest.time("computed_after_ms"), bound.time("computed_after_ms"));
    assert_eq!(kindest.0.longest_block, Nanos(MS));
}
