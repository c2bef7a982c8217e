//! Large predictions, made a slice at a time, so that the page answers meanwhile. Knows the store, not the page.

use std::cell::Cell;
use std::rc::Rc;

use browser_clock::now_ms;
use gloo_timers::future::TimeoutFuture;
use wasm_bindgen_futures::spawn_local;

use super::state::{Action, Due, Prediction};
use super::store::Store;

/// How long a slice may keep the thread, in real milliseconds.
const SLICE_MS: f64 = 20.0;

/// Turns between two looks at the clock.
const TURNS: usize = 500;

/// A prediction on its way. Dropping it gives it up.
pub struct Predictor(Rc<Cell<bool>>);

impl Predictor {
    /// Makes a prediction, after a pause in real milliseconds, and hands it to the store.
    pub fn start(store: Store, due: Due, pause_ms: u32) -> Predictor {
        let is_wanted = Rc::new(Cell::new(true));
        let go_on = is_wanted.clone();
        spawn_local(async move {
            TimeoutFuture::new(pause_ms).await;
            if let Some(prediction) = make(&due, &go_on).await {
                store.dispatch(Action::TakePrediction(Box::new(due), Box::new(prediction)));
            }
        });
        Predictor(is_wanted)
    }
}

impl Drop for Predictor {
    fn drop(&mut self) {
        self.0.set(false);
    }
}

/// The prediction; nothing if it is given up meanwhile.
async fn make(due: &Due, go_on: &Cell<bool>) -> Option<Prediction> {
    let mut simulation = go_on.get().then(|| due.begin())?;
    let mut began_ms = now_ms();
    while !simulation.go_on(TURNS) {
        if now_ms() - began_ms > SLICE_MS {
            TimeoutFuture::new(0).await;
            if !go_on.get() {
                return None;
            }
            began_ms = now_ms();
        }
    }
    let run = simulation.finish();
    TimeoutFuture::new(0).await;
    let prediction = due.end(run);
    TimeoutFuture::new(0).await;
    prediction.index(); // the painter needs it, and would have to make all of them in one frame
    TimeoutFuture::new(0).await;
    go_on.get().then_some(prediction)
}
