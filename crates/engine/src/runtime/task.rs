//! Tasks: work that is done next to the caller, each with its actor and the line of the source that it has
//! reached.
//!
//! A task keeps both while others run, so that what it records is told apart from what they record. Knows the
//! ready queue, and no clock.

use std::future::{Future, IntoFuture};
use std::panic::Location;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use super::Runtime;
use super::ready_queue::RunNumber;
use crate::clock::Core;
use crate::trace::{Actor, Line};

/// A spawned piece of work. Await it for its result; drop it and the work is cancelled.
pub struct Task<T> {
    rt: Runtime,
    task: async_task::Task<T, RunNumber>,
}

impl<T> Task<T> {
    /// Lets the work continue without anybody waiting for it.
    pub fn detach(self) {
        self.task.detach();
    }
}

impl<T> IntoFuture for Task<T> {
    type Output = T;
    type IntoFuture = async_task::Task<T, RunNumber>;

    /// Called by `.await`, from the line of the source at which the caller then waits.
    #[track_caller]
    fn into_future(self) -> Self::IntoFuture {
        self.rt.reached();
        self.task
    }
}

/// The actor that is running, and the line of the strategy's source that it has reached.
#[derive(Clone, Copy)]
pub(crate) struct Whereabouts {
    pub actor: Actor,
    pub line: Option<Line>,
}

/// The work of a task, which restores its whereabouts whenever it is polled.
struct Followed<T> {
    core: Rc<Core>,
    // Boxed, so that all futures share the code around them, which every reader downloads.
    work: Pin<Box<dyn Future<Output = T>>>,
    whereabouts: Whereabouts,
}

impl<T> Future for Followed<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let caller = self.core.whereabouts.replace(self.whereabouts);
        let polled = self.work.as_mut().poll(context);
        self.whereabouts = self.core.whereabouts.replace(caller);
        polled
    }
}

impl Runtime {
    /// Starts `work` next to the caller. It first runs when the caller next awaits, like Python's
    /// `create_task`.
    pub fn spawn<T: 'static>(&self, work: impl Future<Output = T> + 'static) -> Task<T> {
        self.spawn_as(Actor::PROGRAM, work)
    }

    /// Starts `work` on behalf of `actor`, which is a lane or a task.
    ///
    /// What the work waits for is then recorded as the actor's. What the work itself spawns does not inherit
    /// the actor.
    pub fn spawn_as<T: 'static>(
        &self,
        actor: impl Into<Actor>,
        work: impl Future<Output = T> + 'static,
    ) -> Task<T> {
        self.0.clock.spawned();
        self.task(actor.into(), Box::pin(work))
    }

    /// Starts `work` without the cost of a spawn.
    pub(crate) fn task<T: 'static>(&self, actor: Actor, work: Pin<Box<dyn Future<Output = T>>>) -> Task<T> {
        let (core, line) = (self.0.clone(), self.0.whereabouts.get().line);
        let task = self.0.ready.spawn(Followed { core, work, whereabouts: Whereabouts { actor, line } });
        Task { rt: self.clone(), task }
    }

    /// The actor on whose behalf the caller is running.
    pub fn actor(&self) -> Actor {
        self.0.whereabouts.get().actor
    }

    /// Notes that the strategy has reached the line that calls this.
    ///
    /// Functions for strategies are marked `#[track_caller]` and call this first. Calls from other files than
    /// the strategy's own are ignored.
    #[track_caller]
    pub fn reached(&self) {
        let place = Location::caller();
        if place.file() == self.0.source.get() {
            let line = Line::new(place.line());
            self.0.whereabouts.set(Whereabouts { line, ..self.0.whereabouts.get() });
        }
    }

    /// From now on, lines of this file are noted. It is the source of the strategy that begins.
    pub fn follow(&self, source: &'static str) {
        self.0.source.set(source);
    }
}
