//! What goes on beside the measured work: the page is watched, and its heart beats.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use browser_clock::{Probe, epoch_ms};
use engine::probes::Samples;
use engine::trace::Nanos;
use gloo_timers::callback::Interval;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::Runner;
use super::watch::{self, Frames, Input, Interactions};
use crate::worker::host::{Word, Worker};
use crate::worker::messages::{Command, Report};

/// Time between two beats of the heart.
const BEAT_MS: u32 = 100;

/// Beats that the heart takes from one side to the other.
const BEATS_ACROSS: u32 = 8;

/// What is watched on the page during a run.
pub struct Page {
    frames: Frames,
    input: Input,
    interactions: Interactions,
}

impl Page {
    /// Watches from now on.
    pub fn watch() -> Page {
        Page { frames: Frames::start(), input: Input::watch(show_input), interactions: Interactions::watch() }
    }

    /// What was seen until now belongs to no strategy.
    pub fn forget(&self) {
        self.frames.forget();
        self.input.forget();
        self.interactions.forget();
    }

    /// What was seen since, beside what the run's own thread has seen.
    pub fn add_to(&self, samples: Samples) -> Samples {
        Samples {
            frame_gap: self.frames.seen(),
            input_delay: self.input.seen(),
            interaction: self.interactions.seen(),
            ..samples
        }
    }
}

/// A worker that looks at this page's loop from outside; none where the browser refuses one.
pub async fn watcher(probe: &Rc<RefCell<Option<Probe>>>) -> Option<Worker> {
    let probe = probe.clone();
    let hear = move |word| {
        if let (Word::Report(Report::Ping { sent_ms }), Some(probe)) = (word, &*probe.borrow()) {
            probe.outside(epoch_ms() - sent_ms);
        }
    };
    let worker = Worker::start(Box::new(hear)).await.ok()?;
    worker.command(&Command::Watch);
    Some(worker)
}

/// Shows the delay of the reader's last click or key beside the button that asks for one.
fn show_input(delay: Nanos) {
    let place = watch::document().and_then(|document| document.get_element_by_id("input-delay"));
    if let Some(place) = place {
        place.set_text_content(Some(&format!("{} ms", delay.as_ms().round() as u32)));
    }
}

/// Ten times a second while it lives: moves the heartbeat, now and then repaints the rows at work.
///
/// A frame costs the page some milliseconds that a strategy on it would have had, so there are few.
pub fn heartbeat(runner: Runner, beats_per_repaint: Option<u32>) -> Interval {
    let heart = watch::document().and_then(|document| document.get_element_by_id("heart"));
    let heart: Option<HtmlElement> = heart.and_then(|element| element.dyn_into().ok());
    let beats = Cell::new(0u32);
    Interval::new(BEAT_MS, move || {
        let beat = beats.get() + 1;
        beats.set(beat);
        if let Some(heart) = &heart {
            let phase = beat % (2 * BEATS_ACROSS);
            let percent = 100 * phase.min(2 * BEATS_ACROSS - phase) / BEATS_ACROSS;
            // The property is a standard one: setting it cannot fail.
            let _ = heart.style().set_property("transform", &format!("translateX({percent}%)"));
        }
        if beats_per_repaint.is_some_and(|beats| beat.is_multiple_of(beats)) {
            runner.paint();
        }
    })
}
