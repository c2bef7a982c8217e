//! **`requestAnimationFrame`**: one piece for every frame.
//!
//! Everything gets a turn, since the thread is idle most of the time: a piece of 1 ms is followed by
//! 16 ms of waiting for the next frame. In a hidden tab there are no frames, and the loop stands still.
//!
//! *Costs* one frame per yield.
//! *Choose it* to draw, never to compute.

use engine::YieldWith;

use super::Workload;

pub async fn run(work: Workload) {
    for piece in work.pieces() {
        work.compute(piece);
        work.yield_with(YieldWith::AnimationFrame).await;
    }
}
