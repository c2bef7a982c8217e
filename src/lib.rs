//! Loopscope: see how asynchronous programs spend their time. This is the page.
//!
//! Start here. One lab has several strategies; each strategy is one short `async fn` against an [`engine::Runtime`]. The
//! same function runs on the virtual clock (the prediction) and on the browser's event loop (the measurement). Both write
//! an [`engine::trace::Trace`], and everything that is shown is derived from traces:
//!
//! ```text
//! address ─▶ lab + values ─▶ predict (virtual clock) ─▶ trace ─▶ metrics ─▶ verdict
//!                        └─▶ app/run (browser clock) ─▶ trace ─▶ timeline ─▶ page
//! ```

// `components/html.rs` reads markup token by token.
#![recursion_limit = "512"]

pub mod app;
#[cfg(target_arch = "wasm32")]
pub mod components;
#[cfg(target_arch = "wasm32")]
mod live;
pub mod worker;
