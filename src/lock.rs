//! Limits on what may happen at the same time. Knows nothing of clocks: waiting is the runtime's business.

use std::rc::Rc;

/// Lets at most a given number of holders in; the rest wait in the order in which they came.
#[derive(Clone)]
pub struct Semaphore(Rc<tokio::sync::Semaphore>);

/// The right to be inside; dropping it lets the next one in.
pub struct Permit<'a>(
    #[expect(dead_code, reason = "held for its drop")] Option<tokio::sync::SemaphorePermit<'a>>,
);

impl Semaphore {
    /// A semaphore with `limit` permits (at least one).
    pub fn new(limit: usize) -> Semaphore {
        Semaphore(Rc::new(tokio::sync::Semaphore::new(limit.clamp(1, tokio::sync::Semaphore::MAX_PERMITS))))
    }

    /// Waits for a permit.
    pub async fn acquire(&self) -> Permit<'_> {
        // An error would mean that the semaphore was closed, which nothing here can do.
        Permit(self.0.acquire().await.ok())
    }
}
