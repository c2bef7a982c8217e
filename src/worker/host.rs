//! The page's end of a worker: sends commands and receives reports. Knows nothing of what they mean.

use browser_clock::thread::{self, Thread};

use super::messages::{Command, Report, decode, encode};

/// What comes back from a worker.
#[derive(Debug)]
pub enum Word {
    /// A report.
    Report(Report),
    /// The worker broke, for this reason. Nothing more will come.
    Broke(String),
}

/// A worker. Dropping it ends the worker at once, whatever it is doing, and all workers that it has started.
pub struct Worker(Thread);

impl Worker {
    /// Starts a worker and waits until it takes commands. `on_word` is called with everything that comes
    /// back.
    ///
    /// # Errors
    /// If the browser refuses the worker, or the worker breaks before it is ready.
    pub async fn start(on_word: Box<dyn Fn(Word)>) -> Result<Worker, String> {
        let hear = move |word| match word {
            thread::Word::Said(bytes) => on_word(match decode(&bytes) {
                Ok(report) => Word::Report(report),
                Err(error) => Word::Broke(error.to_string()),
            }),
            thread::Word::Broke(reason) => on_word(Word::Broke(reason)),
            // Only runs have computing done by other threads, and those talk to their threads themselves.
            thread::Word::Computed(_) => {}
        };
        Ok(Worker(Thread::start(Box::new(hear)).await?))
    }

    /// Sends a command. A worker that no longer listens does nothing.
    pub fn command(&self, command: &Command) {
        self.port().command(command);
    }

    /// A way to send commands that does not keep the worker alive.
    pub fn port(&self) -> Port {
        Port(self.0.port())
    }
}

/// A way to send commands to a worker.
pub struct Port(thread::Port);

impl Port {
    /// Sends a command.
    pub fn command(&self, command: &Command) {
        self.0.tell(encode(command));
    }
}
