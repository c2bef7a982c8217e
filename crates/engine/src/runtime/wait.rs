//! Waiting for one another: who works, who waits for which resource, and who holds it.
//!
//! A clock always strikes in the end; a lock may never be released. So everything that waits for something
//! other than a clock does it through [`Runtime::wait`]: then the trace shows the wait, and a run that comes
//! to a halt can say who waits for whom. Knows no clock.

use std::cell::RefCell;
use std::future::Future;
use std::pin::pin;
use std::rc::Rc;

use futures_lite::future::poll_once;
use slab::Slab;

use super::Runtime;
use super::task::Whereabouts;
use crate::trace::{Actor, Line, Name, Nanos, Outcome, Span, SpanKind, TaskId, Trace, Wait};

/// Something that can be waited for, with its holders.
#[derive(Debug)]
pub struct Resource {
    name: Name,
    holders: RefCell<Vec<Actor>>,
}

impl Resource {
    /// A resource without holders. The page names it by the text `resource.<key>`.
    pub fn new(name: Name) -> Rc<Resource> {
        Rc::new(Resource { name, holders: RefCell::default() })
    }

    /// From now on `actor` holds the resource, or one of its units.
    pub fn hold(&self, actor: Actor) {
        self.holders.borrow_mut().push(actor);
    }

    /// `actor` releases what it took with [`Resource::hold`].
    pub fn release(&self, actor: Actor) {
        let mut holders = self.holders.borrow_mut();
        if let Some(place) = holders.iter().position(|holder| *holder == actor) {
            holders.remove(place);
        }
    }
}

/// The waits that are not over.
#[derive(Default)]
pub(crate) struct Waits(RefCell<Slab<OpenWait>>);

struct OpenWait {
    who: Actor,
    line: Option<Line>,
    resource: Rc<Resource>,
    since: Nanos,
}

impl Waits {
    /// Writes the waits into the trace of a run that is over.
    pub(crate) fn write(&self, trace: &mut Trace, end: Nanos, outcome: Outcome) {
        for (_, wait) in &*self.0.borrow() {
            let OpenWait { who: Actor { lane, task }, since: start, line, .. } = *wait;
            if end > start {
                trace.push_span(Span::new(SpanKind::Waiting, task, start, end).on(lane).at(line));
            }
            if outcome == Outcome::Stalled {
                let held_by = wait.resource.holders.borrow().iter().map(|one| trace.name_of(*one)).collect();
                let (who, resource) = (trace.name_of(wait.who), wait.resource.name.clone());
                trace.push_wait(Wait { who, resource, held_by });
            }
        }
    }
}

impl Runtime {
    /// Waits `until` something happens that concerns `resource`. Recorded only if it does not happen at once.
    pub async fn wait<T>(&self, resource: &Rc<Resource>, until: impl Future<Output = T>) -> T {
        let mut until = pin!(until);
        if let Some(at_once) = poll_once(until.as_mut()).await {
            return at_once;
        }
        let Whereabouts { actor: who, line } = self.0.whereabouts.get();
        let wait = OpenWait { who, line, resource: resource.clone(), since: self.now() };
        let key = self.0.waits.0.borrow_mut().insert(wait);
        let _recorded = Recorded { rt: self.clone(), key };
        until.await
    }

    /// Works on `task` for `duration`, on the caller's lane. The thread stays free.
    pub async fn work(&self, task: TaskId, duration: Nanos) {
        let (lane, start) = (self.actor().lane, self.now());
        self.response(start + duration).await; // a response, not a timer of the program: it pays no nesting clamp
        self.record_on(lane, SpanKind::Work, task, start, self.now());
    }
}

/// A wait in progress. It is over when this is dropped, for whatever reason.
struct Recorded {
    rt: Runtime,
    key: usize,
}

impl Drop for Recorded {
    fn drop(&mut self) {
        let core = &self.rt.0;
        let OpenWait { who: Actor { lane, task }, since: start, line, .. } =
            core.waits.0.borrow_mut().remove(self.key);
        let end = self.rt.now();
        // When the run ended, waits that were not over were written into the trace.
        if end > start && !core.is_finished() {
            self.rt.push_span(Span::new(SpanKind::Waiting, task, start, end).on(lane).at(line));
        }
    }
}
