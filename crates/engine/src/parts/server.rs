//! A simulated server with a latency, a capacity and a queue.
//!
//! Its slots become free on an ideal clock, since a real server does not care whether the page is busy; only
//! the delivery of a response waits for the loop. Knows only the [`Runtime`] handle.

use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::rc::Rc;

use crate::Runtime;
use crate::trace::{MarkKind, Nanos, SpanKind, TaskId};

/// A server that serves up to `capacity` requests at once. Others queue, first in, first out.
#[derive(Clone)]
pub struct Server {
    rt: Runtime,
    slots: Rc<RefCell<Slots>>,
}

/// When each busy slot becomes free. As the queue is first in, first out, each start is known on arrival.
struct Slots {
    capacity: usize,
    free_at: BinaryHeap<Reverse<Nanos>>,
}

/// The times at which a request arrives at the server, begins to be served, and is done.
#[derive(Clone, Copy)]
struct Visit {
    arrived: Nanos,
    started: Nanos,
    ended: Nanos,
}

impl Server {
    /// A server with `capacity` slots (at least one).
    pub fn new(rt: &Runtime, capacity: usize) -> Server {
        let slots = Slots { capacity: capacity.max(1), free_at: BinaryHeap::new() };
        Server { rt: rt.clone(), slots: Rc::new(RefCell::new(slots)) }
    }

    /// Sends a request that takes `service` to be served, and waits for its response.
    pub async fn request(&self, task: TaskId, service: Nanos) {
        let visit = self.send(task, service);
        self.rt.response(visit.ended).await;
        self.receive(task, visit);
    }

    /// The same as a blocking call, which keeps the thread while it waits.
    pub fn request_in_place(&self, task: TaskId, service: Nanos) {
        let visit = self.send(task, service);
        self.rt.wait_in_place(task, visit.ended);
        self.receive(task, visit);
    }

    fn send(&self, task: TaskId, service: Nanos) -> Visit {
        self.rt.mark(MarkKind::RequestSent, task);
        let arrived = self.rt.now();
        let mut slots = self.slots.borrow_mut();
        let mut started = arrived;
        if slots.free_at.len() >= slots.capacity
            && let Some(Reverse(free)) = slots.free_at.pop()
        {
            started = arrived.max(free);
        }
        let ended = started + service;
        slots.free_at.push(Reverse(ended));
        Visit { arrived, started, ended }
    }

    fn receive(&self, task: TaskId, visit: Visit) {
        let seen = self.rt.now();
        if visit.started > visit.arrived {
            self.rt.record(SpanKind::Queued, task, visit.arrived, visit.started);
        }
        self.rt.record(SpanKind::Service, task, visit.started, visit.ended);
        if seen > visit.ended {
            self.rt.record(SpanKind::Delivery, task, visit.ended, seen);
        }
        self.rt.mark(MarkKind::ResponseSeen, task);
    }
}
