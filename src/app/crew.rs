//! The workers of a live run, and what comes back from them. Knows workers, not the page.

use browser_clock::epoch_ms;
use engine::browser::{Calibration, Depth};
use engine::probes::PERIOD_MS;
use futures_lite::future::or;
use gloo_timers::callback::Interval;
use gloo_timers::future::TimeoutFuture;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::worker::host::{Word, Worker};
use crate::worker::messages::{Command, Report};

/// What may happen next.
#[derive(Debug)]
pub enum News {
    /// The worker of this number said something.
    Heard(usize, Word),
    /// The reader has stopped the run.
    Stopped,
    /// Nothing was heard of anybody for too long.
    Silence,
}

/// Workers that stand ready. Dropping them ends them, whatever they are doing.
pub struct Crew {
    workers: Vec<Worker>,
    sender: UnboundedSender<News>,
    news: UnboundedReceiver<News>,
}

/// Stops whoever waits for news of a crew.
#[derive(Clone)]
pub struct StopSignal(UnboundedSender<News>);

impl StopSignal {
    /// Gives the signal.
    pub fn stop(&self) {
        // A crew that is gone needs no stopping.
        let _ = self.0.send(News::Stopped);
    }
}

impl Crew {
    /// Starts so many workers.
    ///
    /// # Errors
    /// When the browser refuses a worker.
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

    /// What stops a wait for news.
    pub fn stop_signal(&self) -> StopSignal {
        StopSignal(self.sender.clone())
    }

    /// Gives the worker of this number a command.
    pub fn command(&self, number: usize, command: &Command) {
        if let Some(worker) = self.workers.get(number) {
            worker.command(command);
        }
    }

    /// Waits for news, at most `patience_ms`.
    pub async fn next(&mut self, patience_ms: u32) -> News {
        let news = async { self.news.recv().await.unwrap_or(News::Stopped) };
        or(news, async {
            TimeoutFuture::new(patience_ms).await;
            News::Silence
        })
        .await
    }

    /// How fast the first worker computes and, if asked for, what its event loop costs; nothing when it was
    /// stopped meanwhile.
    ///
    /// # Errors
    /// When the worker breaks or falls silent.
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

    /// Sends all of them a message every so often, for as long as it is kept: how long each takes to be taken
    /// in shows how the worker's loop looks from outside.
    pub fn ping(&self) -> Interval {
        let ports: Vec<_> = self.workers.iter().map(Worker::port).collect();
        Interval::new(PERIOD_MS, move || {
            for port in &ports {
                port.command(&Command::Ping { sent_ms: epoch_ms() });
            }
        })
    }
}
