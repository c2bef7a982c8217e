//! A thread: a web worker that runs this same program. Works on a page and in a worker alike.
//!
//! The worker loads the same JavaScript and gets the compiled module handed over, so nothing is downloaded
//! twice. A thread can compute. All other commands and reports are bytes, whose meaning is up to the owner.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use futures_lite::future::or;
use gloo_events::EventListener;
use gloo_timers::future::TimeoutFuture;
use js_sys::{Array, Uint8Array};
use serde::{Deserialize, Serialize, Serializer};
use tokio::sync::oneshot;
use wasm_bindgen::prelude::*;
use web_sys::{Event, EventTarget, MessageEvent, MessagePort};

use crate::bindings::epoch_ms;
use crate::cpu_kernel::CpuKernel;
use crate::worker::{Lent, Line, Program, Request, Worker, reason};

#[wasm_bindgen]
extern "C" {
    /// To the owner of this thread, where that is the one who has started it; `ports` are handed over.
    #[wasm_bindgen(js_name = postMessage)]
    fn post_message(data: &JsValue, ports: &Array);

    /// The port that leads to the owner of this thread, where somebody else has started it.
    #[wasm_bindgen(thread_local_v2, js_name = owner)]
    static OWNER: Option<MessagePort>;
}

/// A worker that has not loaded by then never will.
const PATIENCE_MS: u32 = 5_000;

/// A command to a thread.
#[derive(Serialize, Deserialize)]
enum Command<'a> {
    /// Compute this many blocks of the CPU kernel. The key is returned with the result.
    Compute { key: u32, blocks: u64 },
    /// A command of the owner's.
    Obey(#[serde(serialize_with = "in_one_piece")] &'a [u8]),
    /// The worker of this number, which was started for it, broke for this reason.
    Lost { number: u32, reason: String },
}

/// A report from a thread.
#[derive(Serialize, Deserialize)]
enum Report<'a> {
    /// The program is loaded and takes commands.
    Ready,
    /// The answer to [`Command::Compute`].
    Computed(Computed),
    /// A report of the owner's.
    Said(#[serde(serialize_with = "in_one_piece")] &'a [u8]),
    /// The thread cannot go on, for this reason.
    Failed(String),
    /// It wants a worker, or no longer; the port for it comes along.
    Asked(Request),
}

/// Unless told, each byte of a slice is serialized by itself.
fn in_one_piece<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_bytes(bytes)
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

/// A worker. Dropping it ends it on the spot, whatever it is doing, and all workers that were started for it.
pub struct Thread {
    _lent: Rc<Lent>,
    worker: Worker,
    _listeners: [EventListener; 3],
}

type Hear = Rc<dyn Fn(Report<'_>)>;
type Hearer = Weak<dyn Fn(Report<'_>)>;

thread_local! {
    /// Who hears of the workers that this thread's owner has started for it.
    static HEARERS: RefCell<Vec<(u32, Hearer)>> = const { RefCell::new(Vec::new()) };
}

impl Thread {
    /// Starts a worker and waits until it takes commands. `on_word` is called with everything that comes
    /// back.
    ///
    /// # Errors
    /// If the browser refuses the worker, or the worker breaks before it is ready.
    pub async fn start(on_word: Box<dyn Fn(Word)>) -> Result<Thread, String> {
        let worker = Worker::start(Program::Own, ask).map_err(|error| told(&error))?;
        let (sender, ready) = oneshot::channel();
        let sender = RefCell::new(Some(sender));
        let hear: Hear = Rc::new(move |report: Report<'_>| {
            // The first word is that it is ready, or that it will never be.
            match (sender.take(), report) {
                (Some(sender), Report::Ready) => drop(sender.send(Ok(()))),
                (Some(sender), Report::Failed(reason)) => drop(sender.send(Err(reason))),
                (Some(sender), _) => drop(sender.send(Err(String::new()))),
                (None, Report::Computed(computed)) => on_word(Word::Computed(computed)),
                (None, Report::Said(bytes)) => on_word(Word::Said(bytes.to_vec())),
                (None, Report::Failed(reason)) => on_word(Word::Broke(reason)),
                (None, Report::Ready | Report::Asked(_)) => {}
            }
        });
        if let Some(number) = worker.number() {
            HEARERS.with_borrow_mut(|all| {
                all.retain(|(_, hear)| hear.strong_count() > 0);
                all.push((number, Rc::downgrade(&hear)));
            });
        }
        let (lent, line) = (Rc::new(Lent::default()), worker.line());
        let listeners = [
            EventListener::new(worker.target(), "message", {
                let (hear, lent) = (hear.clone(), Rc::downgrade(&lent));
                move |event| match (read(&bytes_of(event)), lent.upgrade()) {
                    (Ok(Report::Asked(request)), Some(lent)) => {
                        let port = event.unchecked_ref::<MessageEvent>().ports().get(0).dyn_into().ok();
                        let line = line.clone();
                        let lose = move |number, reason| send(&line, &Command::Lost { number, reason });
                        lent.obey(request, port, Rc::new(lose));
                    }
                    (report, _) => hear(report.unwrap_or_else(Report::Failed)),
                }
            }),
            EventListener::new(worker.target(), "error", {
                let hear = hear.clone();
                move |event| hear(Report::Failed(reason(event)))
            }),
            EventListener::new(worker.target(), "messageerror", move |_| hear(Report::Failed(String::new()))),
        ];
        let thread = Thread { _lent: lent, worker, _listeners: listeners };
        let ready = async { ready.await.unwrap_or_else(|_| Err(String::new())) };
        let late = async {
            TimeoutFuture::new(PATIENCE_MS).await;
            Err(String::new())
        };
        let ready = or(ready, late).await;
        ready?;
        Ok(thread)
    }

    /// Has it compute this many blocks of the CPU kernel, after all earlier commands.
    pub fn compute(&self, key: u32, blocks: u64) {
        send(&self.worker.line(), &Command::Compute { key, blocks });
    }

    /// A way to send commands that does not keep the thread alive.
    pub fn port(&self) -> Port {
        Port(self.worker.line())
    }
}

/// A way to send commands to a thread.
#[derive(Clone)]
pub struct Port(Line);

impl Port {
    /// Sends a command of the owner's. A thread that no longer listens does nothing.
    pub fn tell(&self, bytes: Vec<u8>) {
        send(&self.0, &Command::Obey(&bytes));
    }
}

fn send(line: &Line, command: &Command<'_>) {
    line.post(&message(command));
}

/// Makes this thread take commands until it is ended. It computes by itself; commands of the owner's go to
/// `obey`.
pub fn serve(obey: impl Fn(Vec<u8>) + 'static) {
    std::panic::set_hook(Box::new(|panic| fail(panic.to_string())));
    let kernel = CpuKernel::new(1.0);
    let owner = OWNER.with(Clone::clone);
    let target = owner.clone().map_or_else(|| js_sys::global().unchecked_into(), EventTarget::from);
    let listener = EventListener::new(&target, "message", move |event| match read(&bytes_of(event)) {
        Ok(Command::Compute { key, blocks }) => {
            let began_ms = epoch_ms();
            kernel.compress(blocks);
            report(&Report::Computed(Computed { key, began_ms, ended_ms: epoch_ms() }));
        }
        Ok(Command::Obey(bytes)) => obey(bytes.to_vec()),
        Ok(Command::Lost { number, reason }) => {
            let hear = HEARERS.with_borrow(|all| all.iter().find(|one| one.0 == number)?.1.upgrade());
            if let Some(hear) = hear {
                hear(Report::Failed(reason));
            }
        }
        Err(reason) => fail(reason),
    });
    // It listens for as long as the worker lives.
    listener.forget();
    if let Some(owner) = owner {
        owner.start();
    }
    report(&Report::Ready);
}

/// Sends a report to the owner of this thread.
pub fn say(bytes: Vec<u8>) {
    report(&Report::Said(&bytes));
}

/// Tells the owner of this thread that it cannot go on.
pub fn fail(reason: String) {
    report(&Report::Failed(reason));
}

/// Asks the owner of this thread for a worker, or gives one back.
pub(crate) fn ask(request: Request, ports: &Array) {
    post(&Report::Asked(request), ports);
}

/// What [`say`] sends.
pub(crate) fn said(bytes: &[u8]) -> Uint8Array {
    message(&Report::Said(bytes))
}

fn report(report: &Report<'_>) {
    post(report, &Array::new());
}

fn post(report: &Report<'_>, ports: &Array) {
    let data = message(report);
    match OWNER.with(Clone::clone) {
        // Bytes, and ports of one's own, can always be sent.
        Some(owner) => drop(owner.post_message_with_transferable(&data, ports)),
        None => post_message(&data, ports),
    }
}

/// The bytes of a message; none if it holds something else.
fn bytes_of(event: &Event) -> Vec<u8> {
    let data = event.unchecked_ref::<MessageEvent>().data();
    data.dyn_into::<Uint8Array>().map(|bytes| bytes.to_vec()).unwrap_or_default()
}

/// What a message says, or why it says nothing.
fn read<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, String> {
    postcard::from_bytes(bytes).map_err(|error| error.to_string())
}

/// Whatever was thrown, in words.
pub fn told(error: &JsValue) -> String {
    match error.dyn_ref::<js_sys::Error>() {
        Some(error) => error.message().into(),
        None => error.as_string().unwrap_or_else(|| format!("{error:?}")),
    }
}

fn message(message: &impl Serialize) -> Uint8Array {
    Uint8Array::from(&encode(message)[..])
}

/// A message as bytes. Serializing cannot fail for the messages that are sent here.
pub(crate) fn encode(message: &impl Serialize) -> Vec<u8> {
    postcard::to_allocvec(message).unwrap_or_default()
}
