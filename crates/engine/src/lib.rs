//! What programs run on, whichever clock tells the time.
//!
//! Start here. A program acts through a [`Runtime`], and so do its [`parts`] (servers, locks, channels, …). A
//! clock implements [`clock::Clock`] and calls [`clock::Core::turn`]. Everything that happens is recorded in
//! a [`trace::Trace`]. Nothing in here knows the web, a clock, a lab or the page.

use std::future::Future;
use std::pin::Pin;

pub mod browser;
pub mod clock;
pub mod number;
mod parts;
pub mod probes;
mod random;
mod runtime;
pub mod trace;
mod yield_with;

pub use self::parts::channel::{Capacity, Channel, Exchange, Topic};
pub use self::parts::faults::{Faults, Process};
pub use self::parts::lock::{Guard, Mutex, Permit, Semaphore};
pub use self::parts::pool::{Pool, Sharing};
pub use self::parts::server::Server;
pub use self::parts::workers::Workers;
pub use self::random::Random;
pub use self::runtime::task::Task;
pub use self::runtime::wait::Resource;
pub use self::runtime::{OtherThread, Runtime};
pub use self::yield_with::YieldWith;

/// Wakes one task that waits, or the next one that will.
pub use tokio::sync::Notify;

/// A program as a future: it is done when the future is.
pub type Work = Pin<Box<dyn Future<Output = ()>>>;
