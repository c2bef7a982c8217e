//! Marks: moments at which something happened.

use serde::{Deserialize, Serialize};

use super::{Nanos, TaskId};

/// What happened at a moment.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[repr(u8)]
pub enum MarkKind {
    /// The task's request was sent to the server.
    RequestSent,
    /// The loop received the response to the task's request.
    ResponseSeen,
    /// The task is done. In a finished run, every task has exactly one mark of this kind or of the next.
    TaskCompleted,
    /// The task was given up.
    TaskFailed,
    /// A program printed the line with this number.
    Printed,
}

impl MarkKind {
    /// Its name in exports.
    pub fn id(self) -> &'static str {
        match self {
            MarkKind::RequestSent => "request-sent",
            MarkKind::ResponseSeen => "response-seen",
            MarkKind::TaskCompleted => "task-completed",
            MarkKind::TaskFailed => "task-failed",
            MarkKind::Printed => "printed",
        }
    }
}

/// Something that happened at a moment: 16 bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Mark {
    /// The time, in lab time.
    pub at: Nanos,
    /// The task that it happened to; for [`MarkKind::Printed`], the number of the line.
    pub task: TaskId,
    /// What happened.
    pub kind: MarkKind,
}
