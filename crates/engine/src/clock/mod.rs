//! What a clock is to a program: [`Clock`]. What can be asked of it: [`Wake`]. What all clocks share:
//! [`Core`].
//!
//! For writers of clocks. Must not know either of the two that exist.

use std::cell::RefCell;

mod core;

pub use self::core::Core;
pub(crate) use self::core::{Arrangement, State, Waiting};

use crate::YieldWith;
use crate::trace::{Cause, Nanos};

/// What a future can wait for. The clock makes it happen. Times and lengths are lab time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wake {
    /// A timer, this long from now.
    Timer(Nanos),
    /// A response that is due at this time. Unlike a timer, it pays no nesting clamp.
    Response(Nanos),
    /// A message that another thread posts at this time.
    Message(Nanos),
    /// A turn of the loop, after the thread was given back in this way.
    Yield(YieldWith),
    /// The thread with this number, once it is ready for work.
    Started(usize),
    /// The end of this much computing on the thread with this number. A thread does its work first come,
    /// first served.
    Computed(usize, Nanos),
}

impl Wake {
    /// The cause that the trace gives for it.
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

/// When a thread worked on something, in lab time.
#[derive(Clone, Copy, Default, Debug)]
pub struct Stretch {
    /// When it began.
    pub start: Nanos,
    /// When it ended.
    pub end: Nanos,
}

/// Finished work that was not asked for yet. There are never more than the threads have jobs.
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

/// What [`Runtime`] needs to know of a clock. All times are lab time (unscaled).
pub trait Clock {
    /// The time since the start of the run.
    fn now(&self) -> Nanos;
    /// Computes for `cost`. Nothing else runs meanwhile.
    fn spend_cpu(&self, cost: Nanos);
    /// Keeps the thread, without computing, until `at`.
    fn wait_in_place(&self, at: Nanos);
    /// Sees to it that [`Core::turn`] is called with `key` when `wake`, which is asked for `now`, is due. Tells when
    /// that is, as far as it knows.
    fn arrange(&self, now: Nanos, wake: Wake, key: Key) -> Nanos;
    /// Accounts for having started a task.
    fn spawned(&self) {}
    /// Told whenever something is recorded, with the time at which that ended.
    fn recorded(&self, _end: Nanos) {}
    /// When a thread computed for `key`. To be called once `key` has fired.
    fn take_stretch(&self, key: Key) -> Stretch;
    /// The kindest way to yield that the clock offers: the first one in [`YieldWith::ALL`] that it has.
    fn kindest_yield(&self) -> YieldWith;
    /// Starts the thread behind [`OtherThread`](crate::OtherThread), if it has to be started.
    fn start_other_thread(&self) {}
    /// Revokes an arrangement. `false` means that it cannot be revoked, so that [`Core::turn`] will still be
    /// called.
    fn revoke(&self, key: Key) -> bool;
}

/// Identifies an arrangement between a future and its clock.
pub type Key = usize;
