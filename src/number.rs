//! Numbers as programs write and read them: `60`, `0.05`. Knows nothing but numbers.
//!
//! In wasm the browser does both: the standard library's exact conversions bring 20 kB of
//! tables and code, which every reader would have to download.

#[cfg(target_arch = "wasm32")]
#[wasm_bindgen::prelude::wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = Number)]
    fn to_number(text: &str) -> f64;

    #[wasm_bindgen(js_name = String)]
    fn to_string(number: f64) -> String;
}

/// The number that `text` is, if it is one: digits with a sign, a point and an exponent, no more.
pub fn parse(text: &str) -> Option<f64> {
    let text = text.trim();
    let is_plain = |one: char| one.is_ascii_digit() || matches!(one, '+' | '-' | '.' | 'e' | 'E');
    if !text.chars().all(is_plain) || !text.contains(|one: char| one.is_ascii_digit()) {
        return None;
    }
    convert(text).filter(|number| number.is_finite())
}

/// The shortest text that gives this number back.
pub fn write(number: f64) -> String {
    #[cfg(target_arch = "wasm32")]
    return to_string(number);
    #[cfg(not(target_arch = "wasm32"))]
    number.to_string()
}

#[cfg(target_arch = "wasm32")]
fn convert(text: &str) -> Option<f64> {
    Some(to_number(text)).filter(|number| !number.is_nan())
}

#[cfg(not(target_arch = "wasm32"))]
fn convert(text: &str) -> Option<f64> {
    text.parse().ok()
}

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
