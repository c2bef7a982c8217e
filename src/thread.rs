//! A thread of ours: a web worker that runs this same program. Works on a page and in a worker alike.
//!
//! The worker loads the same JavaScript, and gets the compiled module handed over: nothing is
//! downloaded twice. Knows nothing of what the orders mean.

use std::rc::Rc;

use futures_lite::future::or;
use gloo_events::EventListener;
use gloo_timers::future::TimeoutFuture;
use js_sys::{Array, JSON, Uint8Array};
use tokio::sync::oneshot;
use wasm_bindgen::prelude::*;
use web_sys::{
    Blob, BlobPropertyBag, ErrorEvent, Event, MessageEvent, Url, Worker, WorkerOptions, WorkerType,
};

use crate::orders::{Order, Report, decode, encode};

#[wasm_bindgen]
extern "C" {
    type Meta;

    /// Of the JavaScript that carries this program.
    #[wasm_bindgen(thread_local_v2, js_namespace = import, js_name = meta)]
    static META: Meta;

    #[wasm_bindgen(method, getter)]
    fn url(this: &Meta) -> String;
}

/// A worker that has not loaded by then never will.
const PATIENCE_MS: u32 = 15_000;

/// What comes back from a thread.
#[derive(Debug)]
pub enum Word {
    /// A report.
    Report(Report),
    /// It broke, for this reason. No more will come.
    Broke(String),
}

/// A worker. Dropping it ends it on the spot, whatever it is doing, and all workers that it has started.
pub struct Thread {
    worker: Worker,
    _listeners: [EventListener; 3],
}

impl Thread {
    /// Starts a worker and waits until it takes orders; from then on `on_word` is told what comes back.
    ///
    /// # Errors
    /// When the browser refuses the worker, or it breaks before it is ready.
    pub async fn start(on_word: Box<dyn Fn(Word)>) -> Result<Thread, String> {
        let (worker, url) = create().map_err(|error| told(&error))?;
        let (sender, ready) = oneshot::channel();
        let sender = Rc::new(std::cell::RefCell::new(Some(sender)));
        let hear = Rc::new(move |word: Word| {
            // The first word is that it is ready, or that it will never be.
            match (sender.take(), word) {
                (Some(sender), Word::Report(Report::Ready)) => drop(sender.send(Ok(()))),
                (Some(sender), Word::Broke(reason)) => drop(sender.send(Err(reason))),
                (Some(sender), Word::Report(_)) => drop(sender.send(Err(String::new()))),
                (None, word) => on_word(word),
            }
        });
        let listeners = [
            EventListener::new(&worker, "message", {
                let hear = hear.clone();
                move |event| hear(heard(event))
            }),
            EventListener::new(&worker, "error", {
                let hear = hear.clone();
                move |event| hear(Word::Broke(reason(event)))
            }),
            EventListener::new(&worker, "messageerror", move |_| hear(Word::Broke(String::new()))),
        ];
        let thread = Thread { worker, _listeners: listeners };
        thread.worker.post_message(&wasm_bindgen::module()).map_err(|error| told(&error))?;
        let ready = async { ready.await.unwrap_or_else(|_| Err(String::new())) };
        let late = async {
            TimeoutFuture::new(PATIENCE_MS).await;
            Err(String::new())
        };
        let ready = or(ready, late).await;
        // The script is read: its name is no longer needed.
        let _ = Url::revoke_object_url(&url);
        ready?;
        Ok(thread)
    }

    /// Gives it an order. A worker that no longer listens does nothing.
    pub fn order(&self, order: &Order) {
        self.port().order(order);
    }

    /// A way to give it orders that does not keep it.
    pub fn port(&self) -> Port {
        Port(self.worker.clone())
    }
}

/// The way to a thread.
pub struct Port(Worker);

impl Port {
    /// Gives the thread an order.
    pub fn order(&self, order: &Order) {
        // Bytes can always be sent.
        let _ = self.0.post_message(&Uint8Array::from(&encode(order)[..]));
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

/// A worker whose whole script is to load ours, and the script's URL.
fn create() -> Result<(Worker, String), JsValue> {
    let url = String::from(JSON::stringify(&META.with(Meta::url).into())?);
    let script = format!(
        "import init from {url};\n\
         const fail = (error) => setTimeout(() => {{ throw error; }});\n\
         const load = ({{ data }}) => init({{ module_or_path: data }}).catch(fail);\n\
         addEventListener('message', load, {{ once: true }});"
    );
    let kind = BlobPropertyBag::new();
    kind.set_type("text/javascript");
    let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&script.into()), &kind)?;
    let url = Url::create_object_url_with_blob(&blob)?;
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    Ok((Worker::new_with_options(&url, &options)?, url))
}

fn heard(event: &Event) -> Word {
    let data = event.unchecked_ref::<MessageEvent>().data();
    let bytes = data.dyn_into::<Uint8Array>().map(|bytes| bytes.to_vec()).unwrap_or_default();
    match decode(&bytes) {
        Ok(Report::Failed(reason)) => Word::Broke(reason),
        Ok(report) => Word::Report(report),
        Err(error) => Word::Broke(error.to_string()),
    }
}

fn reason(event: &Event) -> String {
    event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message).unwrap_or_default()
}

/// Whatever was thrown, in words.
pub fn told(error: &JsValue) -> String {
    match error.dyn_ref::<js_sys::Error>() {
        Some(error) => error.message().into(),
        None => error.as_string().unwrap_or_else(|| format!("{error:?}")),
    }
}
