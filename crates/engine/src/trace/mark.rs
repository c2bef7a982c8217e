//! Moments: [`Mark`].

use serde::{Deserialize, Serialize};

use super::{Nanos, TaskId};

/// What happened at a moment.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[repr(u8)]
pub enum MarkKind {
    /// The task's request left for the server.
    RequestSent,
    /// The loop took delivery of the response.
    ResponseSeen,
    /// The task is done. Every task of a finished run has exactly one of these or of the next.
    TaskCompleted,
    /// The task was given up.
    TaskFailed,
    /// A program put out the line of this number.
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

/// A moment: 16 bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Mark {
    /// When.
    pub at: Nanos,
    /// Whose.
    pub task: TaskId,
    /// What happened.
    pub kind: MarkKind,
}
