//! event_loop
