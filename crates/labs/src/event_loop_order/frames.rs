//! **Frames**: callbacks of `requestAnimationFrame`, and one that asks for another.
//!
//! All callbacks asked for before a frame run in it, one after another, each followed by its microtasks.
//! One that is asked for while a frame is being drawn belongs to the next frame, 17 ms later, so the
//! timer of 0 ms comes first. (HTML standard: *run the animation frame callbacks*.)
//!
//! *Choose it* to draw, never to yield: the work would go at the pace of the screen.

use super::Program;

pub async fn run(program: Program) {
    program.request_animation_frame(|program| {
        program.print(1);
        program.request_animation_frame(|program| program.print(2));
        program.set_timeout(0, |program| program.print(3));
        program.queue_microtask(|program| program.print(4));
    });
    program.request_animation_frame(|program| program.print(5));
}
