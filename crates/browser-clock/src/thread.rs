//! A thread: a web worker that runs this same program. Works on a page and in a worker alike.
//!
//! The worker loads the same JavaScript and gets the compiled module handed over, so nothing is downloaded
//! twice. A thread can compute. All other commands and reports are bytes, whose meaning is up to the owner.

use std::cell::RefCell;
use std::rc::Rc;

use futures_lite::future::or;
use gloo_events::EventListener;
use gloo_timers::future::TimeoutFuture;
use js_sys::{Array, JSON, Uint8Array};
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;
use wasm_bindgen::prelude::*;
use web_sys::{
    Blob, BlobPropertyBag, ErrorEvent, Event, EventTarget, MessageEvent, Url, Worker, WorkerOptions,
    WorkerType,
};

use crate::bindings::epoch_ms;
use crate::cpu_kernel::CpuKernel;

#[wasm_bindgen]
extern "C" {
    type Meta;

    /// `import.meta` of the JavaScript around this program.
    #[wasm_bindgen(thread_local_v2, js_namespace = import, js_name = meta)]
    static META: Meta;

    #[wasm_bindgen(method, getter)]
    fn url(this: &Meta) -> String;

    #[wasm_bindgen(js_name = postMessage)]
    fn post_message(data: &JsValue);
}

/// A worker that has not loaded after this time never will.
const PATIENCE_MS: u32 = 15_000;

/// A command to a thread.
#[derive(Serialize, Deserialize)]
enum Command {
    /// Compute this many blocks of the CPU kernel. The key is returned with the result.
    Compute { key: u32, blocks: u64 },
    /// A command of the owner's.
    Obey(Vec<u8>),
}

/// A report from a thread.
#[derive(Serialize, Deserialize)]
enum Report {
    /// The program is loaded and takes commands.
    Ready,
    /// The answer to [`Command::Compute`].
    Computed(Computed),
    /// A report of the owner's.
    Said(Vec<u8>),
    /// The thread cannot go on, for this reason.
    Failed(String),
}

/// The result of [`Thread::compute`].
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Computed {
    /// The key that was given.
    pub key: u32,
    /// When the work began, in milliseconds since the Unix epoch.
    pub began_ms: f64,
    /// When the work ended, in milliseconds since the Unix epoch.
    pub ended_ms: f64,
}

/// What comes back from a thread.
#[derive(Debug)]
pub enum Word {
    /// It has computed.
    Computed(Computed),
    /// A report of the owner's.
    Said(Vec<u8>),
    /// It broke, for this reason. Nothing more will come.
    Broke(String),
}

/// A worker. Dropping it ends the worker at once, whatever it is doing, and all workers that it has started.
pub struct Thread {
    worker: Worker,
    _listeners: [EventListener; 3],
}

impl Thread {
    /// Starts a worker and waits until it takes commands. `on_word` is called with everything that comes
    /// back.
    ///
    /// # Errors
    /// If the browser refuses the worker, or the worker breaks before it is ready.
    pub async fn start(on_word: Box<dyn Fn(Word)>) -> Result<Thread, String> {
        let (worker, url) = create().map_err(|error| told(&error))?;
        let (sender, ready) = oneshot::channel();
        let sender = Rc::new(RefCell::new(Some(sender)));
        let hear = Rc::new(move |report: Report| {
            // The first report says that the worker is ready, or that it will never be.
            match (sender.take(), report) {
                (Some(sender), Report::Ready) => drop(sender.send(Ok(()))),
                (Some(sender), Report::Failed(reason)) => drop(sender.send(Err(reason))),
                (Some(sender), _) => drop(sender.send(Err(String::new()))),
                (None, Report::Computed(computed)) => on_word(Word::Computed(computed)),
                (None, Report::Said(bytes)) => on_word(Word::Said(bytes)),
                (None, Report::Failed(reason)) => on_word(Word::Broke(reason)),
                (None, Report::Ready) => {}
            }
        });
        let listeners = [
            EventListener::new(&worker, "message", {
                let hear = hear.clone();
                move |event| hear(heard(event).unwrap_or_else(Report::Failed))
            }),
            EventListener::new(&worker, "error", {
                let hear = hear.clone();
                move |event| hear(Report::Failed(reason(event)))
            }),
            EventListener::new(&worker, "messageerror", move |_| hear(Report::Failed(String::new()))),
        ];
        let thread = Thread { worker, _listeners: listeners };
        thread.worker.post_message(&wasm_bindgen::module()).map_err(|error| told(&error))?;
        let ready = async { ready.await.unwrap_or_else(|_| Err(String::new())) };
        let late = async {
            TimeoutFuture::new(PATIENCE_MS).await;
            Err(String::new())
        };
        let ready = or(ready, late).await;
        // The script is loaded, so its URL is no longer needed.
        let _ = Url::revoke_object_url(&url);
        ready?;
        Ok(thread)
    }

    /// Has it compute this many blocks of the CPU kernel, after all earlier commands.
    pub fn compute(&self, key: u32, blocks: u64) {
        send(&self.worker, &Command::Compute { key, blocks });
    }

    /// A way to send commands that does not keep the thread alive.
    pub fn port(&self) -> Port {
        Port(self.worker.clone())
    }
}

/// A way to send commands to a thread.
#[derive(Clone)]
pub struct Port(Worker);

impl Port {
    /// Sends a command of the owner's. A thread that no longer listens does nothing.
    pub fn tell(&self, bytes: Vec<u8>) {
        send(&self.0, &Command::Obey(bytes));
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

fn send(worker: &Worker, command: &Command) {
    // Bytes can always be sent.
    let _ = worker.post_message(&Uint8Array::from(&encode(command)[..]));
}

/// Makes this thread take commands until it is ended. It computes by itself; commands of the owner's go to
/// `obey`.
pub fn serve(obey: impl Fn(Vec<u8>) + 'static) {
    std::panic::set_hook(Box::new(|panic| fail(panic.to_string())));
    let kernel = CpuKernel::new(1.0);
    let global: EventTarget = js_sys::global().unchecked_into();
    let listener = EventListener::new(&global, "message", move |event| match heard(event) {
        Ok(Command::Compute { key, blocks }) => {
            let began_ms = epoch_ms();
            kernel.compress(blocks);
            report(&Report::Computed(Computed { key, began_ms, ended_ms: epoch_ms() }));
        }
        Ok(Command::Obey(bytes)) => obey(bytes),
        Err(reason) => fail(reason),
    });
    // It listens for as long as the worker lives.
    listener.forget();
    report(&Report::Ready);
}

/// Sends a report to the owner of this thread.
pub fn say(bytes: Vec<u8>) {
    report(&Report::Said(bytes));
}

/// Tells the owner of this thread that it cannot go on.
pub fn fail(reason: String) {
    report(&Report::Failed(reason));
}

fn report(report: &Report) {
    post_message(&Uint8Array::from(&encode(report)[..]));
}

/// A worker whose whole script is to load ours, and the URL of that script.
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

/// The content of a message, or why it has none.
fn heard<T: for<'a> Deserialize<'a>>(event: &Event) -> Result<T, String> {
    let data = event.unchecked_ref::<MessageEvent>().data();
    let bytes = data.dyn_into::<Uint8Array>().map(|bytes| bytes.to_vec()).unwrap_or_default();
    postcard::from_bytes(&bytes).map_err(|error| error.to_string())
}

fn reason(event: &Event) -> String {
    event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message).unwrap_or_default()
}

/// What was thrown, in words.
pub fn told(error: &JsValue) -> String {
    match error.dyn_ref::<js_sys::Error>() {
        Some(error) => error.message().into(),
        None => error.as_string().unwrap_or_else(|| format!("{error:?}")),
    }
}

/// A message as bytes. Serializing cannot fail for the messages that are sent here.
pub(crate) fn encode(message: &impl Serialize) -> Vec<u8> {
    postcard::to_allocvec(message).unwrap_or_default()
}
