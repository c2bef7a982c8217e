//! Limits on how much happens at the same time: [`Semaphore`] and [`Mutex`].
//!
//! Both are fair: whoever comes first is first let in, and nobody overtakes. They know the [`Runtime`]
//! handle, so that a run that has come to a halt can say who waits for whom, and never a clock.

use std::ops::{Deref, DerefMut};
use std::rc::Rc;

use crate::trace::{Actor, Name};
use crate::{Resource, Runtime};

/// Lets in at most a given number of holders. Others wait, in the order in which they came.
#[derive(Clone)]
pub struct Semaphore {
    permits: Rc<tokio::sync::Semaphore>,
    watch: Option<Watch>,
}

/// The right to be inside. Dropping it lets the next one in.
pub struct Permit<'a> {
    // An error would mean that the semaphore was closed, which nothing here can do.
    _permit: Option<tokio::sync::SemaphorePermit<'a>>,
    _held: Option<Held<'a>>,
}

impl Semaphore {
    /// A semaphore with `limit` permits (at least one).
    pub fn new(limit: usize) -> Semaphore {
        let limit = limit.clamp(1, tokio::sync::Semaphore::MAX_PERMITS);
        Semaphore { permits: Rc::new(tokio::sync::Semaphore::new(limit)), watch: None }
    }

    /// The same, but the trace shows who waits for it. The page names it by the text `resource.<key>`.
    pub fn watched(rt: &Runtime, name: Name, limit: usize) -> Semaphore {
        Semaphore { watch: Some(Watch::new(rt, name)), ..Semaphore::new(limit) }
    }

    /// Waits for a permit.
    pub async fn acquire(&self) -> Permit<'_> {
        let permit = match &self.watch {
            Some(watch) => watch.rt.wait(&watch.resource, self.permits.acquire()).await,
            None => self.permits.acquire().await,
        };
        Permit { _permit: permit.ok(), _held: self.watch.as_ref().map(Watch::hold) }
    }

    /// A permit, if one is free; `None` otherwise.
    pub fn try_acquire(&self) -> Option<Permit<'_>> {
        let permit = self.permits.try_acquire().ok()?;
        Some(Permit { _permit: Some(permit), _held: self.watch.as_ref().map(Watch::hold) })
    }
}

/// Lets one holder at a time use a value. Others wait, in the order in which they came.
#[derive(Clone)]
pub struct Mutex<T> {
    value: Rc<tokio::sync::Mutex<T>>,
    watch: Watch,
}

/// The right to use the value of a [`Mutex`]. Dropping it lets the next one in.
pub struct Guard<'a, T> {
    value: tokio::sync::MutexGuard<'a, T>,
    _held: Held<'a>,
}

impl<T> Mutex<T> {
    /// A mutex around `value`. The page names it by the text `resource.<key>`.
    pub fn new(rt: &Runtime, name: Name, value: T) -> Mutex<T> {
        Mutex { value: Rc::new(tokio::sync::Mutex::new(value)), watch: Watch::new(rt, name) }
    }

    /// Waits until nobody else uses the value.
    ///
    /// A holder that locks it again waits for itself forever, and the run ends as stalled.
    #[track_caller]
    pub fn lock(&self) -> impl Future<Output = Guard<'_, T>> {
        self.watch.rt.reached();
        async {
            let value = self.watch.rt.wait(&self.watch.resource, self.value.lock()).await;
            Guard { value, _held: self.watch.hold() }
        }
    }

    /// The value, if nobody is using it; `None` otherwise.
    pub fn try_lock(&self) -> Option<Guard<'_, T>> {
        Some(Guard { value: self.value.try_lock().ok()?, _held: self.watch.hold() })
    }
}

impl<T> Deref for Guard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for Guard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

/// What the trace needs to know of a lock.
#[derive(Clone)]
struct Watch {
    rt: Runtime,
    resource: Rc<Resource>,
}

impl Watch {
    fn new(rt: &Runtime, name: Name) -> Watch {
        Watch { rt: rt.clone(), resource: Resource::new(name) }
    }

    fn hold(&self) -> Held<'_> {
        let holder = self.rt.actor();
        self.resource.hold(holder);
        Held { resource: &self.resource, holder }
    }
}

/// Keeps an actor listed as a holder until dropped.
struct Held<'a> {
    resource: &'a Resource,
    holder: Actor,
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.resource.release(self.holder);
    }
}
