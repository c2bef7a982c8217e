//! A real thread that posts messages to this one at given times. Must not know strategies.
//!
//! It is a dedicated worker that runs the few lines of script below. So its messages come from outside this
//! thread's event loop, like responses and clicks. It needs neither a window nor a document, so a worker can
//! start one as well.

use js_sys::{Array, Function};
use wasm_bindgen::prelude::*;
use web_sys::{Blob, Url, Worker};

use crate::bindings::PERFORMANCE;

/// Each thread's clock has its own origin, so times are sent as time since 1970. Messages are posted in the
/// order of their times or, if these are the same, in the order in which they were asked for. Timers alone
/// would not do that.
const SCRIPT: &str = "
    const waiting = [];
    onmessage = ({ data: message }) => {
        const [, at] = message;
        const before = waiting.findLastIndex(([, other]) => other <= at);
        waiting.splice(before + 1, 0, message);
        const left = () => at - performance.timeOrigin - performance.now();
        const post = () => {
            while (left() > 0);
            while (waiting.length > 0 && waiting[0][1] <= at) postMessage(waiting.shift()[0]);
        };
        setTimeout(post, Math.max(0, Math.floor(left())));
    };
";

/// The thread. Dropping it ends it; what it has not posted yet is never posted.
pub(super) struct OtherThread(Worker);

impl OtherThread {
    /// Starts the thread. `on_message` is called with each of its messages.
    ///
    /// # Errors
    /// If the browser refuses a worker.
    pub(super) fn start(on_message: &Function) -> Result<OtherThread, JsValue> {
        let script = Blob::new_with_str_sequence(&Array::of1(&SCRIPT.into()))?;
        let address = Url::create_object_url_with_blob(&script)?;
        let worker = Worker::new(&address);
        // By now the worker has its script, or never will.
        Url::revoke_object_url(&address)?;
        let worker = worker?;
        worker.set_onmessage(Some(on_message));
        Ok(OtherThread(worker))
    }

    /// Has `key` posted at `due_ms`, on this thread's clock.
    pub(super) fn post(&self, key: f64, due_ms: f64) {
        let due = PERFORMANCE.with(|performance| performance.time_origin()) + due_ms;
        // Numbers can always be posted to a worker, even if it has ended.
        let _ = self.0.post_message(&Array::of2(&key.into(), &due.into()));
    }
}

impl Drop for OtherThread {
    fn drop(&mut self) {
        self.0.terminate();
    }
}
