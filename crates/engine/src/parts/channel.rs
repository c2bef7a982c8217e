//! Passing things on: [`Channel`], and [`Exchange`] from one sender to many receivers.
//!
//! Channels are fair on both sides: whoever comes first is served first. Anybody may send and anybody may
//! receive; each item is received once. They know only the [`Runtime`] handle.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use tokio::sync::{Semaphore, oneshot};

use crate::trace::{Gauge, Name};
use crate::{Resource, Runtime};

/// How many items a channel holds while nobody takes them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Capacity {
    /// None: a sender waits until somebody takes its item, from hand to hand.
    Rendezvous,
    /// This many, at least one: a sender waits for a free place.
    Bounded(usize),
    /// Any number: a sender never waits, and nothing limits the memory that is used.
    Unbounded,
}

/// A queue between senders and receivers. All clones are the same channel.
pub struct Channel<T>(Rc<Inner<T>>);

struct Inner<T> {
    rt: Runtime,
    resource: Rc<Resource>,
    capacity: Capacity,
    queue: RefCell<VecDeque<Offer<T>>>,
    /// One permit for each item in the queue that nobody is about to take.
    filled: Semaphore,
    /// One permit for each free place. Used only if the capacity is bounded.
    room: Semaphore,
    /// The number of receivers that wait.
    receivers: Cell<usize>,
    gauge: Option<Gauge>,
}

/// An item in the queue. In a rendezvous, also its sender's way to hear that it was taken.
struct Offer<T> {
    item: T,
    taken: Option<oneshot::Sender<()>>,
}

impl<T> Clone for Channel<T> {
    fn clone(&self) -> Channel<T> {
        Channel(self.0.clone())
    }
}

impl<T> Channel<T> {
    /// An empty channel. The page names it by the text `resource.<key>`.
    pub fn new(rt: &Runtime, name: Name, capacity: Capacity) -> Channel<T> {
        Channel::make(rt, name, capacity, None)
    }

    /// The same, with a gauge of the same name that records how many items the channel holds.
    pub fn with_gauge(rt: &Runtime, name: Name, capacity: Capacity) -> Channel<T> {
        let gauge = rt.open_gauge(name.clone());
        rt.gauge(gauge, 0);
        Channel::make(rt, name, capacity, Some(gauge))
    }

    fn make(rt: &Runtime, name: Name, capacity: Capacity, gauge: Option<Gauge>) -> Channel<T> {
        let places = match capacity {
            Capacity::Bounded(places) => places.clamp(1, Semaphore::MAX_PERMITS),
            Capacity::Rendezvous | Capacity::Unbounded => 0,
        };
        Channel(Rc::new(Inner {
            rt: rt.clone(),
            resource: Resource::new(name),
            capacity,
            queue: RefCell::default(),
            filled: Semaphore::new(0),
            room: Semaphore::new(places),
            receivers: Cell::new(0),
            gauge,
        }))
    }

    /// Sends `item`. Waits for a free place or, in a rendezvous, until the item is taken.
    ///
    /// Returns `None` once the item is sent, and the item itself if the channel is closed.
    #[track_caller]
    pub fn send(&self, item: T) -> impl Future<Output = Option<T>> {
        self.0.rt.reached();
        self.hand_over(item)
    }

    async fn hand_over(&self, item: T) -> Option<T> {
        let Inner { rt, resource, room, capacity, .. } = &*self.0;
        if *capacity != Capacity::Rendezvous {
            if let Capacity::Bounded(_) = capacity
                && let Ok(place) = rt.wait(resource, room.acquire()).await
            {
                place.forget(); // it becomes free again when the item is taken
            }
            return self.offer(item, None);
        }
        let (sender, taken) = oneshot::channel();
        let back = self.offer(item, Some(sender));
        if back.is_none() {
            // An error means that the channel was dropped with the item in it.
            let _ = rt.wait(resource, taken).await;
        }
        back
    }

    /// Sends `item` without waiting.
    ///
    /// # Errors
    /// Returns the item if there is no place for it, if nobody is waiting for it in a rendezvous, or if the
    /// channel is closed.
    pub fn try_send(&self, item: T) -> Result<(), T> {
        match self.0.capacity {
            Capacity::Unbounded => {}
            Capacity::Bounded(_) => match self.0.room.try_acquire() {
                Ok(place) => place.forget(),
                Err(_) => return Err(item),
            },
            Capacity::Rendezvous if self.0.receivers.get() > self.len() => {}
            Capacity::Rendezvous => return Err(item),
        }
        self.offer(item, None).map_or(Ok(()), Err)
    }

    /// Sends `item` without waiting. If there is no place, the oldest item is removed to make one, and is
    /// returned; `item` itself is returned if the channel is closed, or if nobody is waiting for it in a
    /// rendezvous.
    pub fn send_and_drop_oldest(&self, item: T) -> Option<T> {
        let item = self.try_send(item).err()?;
        let mut queue = self.0.queue.borrow_mut();
        // Then removing an item would not make a place.
        if self.is_closed() || self.0.capacity == Capacity::Rendezvous {
            return Some(item);
        }
        // If it is empty, its places have just been given to senders that waited.
        let Some(oldest) = queue.pop_front() else { return Some(item) };
        // The place is used at once, so no waiting sender can take it in between.
        queue.push_back(Offer { item, taken: None });
        Some(oldest.item)
    }

    /// Puts the item at the end of the queue. Returns it if the channel is closed.
    fn offer(&self, item: T, taken: Option<oneshot::Sender<()>>) -> Option<T> {
        if self.is_closed() {
            return Some(item);
        }
        self.0.queue.borrow_mut().push_back(Offer { item, taken });
        self.0.filled.add_permits(1);
        self.show_level();
        None
    }

    /// Waits for the next item. Returns `None` once the channel is closed and empty.
    #[track_caller]
    pub fn receive(&self) -> impl Future<Output = Option<T>> {
        self.0.rt.reached();
        self.take_over()
    }

    async fn take_over(&self) -> Option<T> {
        let Inner { rt, resource, filled, .. } = &*self.0;
        loop {
            let waiting = Counted::new(&self.0.receivers);
            let one = rt.wait(resource, filled.acquire()).await;
            drop(waiting);
            match one {
                Ok(one) => one.forget(),
                Err(_) if self.is_empty() => return None, // closed, but what is left is still handed out
                Err(_) => {}
            }
            if let Some(item) = self.take() {
                return Some(item);
            }
        }
    }

    /// The next item; `None` if there is none, or if other receivers are about to take all of them.
    pub fn try_receive(&self) -> Option<T> {
        loop {
            match self.0.filled.try_acquire() {
                Ok(one) => one.forget(),
                Err(_) if self.is_closed() && !self.is_empty() => {}
                Err(_) => return None,
            }
            if let Some(item) = self.take() {
                return Some(item);
            }
        }
    }

    /// Takes the item at the head of the queue; `None` if its sender has gone away meanwhile.
    fn take(&self) -> Option<T> {
        let Offer { item, taken } = self.0.queue.borrow_mut().pop_front()?;
        self.show_level();
        if matches!(self.0.capacity, Capacity::Bounded(_)) {
            self.0.room.add_permits(1);
        }
        match taken {
            Some(taken) => taken.send(()).is_ok().then_some(item),
            None => Some(item),
        }
    }

    fn show_level(&self) {
        if let Some(gauge) = self.0.gauge {
            self.0.rt.gauge(gauge, self.len() as i64);
        }
    }

    /// Closes the channel: nothing more can be sent, but what is in it can still be received.
    pub fn close(&self) {
        self.0.room.close();
        self.0.filled.close();
    }

    /// Whether the channel was closed.
    pub fn is_closed(&self) -> bool {
        self.0.filled.is_closed()
    }

    /// How many items are in it. In a rendezvous, how many are on offer.
    pub fn len(&self) -> usize {
        self.0.queue.borrow().len()
    }

    /// Whether no item is in it.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Counts one more until dropped.
struct Counted<'a>(&'a Cell<usize>);

impl Counted<'_> {
    fn new(count: &Cell<usize>) -> Counted<'_> {
        count.set(count.get() + 1);
        Counted(count)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}

/// What an exchange selects channels by.
pub type Topic = &'static str;

/// Passes a copy of each published item to all channels that want it. A channel that is bound later does not
/// get it.
#[derive(Clone)]
pub struct Exchange<T>(Rc<RefCell<Vec<Binding<T>>>>);

struct Binding<T> {
    /// `None` means all topics.
    topic: Option<Topic>,
    channel: Channel<T>,
}

impl<T: Clone> Default for Exchange<T> {
    fn default() -> Exchange<T> {
        Exchange::new()
    }
}

impl<T: Clone> Exchange<T> {
    /// An exchange without any channels.
    pub fn new() -> Exchange<T> {
        Exchange(Rc::default())
    }

    /// Binds a channel to all topics (broadcast, fan-out).
    pub fn bind_all(&self, channel: &Channel<T>) {
        self.bind_to(None, channel);
    }

    /// Binds a channel to a topic. It may be bound to several.
    pub fn bind(&self, topic: Topic, channel: &Channel<T>) {
        self.bind_to(Some(topic), channel);
    }

    fn bind_to(&self, topic: Option<Topic>, channel: &Channel<T>) {
        self.0.borrow_mut().push(Binding { topic, channel: channel.clone() });
    }

    /// Sends a copy to each channel that is bound to `topic`, and waits where one is full. Returns how many
    /// took it.
    pub async fn publish(&self, topic: Topic, item: T) -> usize {
        let mut copies = 0;
        for channel in self.bound_to(topic) {
            copies += usize::from(channel.send(item.clone()).await.is_none());
        }
        copies
    }

    /// The same without waiting: a channel that has no place misses the item.
    pub fn try_publish(&self, topic: Topic, item: T) -> usize {
        let channels = self.bound_to(topic);
        channels.into_iter().filter(|channel| channel.try_send(item.clone()).is_ok()).count()
    }

    /// The channels that want a topic, each once, in the order of their bindings. Closed channels are
    /// removed.
    fn bound_to(&self, topic: Topic) -> Vec<Channel<T>> {
        let mut bindings = self.0.borrow_mut();
        bindings.retain(|binding| !binding.channel.is_closed());
        let mut found: Vec<Channel<T>> = Vec::new();
        for Binding { topic: wanted, channel } in &*bindings {
            let is_known = found.iter().any(|one| Rc::ptr_eq(&one.0, &channel.0));
            if !is_known && wanted.is_none_or(|wanted| wanted == topic) {
                found.push(channel.clone());
            }
        }
        found
    }
}
