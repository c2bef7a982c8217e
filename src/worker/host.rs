//! The page's end of a worker: it gives commands and hears reports. Knows nothing of what they mean.

use browser_clock::thread::{self, Thread};

use super::messages::{Command, Report, decode, encode};

/// What comes back from a worker.
#[derive(Debug)]
pub enum Word {
    /// A report.
    Report(Report),
    /// It broke, for this reason. No more will come.
    Broke(String),
}

/// A worker. Dropping it ends it on the spot, whatever it is doing, and all workers that it has started.
pub struct Worker(Thread);

impl Worker {
    /// Starts a worker and waits until it takes commands; from then on `on_word` is told what comes back.
    ///
    /// # Errors
    /// When the browser refuses the worker, or it breaks before it is ready.
    pub async fn start(on_word: Box<dyn Fn(Word)>) -> Result<Worker, String> {
        let hear = move |word| match word {
            thread::Word::Said(bytes) => on_word(match decode(&bytes) {
                Ok(report) => Word::Report(report),
                Err(error) => Word::Broke(error.to_string()),
            }),
            thread::Word::Broke(reason) => on_word(Word::Broke(reason)),
            // A page has no computing done.
            thread::Word::Computed(_) => {}
        };
        Ok(Worker(Thread::start(Box::new(hear)).await?))
    }

    /// Gives it a command. A worker that no longer listens does nothing.
    pub fn command(&self, command: &Command) {
        self.port().command(command);
    }

    /// A way to give it commands that does not keep it.
    pub fn port(&self) -> Port {
        Port(self.0.port())
    }
}

/// The way to a worker.
pub struct Port(thread::Port);

impl Port {
    /// Gives the worker a command.
    pub fn command(&self, command: &Command) {
        self.0.tell(encode(command));
    }
}
