//! The ways in which a program can give its thread back: [`YieldWith`]. What each lets through, the clocks
//! decide.

use serde::{Deserialize, Serialize};

use crate::trace::Cause;

/// How a strategy gives the thread back to the event loop.
///
/// The ways differ in what they let through, by the rules of the HTML standard and of Chromium.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum YieldWith {
    /// `scheduler.yield()` inside a background `postTask`: everything else goes first.
    BackgroundYield,
    /// `scheduler.postTask` with priority `background`.
    PostTaskBackground,
    /// `scheduler.postTask` with priority `user-visible`.
    PostTaskUserVisible,
    /// `scheduler.postTask` with priority `user-blocking`.
    PostTaskUserBlocking,
    /// `scheduler.yield()` at its default priority.
    SchedulerYield,
    /// A message to ourselves through a `MessageChannel`.
    Message,
    /// `setTimeout(0)`, which takes 4 ms once it is nested deeper than five.
    Timeout,
    /// `setTimeout(0)` behind a message, so that it is never nested and never clamped.
    MessageThenTimeout,
    /// `requestAnimationFrame`.
    AnimationFrame,
    /// `requestIdleCallback`.
    IdleCallback,
    /// A resolved promise. Not a yield at all: the event loop does not get a turn.
    Microtask,
}

impl YieldWith {
    /// Every way to yield, the kindest to the rest of the page first.
    pub const ALL: [YieldWith; 11] = [
        YieldWith::BackgroundYield,
        YieldWith::PostTaskBackground,
        YieldWith::MessageThenTimeout,
        YieldWith::Message,
        YieldWith::PostTaskUserVisible,
        YieldWith::Timeout,
        YieldWith::AnimationFrame,
        YieldWith::IdleCallback,
        YieldWith::SchedulerYield,
        YieldWith::PostTaskUserBlocking,
        YieldWith::Microtask,
    ];

    /// The cause that the trace gives for it.
    pub(crate) fn cause(self) -> Cause {
        match self {
            YieldWith::BackgroundYield => Cause::BackgroundContinuation,
            YieldWith::PostTaskBackground => Cause::Background,
            YieldWith::PostTaskUserVisible => Cause::UserVisible,
            YieldWith::PostTaskUserBlocking => Cause::UserBlocking,
            YieldWith::SchedulerYield => Cause::Continuation,
            YieldWith::Message | YieldWith::MessageThenTimeout => Cause::Message,
            YieldWith::Timeout => Cause::Timer,
            YieldWith::AnimationFrame => Cause::Frame,
            YieldWith::IdleCallback => Cause::Idle,
            YieldWith::Microtask => Cause::Microtask,
        }
    }

    /// Its name in the address and in message keys.
    pub const fn id(self) -> &'static str {
        match self {
            YieldWith::BackgroundYield => "background-yield",
            YieldWith::PostTaskBackground => "post-task-background",
            YieldWith::PostTaskUserVisible => "post-task-user-visible",
            YieldWith::PostTaskUserBlocking => "post-task-user-blocking",
            YieldWith::SchedulerYield => "scheduler-yield",
            YieldWith::Message => "message",
            YieldWith::Timeout => "timeout",
            YieldWith::MessageThenTimeout => "message-then-timeout",
            YieldWith::AnimationFrame => "animation-frame",
            YieldWith::IdleCallback => "idle-callback",
            YieldWith::Microtask => "microtask",
        }
    }
}
