//! Everything about labs on the virtual clock that can be said without a page, for people and for programs.
//!
//! Start here. An [`address::Address`] says what to show; [`predict`] runs it on the virtual clock; a
//! [`plan`] says what a live run would be like; a [`sweep`] varies a parameter. [`protocol`] gives the result
//! to other programs, [`words`] puts numbers into the reader's language. Nothing in here knows the page or
//! the browser's clock.

pub mod address;
pub mod chart;
pub mod chrome_trace;
pub mod digits;
pub mod guess;
pub mod lesson;
pub mod measured;
pub mod plan;
mod predict;
pub mod protocol;
pub mod settings;
pub mod sweep;
pub mod words;

pub use self::predict::{begin, predict};
