//! All that the page shows, and what each action does to it. Plain data: no browser, no components.

use std::cell::{OnceCell, RefCell};
use std::ops::RangeInclusive;
use std::rc::Rc;

use super::tabs::{TabAction, Tabs};
use super::view::{Look, Point, View};
use crate::address::{self, Address, Notice, Place, Theme};
use crate::guess::Guess;
use crate::i18n::Language;
use crate::lab::{Lab, Need, Published, Scenario, Strategy, Values};
use crate::lesson::{Seen, Try};
use crate::lint::{Lint, LintKind, Spoiled, lints};
use crate::metrics::Metrics;
use crate::plan::{Plan, Refusal, plan};
use crate::predict::predict;
use crate::probes::{Probes, Samples};
use crate::runtime::YieldWith;
use crate::runtime::costs::{Calibration, Costs};
use crate::runtime::event_loop::Conditions;
use crate::runtime::virtual_clock::Run;
use crate::settings::{Settings, within_panel};
use crate::summary::{ClockedLint, Environment, Measured, Summary};
use crate::timeline::index::Index;
use crate::timeline::picture::{Layout, Part};
use crate::timeline::{Viewport, event_after, event_before, lane_span_at, loop_span_at};
use crate::trace::{Nanos, Outcome, Trace};
use crate::verdict::{Claim, Scored, orders, verdict};

/// Up to this many tasks (over all strategies) a change is predicted at once, in the same frame;
/// more are predicted a strategy at a time, so that the page stays alive.
const PREDICTED_AT_ONCE: usize = 20_000;

/// Predictions and automatic scale agree after two passes; more only where they go back and forth.
const MOST_PASSES: u32 = 4;

/// A trace that may still grow.
pub type SharedTrace = Rc<RefCell<Trace>>;

/// One strategy on the page.
#[derive(Clone, Debug)]
pub struct Row {
    /// Which.
    pub strategy: &'static Strategy,
    /// Its prediction; the one before while the new one is being made.
    pub prediction: Option<Rc<Prediction>>,
    /// Its measurement, if it was run with the values that are shown.
    pub measurement: Option<Rc<Measurement>>,
}

/// Two rows are the same when they show the same things, not when those are equal.
impl PartialEq for Row {
    fn eq(&self, other: &Row) -> bool {
        fn same<T>(a: &Option<Rc<T>>, b: &Option<Rc<T>>) -> bool {
            match (a, b) {
                (Some(a), Some(b)) => Rc::ptr_eq(a, b),
                (None, None) => true,
                _ => false,
            }
        }
        self.strategy == other.strategy
            && same(&self.prediction, &other.prediction)
            && same(&self.measurement, &other.measurement)
    }
}

impl Row {
    /// The predicted numbers beside the measured ones, where there are both.
    fn compared(&self) -> Option<(&'static Strategy, &Metrics, &Metrics)> {
        let predicted = &self.prediction.as_ref()?.metrics;
        Some((self.strategy, predicted, self.measurement.as_ref()?.valid()?))
    }

    /// Where everything stands in its picture.
    pub fn layout(&self, shows_tasks: bool) -> Layout {
        let measured = self.measurement.as_ref().map(|one| one.index());
        Layout::of(self.prediction.as_ref().map(|one| one.index()), measured.as_deref(), shows_tasks)
    }

    /// Reads the trace that is to be told about at a time: the measured one, as far as it goes.
    pub fn read_at<T>(&self, at: Nanos, read: impl FnOnce(&Trace, &'static str) -> T) -> Option<T> {
        if let Some(measurement) = &self.measurement {
            let trace = measurement.trace.borrow();
            if at <= trace.end() {
                return Some(read(&trace, "measured"));
            }
        }
        let trace = &self.prediction.as_ref()?.trace;
        (at <= trace.end()).then(|| read(trace, "predicted"))
    }

    /// What its measurement shows if that counts, else what its prediction shows, and what spoiled the measurement.
    fn lints(&self) -> Vec<ClockedLint> {
        let measured = self.measurement.as_ref().map_or(&[][..], |one| &one.lints);
        let predicted = self.prediction.as_ref().map_or(&[][..], |one| &one.lints);
        let is_valid = self.measurement.as_ref().is_some_and(|one| one.valid().is_some());
        let counts = is_valid && !measured.iter().any(|lint| lint.kind.is_spoiled());
        let predicted = predicted.iter().filter(|_| !counts);
        let measured = measured.iter().filter(|lint| counts || lint.kind.is_spoiled());
        let of = |clock: &'static str| move |lint: &Lint| ClockedLint { clock, lint: *lint };
        measured.map(of("measured")).chain(predicted.map(of("predicted"))).collect()
    }
}

/// What a strategy would do.
#[derive(Debug)]
pub struct Prediction {
    /// The trace on the virtual clock.
    pub trace: Trace,
    /// Its numbers.
    pub metrics: Metrics,
    /// What it shows.
    pub lints: Vec<Lint>,
    /// Whether it would be another at another time scale.
    depends_on_scale: bool,
    index: OnceCell<Index>,
}

impl Prediction {
    /// Its trace, sorted for drawing; sorted at the first call.
    pub fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::of(&self.trace))
    }
}

/// What a strategy did.
#[derive(Debug)]
pub struct Measurement {
    /// The trace on the browser's clock; it grows while the run lasts.
    pub trace: SharedTrace,
    /// Real time per lab time.
    pub scale: f64,
    /// Where it was made.
    pub place: Place,
    /// Whether strategies shared cores that each should have had for itself.
    pub is_unclean: bool,
    /// Its numbers, once the run is over.
    pub metrics: Option<Metrics>,
    /// What was seen beside the trace.
    pub probes: Probes,
    /// The part of the makespan that recording took, where that was calibrated.
    pub instrumentation: Option<f64>,
    /// What it shows, once the run is over.
    pub lints: Vec<Lint>,
    /// Why it does not count, if it does not.
    pub void: Option<Void>,
    index: RefCell<Option<(usize, Rc<Index>)>>,
}

impl Measurement {
    /// Its trace, sorted for drawing; sorted anew when it has grown.
    pub fn index(&self) -> Rc<Index> {
        let trace = self.trace.borrow();
        let size = trace.spans().len() + trace.marks().len() + trace.samples().len();
        // That a trace is finished may be the only news.
        let size = 2 * size + usize::from(trace.outcome().is_some());
        let mut known = self.index.borrow_mut();
        match &*known {
            Some((known, index)) if *known == size => index.clone(),
            _ => {
                let index = Rc::new(Index::of(&trace));
                *known = Some((size, index.clone()));
                index
            }
        }
    }

    /// The numbers, if the run has come to its end, good or bad, and counts.
    pub fn valid(&self) -> Option<&Metrics> {
        let was_stopped = self.trace.borrow().outcome() == Some(Outcome::Cancelled);
        self.metrics.as_ref().filter(|_| self.void.is_none() && !was_stopped)
    }
}

/// Why a measurement does not count.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Void {
    /// The tab was hidden during the run.
    Hidden,
    /// The clock's step is too large for so short a run.
    CoarseClock,
    /// The machine was busy with something else: it did not compute at its calibrated speed.
    Disturbed,
}

impl Void {
    /// Its name in the summary.
    pub fn id(self) -> &'static str {
        match self {
            Void::Hidden => "hidden",
            Void::CoarseClock => "coarse-clock",
            Void::Disturbed => "disturbed",
        }
    }

    /// The same for lints; a coarse clock is a matter of the browser, not of the run.
    fn spoiled(self) -> Option<Spoiled> {
        match self {
            Void::Hidden => Some(Spoiled::Hidden),
            Void::Disturbed => Some(Spoiled::Disturbed),
            Void::CoarseClock => None,
        }
    }
}

/// Where a live run stands.
#[derive(Clone, PartialEq, Debug, Default)]
pub enum Phase {
    /// None was started since the values last changed.
    #[default]
    Idle,
    /// The CPU kernel is being calibrated.
    Calibrating,
    /// This strategy is at work.
    Running(&'static Strategy),
    /// All strategies are at work at once.
    Racing,
    /// All strategies were run.
    Finished,
    /// The reader stopped it.
    Stopped,
    /// It was not started, or broke off.
    Failed(Failure),
}

impl Phase {
    /// Whether a live run is going on.
    pub fn is_live(&self) -> bool {
        matches!(self, Phase::Calibrating | Phase::Running(_) | Phase::Racing)
    }
}

/// Why a live run did not happen.
#[derive(Clone, PartialEq, Debug)]
pub enum Failure {
    /// It would do harm or show nothing.
    Refused(Refusal),
    /// This browser does not have the way to yield that was asked for.
    MissingYield(YieldWith),
    /// The tab was hidden.
    Hidden,
    /// The browser's clock is too coarse to calibrate by.
    CoarseClock,
    /// The browser did not start a worker, for this reason.
    NoWorker(String),
    /// The browser could not be calibrated, for this reason.
    Uncalibrated(String),
    /// A run broke while this strategy was in it.
    Crashed(&'static Strategy, String),
    /// A worker gave no sign of life for far longer than this strategy could need.
    Hung(&'static Strategy),
}

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

/// A result that was kept to be compared with others.
#[derive(Clone, PartialEq, Debug)]
pub struct Pinned {
    /// What it was made with.
    pub values: Values,
    /// The predicted numbers.
    pub predicted: Vec<(&'static Strategy, Metrics)>,
    /// The measured numbers, if everything was measured.
    pub measured: Option<Vec<(&'static Strategy, Metrics)>>,
}

impl Pinned {
    /// The strategies that are in both results, with their numbers then and now: measured where both are.
    pub fn beside<'a>(
        &'a self,
        now: &[Scored<'a>],
        is_measured: bool,
    ) -> Vec<(&'static Strategy, &'a Metrics, &'a Metrics)> {
        let before = self.measured.as_ref().filter(|_| is_measured).unwrap_or(&self.predicted);
        let beside = |(strategy, after): &Scored<'a>| {
            let (_, before) = before.iter().find(|(one, _)| one == strategy)?;
            Some((*strategy, before, *after))
        };
        now.iter().filter_map(beside).collect()
    }
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
    SetPredictFirst(bool),
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
    SetView(address::View),
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

/// All that the page shows.
#[derive(Clone, PartialEq, Debug)]
pub struct State {
    /// What the address says.
    pub address: Address,
    /// What it said that could not be taken as given.
    pub notices: Vec<Notice>,
    /// The language in use.
    pub language: Language,
    /// What the reader prefers where the address says nothing.
    pub settings: Settings,
    /// Whether the hints for the first visit are shown.
    pub shows_hints: bool,
    /// What became of the wish to share, until it was taken note of.
    pub shared: Option<Shared>,
    /// What the reader expects, where guesses come first.
    pub guess: Option<Guess>,
    /// The result that is kept to be compared with.
    pub pinned: Option<Rc<Pinned>>,
    /// The strategies shown.
    pub rows: Vec<Row>,
    /// How many rows, from the first, have the prediction for the values shown.
    pub predicted: usize,
    /// Where a live run stands.
    pub phase: Phase,
    /// Where measurements are made, once known.
    pub environment: Option<Environment>,
    /// What the reader looks at.
    pub view: View,
    /// What the tabs under the timelines hold.
    pub tabs: Tabs,
    /// The time scale that predictions are made for: the browser's own periods (its clamp, its
    /// frames) do not scale, so they weigh more in a faster run.
    scale: f64,
    /// How often predictions may still be made anew because the automatic scale has changed.
    passes_left: u32,
    browser: Browser,
    /// Whether the reader wants all costs measured anew.
    pub is_calibration_due: bool,
    /// How fast workers and the page compute, and what their event loops cost, once known.
    calibrations: [Option<Calibration>; 2],
}

/// What is known of the browser from the start.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Browser {
    /// Its language.
    pub language: Language,
    /// The kindest way to yield that it has; predictions use it too.
    pub kindest_yield: YieldWith,
    /// Which ways to yield it has, in the order of [`YieldWith::ALL`].
    pub has: [bool; YieldWith::ALL.len()],
    /// How many threads can really run at once.
    pub cores: usize,
}

impl Browser {
    /// Whether a run in this place can yield in this way.
    fn has(&self, with: YieldWith, place: Place) -> bool {
        // W3C requestIdleCallback: on windows only.
        let is_for_windows = with == YieldWith::IdleCallback;
        let index = YieldWith::ALL.iter().position(|one| *one == with);
        index.is_some_and(|index| self.has[index]) && !(is_for_windows && place != Place::Page)
    }
}

impl State {
    /// The page at an address, in this browser.
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
            passes_left: 0,
            browser,
            is_calibration_due: false,
            calibrations: [None, None],
        };
        state.apply(Action::Open(address, notices));
        state
    }

    /// Does what the action says.
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
                // The speed alone leaves the costs as they were.
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
            Action::SetPredictFirst(predicts_first) => {
                self.address.predicts_first = predicts_first;
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
            Action::SetView(view) => {
                self.address.view = Some(view);
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
            Action::StartRun => {
                self.phase = Phase::Calibrating;
                self.rows.iter_mut().for_each(|row| row.measurement = None);
            }
            Action::FailRun(failure) => self.phase = Phase::Failed(failure),
            Action::SetEnvironment(environment) => self.environment = Some(environment),
            Action::BeginStrategy(strategy, trace, scale) => {
                let place = self.address.place;
                self.phase = if place == Place::Race { Phase::Racing } else { Phase::Running(strategy) };
                let measurement = Measurement {
                    trace,
                    scale,
                    place,
                    is_unclean: self.is_unclean(),
                    metrics: None,
                    lints: Vec::new(),
                    probes: Probes::default(),
                    instrumentation: None,
                    void: None,
                    index: RefCell::default(),
                };
                self.measure(strategy, measurement);
            }
            Action::EndStrategy(strategy, samples, void) => self.end_strategy(strategy, samples, void),
            Action::EndRun(phase) => self.phase = phase,
            Action::Look(look) => self.view.apply(look, self.axis_end()),
            Action::Step(direction) => self.step(direction),
        }
        self.tick();
    }

    /// Ticks off what is to be tried and is on the page now.
    fn tick(&mut self) {
        let lab = self.address.values.lab();
        let is_new = |one: &&Try| !self.tabs.is_ticked(lab, one.id);
        let new: Vec<_> = lab.tries.iter().filter(is_new).collect();
        if new.is_empty() || !self.is_predicted() {
            return;
        }
        let seen = self.seen();
        let ticked: Vec<_> = new.into_iter().filter(|one| (one.is_seen)(&seen)).collect();
        ticked.into_iter().for_each(|one| self.tabs.tick(lab, one.id));
    }

    /// What lessons speak about.
    pub fn seen(&self) -> Seen<'_> {
        let rows = self.rows.iter();
        Seen {
            values: &self.address.values,
            predicted: self.predicted_scores(),
            measured: rows
                .filter_map(|row| Some((row.strategy, row.measurement.as_ref()?.valid()?)))
                .collect(),
        }
    }

    /// The tab that is open.
    pub fn tab(&self) -> address::View {
        // Who is to guess may read the sources.
        if self.is_asking() {
            return address::View::Code;
        }
        self.address.view.unwrap_or(address::View::Explain)
    }

    /// The language of the address, else the one chosen before, else the browser's.
    fn choose_language(&mut self) {
        let chosen = self.address.language.or(self.settings.language);
        self.language = chosen.unwrap_or(self.browser.language);
    }

    /// The colours of the address, else those chosen before; nothing: the system's.
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

    /// What is at a point of a strategy's picture: at a share of its width, so many pixels below its upper edge.
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

    /// The requests in flight at the top of their lanes.
    pub fn most_in_flight(&self) -> u32 {
        let predicted = self.rows.iter().filter_map(|row| row.prediction.as_ref());
        predicted.map(|one| one.metrics.max_in_flight as u32).max().unwrap_or(1).max(1)
    }

    /// How many tasks there are.
    pub fn n_tasks(&self) -> u32 {
        (self.address.values.lab().setup)(&self.address.values).tasks as u32
    }

    /// The strategy whose loop is inspected.
    pub fn focused(&self) -> Option<&Row> {
        let chosen = self.rows.iter().find(|row| Some(row.strategy) == self.view.focus);
        chosen.or(self.rows.first())
    }

    /// A lab as it is by default, shown as the reader likes it.
    fn open_lab(&mut self, lab: &'static Lab) {
        self.view = View::default();
        let Address { language, theme, view, place, is_ideal, predicts_first, .. } = self.address;
        self.address = Address { language, theme, view, place, is_ideal, predicts_first, ..Address::of(lab) };
        self.restart();
    }

    /// The values changed: what was predicted and measured no longer holds.
    fn restart(&mut self) {
        // Of another run it is another moment; which stretch is looked at stays, as far as there is one.
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

    /// A guess is about certain values and strategies: others are asked for anew.
    fn ask(&mut self) {
        let Address { values, strategies, predicts_first, .. } = &self.address;
        let held = self.guess.take().filter(|guess| guess.is_about(values, strategies));
        self.guess = predicts_first.then(|| held.unwrap_or_else(|| Guess::new(values, strategies)));
    }

    /// Whether the reader has to guess before anything is shown.
    pub fn is_asking(&self) -> bool {
        self.guess.as_ref().is_some_and(|guess| guess.time.is_none())
    }

    /// Whether the lab is about the order in which programs print.
    pub fn is_about_order(&self) -> bool {
        self.predicted_scores().iter().any(|(_, metrics)| metrics.order().is_some())
    }

    /// The numbers that the verdict is about, and whether they were measured.
    pub fn scores(&self) -> (Vec<Scored<'_>>, bool) {
        match self.measured_scores() {
            Some(scores) => (scores, true),
            None => (self.predicted_scores(), false),
        }
    }

    /// The same, but predicted unless `may_be_measured`.
    pub fn scores_as(&self, may_be_measured: bool) -> (Vec<Scored<'_>>, bool) {
        if may_be_measured { self.scores() } else { (self.predicted_scores(), false) }
    }

    fn to_pin(&self) -> Pinned {
        let own = |scores: Vec<Scored<'_>>| {
            scores.into_iter().map(|(one, metrics)| (one, metrics.clone())).collect()
        };
        Pinned {
            values: self.address.values.clone(),
            predicted: own(self.predicted_scores()),
            measured: self.measured_scores().filter(|scores| !scores.is_empty()).map(own),
        }
    }

    /// What was predicted no longer holds; what was measured still does.
    fn predict_anew(&mut self) {
        self.start_predicting(self.address.scale.unwrap_or(1.0));
        self.passes_left = MOST_PASSES;
        let setup = (self.address.values.lab().setup)(&self.address.values);
        if setup.tasks * self.rows.len() <= PREDICTED_AT_ONCE {
            while !self.is_predicted() {
                self.predict_next();
            }
        }
    }

    fn start_predicting(&mut self, scale: f64) {
        self.scale = scale;
        self.predicted = 0;
        self.passes_left = self.passes_left.saturating_sub(1);
    }

    /// Whether all predictions are for the values shown.
    pub fn is_predicted(&self) -> bool {
        self.predicted == self.rows.len()
    }

    fn predict_next(&mut self) {
        let conditions = self.conditions();
        let values = &self.address.values;
        let Some(row) = self.rows.get_mut(self.predicted) else { return };
        let Run { trace, depends_on_scale } = predict(row.strategy, values, conditions);
        let metrics = Metrics::of(&trace, values);
        let lints = lints(row.strategy, &trace, &metrics, values, None);
        let index = OnceCell::new();
        row.prediction = Some(Rc::new(Prediction { trace, metrics, lints, depends_on_scale, index }));
        self.predicted += 1;
        if self.is_predicted() {
            self.settle_scale();
        }
    }

    /// What predictions are made for.
    pub fn conditions(&self) -> Conditions {
        Conditions {
            scale: self.scale,
            has_timer_step: !self.address.is_ideal,
            kindest_yield: self.browser.kindest_yield,
            is_hidden: false,
            costs: self.costs().unwrap_or(Costs::NONE),
            cores: if self.address.is_ideal { usize::MAX } else { self.browser.cores },
        }
    }

    /// How fast this browser computes and what its event loop costs, where live runs take place; once known.
    pub fn calibration(&self) -> Option<&Calibration> {
        self.calibrations[usize::from(self.address.place == Place::Page)].as_ref()
    }

    /// The costs that predictions reckon with.
    pub fn costs(&self) -> Option<Costs> {
        self.calibration().filter(|_| !self.address.is_ideal)?.costs
    }

    /// The automatic scale follows from the predictions, and those may depend on the scale: predicts
    /// again until the two agree.
    fn settle_scale(&mut self) {
        let planned = self.plan().map_or(self.scale, |plan| plan.scale);
        let depends =
            self.rows.iter().any(|row| row.prediction.as_ref().is_some_and(|one| one.depends_on_scale));
        if planned != self.scale && depends && self.passes_left > 0 {
            self.start_predicting(planned);
        }
    }

    /// Strategies come and go without touching the others; the last one stays.
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
        // Measurements stay, if a run would still be at their scale; otherwise they could not be compared.
        let scale = self.plan().map(|plan| plan.scale).ok();
        for (strategy, measurement) in measured {
            let still_holds = measurement.as_ref().is_some_and(|one| Some(one.scale) == scale);
            if let Some(row) = self.rows.iter_mut().find(|row| row.strategy == strategy && still_holds) {
                row.measurement = measurement;
            }
        }
    }

    fn measure(&mut self, strategy: &'static Strategy, measurement: Measurement) {
        if let Some(row) = self.rows.iter_mut().find(|row| row.strategy == strategy) {
            row.measurement = Some(Rc::new(measurement));
        }
    }

    fn end_strategy(&mut self, strategy: &'static Strategy, samples: Samples, void: Option<Void>) {
        let Some(row) = self.rows.iter().find(|row| row.strategy == strategy) else {
            return;
        };
        let Some(running) = row.measurement.clone() else {
            return;
        };
        let Measurement { scale, place, is_unclean, .. } = *running;
        let values = &self.address.values;
        let trace = running.trace.clone();
        let metrics = Metrics::of(&trace.borrow(), values);
        let is_disturbed = place != Place::Race && is_disturbed(row, &metrics, scale);
        let void = void.or(is_disturbed.then_some(Void::Disturbed));
        // Neither the clock nor the machine's mood changes an order.
        let void = void.filter(|void| *void == Void::Hidden || metrics.order().is_none());
        let lints = lints(strategy, &trace.borrow(), &metrics, values, void.and_then(Void::spoiled));
        let costs = self.calibration().and_then(|known| known.costs);
        let instrumentation = costs.map(|costs| instrumentation(&trace.borrow(), &samples, &costs, scale));
        let measurement = Measurement {
            trace,
            scale,
            place,
            is_unclean,
            metrics: Some(metrics),
            lints,
            probes: Probes::of(samples, scale),
            instrumentation,
            void,
            index: RefCell::default(),
        };
        self.measure(strategy, measurement);
    }

    /// The strategies with their predicted numbers.
    pub fn predicted_scores(&self) -> Vec<Scored<'_>> {
        self.rows.iter().filter_map(|row| Some((row.strategy, &row.prediction.as_ref()?.metrics))).collect()
    }

    /// The strategies with their measured numbers; nothing unless all were measured.
    fn measured_scores(&self) -> Option<Vec<Scored<'_>>> {
        // What this browser cannot run does not keep the others from being compared.
        let scores = self.runnable().map(|row| Some((row.strategy, row.measurement.as_ref()?.valid()?)));
        scores.collect::<Option<Vec<_>>>().filter(|scores| !scores.is_empty())
    }

    /// The rows that this browser can run where live runs take place.
    pub fn runnable(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| self.missing(row.strategy).is_none())
    }

    /// The way to yield that a strategy cannot do without and that this browser does not have there.
    pub fn missing(&self, strategy: &Strategy) -> Option<YieldWith> {
        let chosen = self.address.values.iter().find(|(param, _)| param.key == "yield_with");
        let chosen = chosen.and_then(|(_, choice)| YieldWith::ALL.get((choice as usize).checked_sub(1)?));
        let needed = match strategy.needs {
            Need::Yield(with) => Some(with),
            Need::ChosenYield => chosen.copied(),
            Need::Nothing | Need::Workers(_) => None,
        };
        needed.filter(|with| !self.browser.has(*with, self.address.place))
    }

    /// Whether a race of all that is shown has fewer cores than strategies: then they slow each other down.
    pub fn is_unclean(&self) -> bool {
        self.address.place == Place::Race && self.browser.cores < self.runnable().count()
    }

    /// Whether anything of what is shown was measured.
    pub fn is_measured(&self) -> bool {
        self.rows.iter().any(|row| row.measurement.is_some())
    }

    /// What a live run would be like.
    pub fn plan(&self) -> Result<Plan, Refusal> {
        plan(&self.predicted_scores(), self.address.scale, self.address.place)
    }

    /// What the numbers say, and whether they were measured.
    pub fn verdict(&self) -> (Vec<Claim>, bool) {
        match self.measured_scores() {
            Some(scores) => {
                let runs: Vec<_> = self.rows.iter().filter_map(Row::compared).collect();
                (orders(&runs).map_or_else(|| verdict(&scores), |claim| vec![claim]), true)
            }
            None => (verdict(&self.predicted_scores()), false),
        }
    }

    /// What stands out in the runs that the verdict is about: each kind once, with all who show it.
    ///
    /// What spoiled a measurement is told where its result would stand. That a turn is long goes without saying
    /// where it is said why.
    pub fn lints(&self) -> Vec<(LintKind, Vec<(&'static Strategy, Lint)>)> {
        let is_measured = self.measured_scores().is_some();
        let of_row = |row: &Row| match is_measured {
            true => row.measurement.as_ref().map(|one| one.lints.clone()),
            false => row.prediction.as_ref().map(|one| one.lints.clone()),
        };
        let mut found = Vec::new();
        for row in &self.rows {
            let lints = of_row(row).unwrap_or_default();
            let has_cause =
                lints.iter().any(|one| matches!(one.kind, LintKind::NeverYielded | LintKind::OnlyMicrotasks));
            let goes_without_saying =
                |one: &Lint| one.kind.is_spoiled() || (has_cause && one.kind == LintKind::LoopBlocked);
            let told = lints.into_iter().filter(|one| !goes_without_saying(one));
            found.extend(told.map(|lint| (row.strategy, lint)));
        }
        let of_kind = |kind: LintKind| found.iter().filter(move |(_, lint)| lint.kind == kind).copied();
        let merged = LintKind::ALL.map(|kind| (kind, of_kind(kind).collect::<Vec<_>>()));
        merged.into_iter().filter(|(_, lints)| !lints.is_empty()).collect()
    }

    /// A published result for the scenario shown, and ours beside it.
    pub fn published(&self) -> Option<(Published, f64)> {
        let scenario = self.address.scenario?;
        let is_unchanged = self.address.values == self.address.values.lab().values_of(scenario);
        let published = scenario.published.filter(|_| is_unchanged)?;
        let scores = self.predicted_scores();
        let of =
            |id: &str| scores.iter().find(|(strategy, _)| strategy.id == id).map(|(_, metrics)| *metrics);
        Some((published, of(published.strategy)?.speed_up(of(published.baseline)?)?))
    }

    /// The end of the shared time axis: the longest time that anything takes.
    pub fn axis_end(&self) -> Nanos {
        let measured = |row: &Row| row.measurement.as_ref().map(|one| one.trace.borrow().end());
        let predicted = |row: &Row| row.prediction.as_ref().map(|one| one.metrics.makespan);
        let ends = self.rows.iter().flat_map(|row| [predicted(row), measured(row)]).flatten();
        ends.max().unwrap_or_default().max(Nanos(1_000))
    }

    /// The result for other programs.
    pub fn summary(&self) -> Summary {
        let measured = |row: &Row| {
            let one = row.measurement.as_ref()?;
            let metrics = one.metrics.clone()?;
            let was_stopped = one.trace.borrow().outcome() == Some(Outcome::Cancelled);
            let void = one.void.map(Void::id).or(was_stopped.then_some("stopped"));
            Some(Measured {
                metrics,
                run_on: one.place.run_on(),
                unclean: one.is_unclean,
                scale: one.scale,
                instrumentation: one.instrumentation,
                probes: one.probes,
                void,
            })
        };
        let rows = self.rows.iter().filter_map(|row| {
            Some((row.strategy, row.prediction.as_ref()?.metrics.clone(), measured(row), row.lints()))
        });
        Summary::new(&self.address, self.environment.clone(), rows)
    }
}

/// A machine that computes slower or faster than this, of its calibrated speed, was busy with something else
/// during the run, or while it was calibrated.
const UNDISTURBED: RangeInclusive<f64> = 0.8..=1.25;

/// The same for several threads at once, whose speed depends on how the machine spreads them.
const UNDISTURBED_THREADS: RangeInclusive<f64> = 0.6..=1.6;

/// Less computing than this, in real time, tells nothing about the machine.
const LEAST_CPU: Nanos = Nanos(20_000_000);

/// The same work is predicted and measured, so the times of its computing tell how fast the machine was.
fn is_disturbed(row: &Row, measured: &Metrics, scale: f64) -> bool {
    let prediction = row.prediction.as_ref().filter(|_| measured.is_complete());
    let Some(prediction) = prediction else { return false };
    let speed = prediction.metrics.cpu.0 as f64 / measured.cpu.0.max(1) as f64;
    let range =
        if matches!(row.strategy.needs, Need::Workers(_)) { UNDISTURBED_THREADS } else { UNDISTURBED };
    measured.cpu.scaled(scale) >= LEAST_CPU && !range.contains(&speed)
}

/// The part of a run that went into watching it: so much for each thing recorded, and for each look of a probe.
fn instrumentation(trace: &Trace, samples: &Samples, costs: &Costs, scale: f64) -> f64 {
    let recorded = trace.spans().len() + trace.marks().len() + trace.samples().len() + trace.wakeups().len();
    let looks = samples.timer_lag.len() + samples.outside_lag.len();
    let spent = costs.record.0 as f64 * recorded as f64 + costs.probe.0 as f64 * looks as f64;
    spent / trace.end().scaled(scale).0.max(1) as f64
}
