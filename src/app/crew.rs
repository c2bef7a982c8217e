//! The workers of a live run, and what comes back from them. Knows threads, not the page.

use futures_lite::future::or;
use gloo_timers::callback::Interval;
use gloo_timers::future::TimeoutFuture;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::orders::{Depth, Order, Report};
use crate::probes::PERIOD_MS;
use crate::runtime::browser_clock::epoch_ms;
use crate::runtime::costs::Calibration;
use crate::thread::{Thread, Word};

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
    threads: Vec<Thread>,
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
        let mut threads = Vec::new();
        for number in 0..size {
            let sender = sender.clone();
            let hear = move |word| drop(sender.send(News::Heard(number, word)));
            threads.push(Thread::start(Box::new(hear)).await?);
        }
        Ok(Crew { threads, sender, news })
    }

    /// What stops a wait for news.
    pub fn stop_signal(&self) -> StopSignal {
        StopSignal(self.sender.clone())
    }

    /// Gives the worker of this number an order.
    pub fn order(&self, number: usize, order: &Order) {
        if let Some(thread) = self.threads.get(number) {
            thread.order(order);
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
        self.order(0, &Order::Calibrate(depth));
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
        let ports: Vec<_> = self.threads.iter().map(Thread::port).collect();
        Interval::new(PERIOD_MS, move || {
            for port in &ports {
                port.order(&Order::Ping { sent_ms: epoch_ms() });
            }
        })
    }
}
