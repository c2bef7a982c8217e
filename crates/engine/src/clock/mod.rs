//! What a clock is to a program: [`Clock`]. What is asked of one: [`Wake`]. And what all clocks share: [`Core`].
//!
//! For those who write a clock. It knows neither of the two that there are.

use std::cell::RefCell;

mod core;

pub use self::core::Core;
pub(crate) use self::core::{Arrangement, State, Waiting};

use crate::YieldWith;
use crate::trace::{Cause, Nanos};

/// What a future can wait for; the clock makes it happen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wake {
    /// A timer, this long from now.
    Timer(Nanos),
    /// A response that is there at this time. Unlike a timer it pays no nesting clamp.
    Response(Nanos),
    /// A message that another thread posts at this time.
    Message(Nanos),
    /// The thread, given back in this way.
    Yield(YieldWith),
    /// The thread of this number beside the loop, ready for work.
    Started(usize),
    /// So much computing, on the thread of this number; it takes its work first come, first served.
    Computed(usize, Nanos),
}

impl Wake {
    /// What a trace calls it.
    pub(crate) fn cause(self) -> Cause {
        match self {
            Wake::Timer(_) => Cause::Timer,
            Wake::Response(_) => Cause::Response,
            // Threads beside the loop report by message.
            Wake::Message(_) | Wake::Started(_) | Wake::Computed(..) => Cause::Message,
            Wake::Yield(with) => with.cause(),
        }
    }
}

/// When a thread was at work for somebody.
#[derive(Clone, Copy, Default, Debug)]
pub struct Stretch {
    /// When it began.
    pub start: Nanos,
    /// When it ended.
    pub end: Nanos,
}

/// The stretches of work that are still to be asked for; there are never more than threads have orders.
#[derive(Default)]
pub struct Stretches(RefCell<Vec<(Key, Stretch)>>);

impl Stretches {
    /// Keeps the stretch until `key` asks for it.
    pub fn put(&self, key: Key, stretch: Stretch) {
        self.0.borrow_mut().push((key, stretch));
    }

    /// The stretch that was kept for `key`; an empty one if there is none.
    pub fn take(&self, key: Key) -> Stretch {
        let mut all = self.0.borrow_mut();
        let index = all.iter().position(|(one, _)| *one == key);
        index.map(|index| all.swap_remove(index).1).unwrap_or_default()
    }
}

/// One of the two clocks, as far as [`Runtime`] needs to know it.
pub trait Clock {
    /// Time since the start of the run, in the lab's (unscaled) time.
    fn now(&self) -> Nanos;
    /// Computes for `cost`; nothing else runs meanwhile.
    fn spend_cpu(&self, cost: Nanos);
    /// Keeps the thread without computing until `at`.
    fn wait_in_place(&self, at: Nanos);
    /// Sees to it that [`Core::turn`] is called with `key` when `wake`, which is asked for `now`, is due. Tells when
    /// that is, as far as it knows.
    fn arrange(&self, now: Nanos, wake: Wake, key: Key) -> Nanos;
    /// Accounts for having started a task.
    fn spawned(&self) {}
    /// Something was recorded that ended at this time.
    fn recorded(&self, _end: Nanos) {}
    /// When a thread computed for `key`, once that has fired.
    fn take_stretch(&self, key: Key) -> Stretch;
    /// The first of [`YieldWith::ALL`] that there is.
    fn kindest_yield(&self) -> YieldWith;
    /// Starts the thread that posts the messages from another thread, where it has to be started.
    fn start_other_thread(&self) {}
    /// Takes an arrangement back. `false`: it cannot be; [`Core::turn`] will still be called.
    fn revoke(&self, key: Key) -> bool;
}

/// Names one arrangement between a future and its clock.
pub type Key = usize;
