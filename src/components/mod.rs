//! The parts of the page, one in each file. They show state and report what the reader does. They hold keys
//! of texts, never words, and start nothing themselves.
//!
//! A part is a plain function of the state. Only what is rendered separately is a Yew component, since each
//! costs several kilobytes of download.

pub mod calibration;
pub mod code;
pub mod controls;
pub mod divider;
pub mod explain;
mod fetched;
pub mod guess;
pub mod header;
pub mod help;
pub mod hints;
pub mod html;
pub mod inspector;
pub mod notices;
pub mod numbers;
pub mod parts;
pub mod pinned;
pub mod probes;
pub mod row;
pub mod run_bar;
pub mod share;
pub mod sparkline;
pub mod stage;
pub mod sweep;
pub mod tabs;
pub mod term;
pub mod tip;
pub mod tools;
pub mod verdict;
