//! Live runs. Only this module starts and cancels them, and touches the browser clock.
//!
//! Measured work stays outside Yew's render queue: while a strategy runs, nothing is rendered. Only the
//! heartbeat moves, and now and then the running rows are repainted.

mod beside;
mod terms;
mod watch;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use browser_clock::thread::told;
use browser_clock::{BrowserRun, Probe};
use engine::browser::Depth;
use engine::probes::Samples;
use engine::trace::{Outcome, Trace};
use futures_lite::future::or;
use gloo_timers::future::TimeoutFuture;
use lab::Strategy;
use session::address::Place;
use wasm_bindgen_futures::spawn_local;

use self::beside::{Page, heartbeat, watcher};
pub use self::terms::cores;
use self::terms::{check, environment};
use self::watch::settle;
use super::crew::{Crew, News, StopSignal};
use super::memory;
use super::state::{Action, Failure, Phase, SharedTrace, Void};
use super::store::Store;
use super::sweeper::Sweeper;
use crate::live;
use crate::worker::host::Word;
use crate::worker::messages::{Command, Report};

/// The number of beats between two repaints of a row that runs on the page: painting takes time from the
/// strategy it shows.
const BEATS_PER_REPAINT: u32 = 3;

/// How often a run checks whether a large prediction is there that it needs.
const PREDICTION_POLL_MS: u32 = 20;

/// How often a run checks, while its workers start, whether it was stopped.
const STOP_POLL_MS: u32 = 50;

/// A run is void if the clock's step is more than this fraction of it.
const LARGEST_STEP_SHARE: f64 = 0.02;

/// How often a strategy is measured, at most, if the machine is busy with something else each time.
const MOST_ATTEMPTS: usize = 3;

/// Starts and cancels live runs. A cheap-clone handle.
#[derive(Clone)]
pub struct Runner(Rc<Inner>);

type Painter = Rc<dyn Fn()>;

struct Inner {
    store: Store,
    /// The run of the current strategy, if it is on the page.
    current: RefCell<Option<BrowserRun>>,
    /// Stops the wait for workers, if there is one.
    stop_signal: RefCell<Option<StopSignal>>,
    is_live: Cell<bool>,
    is_cancelled: Cell<bool>,
    was_hidden: Cell<bool>,
    /// Repaints the rows that have changed.
    painter: RefCell<Option<Painter>>,
    sweeper: Sweeper,
    /// Those who wait for the end of the run.
    waiting: RefCell<Vec<tokio::sync::oneshot::Sender<()>>>,
}

impl PartialEq for Runner {
    fn eq(&self, other: &Runner) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Runner {
    /// A runner that dispatches to `store`.
    pub fn new(store: Store) -> Runner {
        Runner(Rc::new(Inner {
            store,
            current: RefCell::default(),
            stop_signal: RefCell::default(),
            is_live: Cell::new(false),
            is_cancelled: Cell::new(false),
            was_hidden: Cell::new(false),
            painter: RefCell::default(),
            sweeper: Sweeper::default(),
            waiting: RefCell::default(),
        }))
    }

    /// Starts a live run of all strategies shown. Does nothing during a run.
    pub fn start(&self) {
        let runner = self.clone();
        spawn_local(async move { runner.run().await });
    }

    /// Starts a live run, or joins the current one, and waits for its end.
    pub async fn run(&self) {
        if self.0.is_live.replace(true) {
            return self.ended().await;
        }
        self.0.is_cancelled.set(false);
        self.0.was_hidden.set(false);
        self.predicted().await;
        match check(&self.0.store.state()) {
            Ok(_) => {
                self.0.store.dispatch(Action::StartRun);
                let phase = match self.run_all().await {
                    _ if self.0.was_hidden.get() => Phase::Failed(Failure::Hidden),
                    _ if self.0.is_cancelled.get() => Phase::Stopped,
                    Err(failure) => Phase::Failed(failure),
                    Ok(()) => Phase::Finished,
                };
                self.0.store.dispatch(Action::EndRun(phase));
            }
            Err(failure) => self.0.store.dispatch(Action::FailRun(failure)),
        }
        drop(self.0.stop_signal.take());
        self.0.is_live.set(false);
        for waiting in self.0.waiting.take() {
            // An error means that nobody is waiting any more.
            let _ = waiting.send(());
        }
    }

    /// Waits until there is no live run.
    async fn ended(&self) {
        if self.0.is_live.get() {
            let (sender, receiver) = tokio::sync::oneshot::channel();
            self.0.waiting.borrow_mut().push(sender);
            // The sender is kept until the run has ended.
            let _ = receiver.await;
        }
    }

    /// Stops the live run, if there is one, and waits until it has ended.
    pub async fn halt(&self) {
        self.stop();
        self.ended().await;
    }

    /// Stops the live run and the sweep, if there are any. Only what was measured is kept.
    pub fn stop(&self) {
        self.0.sweeper.stop();
        self.0.is_cancelled.set(true);
        if let Some(run) = &*self.0.current.borrow() {
            run.cancel();
        }
        if let Some(signal) = &*self.0.stop_signal.borrow() {
            signal.stop();
        }
    }

    /// The maker of sweeps.
    pub fn sweeper(&self) -> &Sweeper {
        &self.0.sweeper
    }

    /// Sets how to repaint the running rows.
    pub fn set_painter(&self, painter: Rc<dyn Fn()>) {
        self.0.painter.replace(Some(painter));
    }

    fn paint(&self) {
        let painter = self.0.painter.borrow().clone();
        if let Some(paint) = painter {
            paint();
        }
    }

    /// Waits until everything is predicted.
    async fn predicted(&self) {
        while !self.0.store.state().is_predicted() {
            TimeoutFuture::new(PREDICTION_POLL_MS).await;
        }
    }

    async fn run_all(&self) -> Result<(), Failure> {
        let runner = self.clone();
        let _visibility = watch::visibility(move || {
            runner.0.was_hidden.set(true);
            runner.stop();
        });
        let state = self.0.store.state();
        let strategies: Vec<_> = state.runnable().map(|row| row.strategy).collect();
        let page = Page::watch();
        settle().await;
        let place = state.address.place;
        let mut host = match place {
            Place::Page => Host::Page,
            Place::Worker => Host::Crew(self.crew(1).await?),
            Place::Race => Host::Crew(self.crew(strategies.len()).await?),
        };
        let Some(blocks_per_ms) = self.calibrate(&mut host, self.depth()).await? else { return Ok(()) };
        let scale = check(&self.0.store.state())?;
        let mut run = Run { page, scale, blocks_per_ms };
        match &mut host {
            Host::Crew(crew) if place == Place::Race => self.run_in_crew(crew, &strategies, &run).await,
            host => self.run_in_turn(host, &strategies, &mut run).await,
        }
    }

    /// Runs one strategy after another. Each is repeated, after another calibration, while the machine is
    /// busy with something else (at most [`MOST_ATTEMPTS`] times).
    async fn run_in_turn(
        &self,
        host: &mut Host,
        strategies: &[&'static Strategy],
        run: &mut Run,
    ) -> Result<(), Failure> {
        for strategy in strategies {
            for _ in 0..MOST_ATTEMPTS {
                if self.0.is_cancelled.get() {
                    return Ok(());
                }
                match host {
                    Host::Page => self.run_on_page(strategy, run).await?,
                    Host::Crew(crew) => self.run_in_crew(crew, &[*strategy], run).await?,
                }
                if !self.was_disturbed(strategy) {
                    break;
                }
                match self.calibrate(host, Depth::Speed).await? {
                    Some(blocks_per_ms) => run.blocks_per_ms = blocks_per_ms,
                    None => return Ok(()),
                }
            }
        }
        Ok(())
    }

    /// Starts workers. Fails if the run is stopped before they are ready.
    async fn crew(&self, size: usize) -> Result<Crew, Failure> {
        let stopped = async {
            while !self.0.is_cancelled.get() {
                TimeoutFuture::new(STOP_POLL_MS).await;
            }
            Err(String::new())
        };
        let crew = or(Crew::start(size), stopped).await.map_err(Failure::NoWorker)?;
        self.0.stop_signal.replace(Some(crew.stop_signal()));
        if self.0.is_cancelled.get() {
            self.stop();
        }
        Ok(crew)
    }

    /// Calibrates the place of the run, dispatches the result, and waits for the predictions that depend on
    /// it. Returns the speed of the CPU kernel; `None` if it was stopped meanwhile.
    async fn calibrate(&self, host: &mut Host, depth: Depth) -> Result<Option<f64>, Failure> {
        let calibration = match host {
            Host::Crew(crew) => crew.calibrate(depth).await.map_err(Failure::Uncalibrated)?,
            Host::Page => browser_clock::calibrate(depth, &|| !self.0.is_cancelled.get()).await,
        };
        let Some(calibration) = calibration else { return Ok(None) };
        let store = &self.0.store;
        let place = store.state().address.place;
        let blocks_per_ms = calibration.blocks_per_ms;
        if blocks_per_ms <= 0.0 {
            return Err(Failure::CoarseClock);
        }
        if calibration.costs.is_some() {
            memory::keep_calibration(place, &calibration);
        }
        store.dispatch(Action::Calibrate(place, calibration));
        // Including the costs, which may have been known before.
        if let Some(known) = store.state().calibration().cloned() {
            store.dispatch(Action::SetEnvironment(environment(known)));
        }
        self.predicted().await;
        Ok(Some(blocks_per_ms))
    }

    /// All costs are measured once and stored; the speed of computing is measured each time.
    fn depth(&self) -> Depth {
        let state = self.0.store.state();
        let is_known = state.calibration().is_some_and(|known| known.costs.is_some());
        if is_known && !state.is_calibration_due { Depth::Speed } else { Depth::All }
    }

    fn was_disturbed(&self, strategy: &Strategy) -> bool {
        let state = self.0.store.state();
        let row = state.rows.iter().find(|row| row.strategy == strategy);
        row.and_then(|row| row.measurement.as_ref()?.void) == Some(Void::Disturbed)
    }

    /// Runs these strategies at the same time, each in the worker with its number.
    async fn run_in_crew(
        &self,
        crew: &mut Crew,
        strategies: &[&'static Strategy],
        run: &Run,
    ) -> Result<(), Failure> {
        let Run { page, scale, blocks_per_ms } = run;
        let (scale, blocks_per_ms) = (*scale, *blocks_per_ms);
        let store = &self.0.store;
        let query = store.state().address.to_query();
        let traces: Vec<SharedTrace> = strategies.iter().map(|_| SharedTrace::default()).collect();
        for (strategy, trace) in strategies.iter().zip(&traces) {
            store.dispatch(Action::BeginStrategy(strategy, trace.clone(), scale));
        }
        settle().await; // the page is painted and at rest before the clock starts
        page.forget();
        for (number, strategy) in strategies.iter().enumerate() {
            let (query, strategy) = (query.clone(), strategy.id.to_string());
            crew.command(number, &Command::Run { query, strategy, scale, blocks_per_ms });
        }
        let _pings = crew.ping();
        let _heartbeat = heartbeat(self.clone(), None);
        let mut n_running = strategies.len();
        while n_running > 0 {
            match crew.next().await {
                News::Heard(number, Word::Report(Report::Recorded(part))) => {
                    traces[number].borrow_mut().append(part);
                    self.paint();
                }
                News::Heard(number, Word::Report(Report::Ended(samples))) => {
                    n_running -= 1;
                    let void = self.void(&traces[number].borrow(), scale);
                    let samples = page.add_to(samples);
                    store.dispatch(Action::EndStrategy(strategies[number], samples, void));
                }
                News::Heard(_, Word::Report(_)) | News::Beat => {}
                News::Heard(number, Word::Broke(reason)) => {
                    self.cut_off(strategies, &traces);
                    return Err(Failure::Crashed(strategies[number], reason));
                }
                News::Silent(number) => {
                    self.cut_off(strategies, &traces);
                    return Err(Failure::Hung(strategies[number]));
                }
                News::Stopped => {
                    self.cut_off(strategies, &traces);
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Ends the strategies that are still running, with what was recorded of them so far.
    fn cut_off(&self, strategies: &[&'static Strategy], traces: &[SharedTrace]) {
        for (strategy, trace) in strategies.iter().zip(traces) {
            let is_open = trace.borrow().outcome().is_none();
            if is_open {
                let end = trace.borrow().end();
                trace.borrow_mut().finish(end, Outcome::Cancelled);
                let void = self.0.was_hidden.get().then_some(Void::Hidden);
                self.0.store.dispatch(Action::EndStrategy(strategy, Samples::default(), void));
            }
        }
    }

    async fn run_on_page(&self, strategy: &'static Strategy, run: &Run) -> Result<(), Failure> {
        let Run { page, scale, blocks_per_ms } = run;
        let crashed = |reason: String| Failure::Crashed(strategy, reason);
        let store = &self.0.store;
        let values = store.state().address.values.clone();
        let browser_run = live::prepare(strategy, &values, *scale, *blocks_per_ms).await;
        let mut browser_run = browser_run.map_err(|error| crashed(told(&error)))?;
        let trace = browser_run.trace();
        store.dispatch(Action::BeginStrategy(strategy, trace.clone(), *scale));
        let probe = Rc::new(RefCell::new(None));
        let watcher = watcher(&probe).await;
        settle().await; // the page is painted and at rest before the clock starts
        page.forget();
        probe.replace(Some(Probe::start().map_err(|error| crashed(told(&error)))?));
        let _heartbeat = heartbeat(self.clone(), Some(BEATS_PER_REPAINT));
        let finished = browser_run.finished();
        browser_run.start().map_err(|error| crashed(told(&error)))?;
        self.0.current.replace(Some(browser_run));
        if self.0.is_cancelled.get() {
            self.stop();
        }
        finished.await;
        let browser_run = self.0.current.take();
        // Pings that came while the run held the thread are still in the queue.
        TimeoutFuture::new(1).await;
        drop(watcher);
        let samples = probe.take().map(Probe::finish).unwrap_or_default();
        let void = self.void(&trace.borrow(), *scale);
        store.dispatch(Action::EndStrategy(strategy, page.add_to(samples), void));
        match browser_run.and_then(|run| run.broken()) {
            Some(reason) => Err(crashed(reason)),
            None => Ok(()),
        }
    }

    /// Why a run with this trace does not count; `None` if it counts, as far as the page can tell.
    fn void(&self, trace: &Trace, scale: f64) -> Option<Void> {
        let real_ms = trace.end().as_ms() * scale;
        let is_coarse = browser_clock::clock_step_ms() > LARGEST_STEP_SHARE * real_ms;
        if self.0.was_hidden.get() { Some(Void::Hidden) } else { is_coarse.then_some(Void::CoarseClock) }
    }
}

/// Where the strategies of a live run take place.
enum Host {
    Page,
    Crew(Crew),
}

/// What all strategies of a live run have in common.
struct Run {
    page: Page,
    /// Real time per lab time.
    scale: f64,
    /// The speed of the CPU kernel.
    blocks_per_ms: f64,
}
