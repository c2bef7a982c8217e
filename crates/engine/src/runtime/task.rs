//! Tasks: work beside the caller, in whose name it is done, and which line of the source it has come to.
//!
//! A task keeps both while others run, so whatever it records is told apart from what they record.
//! Knows the ready queue and no clock.

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
    /// Lets the work go on without anybody who waits for it.
    pub fn detach(self) {
        self.task.detach();
    }
}

impl<T> IntoFuture for Task<T> {
    type Output = T;
    type IntoFuture = async_task::Task<T, RunNumber>;

    /// Called by `.await`: at this line of the source somebody waits from now on.
    #[track_caller]
    fn into_future(self) -> Self::IntoFuture {
        self.rt.reached();
        self.task
    }
}

/// Who is being run, and which line of the strategy's source it has come to.
#[derive(Clone, Copy)]
pub(crate) struct Whereabouts {
    pub actor: Actor,
    pub line: Option<Line>,
}

/// A task's work, which knows its whereabouts whenever it is polled.
struct Followed<T> {
    core: Rc<Core>,
    // Boxed, so that all futures share the code around them: every reader downloads that.
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
    /// Starts `work` beside the caller. It first runs when the caller next awaits, as with Python's `create_task`.
    pub fn spawn<T: 'static>(&self, work: impl Future<Output = T> + 'static) -> Task<T> {
        self.spawn_as(Actor::PROGRAM, work)
    }

    /// The same in the name of `actor`: a lane or a task.
    ///
    /// What it waits for is then recorded as the actor's. It does not pass the name on to what it spawns.
    pub fn spawn_as<T: 'static>(
        &self,
        actor: impl Into<Actor>,
        work: impl Future<Output = T> + 'static,
    ) -> Task<T> {
        self.0.clock.spawned();
        self.task(actor.into(), Box::pin(work))
    }

    /// The same at no cost.
    pub(crate) fn task<T: 'static>(&self, actor: Actor, work: Pin<Box<dyn Future<Output = T>>>) -> Task<T> {
        let (core, line) = (self.0.clone(), self.0.whereabouts.get().line);
        let task = self.0.ready.spawn(Followed { core, work, whereabouts: Whereabouts { actor, line } });
        Task { rt: self.clone(), task }
    }

    /// In whose name the caller is being run.
    pub fn actor(&self) -> Actor {
        self.0.whereabouts.get().actor
    }

    /// Notes that the strategy has come to the line that this is called from.
    ///
    /// What strategies call is marked `#[track_caller]` and calls this first; other files than the strategy's own
    /// may call the same, and are not listened to.
    #[track_caller]
    pub fn reached(&self) {
        let place = Location::caller();
        if place.file() == self.0.source.get() {
            let line = Line::new(place.line());
            self.0.whereabouts.set(Whereabouts { line, ..self.0.whereabouts.get() });
        }
    }

    /// From now on the lines of this file are noted: the source of the strategy that begins.
    pub fn follow(&self, source: &'static str) {
        self.0.source.set(source);
    }
}
