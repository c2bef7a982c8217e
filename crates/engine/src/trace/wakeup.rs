//! Wake-ups: what waited for a turn of the event loop, and why ([`Wakeup`]); and how the thread was given
//! back ([`YieldKind`]).

use serde::{Deserialize, Serialize};

use super::Nanos;

/// How the thread was given back, as far as it matters for the cost.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum YieldKind {
    /// Through a task, a message or a frame.
    Task,
    /// Through a zero timer, which is clamped once it is nested deeply.
    Timer,
    /// Not at all: a microtask runs in the same turn.
    Microtask,
}

/// Why a wake-up came.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[repr(u8)]
pub enum Cause {
    /// A future could continue. It is polled before the turn is over.
    Microtask,
    /// A user-blocking `scheduler.postTask`.
    UserBlocking,
    /// The rest of a task after `scheduler.yield()`.
    Continuation,
    /// A user-visible `scheduler.postTask`.
    UserVisible,
    /// A message, from this thread to itself or from another thread.
    Message,
    /// A response of a server.
    Response,
    /// A timer.
    Timer,
    /// A frame to be drawn.
    Frame,
    /// The rest of a background task after `scheduler.yield()`.
    BackgroundContinuation,
    /// A background `scheduler.postTask`.
    Background,
    /// An idle callback.
    Idle,
}

/// A wait for a turn of the event loop: 32 bytes. Recorded when it is over. Times are lab time.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Wakeup {
    /// When it was asked for.
    pub asked_at: Nanos,
    /// The earliest time at which it could come, as far as the clock knew.
    pub due: Nanos,
    /// When it came or was given up; [`Wakeup::NEVER`] if it was outstanding when the run ended.
    pub until: Nanos,
    /// Why it came, or would have come.
    pub cause: Cause,
}

impl Wakeup {
    /// Later than the end of any run.
    pub const NEVER: Nanos = Nanos(u64::MAX);

    /// Whether it was outstanding at `moment`.
    pub fn is_waiting(&self, moment: Nanos) -> bool {
        self.asked_at <= moment && moment < self.until
    }
}
