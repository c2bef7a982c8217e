//! Everything that the page shows, and what each action does to it. Plain data: no browser, no components.
//!
//! This file has the state and what the reader does to it. `predicting` and `running` fill it, `results`
//! reads it.

use std::rc::Rc;

use engine::YieldWith;
use engine::browser::Calibration;
use engine::trace::{Nanos, Trace};
use lab::lesson::Try;
use lab::{Lab, Strategy};
use session::address::{Address, Notice, Place, Tab, Theme};
use session::guess::Guess;
use session::measured::Environment;
use session::settings::{Settings, within_panel};
use texts::Language;
use timeline::picture::Part;
use timeline::{Viewport, event_after, event_before, lane_span_at, loop_span_at};

use self::predicting::Pass;
use super::tabs::Tabs;
use super::view::{Look, Point, View};

mod action;
mod phase;
mod pinned;
mod predicting;
mod results;
mod row;
mod running;

pub use self::action::{Action, Direction, Shared};
pub use self::phase::{Failure, Phase};
pub use self::pinned::Pinned;
pub use self::predicting::Due;
pub use self::row::{Measurement, Prediction, Row, SharedTrace, Void};

/// Everything that the page shows.
#[derive(Clone, PartialEq, Debug)]
pub struct State {
    /// What the address says.
    pub address: Address,
    /// Notices that the reader has not dismissed.
    pub notices: Vec<Notice>,
    /// The language in use.
    pub language: Language,
    /// The reader's preferences, which apply where the address says nothing.
    pub settings: Settings,
    /// Whether the hints for the first visit are shown.
    pub shows_hints: bool,
    /// The outcome of sharing, until it is dismissed.
    pub shared: Option<Shared>,
    /// The reader's guess, if guesses come first.
    pub guess: Option<Guess>,
    /// The result that is kept for comparison.
    pub pinned: Option<Rc<Pinned>>,
    /// The strategies shown.
    pub rows: Vec<Row>,
    /// How many rows, from the first, have the prediction for the current values.
    pub predicted: usize,
    /// The phase of the live run.
    pub phase: Phase,
    /// The browser and the machine that measurements are made with, once known.
    pub environment: Option<Environment>,
    /// The view of the timelines.
    pub view: View,
    /// The contents of the tabs below the timelines.
    pub tabs: Tabs,
    /// The time scale that predictions are made for. The browser's own periods (its clamp, its frames) do not
    /// scale, so they matter more in a faster run.
    scale: f64,
    /// How far the automatic scale is found.
    pass: Pass,
    browser: Browser,
    /// Whether the reader wants all costs measured again.
    pub is_calibration_due: bool,
    /// How fast workers and the page compute, and what their event loops cost, once known.
    calibrations: [Option<Calibration>; 2],
}

/// What is known of the browser from the start.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Browser {
    /// Its language.
    pub language: Language,
    /// The kindest way to yield that it offers, which predictions use as well.
    pub kindest_yield: YieldWith,
    /// Which ways to yield it offers, in the order of [`YieldWith::ALL`].
    pub has: [bool; YieldWith::ALL.len()],
    /// How many threads can really run at the same time.
    pub cores: usize,
}

impl Browser {
    /// Whether a run in this place can yield in this way.
    fn has(&self, with: YieldWith, place: Place) -> bool {
        // W3C requestIdleCallback exists only on windows.
        let is_for_windows = with == YieldWith::IdleCallback;
        let index = YieldWith::ALL.iter().position(|one| *one == with);
        index.is_some_and(|index| self.has[index]) && !(is_for_windows && place != Place::Page)
    }
}

impl State {
    /// The state of a page at this address, in this browser.
    pub fn new(query: &str, browser: Browser) -> State {
        let (address, notices) = Address::parse(query);
        let mut state = State {
            address: Address::of(address.values.lab()),
            notices: Vec::new(),
            language: browser.language,
            settings: Settings::default(),
            shows_hints: false,
            shared: None,
            guess: None,
            pinned: None,
            rows: Vec::new(),
            predicted: 0,
            phase: Phase::Idle,
            environment: None,
            view: View::default(),
            tabs: Tabs::default(),
            scale: 1.0,
            pass: Pass::Last,
            browser,
            is_calibration_due: false,
            calibrations: [None, None],
        };
        state.apply(Action::Open(address, notices));
        state
    }

    /// Applies an action.
    pub fn apply(&mut self, action: Action) {
        match action {
            Action::Open(address, notices) => {
                if address.values.lab() != self.address.values.lab() {
                    self.view = View::default();
                }
                self.address = address;
                self.notices = notices;
                self.choose_language();
                self.restart();
            }
            Action::SetValue(key, number) => {
                self.address.values.set(key, number);
                self.restart();
            }
            Action::SetScenario(scenario) => {
                self.address.values = self.address.values.lab().values_of(scenario);
                self.address.scenario = Some(scenario);
                self.restart();
            }
            Action::SetLab(lab) => self.open_lab(lab),
            Action::Reset => self.open_lab(self.address.values.lab()),
            Action::ToggleStrategy(strategy) => self.toggle(strategy),
            Action::SetScale(scale) => {
                self.address.scale = scale;
                self.restart();
            }
            Action::SetPlace(place) => {
                self.address.place = place;
                self.restart();
            }
            Action::SetIdeal(is_ideal) => {
                self.address.is_ideal = is_ideal;
                self.predict_anew();
            }
            Action::AskForCalibration => self.is_calibration_due = true,
            Action::Calibrate(place, calibration) => {
                self.is_calibration_due &= calibration.costs.is_none();
                let known = &mut self.calibrations[usize::from(place == Place::Page)];
                // A calibration of the speed alone keeps the costs.
                let costs = calibration.costs.or(known.as_ref().and_then(|known| known.costs));
                let is_news = known.as_ref().and_then(|known| known.costs) != costs;
                *known = Some(Calibration { costs, ..calibration });
                if is_news {
                    self.predict_anew();
                }
            }
            Action::SetLanguage(language) => {
                self.address.language = Some(language);
                self.settings.language = Some(language);
                self.choose_language();
            }
            Action::SetTheme(theme) => {
                self.address.theme = theme;
                self.settings.theme = theme;
            }
            Action::TakeSettings(settings) => {
                self.settings = settings;
                self.choose_language();
            }
            Action::SetPanel(width) => self.settings.panel = Some(within_panel(width)),
            Action::SetKeys(has_keys) => self.settings.has_no_keys = !has_keys,
            Action::ShowHints(shows) => {
                self.shows_hints = shows;
                self.settings.knows_hints = !shows;
            }
            Action::Share(shared) => self.shared = shared,
            Action::SetGuessFirst(guesses_first) => {
                self.address.guesses_first = guesses_first;
                self.view.is_playing = false;
                self.guess = None;
                self.ask();
            }
            Action::ShiftGuess(strategy, is_up) => {
                if let Some(guess) = &mut self.guess {
                    guess.shift(strategy, is_up);
                }
            }
            Action::MakeGuess(time) => {
                if let Some(guess) = &mut self.guess {
                    guess.time = Some(time);
                }
            }
            Action::Pin => self.pinned = Some(Rc::new(self.to_pin())),
            Action::Unpin => self.pinned = None,
            Action::ShowEvidence(strategy, from, to) => {
                let end = self.axis_end();
                self.view.apply(Look::FocusOn(strategy), end);
                self.view.apply(Look::Show(from, to), end);
                self.view.apply(Look::SetPlayhead(Some(from)), end);
            }
            Action::SetTab(tab) => {
                self.address.tab = Some(tab);
                self.tabs.copied = None;
            }
            Action::Tab(action) => self.tabs.apply(action),
            Action::Notify(notice) => {
                self.notices.retain(|one| *one != notice);
                self.notices.push(notice);
            }
            Action::DismissNotice(index) => {
                if index < self.notices.len() {
                    self.notices.remove(index);
                }
            }
            Action::PredictNext => self.predict_next(),
            Action::TakePrediction(of, prediction) => {
                if self.due() == Some(*of) {
                    self.take_prediction(*prediction);
                }
            }
            Action::StartRun => {
                self.phase = Phase::Calibrating;
                self.rows.iter_mut().for_each(|row| row.measurement = None);
            }
            Action::FailRun(failure) => self.phase = Phase::Failed(failure),
            Action::SetEnvironment(environment) => self.environment = Some(environment),
            Action::BeginStrategy(strategy, trace, scale) => self.begin_strategy(strategy, trace, scale),
            Action::EndStrategy(strategy, samples, void) => self.end_strategy(strategy, samples, void),
            Action::EndRun(phase) => self.phase = phase,
            Action::Look(look) => self.view.apply(look, self.axis_end()),
            Action::Step(direction) => self.step(direction),
        }
        self.note_what_was_tried();
    }

    /// Notes the things to try that the page shows now.
    fn note_what_was_tried(&mut self) {
        let lab = self.address.values.lab();
        let is_new = |one: &&Try| !self.tabs.is_tried(lab, one.id);
        let new: Vec<_> = lab.tries.iter().filter(is_new).collect();
        if new.is_empty() || !self.is_predicted() {
            return;
        }
        let shown = self.shown();
        let tried: Vec<_> = new.into_iter().filter(|one| (one.is_seen)(&shown)).collect();
        tried.into_iter().for_each(|one| self.tabs.note_tried(lab, one.id));
    }

    /// The tab that is open.
    pub fn tab(&self) -> Tab {
        // Before the guess, the sources may be read.
        if self.is_asking() {
            return Tab::Code;
        }
        self.address.tab.unwrap_or(Tab::Explain)
    }

    /// The language of the address, or else the preferred one, or else the browser's.
    fn choose_language(&mut self) {
        let chosen = self.address.language.or(self.settings.language);
        self.language = chosen.unwrap_or(self.browser.language);
    }

    /// The colours of the address, or else the preferred ones; `None` means the system's.
    pub fn theme(&self) -> Option<Theme> {
        self.address.theme.or(self.settings.theme)
    }

    fn step(&mut self, direction: Direction) {
        let from = self.view.playhead;
        let find = |trace: &Trace| match direction {
            Direction::Next => from.map_or(Some(Nanos::ZERO), |at| event_after(trace, at)),
            Direction::Previous => event_before(trace, from.unwrap_or(Nanos(u64::MAX))),
        };
        let event = self.focused().and_then(|row| match &row.measurement {
            Some(measurement) => find(&measurement.trace.borrow()),
            None => find(&row.prediction.as_ref()?.trace),
        });
        if let Some(at) = event {
            self.view.is_playing = false;
            self.view.apply(Look::SetPlayhead(Some(at)), self.axis_end());
        }
    }

    /// What is at a point of a strategy's picture. `share` is a fraction of its width, `y` CSS pixels below
    /// its upper edge.
    pub fn point(&self, strategy: &Strategy, share: f64, y: f64, width: f64) -> Option<Point> {
        let row = self.rows.iter().find(|row| row.strategy == strategy)?;
        let (from, to) = self.view.window(self.axis_end());
        let view = Viewport { from, to, width: width.max(1.0) };
        let (at, pixel) = (view.time(share * view.width), view.pixel());
        let part = row.layout(self.view.shows_tasks).part_at(y);
        let task = row.read_at(at, |trace, _| match part {
            Part::Loop => loop_span_at(trace, at, pixel).map(|span| span.task),
            Part::Lane(lane) => lane_span_at(trace, lane, at, pixel).map(|span| span.task),
            Part::Task(task) => Some(task),
            Part::Requests | Part::Gauge(_) => None,
        })?;
        let task = task.filter(|task| task.number().is_some());
        Some(Point { strategy: row.strategy, at, y, pixel, task, room: (0.0, 0.0) })
    }

    /// The strategy whose loop is inspected.
    pub fn focused(&self) -> Option<&Row> {
        let chosen = self.rows.iter().find(|row| Some(row.strategy) == self.view.focus);
        chosen.or(self.rows.first())
    }

    /// Shows a lab at its defaults. Settings that do not belong to a lab stay.
    fn open_lab(&mut self, lab: &'static Lab) {
        self.view = View::default();
        let Address { language, theme, tab, place, is_ideal, guesses_first, .. } = self.address;
        self.address = Address { language, theme, tab, place, is_ideal, guesses_first, ..Address::of(lab) };
        self.restart();
    }

    /// To be called after a change of values: the predictions and measurements no longer hold.
    fn restart(&mut self) {
        // A moment of one run means nothing in another, but the visible stretch stays if it still exists.
        self.view.is_playing = false;
        self.view.point = None;
        let old = std::mem::take(&mut self.rows);
        let prediction =
            |strategy: &Strategy| old.iter().find(|row| row.strategy == strategy)?.prediction.clone();
        self.rows = self
            .address
            .strategies
            .iter()
            .map(|strategy| Row { strategy, prediction: prediction(strategy), measurement: None })
            .collect();
        self.phase = Phase::Idle;
        self.ask();
        self.tabs.copied = None;
        self.predict_anew();
    }

    /// A guess is about certain values and strategies. Others need a new guess.
    fn ask(&mut self) {
        let Address { values, strategies, guesses_first, .. } = &self.address;
        let held = self.guess.take().filter(|guess| guess.is_about(values, strategies));
        self.guess = guesses_first.then(|| held.unwrap_or_else(|| Guess::new(values, strategies)));
    }

    /// Whether the reader has to guess before anything is shown.
    pub fn is_asking(&self) -> bool {
        self.guess.as_ref().is_some_and(|guess| guess.time.is_none())
    }

    /// Shows or hides a strategy without changing the others. The last one stays.
    fn toggle(&mut self, strategy: &'static Strategy) {
        let lab = self.address.values.lab();
        let is_shown = self.address.strategies.contains(&strategy);
        if is_shown && self.address.strategies.len() == 1 {
            return;
        }
        let is_wanted = |one: &Strategy| (one == strategy) != self.address.strategies.contains(&one);
        self.address.strategies = lab.strategies.iter().filter(|one| is_wanted(one)).collect();
        let measured: Vec<_> = self.rows.iter().map(|row| (row.strategy, row.measurement.clone())).collect();
        self.restart();
        // Measurements stay if a run would still have their scale; otherwise they could not be compared.
        let scale = self.plan().map(|plan| plan.scale).ok();
        for (strategy, measurement) in measured {
            let still_holds = measurement.as_ref().is_some_and(|one| Some(one.scale) == scale);
            if let Some(row) = self.rows.iter_mut().find(|row| row.strategy == strategy && still_holds) {
                row.measurement = measurement;
            }
        }
    }
}
