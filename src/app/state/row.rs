//! A strategy on the page: [`Row`], with its [`Prediction`] and its [`Measurement`].

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use engine::probes::Probes;
use engine::trace::{Nanos, Outcome, Trace};
use lab::lint::{Lint, Spoiled, lints};
use lab::metrics::Metrics;
use lab::{Strategy, Values};
use session::address::Place;
use session::protocol::{self, ClockedLint, Measured, Numbers};
use timeline::index::Index;
use timeline::picture::Layout;
use virtual_clock::Run;

/// A trace that may still grow.
pub type SharedTrace = Rc<RefCell<Trace>>;

/// A strategy on the page.
#[derive(Clone, Debug)]
pub struct Row {
    /// The strategy.
    pub strategy: &'static Strategy,
    /// Its prediction; until a new one is made, the old one.
    pub prediction: Option<Rc<Prediction>>,
    /// Its measurement, if it was run with the current values.
    pub measurement: Option<Rc<Measurement>>,
}

/// Rows are equal if they share the same prediction and measurement, not if these are equal in value.
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
    /// The predicted and the measured metrics, if there are both.
    pub(super) fn compared(&self) -> Option<(&'static Strategy, &Metrics, &Metrics)> {
        let predicted = &self.prediction.as_ref()?.metrics;
        Some((self.strategy, predicted, self.measurement.as_ref()?.valid()?))
    }

    /// The layout of its picture.
    pub fn layout(&self, shows_tasks: bool) -> Layout {
        let measured = self.measurement.as_ref().map(|one| one.index());
        Layout::of(self.prediction.as_ref().map(|one| one.index()), measured.as_deref(), shows_tasks)
    }

    /// Reads the trace that matters at a time: the measured one, as far as it goes, else the predicted one.
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

    /// The lints of its measurement, if that counts; otherwise those of its prediction, and what spoiled the
    /// measurement.
    pub(super) fn lints(&self) -> Vec<ClockedLint> {
        let measured = self.measurement.as_ref().map_or(&[][..], |one| &one.lints);
        let predicted = self.prediction.as_ref().map_or(&[][..], |one| &one.lints);
        let is_valid = self.measurement.as_ref().is_some_and(|one| one.valid().is_some());
        let counts = is_valid && !measured.iter().any(|lint| lint.kind().is_spoiled());
        let predicted = predicted.iter().filter(|_| !counts);
        let measured = measured.iter().filter(|lint| counts || lint.kind().is_spoiled());
        let of = |clock: &'static str| move |lint: &Lint| ClockedLint { clock, lint: *lint };
        measured.map(of("measured")).chain(predicted.map(of("predicted"))).collect()
    }
}

/// The prediction of a strategy.
#[derive(Debug)]
pub struct Prediction {
    /// The trace on the virtual clock.
    pub trace: Trace,
    /// Its metrics.
    pub metrics: Metrics,
    /// Its lints.
    pub lints: Vec<Lint>,
    /// Whether it might be different at another time scale.
    pub(super) depends_on_scale: bool,
    pub(super) index: OnceCell<Index>,
}

impl Prediction {
    /// What a run of `strategy` with these values comes to.
    pub fn of(strategy: &Strategy, values: &Values, Run { trace, depends_on_scale }: Run) -> Prediction {
        let metrics = Metrics::of(&trace, values);
        let lints = lints(strategy, &trace, &metrics, values, None);
        Prediction { trace, metrics, lints, depends_on_scale, index: OnceCell::new() }
    }

    /// Its trace, sorted for drawing at the first call.
    pub fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::of(&self.trace))
    }
}

/// The measurement of a strategy.
#[derive(Debug)]
pub struct Measurement {
    /// The trace on the browser's clock, which grows during the run.
    pub trace: SharedTrace,
    /// Real time per lab time.
    pub scale: f64,
    /// Where the run takes place.
    pub place: Place,
    /// Whether the strategies of a race had to share cores.
    pub is_unclean: bool,
    /// Its metrics, once the run has ended.
    pub metrics: Option<Metrics>,
    /// What the probes saw.
    pub probes: Probes,
    /// The fraction of the makespan that recording took; `None` without a calibration of the costs.
    pub instrumentation: Option<f64>,
    /// Its lints, once the run has ended.
    pub lints: Vec<Lint>,
    /// Why it does not count; `None` if it counts.
    pub void: Option<Void>,
    pub(super) index: RefCell<Option<(usize, Rc<Index>)>>,
}

impl Measurement {
    /// Its trace, sorted for drawing, and sorted again whenever it has grown.
    pub fn index(&self) -> Rc<Index> {
        let trace = self.trace.borrow();
        let size = trace.spans().len() + trace.marks().len() + trace.samples().len();
        // The only change may be that the trace is finished.
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

    /// The measurement for other programs; `None` before the run has ended.
    pub(super) fn summary(&self) -> Option<Measured> {
        let numbers = Numbers::of(self.metrics.as_ref()?);
        let void = self.void.map(Void::id).or(self.was_stopped().then_some("stopped"));
        Some(Measured {
            numbers,
            run_on: self.place.run_on(),
            unclean: self.is_unclean,
            scale: self.scale,
            instrumentation: self.instrumentation,
            probes: protocol::Probes::of(&self.probes),
            void,
        })
    }

    fn was_stopped(&self) -> bool {
        self.trace.borrow().outcome() == Some(Outcome::Cancelled)
    }

    /// The metrics of a run that counts and has ended by itself, with whatever outcome; `None` for others.
    pub fn valid(&self) -> Option<&Metrics> {
        self.metrics.as_ref().filter(|_| self.void.is_none() && !self.was_stopped())
    }
}

/// Why a measurement does not count.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Void {
    /// The tab was hidden during the run.
    Hidden,
    /// The clock's step is too large for such a short run.
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

    /// The reason as lints know it; `None` for a coarse clock, which is a fault of the browser, not of the
    /// run.
    pub(super) fn spoiled(self) -> Option<Spoiled> {
        match self {
            Void::Hidden => Some(Spoiled::Hidden),
            Void::Disturbed => Some(Spoiled::Disturbed),
            Void::CoarseClock => None,
        }
    }
}
