//! All that the page shows, and what each action does to it. Plain data: no browser, no components.

use std::cell::RefCell;
use std::rc::Rc;

use crate::address::{Address, Notice, Theme};
use crate::i18n::Language;
use crate::lab::{Published, Scenario, Strategy};
use crate::metrics::Metrics;
use crate::plan::{Plan, Refusal, plan};
use crate::predict::predict;
use crate::runtime::YieldWith;
use crate::runtime::event_loop::Conditions;
use crate::runtime::virtual_clock::Run;
use crate::summary::{Environment, Measured, Probes, Summary};
use crate::trace::{Nanos, Outcome, Trace};
use crate::verdict::{Claim, Scored, disturbance, verdict};

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

/// What a strategy would do.
#[derive(Debug)]
pub struct Prediction {
    /// The trace on the virtual clock.
    pub trace: Trace,
    /// Its numbers.
    pub metrics: Metrics,
    /// Whether it would be another at another time scale.
    depends_on_scale: bool,
}

/// What a strategy did.
#[derive(Debug)]
pub struct Measurement {
    /// The trace on the browser's clock; it grows while the run lasts.
    pub trace: SharedTrace,
    /// Real time per lab time.
    pub scale: f64,
    /// Its numbers, once the run is over.
    pub metrics: Option<Metrics>,
    /// Why it does not count, if it does not.
    pub void: Option<Void>,
}

impl Measurement {
    /// The numbers, if the run is over, did all its work and counts.
    pub fn valid(&self) -> Option<&Metrics> {
        self.metrics.as_ref().filter(|metrics| self.void.is_none() && metrics.is_complete())
    }
}

/// Why a measurement does not count.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Void {
    /// The tab was hidden during the run.
    Hidden,
    /// The clock's step is too large for so short a run.
    CoarseClock,
}

impl Void {
    /// Its name in the summary.
    pub fn id(self) -> &'static str {
        match self {
            Void::Hidden => "hidden",
            Void::CoarseClock => "coarse-clock",
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
        matches!(self, Phase::Calibrating | Phase::Running(_))
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
    /// The browser refused something that the run needs.
    Browser(String),
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
    /// Back to the lab's defaults.
    Reset,
    /// Show a strategy, or do not.
    ToggleStrategy(&'static Strategy),
    /// Choose the speed of live runs.
    SetScale(Option<f64>),
    /// Choose the language.
    SetLanguage(Language),
    /// Choose the colours; nothing: the system's.
    SetTheme(Option<Theme>),
    /// Take note of a notice by removing it.
    DismissNotice(usize),
    /// Make the next prediction that is missing.
    PredictNext,
    /// A live run begins.
    StartRun,
    /// A live run cannot go on.
    FailRun(Failure),
    /// The browser is calibrated.
    SetEnvironment(Environment),
    /// A strategy of a live run begins; its trace will grow.
    BeginStrategy(&'static Strategy, SharedTrace, f64),
    /// A strategy of a live run is over.
    EndStrategy(&'static Strategy, Option<Void>),
    /// A live run is over, at its end or by the reader's wish.
    EndRun(Phase),
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
    /// The strategies shown.
    pub rows: Vec<Row>,
    /// How many rows, from the first, have the prediction for the values shown.
    pub predicted: usize,
    /// Where a live run stands.
    pub phase: Phase,
    /// Where measurements are made, once known.
    pub environment: Option<Environment>,
    /// The time scale that predictions are made for: the browser's own periods (its clamp, its
    /// frames) do not scale, so they weigh more in a faster run.
    scale: f64,
    /// How often predictions may still be made anew because the automatic scale has changed.
    passes_left: u32,
    /// The kindest way to yield of this browser; predictions use it too.
    kindest_yield: YieldWith,
    /// The language of the browser.
    browser_language: Language,
}

impl State {
    /// The page at an address, in a browser of this language with this kindest yield.
    pub fn new(query: &str, browser_language: Language, kindest_yield: YieldWith) -> State {
        let (address, notices) = Address::parse(query);
        let mut state = State {
            address: Address::of(address.values.lab()),
            notices: Vec::new(),
            language: browser_language,
            rows: Vec::new(),
            predicted: 0,
            phase: Phase::Idle,
            environment: None,
            scale: 1.0,
            passes_left: 0,
            kindest_yield,
            browser_language,
        };
        state.apply(Action::Open(address, notices));
        state
    }

    /// Does what the action says.
    pub fn apply(&mut self, action: Action) {
        match action {
            Action::Open(address, notices) => {
                self.address = address;
                self.notices = notices;
                self.language = self.address.language.unwrap_or(self.browser_language);
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
            Action::Reset => {
                let Address { language, theme, .. } = self.address;
                self.address = Address { language, theme, ..Address::of(self.address.values.lab()) };
                self.restart();
            }
            Action::ToggleStrategy(strategy) => self.toggle(strategy),
            Action::SetScale(scale) => {
                self.address.scale = scale;
                self.restart();
            }
            Action::SetLanguage(language) => {
                self.address.language = Some(language);
                self.language = language;
            }
            Action::SetTheme(theme) => self.address.theme = theme,
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
                self.phase = Phase::Running(strategy);
                self.measure(strategy, Measurement { trace, scale, metrics: None, void: None });
            }
            Action::EndStrategy(strategy, void) => self.end_strategy(strategy, void),
            Action::EndRun(phase) => self.phase = phase,
        }
    }

    /// The values changed: what was predicted and measured no longer holds.
    fn restart(&mut self) {
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
        let conditions = Conditions {
            scale: self.scale,
            has_timer_step: true,
            kindest_yield: self.kindest_yield,
            ..Conditions::IDEAL
        };
        let values = &self.address.values;
        let Some(row) = self.rows.get_mut(self.predicted) else { return };
        let Run { trace, depends_on_scale } = predict(row.strategy, values, conditions);
        let metrics = Metrics::of(&trace, values);
        row.prediction = Some(Rc::new(Prediction { trace, metrics, depends_on_scale }));
        self.predicted += 1;
        if self.is_predicted() {
            self.settle_scale();
        }
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

    fn end_strategy(&mut self, strategy: &'static Strategy, void: Option<Void>) {
        let Some(row) = self.rows.iter().find(|row| row.strategy == strategy) else {
            return;
        };
        let Some(running) = row.measurement.clone() else {
            return;
        };
        let metrics = Metrics::of(&running.trace.borrow(), &self.address.values);
        let trace = running.trace.clone();
        self.measure(strategy, Measurement { trace, scale: running.scale, metrics: Some(metrics), void });
    }

    /// The strategies with their predicted numbers.
    pub fn predicted_scores(&self) -> Vec<Scored<'_>> {
        self.rows.iter().filter_map(|row| Some((row.strategy, &row.prediction.as_ref()?.metrics))).collect()
    }

    /// The strategies with their measured numbers; nothing unless all were measured.
    fn measured_scores(&self) -> Option<Vec<Scored<'_>>> {
        self.rows.iter().map(|row| Some((row.strategy, row.measurement.as_ref()?.valid()?))).collect()
    }

    /// Whether anything of what is shown was measured.
    pub fn is_measured(&self) -> bool {
        self.rows.iter().any(|row| row.measurement.is_some())
    }

    /// What a live run would be like.
    pub fn plan(&self) -> Result<Plan, Refusal> {
        plan(&self.predicted_scores(), self.address.scale)
    }

    /// What the numbers say, and whether they were measured.
    pub fn verdict(&self) -> (Vec<Claim>, bool) {
        match self.measured_scores() {
            Some(scores) => {
                let runs = self.rows.iter().filter_map(|row| {
                    Some((
                        row.strategy,
                        &row.prediction.as_ref()?.metrics,
                        row.measurement.as_ref()?.valid()?,
                    ))
                });
                (verdict(&scores).into_iter().chain(disturbance(runs)).collect(), true)
            }
            None => (verdict(&self.predicted_scores()), false),
        }
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
            Some(Measured { metrics, run_on: "page", scale: one.scale, probes: Probes::default(), void })
        };
        let rows = self
            .rows
            .iter()
            .filter_map(|row| Some((row.strategy, row.prediction.as_ref()?.metrics.clone(), measured(row))));
        Summary::new(&self.address, self.environment.clone(), rows)
    }
}
