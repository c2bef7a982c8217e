//! What is done with plain numbers in several places, compiled once: every reader downloads each copy.

/// `number`, or the nearest in the range. (`f64::clamp` would bring what it takes to print a bad range.)
pub fn within(number: f64, least: f64, most: f64) -> f64 {
    number.max(least).min(most)
}

/// Sorts by whole numbers. A sort is kilobytes for each type that is sorted: so all share the one of whole numbers.
pub fn sort<T>(items: &mut [T], to_number: fn(&T) -> u64, from_number: fn(u64) -> T) {
    let mut numbers: Vec<u64> = items.iter().map(to_number).collect();
    numbers.sort_unstable();
    items.iter_mut().zip(numbers).for_each(|(item, number)| *item = from_number(number));
}

/// The greatest power of ten that is not above `number`, and its exponent; at least the one of `least`.
pub fn magnitude(number: f64, least: i32) -> (f64, i32) {
    let (mut power, mut exponent) = (1.0, 0);
    while number >= power * 10.0 {
        power *= 10.0;
        exponent += 1;
    }
    while number < power && exponent > least {
        power /= 10.0;
        exponent -= 1;
    }
    (power, exponent)
}
