//! A real thread that posts messages to this one at given times. Must not know strategies.
//!
//! It is a dedicated worker that runs the few lines of script below. So its messages come from outside this
//! thread's event loop, like responses and clicks. It needs neither a window nor a document, so a worker can
//! start one as well.

use js_sys::{Array, Function};
use wasm_bindgen::prelude::*;

use crate::bindings::PERFORMANCE;
use crate::thread::ask;
use crate::worker::{Program, Worker};

/// Each thread counts from an origin of its own, so times travel as time since 1970. What is due is posted in the
/// order of its times and, where these are the same, as it was asked for: timers alone would not see to that.
/// The first message says by which port to talk, if by any.
pub(crate) const SCRIPT: &str = "
    const waiting = [];
    addEventListener('message', ({ ports: [port] }) => {
        const owner = port ?? self;
        owner.onmessage = ({ data: message }) => {
            const [, at] = message;
            const before = waiting.findLastIndex(([, other]) => other <= at);
            waiting.splice(before + 1, 0, message);
            const left = () => at - performance.timeOrigin - performance.now();
            const post = () => {
                while (left() > 0);
                while (waiting.length > 0 && waiting[0][1] <= at) owner.postMessage(waiting.shift()[0]);
            };
            setTimeout(post, Math.max(0, Math.floor(left())));
        };
    }, { once: true });
";

/// The thread. Dropping it ends it; what it has not posted yet is never posted.
pub(super) struct OtherThread(Worker);

impl OtherThread {
    /// Starts the thread. `on_message` is called with each of its messages.
    ///
    /// # Errors
    /// If the browser refuses a worker.
    pub(super) fn start(on_message: &Function) -> Result<OtherThread, JsValue> {
        let worker = Worker::start(Program::Poster, ask)?;
        worker.target().add_event_listener_with_callback("message", on_message)?;
        Ok(OtherThread(worker))
    }

    /// Has `key` posted at `due_ms`, on this thread's clock.
    pub(super) fn post(&self, key: f64, due_ms: f64) {
        let due = PERFORMANCE.with(|performance| performance.time_origin()) + due_ms;
        self.0.line().post(&Array::of2(&key.into(), &due.into()));
    }
}
