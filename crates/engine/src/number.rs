//! Plain arithmetic used in several places. Each function is compiled once, since readers download every
//! copy.

/// `number`, or the nearest number in the range. (`f64::clamp` brings the code to print a range that is
/// none.)
pub fn within(number: f64, least: f64, most: f64) -> f64 {
    number.max(least).min(most)
}

/// Sorts by whole numbers, which must determine the items. All types share the sort of `u64`, since another
/// sort for each would be kilobytes of download.
pub fn sort<T>(items: &mut [T], to_number: fn(&T) -> u64, from_number: fn(u64) -> T) {
    let mut numbers: Vec<u64> = items.iter().map(to_number).collect();
    numbers.sort_unstable();
    items.iter_mut().zip(numbers).for_each(|(item, number)| *item = from_number(number));
}

/// The greatest power of ten that is not above `number`, and its exponent, which is at least `least` if
/// `number` is below one.
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
