//! The page: its state, its live runs, and how they reach the screen.
//!
//! `state` is plain data and rules; only `run` starts and cancels live runs; components show the state and
//! report what the reader does.

pub mod state;
pub mod table;
pub mod tabs;
pub mod view;

#[cfg(target_arch = "wasm32")]
mod api;
#[cfg(target_arch = "wasm32")]
pub mod background;
#[cfg(target_arch = "wasm32")]
pub mod copy;
#[cfg(target_arch = "wasm32")]
mod crew;
#[cfg(target_arch = "wasm32")]
pub mod fetch;
#[cfg(target_arch = "wasm32")]
pub mod gestures;
#[cfg(target_arch = "wasm32")]
pub mod lines;
#[cfg(target_arch = "wasm32")]
mod memory;
#[cfg(target_arch = "wasm32")]
mod page;
#[cfg(target_arch = "wasm32")]
pub mod paint;
#[cfg(target_arch = "wasm32")]
mod predictor;
#[cfg(target_arch = "wasm32")]
pub mod run;
#[cfg(target_arch = "wasm32")]
pub mod share;
#[cfg(target_arch = "wasm32")]
pub mod store;
#[cfg(target_arch = "wasm32")]
mod sweeper;
#[cfg(target_arch = "wasm32")]
mod tab_effects;

#[cfg(target_arch = "wasm32")]
pub use page::mount;
