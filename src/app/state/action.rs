//! What can happen to the state: [`Action`].

use engine::browser::Calibration;
use engine::probes::Samples;
use engine::trace::Nanos;
use lab::{Lab, Scenario, Strategy};
use session::address::{Address, Notice, Place, Tab, Theme};
use session::measured::Environment;
use session::settings::Settings;
use texts::Language;

use super::{Failure, Phase, SharedTrace, Void};
use crate::app::tabs::TabAction;
use crate::app::view::Look;

/// What became of the wish to share what is shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Shared {
    /// A link is in the clipboard.
    Copied,
    /// The page may not write there, so the reader has to copy it.
    ByHand {
        /// The link.
        link: String,
        /// Whether the page is in a frame, which is why.
        is_framed: bool,
    },
}

/// What can happen to the state.
#[derive(Debug)]
pub enum Action {
    /// Take over what an address says.
    Open(Address, Vec<Notice>),
    /// Set a parameter.
    SetValue(&'static str, f64),
    /// Take a scenario's values.
    SetScenario(&'static Scenario),
    /// Turn to another lab.
    SetLab(&'static Lab),
    /// Back to the lab's defaults.
    Reset,
    /// Show a strategy, or do not.
    ToggleStrategy(&'static Strategy),
    /// Choose the speed of live runs.
    SetScale(Option<f64>),
    /// Choose where live runs take place.
    SetPlace(Place),
    /// Choose whether predictions leave the browser's own costs out.
    SetIdeal(bool),
    /// Choose the language.
    SetLanguage(Language),
    /// Choose the colours; nothing: the system's.
    SetTheme(Option<Theme>),
    /// Take over what the reader prefers.
    TakeSettings(Settings),
    /// Choose how wide the panel of parameters is.
    SetPanel(u16),
    /// Choose whether keys without Ctrl or Alt do something.
    SetKeys(bool),
    /// Give the hints for the first visit, or take note of them.
    ShowHints(bool),
    /// Say what became of the wish to share; nothing: it was taken note of.
    Share(Option<Shared>),
    /// Choose whether the reader guesses before results are shown; once more also forgets the guess.
    SetGuessFirst(bool),
    /// Move a strategy up or down in the order guessed.
    ShiftGuess(&'static Strategy, bool),
    /// Guess the time of the fastest: with it the guess stands, and the result is shown.
    MakeGuess(Nanos),
    /// Keep what is shown, to be compared with what comes.
    Pin,
    /// Forget it.
    Unpin,
    /// Show on the timeline of a strategy what a finding is based on.
    ShowEvidence(&'static Strategy, Nanos, Nanos),
    /// Turn to a tab.
    SetTab(Tab),
    /// Something happens in the tabs.
    Tab(TabAction),
    /// Take note of a notice by removing it.
    DismissNotice(usize),
    /// Tell something that could not be done.
    Notify(Notice),
    /// Make the next prediction that is missing.
    PredictNext,
    /// A live run begins.
    StartRun,
    /// A live run cannot go on.
    FailRun(Failure),
    /// Have the next run measure all costs anew.
    AskForCalibration,
    /// The browser is calibrated, for this place.
    Calibrate(Place, Calibration),
    /// It is known where measurements are made.
    SetEnvironment(Environment),
    /// A strategy of a live run begins; its trace will grow.
    BeginStrategy(&'static Strategy, SharedTrace, f64),
    /// A strategy of a live run is over.
    EndStrategy(&'static Strategy, Samples, Option<Void>),
    /// A live run is over, at its end or by the reader's wish.
    EndRun(Phase),
    /// Look at something else.
    Look(Look),
    /// Look at the next event of the strategy in focus (or at the one before).
    Step(Direction),
}

/// Which way along the time axis.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Direction {
    /// Later.
    Next,
    /// Earlier.
    Previous,
}
