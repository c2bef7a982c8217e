//! What waited for its turn of the event loop: [`Wakeup`]. And how the thread was given back: [`YieldKind`].

use serde::{Deserialize, Serialize};

use super::Nanos;

/// How the thread was given back, as far as it matters to what that costs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum YieldKind {
    /// Through a task, a message or a frame.
    Task,
    /// Through a zero timer, which waits for longer once it is nested.
    Timer,
    /// Not at all: a microtask runs in the same turn.
    Microtask,
}

/// By which way something comes to have its turn.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[repr(u8)]
pub enum Cause {
    /// A future that can go on; it runs before the turn is over.
    Microtask,
    /// `scheduler.postTask`, user-blocking.
    UserBlocking,
    /// What is left of a task after `scheduler.yield()`.
    Continuation,
    /// `scheduler.postTask`, user-visible.
    UserVisible,
    /// A message, of this thread to itself or of another.
    Message,
    /// A response of a server.
    Response,
    /// A timer.
    Timer,
    /// A frame that is to be drawn.
    Frame,
    /// What is left of a background task after `scheduler.yield()`.
    BackgroundContinuation,
    /// `scheduler.postTask`, background.
    Background,
    /// An idle callback.
    Idle,
}

/// A stretch of time for which something waited for its turn: 32 bytes. Recorded when it is over.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Wakeup {
    /// When it was asked for.
    pub asked_at: Nanos,
    /// When it could have its turn at the earliest, as far as the clock knew.
    pub due: Nanos,
    /// When it had its turn or was given up; [`Wakeup::NEVER`] for what was outstanding when the run ended.
    pub until: Nanos,
    /// What it waited for.
    pub cause: Cause,
}

impl Wakeup {
    /// Later than every run.
    pub const NEVER: Nanos = Nanos(u64::MAX);

    /// Whether it was waiting at `moment`: asked for, and not yet had.
    pub fn is_waiting(&self, moment: Nanos) -> bool {
        self.asked_at <= moment && moment < self.until
    }
}
