//! Workers that run this same program: the messages (`messages`), the page's end (`host`), the worker's
//! (`guest`).

#[cfg(target_arch = "wasm32")]
pub mod guest;
#[cfg(target_arch = "wasm32")]
pub mod host;
pub mod messages;
