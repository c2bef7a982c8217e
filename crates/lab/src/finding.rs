//! Numbers that only one lab has: [`Finding`].

use engine::trace::Nanos;

/// A number that only one lab has, such as how many updates were lost or how long the queue was.
#[derive(Clone, PartialEq, Debug)]
pub struct Finding {
    /// Its name in the summary's `lab_metrics`, with the unit in it, and the last part of its message key.
    pub key: &'static str,
    /// The number itself.
    pub value: FindingValue,
    /// Whether it means that the run's result is wrong.
    pub is_fault: bool,
}

/// The value of a [`Finding`].
#[derive(Clone, PartialEq, Debug)]
pub enum FindingValue {
    /// A number of things.
    Count(i64),
    /// A length of time, in lab time.
    Time(Nanos),
    /// The first number out of the second. The summary gives only the first.
    Part(i64, i64),
    /// A fraction: 1 is the whole.
    Share(f64),
    /// The numbers of the lines that a program printed, in the order in which it printed them.
    Order(Vec<u32>),
}

impl Finding {
    /// A finding that is no fault.
    pub const fn new(key: &'static str, value: FindingValue) -> Finding {
        Finding { key, value, is_fault: false }
    }

    /// `count` out of `of` went wrong. It is a fault unless `count` is zero: the run is then incorrect,
    /// however fast.
    pub const fn fault(key: &'static str, count: i64, of: i64) -> Finding {
        Finding { key, value: FindingValue::Part(count, of), is_fault: count != 0 }
    }
}
