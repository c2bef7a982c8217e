//! A lab's own numbers: [`Finding`].

use engine::trace::Nanos;

/// A number of one lab's own: how many updates were lost, how long the queue was.
#[derive(Clone, PartialEq, Debug)]
pub struct Finding {
    /// Its name in the summary's `lab_metrics`, with the unit in it, and the last part of its message key.
    pub key: &'static str,
    /// What it comes to.
    pub value: FindingValue,
    /// Whether the result of the run is wrong because of it.
    pub is_fault: bool,
}

/// What a [`Finding`] comes to.
#[derive(Clone, PartialEq, Debug)]
pub enum FindingValue {
    /// So many.
    Count(i64),
    /// So long.
    Time(Nanos),
    /// So many of so many. In the summary it is the first of the two.
    Part(i64, i64),
    /// Such a part of the whole: 1 is all of it.
    Share(f64),
    /// In this order.
    Order(Vec<u32>),
}

impl Finding {
    /// The finding `key`.
    pub const fn new(key: &'static str, value: FindingValue) -> Finding {
        Finding { key, value, is_fault: false }
    }

    /// So many of so many that went wrong. A run with any is no correct way to do the work, however fast.
    pub const fn fault(key: &'static str, count: i64, of: i64) -> Finding {
        Finding { key, value: FindingValue::Part(count, of), is_fault: count != 0 }
    }
}
