//! What can happen to the state: [`Action`].

use engine::browser::Calibration;
use engine::probes::Samples;
use engine::trace::Nanos;
use lab::{Lab, Scenario, Strategy};
use session::address::{Address, Notice, Place, Tab, Theme};
use session::measured::Environment;
use session::settings::Settings;
use texts::Language;

use super::{Due, Failure, Phase, Prediction, SharedTrace, Void};
use crate::app::tabs::TabAction;
use crate::app::view::Look;

/// The outcome of sharing what is shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Shared {
    /// The link is in the clipboard.
    Copied,
    /// The page may not write to the clipboard, so the reader has to copy the link.
    ByHand {
        /// The link.
        link: String,
        /// Whether the reason is that the page is in a frame.
        is_framed: bool,
    },
}

/// An action on the state.
#[derive(Debug)]
pub enum Action {
    /// Show what an address says.
    Open(Address, Vec<Notice>),
    /// Set a parameter.
    SetValue(&'static str, f64),
    /// Set a scenario's values.
    SetScenario(&'static Scenario),
    /// Show another lab.
    SetLab(&'static Lab),
    /// Go back to the lab's defaults.
    Reset,
    /// Show a strategy, or hide it.
    ToggleStrategy(&'static Strategy),
    /// Choose the time scale of live runs; `None` means automatic.
    SetScale(Option<f64>),
    /// Choose where live runs take place.
    SetPlace(Place),
    /// Choose whether predictions leave out what the browser's event loop costs.
    SetIdeal(bool),
    /// Choose the language.
    SetLanguage(Language),
    /// Choose the colours; `None` means the system's.
    SetTheme(Option<Theme>),
    /// Take over the stored preferences.
    TakeSettings(Settings),
    /// Choose the width of the panel of parameters, in CSS pixels.
    SetPanel(u16),
    /// Choose whether shortcuts without Ctrl or Alt work.
    SetKeys(bool),
    /// Show or dismiss the hints for the first visit.
    ShowHints(bool),
    /// Show the outcome of sharing; `None` dismisses it.
    Share(Option<Shared>),
    /// Choose whether the reader guesses before results are shown. Choosing it again forgets the guess.
    SetGuessFirst(bool),
    /// Move a strategy up or down in the guessed order.
    ShiftGuess(&'static Strategy, bool),
    /// Guess the makespan of the fastest. This completes the guess, and the result is shown.
    MakeGuess(Nanos),
    /// Keep what is shown, to be compared with later results.
    Pin,
    /// Forget the kept result.
    Unpin,
    /// Show the evidence of a lint on the timeline of a strategy.
    ShowEvidence(&'static Strategy, Nanos, Nanos),
    /// Open a tab.
    SetTab(Tab),
    /// An action on the tabs.
    Tab(TabAction),
    /// Dismiss a notice.
    DismissNotice(usize),
    /// Add a notice.
    Notify(Notice),
    /// Make the next missing prediction.
    PredictNext,
    /// Take over a prediction that was made outside, if it is still due.
    TakePrediction(Box<Due>, Box<Prediction>),
    /// A live run begins.
    StartRun,
    /// A live run cannot go on.
    FailRun(Failure),
    /// Have the next run measure all costs again.
    AskForCalibration,
    /// This place was calibrated.
    Calibrate(Place, Calibration),
    /// The browser and the machine that measurements are made with are known.
    SetEnvironment(Environment),
    /// A strategy of a live run begins; its trace will grow.
    BeginStrategy(&'static Strategy, SharedTrace, f64),
    /// A strategy of a live run has ended.
    EndStrategy(&'static Strategy, Samples, Option<Void>),
    /// A live run has ended, or the reader has stopped it.
    EndRun(Phase),
    /// Change the view.
    Look(Look),
    /// Move the playhead to the next or the previous event of the strategy in focus.
    Step(Direction),
}

/// A direction along the time axis.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Direction {
    /// Later.
    Next,
    /// Earlier.
    Previous,
}
