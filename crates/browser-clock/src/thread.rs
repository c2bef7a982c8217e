//! A thread of ours: a web worker that runs this same program. Works on a page and in a worker alike.
//!
//! The worker loads the same JavaScript, and gets the compiled module handed over: nothing is downloaded twice. A thread
//! can compute; whatever else it is told or tells are bytes, whose meaning is its owner's business.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_lite::future::or;
use gloo_events::EventListener;
use gloo_timers::future::TimeoutFuture;
use js_sys::{Array, JSON, Uint8Array};
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{
    Blob, BlobPropertyBag, ErrorEvent, Event, EventTarget, MessageEvent, Url, Worker, WorkerOptions,
    WorkerType,
};

use crate::bindings::epoch_ms;
use crate::cpu_kernel::CpuKernel;

#[wasm_bindgen]
extern "C" {
    type Meta;

    /// Of the JavaScript that carries this program.
    #[wasm_bindgen(thread_local_v2, js_namespace = import, js_name = meta)]
    static META: Meta;

    #[wasm_bindgen(method, getter)]
    fn url(this: &Meta) -> String;

    #[wasm_bindgen(js_name = postMessage)]
    fn post_message(data: &JsValue);
}

/// A worker that has not loaded by then never will.
const PATIENCE_MS: u32 = 15_000;

/// What a thread is told.
#[derive(Serialize, Deserialize)]
enum Command {
    /// Compute so many blocks of the CPU kernel; the key is returned with the result.
    Compute { key: u32, blocks: u64 },
    /// Whatever its owner wants.
    Obey(Vec<u8>),
    /// End all threads that were started from here, then oneself.
    Quit,
}

/// What a thread tells.
#[derive(Serialize, Deserialize)]
enum Report {
    /// The program is loaded; commands are welcome.
    Ready,
    /// The answer to [`Command::Compute`].
    Computed(Computed),
    /// Whatever its owner wants.
    Said(Vec<u8>),
    /// It cannot go on, for this reason.
    Failed(String),
    /// The answer to [`Command::Quit`].
    Gone,
}

/// Work that a thread has done.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Computed {
    /// The key that came with the command.
    pub key: u32,
    /// When the work began, in milliseconds since the Unix epoch.
    pub began_ms: f64,
    /// When it ended, likewise.
    pub ended_ms: f64,
}

/// What is heard of a thread.
#[derive(Debug)]
pub enum Word {
    /// It has computed.
    Computed(Computed),
    /// Something of its owner's.
    Said(Vec<u8>),
    /// It broke, for this reason. No more will come.
    Broke(String),
}

/// A worker. Dropping it ends it on the spot, whatever it is doing, and all workers that it has started.
pub struct Thread {
    worker: Worker,
    _listeners: [EventListener; 3],
    /// Whether it may have started threads of its own: one that only computes has none.
    is_parent: Rc<Cell<bool>>,
}

/// A thread that may have threads of its own ends them first, and has so long for it: browsers forget about workers
/// whose parent is ended while they start, and let them run on. (Measured in Chromium 156.)
const PARTING_MS: u32 = 300;

thread_local! {
    /// The threads that were started from this one.
    static CHILDREN: RefCell<Vec<Worker>> = const { RefCell::new(Vec::new()) };
}

impl Thread {
    /// Starts a worker and waits until it takes commands; from then on `on_word` is told what comes back.
    ///
    /// # Errors
    /// When the browser refuses the worker, or it breaks before it is ready.
    pub async fn start(on_word: Box<dyn Fn(Word)>) -> Result<Thread, String> {
        let (worker, url) = create().map_err(|error| told(&error))?;
        let (sender, ready) = oneshot::channel();
        let sender = Rc::new(RefCell::new(Some(sender)));
        let hear = Rc::new(move |report: Report| {
            // The first word is that it is ready, or that it will never be.
            match (sender.take(), report) {
                (Some(sender), Report::Ready) => drop(sender.send(Ok(()))),
                (Some(sender), Report::Failed(reason)) => drop(sender.send(Err(reason))),
                (Some(sender), _) => drop(sender.send(Err(String::new()))),
                (None, Report::Computed(computed)) => on_word(Word::Computed(computed)),
                (None, Report::Said(bytes)) => on_word(Word::Said(bytes)),
                (None, Report::Failed(reason)) => on_word(Word::Broke(reason)),
                (None, Report::Ready | Report::Gone) => {}
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
        CHILDREN.with_borrow_mut(|children| children.push(worker.clone()));
        let thread = Thread { worker, _listeners: listeners, is_parent: Rc::default() };
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

    /// Has it compute so many blocks of the CPU kernel, behind whatever it was told before.
    pub fn compute(&self, key: u32, blocks: u64) {
        send(&self.worker, &Command::Compute { key, blocks });
    }

    /// A way to tell it something, which does not keep it.
    pub fn port(&self) -> Port {
        Port { worker: self.worker.clone(), is_parent: self.is_parent.clone() }
    }
}

/// The way to a thread.
#[derive(Clone)]
pub struct Port {
    worker: Worker,
    is_parent: Rc<Cell<bool>>,
}

impl Port {
    /// Tells the thread something of its owner's. One that no longer listens does nothing.
    pub fn tell(&self, bytes: Vec<u8>) {
        self.is_parent.set(true);
        send(&self.worker, &Command::Obey(bytes));
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        CHILDREN.with_borrow_mut(|children| children.retain(|one| *one != self.worker));
        if self.is_parent.get() { part(self.worker.clone()) } else { self.worker.terminate() }
    }
}

/// Lets a thread end its own threads before it is ended itself.
fn part(worker: Worker) {
    let (sender, gone) = oneshot::channel();
    let sender = RefCell::new(Some(sender));
    let listener = EventListener::new(&worker, "message", move |event| {
        if let (Ok(Report::Gone), Some(sender)) = (heard(event), sender.take()) {
            // Who no longer waits has ended it already.
            let _ = sender.send(());
        }
    });
    send(&worker, &Command::Quit);
    spawn_local(async move {
        or(async { drop(gone.await) }, TimeoutFuture::new(PARTING_MS)).await;
        drop(listener);
        worker.terminate();
    });
}

fn send(worker: &Worker, command: &Command) {
    // Bytes can always be sent.
    let _ = worker.post_message(&Uint8Array::from(&encode(command)[..]));
}

/// Lets this thread take commands, until it is ended. It computes by itself; what else it is told, `obey` is handed.
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
        Ok(Command::Quit) => {
            CHILDREN.with_borrow(|children| children.iter().for_each(Worker::terminate));
            report(&Report::Gone);
        }
        Err(reason) => fail(reason),
    });
    // It listens for as long as the worker lives.
    listener.forget();
    report(&Report::Ready);
}

/// Tells the owner of this thread something.
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

/// What a message says, or why it says nothing.
fn heard<T: for<'a> Deserialize<'a>>(event: &Event) -> Result<T, String> {
    let data = event.unchecked_ref::<MessageEvent>().data();
    let bytes = data.dyn_into::<Uint8Array>().map(|bytes| bytes.to_vec()).unwrap_or_default();
    postcard::from_bytes(&bytes).map_err(|error| error.to_string())
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

/// As bytes. Nothing that is sent here can fail to be written.
pub(crate) fn encode(message: &impl Serialize) -> Vec<u8> {
    postcard::to_allocvec(message).unwrap_or_default()
}
