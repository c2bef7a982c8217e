//! The workers of a live run, and their reports. Knows workers, not the page.

use browser_clock::epoch_ms;
use engine::browser::{Calibration, Depth};
use engine::probes::PERIOD_MS;
use futures_lite::future::or;
use gloo_timers::callback::Interval;
use gloo_timers::future::TimeoutFuture;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::worker::host::{Word, Worker};
use crate::worker::messages::{Command, Report};

/// News of a crew.
#[derive(Debug)]
pub enum News {
    /// Something came from the worker with this number.
    Heard(usize, Word),
    /// The run was stopped.
    Stopped,
    /// No worker has reported anything for too long.
    Silence,
}

/// Workers that take commands. Dropping the crew ends them, whatever they are doing.
pub struct Crew {
    workers: Vec<Worker>,
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
        Ok(Crew { workers, sender, news })
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

    /// Waits for news, for at most `patience_ms` real milliseconds.
    pub async fn next(&mut self, patience_ms: u32) -> News {
        let news = async { self.news.recv().await.unwrap_or(News::Stopped) };
        or(news, async {
            TimeoutFuture::new(patience_ms).await;
            News::Silence
        })
        .await
    }

    /// Has the first worker measure how fast it computes and, if asked for, what its event loop costs. `None`
    /// if it was stopped meanwhile.
    ///
    /// # Errors
    /// If the worker breaks or falls silent.
    pub async fn calibrate(&mut self, depth: Depth) -> Result<Option<Calibration>, String> {
        const PATIENCE_MS: u32 = 20_000;
        self.command(0, &Command::Calibrate(depth));
        loop {
            match self.next(PATIENCE_MS).await {
                News::Heard(_, Word::Report(Report::Calibrated(calibration))) => {
                    return Ok(Some(*calibration));
                }
                News::Heard(_, Word::Report(_)) => {}
                News::Heard(_, Word::Broke(reason)) => return Err(reason),
                News::Stopped => return Ok(None),
                News::Silence => return Err(String::new()),
            }
        }
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
