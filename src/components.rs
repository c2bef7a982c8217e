//! The Yew components, one a file. They show state and report what the reader does; they hold
//! keys of texts, never words, and start nothing themselves.

pub mod controls;
pub mod header;
pub mod notices;
pub mod numbers;
pub mod row;
pub mod run_bar;
pub mod stage;
pub mod verdict;
