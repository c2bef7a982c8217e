//! Numbers as programs read and write them, in addresses and files: `60`, `0.05`. Knows no language.
//!
//! In wasm the browser converts them: the standard library's exact conversions are 20 kB of tables and code,
//! which every reader would have to download.

#[cfg(target_arch = "wasm32")]
#[wasm_bindgen::prelude::wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = Number)]
    fn to_number(text: &str) -> f64;

    #[wasm_bindgen(js_name = String)]
    fn to_string(number: f64) -> String;
}

/// The number that `text` is: digits with an optional sign, point and exponent. `None` for anything else, and
/// for a number that is too large.
pub fn parse(text: &str) -> Option<f64> {
    let text = text.trim();
    let is_plain = |one: char| one.is_ascii_digit() || matches!(one, '+' | '-' | '.' | 'e' | 'E');
    if !text.chars().all(is_plain) || !text.contains(|one: char| one.is_ascii_digit()) {
        return None;
    }
    convert(text).filter(|number| number.is_finite())
}

/// The shortest text that reads back as this number.
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
