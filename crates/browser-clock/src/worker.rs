//! Web workers that a thread has started, whoever keeps them.
//!
//! A page starts workers by itself. A worker has its owner start them, and talks to them through a port: browsers forget
//! workers that a worker has started when it is ended amid that, and let them run on (measured in Chromium 156). So all
//! workers are the page's, and end with whatever it is that they belong to. Must not know what is said to them.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_events::EventListener;
use js_sys::{Array, JSON, Promise, Reflect};
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, BlobPropertyBag, ErrorEvent, Event, EventTarget, MessageChannel, MessagePort, Response, Url,
    WorkerOptions, WorkerType,
};

#[wasm_bindgen]
extern "C" {
    type Meta;

    /// Of the JavaScript that carries this program.
    #[wasm_bindgen(thread_local_v2, js_namespace = import, js_name = meta)]
    static META: Meta;

    #[wasm_bindgen(method, getter)]
    fn url(this: &Meta) -> String;

    /// A page has it as well as a worker; web-sys has it for either.
    fn fetch(url: &str) -> Promise;
}

thread_local! {
    /// The address of a copy of our own script that needs no network, once there is one.
    static KEPT: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// What stands before the address of another script that a script needs.
const IMPORT: &str = " from \"./";

/// Keeps what workers load, so that they start without a network, too.
///
/// # Errors
/// When a script cannot be had; then workers load it when they start.
pub async fn keep_scripts() -> Result<(), JsValue> {
    let url = META.with(Meta::url);
    let (own, mut copy) = (text_at(&url).await?, String::new());
    let mut rest = own.as_str();
    // What wasm-bindgen writes stands in folders below; a copy has no folders.
    while let Some((before, after)) = rest.split_once(IMPORT) {
        let (path, after) = after.split_once('"').unwrap_or((after, ""));
        let needed = text_at(&Url::new_with_base(path, &url)?.href()).await?;
        copy.extend([before, " from \"", &script_url(&needed)?, "\""]);
        rest = after;
    }
    copy.push_str(rest);
    let copy = script_url(&copy)?;
    KEPT.replace(Some(copy));
    Ok(())
}

async fn text_at(url: &str) -> Result<String, JsValue> {
    let response: Response = JsFuture::from(fetch(url)).await?.dyn_into()?;
    let text = JsFuture::from(response.text()?).await?.as_string();
    text.filter(|_| response.ok()).ok_or_else(|| url.into())
}

/// An address at which this script can be loaded.
fn script_url(script: &str) -> Result<String, JsValue> {
    let kind = BlobPropertyBag::new();
    kind.set_type("text/javascript");
    let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&script.into()), &kind)?;
    Url::create_object_url_with_blob(&blob)
}

/// What a worker runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) enum Program {
    /// This same program: the same JavaScript, with the compiled module handed over.
    Own,
    /// The few lines of [`super::other_thread`].
    Poster,
}

/// Asks the owner of this thread for a worker, or gives one back: `number` names it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) enum Request {
    Start { number: u32, program: Program },
    End { number: u32 },
}

/// A worker. Dropping it ends it on the spot, whatever it is doing.
pub(crate) enum Worker {
    /// One that this thread has started.
    Own(web_sys::Worker),
    /// One that this thread's owner has started for it; the port leads there.
    Lent { port: MessagePort, number: u32, ask: fn(Request, &Array) },
}

impl Worker {
    /// Starts a worker; on a thread that is a worker itself, by way of `ask`.
    ///
    /// # Errors
    /// When the browser refuses it.
    pub(crate) fn start(program: Program, ask: fn(Request, &Array)) -> Result<Worker, JsValue> {
        thread_local! {
            static NUMBER: Cell<u32> = const { Cell::new(0) };
        }
        let is_worker = Reflect::has(&js_sys::global(), &"WorkerGlobalScope".into()).unwrap_or(false);
        if !is_worker {
            return Ok(Worker::Own(create(program, None)?));
        }
        let (channel, number) = (MessageChannel::new()?, NUMBER.replace(NUMBER.get() + 1));
        ask(Request::Start { number, program }, &Array::of1(&channel.port2()));
        channel.port1().start();
        Ok(Worker::Lent { port: channel.port1(), number, ask })
    }

    /// Its number with the owner of this thread; nothing for one of this thread's own.
    pub(crate) fn number(&self) -> Option<u32> {
        match self {
            Worker::Own(_) => None,
            Worker::Lent { number, .. } => Some(*number),
        }
    }

    /// Where its messages come from.
    pub(crate) fn target(&self) -> &EventTarget {
        match self {
            Worker::Own(worker) => worker,
            Worker::Lent { port, .. } => port,
        }
    }

    /// A way to it that does not keep it.
    pub(crate) fn line(&self) -> Line {
        match self {
            Worker::Own(worker) => Line(worker.clone().unchecked_into()),
            Worker::Lent { port, .. } => Line(port.clone().unchecked_into()),
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        match self {
            Worker::Own(worker) => worker.terminate(),
            Worker::Lent { port, number, ask } => {
                ask(Request::End { number: *number }, &Array::new());
                port.close();
            }
        }
    }
}

/// The way to a worker.
#[derive(Clone)]
pub(crate) struct Line(JsValue);

impl Line {
    /// Sends it a message. What is sent here can always be sent, and one that has ended hears nothing.
    pub(crate) fn post(&self, message: &JsValue) {
        match self.0.dyn_ref::<MessagePort>() {
            Some(port) => drop(port.post_message(message)),
            None => drop(self.0.unchecked_ref::<web_sys::Worker>().post_message(message)),
        }
    }
}

/// The workers that were started for another one. Dropping it ends them.
#[derive(Default)]
pub(crate) struct Lent(RefCell<Vec<LentWorker>>);

struct LentWorker {
    number: u32,
    worker: web_sys::Worker,
    _listener: EventListener,
}

impl Lent {
    /// Does what is asked for; `port` is for the worker that is started. What breaks is told with its number.
    pub(crate) fn obey(
        &self,
        request: Request,
        port: Option<MessagePort>,
        on_broken: Rc<dyn Fn(u32, String)>,
    ) {
        match request {
            Request::Start { number, program } => match create(program, port.as_ref()) {
                Ok(worker) => {
                    let tell = move |event: &Event| on_broken(number, reason(event));
                    let _listener = EventListener::new(&worker, "error", tell);
                    self.0.borrow_mut().push(LentWorker { number, worker, _listener });
                }
                Err(error) => on_broken(number, super::thread::told(&error)),
            },
            Request::End { number } => self.0.borrow_mut().retain(|one| one.number != number),
        }
    }
}

impl Drop for LentWorker {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

/// What went wrong in a worker.
pub(crate) fn reason(event: &Event) -> String {
    event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message).unwrap_or_default()
}

/// Starts a worker, which talks through `port` if it is given one.
fn create(program: Program, port: Option<&MessagePort>) -> Result<web_sys::Worker, JsValue> {
    let (script, first) = match program {
        Program::Own => (own_script()?, wasm_bindgen::module()),
        Program::Poster => (super::other_thread::SCRIPT.to_string(), JsValue::NULL),
    };
    let url = script_url(&script)?;
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    let worker = web_sys::Worker::new_with_options(&url, &options);
    // A worker has its script as soon as there is one, or never will.
    Url::revoke_object_url(&url)?;
    let worker = worker?;
    let ports: Array = port.into_iter().collect();
    worker.post_message_with_transfer(&first, &ports)?;
    Ok(worker)
}

/// The few lines that load our own script.
fn own_script() -> Result<String, JsValue> {
    let url = KEPT.with_borrow(Clone::clone).unwrap_or_else(|| META.with(Meta::url));
    let url = String::from(JSON::stringify(&url.into())?);
    Ok(format!(
        "import init from {url};\n\
         const fail = (error) => setTimeout(() => {{ throw error; }});\n\
         const load = ({{ data, ports }}) => {{\n\
           globalThis.owner = ports[0];\n\
           init({{ module_or_path: data }}).catch(fail);\n\
         }};\n\
         addEventListener('message', load, {{ once: true }});"
    ))
}
