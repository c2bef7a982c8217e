//! The labs, one folder each, and the catalogue of them.
//!
//! A lab's folder holds all of it: what its strategies share (`mod.rs`), a file for each strategy, its texts
//! and its lesson in each language, its twins in other languages, its tests. A lab knows the
//! [`engine::Runtime`] handle and the simulated parts; it must not know a clock or the page.

use lab::Lab;

/// Declares the labs in these folders, and the catalogue of them.
macro_rules! catalogue {
    ($($folder:ident),* $(,)?) => {
        $(mod $folder;)*

        /// Every lab, in the order in which they are shown.
        pub static CATALOGUE: [&Lab; [$(stringify!($folder)),*].len()] = [$(&$folder::LAB),*];
    };
}

catalogue! {
    shared_workload,
    yield_primitives,
    yield_interval,
    event_loop_order,
    shared_state,
    dishes,
}

/// The lab with this id; `None` if there is none.
pub fn find(id: &str) -> Option<&'static Lab> {
    CATALOGUE.into_iter().find(|lab| lab.id == id)
}
