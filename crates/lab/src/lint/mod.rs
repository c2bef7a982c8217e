//! Lints: patterns in a trace that cost something, each with its evidence.
//!
//! Derived from the trace, its metrics and the lab's setup. Knows neither languages nor the page, and no lab
//! by name. A lint never guesses from a program's text: it says what this run shows, so it is silent where
//! nothing of the kind happened.

mod find;

use engine::trace::Nanos;

pub use self::find::lints;

/// Something that a run shows, and the stretch of the run that shows it best.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Lint {
    /// What it shows.
    pub pattern: Pattern,
    /// The start of the stretch, in lab time.
    pub from: Nanos,
    /// The end of the stretch, in lab time.
    pub to: Nanos,
}

/// A pattern that costs something, with its figures. Times are lab time; a share is a fraction of the
/// makespan.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Pattern {
    /// The tab was hidden while the run was measured.
    Hidden,
    /// The machine was busy with something else while the run was measured.
    Disturbed,
    /// The program ended before all of its tasks were done.
    NeverAwaited {
        /// How many were neither done nor given up.
        unfinished: usize,
        /// How many there were.
        tasks: usize,
    },
    /// The longest turn of a run that never gave the thread back.
    NeverYielded {
        /// How many tasks it worked on.
        tasks: usize,
        /// How long it was.
        turn: Nanos,
    },
    /// Every yield was to a microtask, so none gave the loop a turn.
    OnlyMicrotasks {
        /// How many yields there were.
        yields: usize,
        /// The longest turn, despite the yields.
        turn: Nanos,
    },
    /// Turns that are long tasks (more than 50 ms).
    LoopBlocked {
        /// How many there were.
        turns: usize,
        /// The longest of them.
        longest: Nanos,
        /// The fraction of the makespan that they took together.
        share: f64,
    },
    /// Yields through zero timers, which the browser's clamp delayed.
    TimerClamp {
        /// How many such yields there were.
        yields: usize,
        /// The fraction of the makespan in which the loop was idle and waited only for them.
        share: f64,
    },
    /// Requests sent one after another that could have waited together.
    AwaitedInARow {
        /// How many there were.
        requests: usize,
        /// How long they took together, each from being sent to its response being seen.
        waited: Nanos,
    },
    /// Requests that waited at the server for longer than they were served.
    ServerOverloaded {
        /// The longest queue at the server, in requests.
        queue: usize,
        /// The longest that a request waited in it.
        longest: Nanos,
    },
    /// A queue that grew because more was put in than taken out.
    BacklogGrows {
        /// Its greatest length.
        level: usize,
    },
    /// A limit on the requests in flight that was never reached.
    LimitNeverReached {
        /// The most that were in flight at once.
        reached: usize,
        /// How many were allowed.
        limit: usize,
    },
}

/// The figures of a pattern, under the names that sentences and the public summary use.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Figures {
    /// A number of things.
    pub count: Option<usize>,
    /// The number that `count` is out of, or the limit that it stayed under.
    pub of: Option<usize>,
    /// A length of lab time.
    pub time: Option<Nanos>,
    /// A fraction of the makespan.
    pub share: Option<f64>,
}

impl Lint {
    fn new(pattern: Pattern, from: Nanos, to: Nanos) -> Lint {
        Lint { pattern, from, to }
    }

    /// Which pattern it is.
    pub fn kind(&self) -> LintKind {
        match self.pattern {
            Pattern::Hidden => LintKind::Hidden,
            Pattern::Disturbed => LintKind::Disturbed,
            Pattern::NeverAwaited { .. } => LintKind::NeverAwaited,
            Pattern::NeverYielded { .. } => LintKind::NeverYielded,
            Pattern::OnlyMicrotasks { .. } => LintKind::OnlyMicrotasks,
            Pattern::LoopBlocked { .. } => LintKind::LoopBlocked,
            Pattern::TimerClamp { .. } => LintKind::TimerClamp,
            Pattern::AwaitedInARow { .. } => LintKind::AwaitedInARow,
            Pattern::ServerOverloaded { .. } => LintKind::ServerOverloaded,
            Pattern::BacklogGrows { .. } => LintKind::BacklogGrows,
            Pattern::LimitNeverReached { .. } => LintKind::LimitNeverReached,
        }
    }

    /// Its figures by name; `None` for those that the pattern does not have.
    pub fn figures(&self) -> Figures {
        let none = Figures::default();
        match self.pattern {
            Pattern::Hidden | Pattern::Disturbed => none,
            Pattern::NeverAwaited { unfinished, tasks } => {
                Figures { count: Some(unfinished), of: Some(tasks), ..none }
            }
            Pattern::NeverYielded { tasks: count, turn: time }
            | Pattern::OnlyMicrotasks { yields: count, turn: time }
            | Pattern::AwaitedInARow { requests: count, waited: time }
            | Pattern::ServerOverloaded { queue: count, longest: time } => {
                Figures { count: Some(count), time: Some(time), ..none }
            }
            Pattern::LoopBlocked { turns, longest, share } => {
                Figures { count: Some(turns), time: Some(longest), share: Some(share), ..none }
            }
            Pattern::TimerClamp { yields, share } => {
                Figures { count: Some(yields), share: Some(share), ..none }
            }
            Pattern::BacklogGrows { level } => Figures { count: Some(level), ..none },
            Pattern::LimitNeverReached { reached, limit } => {
                Figures { count: Some(reached), of: Some(limit), ..none }
            }
        }
    }
}

/// Which pattern a lint is about, the most serious first. [`Pattern`] describes each.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[expect(missing_docs, reason = "each is the pattern of the same name")]
pub enum LintKind {
    Hidden,
    Disturbed,
    NeverAwaited,
    NeverYielded,
    OnlyMicrotasks,
    LoopBlocked,
    TimerClamp,
    AwaitedInARow,
    ServerOverloaded,
    BacklogGrows,
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

    /// Whether it says that a measurement does not count.
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

/// Why a measurement says nothing about the program.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Spoiled {
    /// The tab was hidden, and browsers slow hidden tabs down.
    Hidden,
    /// The machine was busy with something else.
    Disturbed,
}
