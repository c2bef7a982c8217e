//! Whose something is, and where: tasks, lanes, actors and gauges, with their names.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::Nanos;

/// A task of the lab, or [`TaskId::NONE`] for the loop itself.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct TaskId(pub u32);

impl TaskId {
    /// No task: time that belongs to the loop.
    pub const NONE: TaskId = TaskId(u32::MAX);

    /// The task's number; `None` for the loop itself.
    pub fn number(self) -> Option<u32> {
        (self != TaskId::NONE).then_some(self.0)
    }
}

/// A horizontal track of the timeline: the event loop, or something that works next to it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Lane(pub u16);

impl Lane {
    /// The track of the event loop's own thread and of the requests that it waits for.
    pub const LOOP: Lane = Lane(0);
}

/// The name of a lane, a gauge or a resource: a message key and a number. The page puts it into words.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Name {
    /// The last part of the message key.
    pub key: Cow<'static, str>,
    /// Which one of several of the same kind, counted from one.
    pub number: u16,
}

impl Name {
    /// The name with this key and number.
    pub const fn new(key: &'static str, number: u16) -> Name {
        Name { key: Cow::Borrowed(key), number }
    }
}

/// For debugging, not for readers: `writer 2`.
impl fmt::Display for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.key, self.number)
    }
}

/// Who does something or waits for it: a lane, and a task.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Actor {
    /// The lane that the actor works on.
    pub lane: Lane,
    /// The task that the actor works for.
    pub task: TaskId,
}

impl Actor {
    /// The strategy itself, and everything that is not done on behalf of another actor.
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

/// A wait that was not over when the run came to a halt.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Wait {
    /// The actor that waits.
    pub who: Name,
    /// The resource that it waits for.
    pub resource: Name,
    /// The actors that hold the resource, as far as is known.
    pub held_by: Vec<Name>,
}

/// Something with a level: a queue, a rack, a counter. The index of its name in the trace.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Gauge(pub u16);

/// The level of a gauge from a moment on: 24 bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Sample {
    /// The time from which on this is the level, in lab time.
    pub at: Nanos,
    /// The level.
    pub level: i64,
    /// The gauge.
    pub gauge: Gauge,
}
