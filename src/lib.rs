//! Loopscope: see how asynchronous programs spend their time.
//!
//! Start here. One [`lab`] has several strategies; each strategy is one short `async fn`
//! against a [`runtime::Runtime`]. The same function runs on the virtual clock (the
//! prediction) and on the browser's event loop (the measurement). Both write a
//! [`trace`], and everything that is shown is derived from traces:
//!
//! ```text
//! address ─▶ lab + values ─▶ predict (virtual clock) ─▶ trace ─▶ metrics ─▶ verdict
//!                        └─▶ app/run (browser clock) ─▶ trace ─▶ timeline ─▶ page
//! ```

// `components/html.rs` reads markup token by token.
#![recursion_limit = "512"]

pub mod address;
pub mod app;
pub mod channel;
pub mod chart;
#[cfg(target_arch = "wasm32")]
pub mod components;
pub mod guess;
pub mod i18n;
pub mod inspect;
pub mod lab;
pub mod labs;
pub mod lag;
pub mod lesson;
pub mod lint;
pub mod lock;
pub mod metrics;
pub mod number;
pub mod orders;
pub mod plan;
pub mod pool;
pub mod predict;
pub mod probes;
pub mod process;
pub mod random;
pub mod runtime;
pub mod server;
pub mod settings;
pub mod summary;
pub mod sweep;
#[cfg(target_arch = "wasm32")]
pub mod thread;
pub mod timeline;
pub mod trace;
pub mod verdict;
#[cfg(target_arch = "wasm32")]
pub mod worker;
pub mod workers;
