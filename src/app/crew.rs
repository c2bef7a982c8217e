//! The workers of a live run, and their reports. Knows workers, not the page.

use browser_clock::epoch_ms;
use engine::browser::{Calibration, Depth};
use engine::probes::PERIOD_MS;
use futures_lite::future::or;
use gloo_timers::callback::Interval;
use gloo_timers::future::TimeoutFuture;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::worker::guest::ALIVE_MS;
use crate::worker::host::{Word, Worker};
use crate::worker::messages::{Command, Report};

/// News of a crew.
#[derive(Debug)]
pub enum News {
    /// Something came from the worker with this number.
    Heard(usize, Word),
    /// The run was stopped.
    Stopped,
    /// Nothing was heard of the worker of this number for too long.
    Silent(usize),
    /// Another stretch of time is over, in which every worker should have said something.
    Beat,
}

/// A worker of which nothing was heard for more beats than this gives no sign of life any more.
const MOST_SILENT: u32 = 3;

/// A calibration takes some seconds; one that is not done by then never will be.
const CALIBRATION_MS: u32 = 20_000;

/// Workers that stand ready. Dropping them ends them, whatever they are doing.
pub struct Crew {
    workers: Vec<Worker>,
    /// For how many beats nothing was heard of each of them.
    silent: Vec<u32>,
    _heart: Interval,
    sender: UnboundedSender<News>,
    news: UnboundedReceiver<News>,
}

/// Stops a wait for news of a crew.
#[derive(Clone)]
pub struct StopSignal(UnboundedSender<News>);

impl StopSignal {
    /// Gives the signal.
    pub fn stop(&self) {
        // An error means that the crew is gone, so there is nothing to stop.
        let _ = self.0.send(News::Stopped);
    }
}

impl Crew {
    /// Starts this many workers.
    ///
    /// # Errors
    /// If the browser refuses a worker.
    pub async fn start(size: usize) -> Result<Crew, String> {
        let (sender, news) = unbounded_channel();
        let mut workers = Vec::new();
        for number in 0..size {
            let sender = sender.clone();
            let hear = move |word| drop(sender.send(News::Heard(number, word)));
            workers.push(Worker::start(Box::new(hear)).await?);
        }
        let beat = sender.clone();
        let _heart = Interval::new(ALIVE_MS, move || drop(beat.send(News::Beat)));
        Ok(Crew { silent: vec![0; workers.len()], workers, _heart, sender, news })
    }

    /// A signal that stops waits for news.
    pub fn stop_signal(&self) -> StopSignal {
        StopSignal(self.sender.clone())
    }

    /// Sends a command to the worker with this number.
    pub fn command(&self, number: usize, command: &Command) {
        if let Some(worker) = self.workers.get(number) {
            worker.command(command);
        }
    }

    /// Waits for news. A worker says that it is alive as often as the page's own heart beats: one that has missed some
    /// beats is broken, whatever it was told to do.
    pub async fn next(&mut self) -> News {
        loop {
            match self.news.recv().await.unwrap_or(News::Stopped) {
                News::Beat => {
                    self.silent.iter_mut().for_each(|beats| *beats += 1);
                    if let Some(number) = self.silent.iter().position(|beats| *beats > MOST_SILENT) {
                        return News::Silent(number);
                    }
                }
                News::Heard(number, word) => {
                    self.silent[number] = 0;
                    return News::Heard(number, word);
                }
                other => return other,
            }
        }
    }

    /// Has the first worker measure how fast it computes and, if asked for, what its event loop costs. `None`
    /// if it was stopped meanwhile.
    ///
    /// # Errors
    /// If the worker breaks, falls silent, or takes far too long.
    pub async fn calibrate(&mut self, depth: Depth) -> Result<Option<Calibration>, String> {
        self.command(0, &Command::Calibrate(depth));
        let calibrated = async {
            loop {
                match self.next().await {
                    News::Heard(_, Word::Report(Report::Calibrated(calibration))) => {
                        return Ok(Some(*calibration));
                    }
                    News::Heard(_, Word::Report(_)) | News::Beat => {}
                    News::Heard(_, Word::Broke(reason)) => return Err(reason),
                    News::Stopped => return Ok(None),
                    News::Silent(_) => return Err(String::new()),
                }
            }
        };
        let late = async {
            TimeoutFuture::new(CALIBRATION_MS).await;
            Err(String::new())
        };
        or(calibrated, late).await
    }

    /// Sends all workers a ping in every period of the probes, until dropped. How long a ping takes to arrive
    /// shows how late the worker's loop is for others.
    pub fn ping(&self) -> Interval {
        let ports: Vec<_> = self.workers.iter().map(Worker::port).collect();
        Interval::new(PERIOD_MS, move || {
            for port in &ports {
                port.command(&Command::Ping { sent_ms: epoch_ms() });
            }
        })
    }
}
