//! The simulated far end: a server with a latency, a capacity and a queue.
//!
//! It knows the [`Runtime`] handle only. Its slots are freed on an ideal clock, for a real
//! server does not care whether the page is busy; only the delivery waits for the loop.

use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::rc::Rc;

use crate::Runtime;
use crate::trace::{MarkKind, Nanos, SpanKind, TaskId};

/// A server that serves up to `capacity` requests at once; the rest queue, first in, first out.
#[derive(Clone)]
pub struct Server {
    rt: Runtime,
    slots: Rc<RefCell<Slots>>,
}

/// When each busy slot becomes free. First in, first out makes every start known on arrival.
struct Slots {
    capacity: usize,
    free_at: BinaryHeap<Reverse<Nanos>>,
}

/// The three moments of a request at the server.
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

    /// Sends a request that is in service for `service`, and waits for its response.
    pub async fn request(&self, task: TaskId, service: Nanos) {
        let visit = self.send(task, service);
        self.rt.response(visit.ended).await;
        self.receive(task, visit);
    }

    /// The same as a blocking call: waits in place and keeps the thread.
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
