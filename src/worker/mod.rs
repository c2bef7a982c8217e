//! Workers that run this same program: what they are told (`messages`), the page's end (`host`), their own (`guest`).

#[cfg(target_arch = "wasm32")]
pub mod guest;
#[cfg(target_arch = "wasm32")]
pub mod host;
pub mod messages;
