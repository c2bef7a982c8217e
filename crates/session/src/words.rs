//! Numbers, times, names and values in the reader's language. Knows labs and traces, not the page.

use engine::YieldWith;
use engine::number::magnitude;
use engine::trace::{Name, Nanos};
use lab::{Control, FindingValue, Lab, Param};
use texts::{Language, cut, text};

use crate::digits::write;

/// What a lane, a gauge or a resource is called. `group` is the first part of its message key.
pub fn named(language: Language, group: &str, name: &Name) -> String {
    text(language, &format!("{group}.{}", name.key), &[("n", &number(language, f64::from(name.number)))])
}

/// The value of a finding, with its unit.
pub fn finding(language: Language, value: &FindingValue) -> String {
    let count = |count: i64| number(language, count as f64);
    match value {
        FindingValue::Count(n) => count(*n),
        FindingValue::Part(part, whole) => {
            text(language, "unit.part", &[("part", &count(*part)), ("whole", &count(*whole))])
        }
        FindingValue::Time(length) => time(language, *length),
        FindingValue::Share(share) => {
            text(language, "unit.percent", &[("n", &number(language, (share * 1_000.0).round() / 10.0))])
        }
        FindingValue::Order(order) => {
            order.iter().map(|n| count(i64::from(*n))).collect::<Vec<_>>().join(", ")
        }
    }
}

/// A text of a parameter (`name`, `hint`, `option.<id>`): the lab's own if it has one, else the shared one.
pub fn param_text(language: Language, lab: &Lab, param: &Param, part: &str) -> String {
    let own = format!("lab.{}.param.{}.{part}", lab.id, param.key);
    if texts::has(language, &own) {
        return text(language, &own, &[]);
    }
    text(language, &format!("param.{}.{part}", param.key), &[])
}

/// What a way to yield is called.
pub fn yield_name(language: Language, with: YieldWith) -> String {
    text(language, &format!("param.yield_with.option.{}", with.id()), &[])
}

/// A value of a parameter, with its unit.
pub fn parameter(language: Language, lab: &Lab, param: &Param, value: f64) -> String {
    match param.control {
        Control::Choice(options) => {
            let option = options.get(value as usize).copied().unwrap_or_default();
            param_text(language, lab, param, &format!("option.{option}"))
        }
        _ if param.key.ends_with("_ms") => time(language, Nanos::from_ms(value)),
        _ if param.key.ends_with("_percent") => {
            text(language, "unit.percent", &[("n", &number(language, value))])
        }
        _ => number(language, value),
    }
}

/// A number with up to three significant digits; above that, whole: `1.06`, `16`, `69,600`.
pub fn number(language: Language, number: f64) -> String {
    let (_, exponent) = magnitude(number.abs(), -1);
    let decimals = if number == 0.0 { 0 } else { (2 - exponent).max(0) };
    format_number(language, number, decimals as u8)
}

/// A length of time, in a suitable unit.
pub fn time(language: Language, time: Nanos) -> String {
    const UNITS: [(f64, &str); 5] =
        [(3.6e12, "unit.h"), (60e9, "unit.min"), (1e9, "unit.s"), (1e6, "unit.ms"), (1e3, "unit.us")];
    if time == Nanos::ZERO {
        return text(language, "unit.ms", &[("n", "0")]);
    }
    // A time that rounds up to the next unit is written in it: 1 s, not 1,000 ms.
    let (unit, key) = UNITS.into_iter().find(|(unit, _)| time.0 as f64 >= 0.9995 * unit).unwrap_or(UNITS[4]);
    text(language, key, &[("n", &number(language, time.0 as f64 / unit))])
}

/// A fraction as a difference in percent: `+12 %`, `−3 %`.
pub fn signed_percent(language: Language, share: f64) -> String {
    let percent = number(language, (share * 1_000.0).round().abs() / 10.0);
    let sign = match percent.as_str() {
        "0" => "",
        _ if share < 0.0 => "−",
        _ => "+",
    };
    text(language, "unit.percent", &[("n", &format!("{sign}{percent}"))])
}

/// A moment of a run, precise enough to be told from one `step` away.
pub fn moment(language: Language, at: Nanos, step: Nanos) -> String {
    const UNITS: [(f64, &str); 5] =
        [(3.6e12, "unit.h"), (60e9, "unit.min"), (1e9, "unit.s"), (1e6, "unit.ms"), (1e3, "unit.us")];
    // Minutes and hours are not decimal: with a step of 20 s, 1.33 min would be wrong, so seconds are used.
    let is_exact = |unit: f64| {
        unit <= 1e9 || !step.0.is_multiple_of(1_000_000_000) || (step.0 * 10).is_multiple_of(unit as u64)
    };
    let fits = |(unit, _): &(f64, &str)| at.0 as f64 >= *unit && is_exact(*unit);
    let (unit, key) =
        if at == Nanos::ZERO { UNITS[3] } else { UNITS.into_iter().find(fits).unwrap_or(UNITS[3]) };
    let (mut decimals, mut last) = (0, unit);
    while last > step.0.max(1) as f64 * 1.001 && decimals < 9 {
        (decimals, last) = (decimals + 1, last / 10.0);
    }
    text(language, key, &[("n", &format_number(language, at.0 as f64 / unit, decimals))])
}

/// A time scale as people write it: `1`, `1/20`.
pub fn scale(language: Language, scale: f64) -> String {
    let denominator = (1.0 / scale).round();
    if (scale * denominator - 1.0).abs() < 1e-6 && denominator > 1.0 {
        format!("1/{}", number(language, denominator))
    } else {
        number(language, scale)
    }
}

/// A number with at most so many decimals and its thousands set apart: what `Intl.NumberFormat` writes in these
/// languages, digit for digit. (To ask for that costs a slow machine 60 ms before the first prediction.)
fn format_number(language: Language, number: f64, decimals: u8) -> String {
    match language {
        Language::English | Language::Korean => grouped(number, usize::from(decimals)),
    }
}

/// Halves are those of the shortest decimals, and are rounded away from zero: 1.005 is 1.01 with two of them.
fn grouped(number: f64, decimals: usize) -> String {
    let shortest = write(number.abs());
    let (whole, fraction) = match cut(&shortest, ".") {
        // Browsers write these with an exponent; nobody asks for so many decimals.
        _ if number.abs() < 1e-6 => ("0", ""),
        Some(parts) => parts,
        None => (shortest.as_str(), ""),
    };
    let mut n_decimals = fraction.len().min(decimals);
    let mut digits = [whole, &fraction[..n_decimals]].concat().into_bytes();
    if fraction.as_bytes().get(decimals).is_some_and(|next| *next >= b'5') {
        let n_nines = digits.iter().rev().take_while(|digit| **digit == b'9').count();
        let first_nine = digits.len() - n_nines;
        digits[first_nine..].fill(b'0');
        match first_nine.checked_sub(1) {
            Some(last) => digits[last] += 1,
            None => digits.insert(0, b'1'),
        }
    }
    while n_decimals > 0 && digits.last() == Some(&b'0') {
        digits.pop();
        n_decimals -= 1;
    }
    let mut text = String::from(if number.is_sign_negative() { "-" } else { "" });
    let n_whole = digits.len() - n_decimals;
    for (place, digit) in digits.into_iter().enumerate() {
        match n_whole.checked_sub(place) {
            Some(0) => text.push('.'),
            Some(left) if place > 0 && left.is_multiple_of(3) => text.push(','),
            _ => {}
        }
        text.push(char::from(digit));
    }
    text
}
