//! Waiting for one another: who is at work, who waits for what, and who has it.
//!
//! A clock always strikes in the end; a lock may never be given back. So whoever waits for
//! anything but a clock does it through [`Runtime::wait`]: then the trace shows the waiting,
//! and a run that can make no progress tells who waits for whom. Knows no clock.

use std::cell::RefCell;
use std::future::Future;
use std::pin::pin;
use std::rc::Rc;

use futures_lite::future::poll_once;
use slab::Slab;

use super::Runtime;
use super::task::Whereabouts;
use crate::trace::{Actor, Line, Name, Nanos, Outcome, Span, SpanKind, TaskId, Trace, Wait};

/// Something that can be waited for, and who has it.
#[derive(Debug)]
pub struct Resource {
    name: Name,
    holders: RefCell<Vec<Actor>>,
}

impl Resource {
    /// A resource that nobody holds. The page calls it by the text of `resource.<key>`.
    pub fn new(name: Name) -> Rc<Resource> {
        Rc::new(Resource { name, holders: RefCell::default() })
    }

    /// From now on `actor` has it, or one of several of it.
    pub fn hold(&self, actor: Actor) {
        self.holders.borrow_mut().push(actor);
    }

    /// `actor` gives back what it took with [`Resource::hold`].
    pub fn release(&self, actor: Actor) {
        let mut holders = self.holders.borrow_mut();
        if let Some(place) = holders.iter().position(|holder| *holder == actor) {
            holders.remove(place);
        }
    }
}

/// Who waits.
#[derive(Default)]
pub(crate) struct Waits(RefCell<Slab<OpenWait>>);

struct OpenWait {
    who: Actor,
    line: Option<Line>,
    resource: Rc<Resource>,
    since: Nanos,
}

impl Waits {
    /// The run is over: what is still waited for goes into the trace.
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
    /// Waits `until` something happens that has to do with `resource`. Recorded only where it is waited indeed.
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

    /// Works on `task` for `duration`, on the lane of the caller: the thread stays free.
    pub async fn work(&self, task: TaskId, duration: Nanos) {
        let (lane, start) = (self.actor().lane, self.now());
        self.response(start + duration).await; // a report from elsewhere, not a timer of the program's own
        self.record_on(lane, SpanKind::Work, task, start, self.now());
    }
}

/// A wait that goes on. It is over when this is dropped, whether it led to anything or not.
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
        // Of a run that is over, what was still waited for stands in the trace already.
        if end > start && !core.is_finished() {
            self.rt.push_span(Span::new(SpanKind::Waiting, task, start, end).on(lane).at(line));
        }
    }
}
