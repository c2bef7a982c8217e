//! Whose something is, and where: tasks, lanes, actors, gauges, and what they are called.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::Nanos;

/// Which task of the lab something belongs to; `TaskId::NONE` for the loop itself.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct TaskId(pub u32);

impl TaskId {
    /// Nobody's: time that belongs to the loop, not to a task.
    pub const NONE: TaskId = TaskId(u32::MAX);

    /// The task's number, or nothing for the loop itself.
    pub fn number(self) -> Option<u32> {
        (self != TaskId::NONE).then_some(self.0)
    }
}

/// A horizontal track of the timeline: the event loop, or what works beside it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Lane(pub u16);

impl Lane {
    /// The event loop's own thread, and the requests that it waits for.
    pub const LOOP: Lane = Lane(0);
}

/// What a lane, a gauge or a lock is called: a message key and a number, put into words by the page.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Name {
    /// The last part of the message key.
    pub key: Cow<'static, str>,
    /// Which of several of a kind, counted from one.
    pub number: u16,
}

impl Name {
    /// The name `key`, number `number`.
    pub const fn new(key: &'static str, number: u16) -> Name {
        Name { key: Cow::Borrowed(key), number }
    }
}

/// For those who look for reasons, not for readers: `writer 2`.
impl fmt::Display for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.key, self.number)
    }
}

/// Who does something, or waits for it: on which lane, and for which task.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Actor {
    /// Where it works.
    pub lane: Lane,
    /// For which task.
    pub task: TaskId,
}

impl Actor {
    /// The strategy itself, and all that it does in nobody else's name.
    pub const PROGRAM: Actor = Actor { lane: Lane::LOOP, task: TaskId::NONE };
}

impl From<Lane> for Actor {
    fn from(lane: Lane) -> Actor {
        Actor { lane, ..Actor::PROGRAM }
    }
}

impl From<TaskId> for Actor {
    fn from(task: TaskId) -> Actor {
        Actor { task, ..Actor::PROGRAM }
    }
}

/// Somebody who still waited when the run came to a halt.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Wait {
    /// Who.
    pub who: Name,
    /// For what.
    pub resource: Name,
    /// Who has it, as far as that is known.
    pub held_by: Vec<Name>,
}

/// Something that has a level: a queue, a rack, a counter.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Gauge(pub u16);

/// The level of a gauge from a moment on: 24 bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Sample {
    /// Since when.
    pub at: Nanos,
    /// The level.
    pub level: i64,
    /// Of what.
    pub gauge: Gauge,
}
