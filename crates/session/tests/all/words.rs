//! Numbers are written as the browser's own `Intl.NumberFormat` writes them.

use engine::trace::Nanos;
use session::words::{moment, number};
use texts::Language;

/// What Chromium writes in both languages with as many decimals as `number` takes.
const WRITTEN: &[(f64, &str)] = &[
    (0.0, "0"),
    (-0.0, "-0"),
    (0.0004, "0"),
    (0.0005, "0.001"),
    (4.9e-7, "0"),
    (-0.0001, "-0"),
    (0.05, "0.05"),
    (0.1235, "0.124"),
    (0.9995, "1"),
    (1.0, "1"),
    (1.005, "1.01"),
    (1.06, "1.06"),
    (2.675, "2.68"),
    (9.995, "10"),
    (16.0, "16"),
    (12.34, "12.3"),
    (12.35, "12.4"),
    (99.95, "100"),
    (99.94, "99.9"),
    (100.0, "100"),
    (100.5, "101"),
    (101.5, "102"),
    (999.5, "1,000"),
    (1000.0, "1,000"),
    (1234.5, "1,235"),
    (-1234.5, "-1,235"),
    (9999.5, "10,000"),
    (69600.0, "69,600"),
    (123456.789, "123,457"),
    (999999.5, "1,000,000"),
    (1000000.0, "1,000,000"),
    (1234567890.5, "1,234,567,891"),
    (-0.125, "-0.125"),
    (5e-7, "0"),
];

#[test]
fn numbers_are_written_as_browsers_write_them() {
    for language in Language::ALL {
        for (value, written) in WRITTEN {
            assert_eq!(number(language, *value), *written, "{value}");
        }
    }
}

#[test]
fn moments_keep_the_decimals_that_tell_them_apart() {
    let told = |at, step| moment(Language::English, Nanos(at), Nanos(step));
    assert_eq!(told(1_234_567, 1), "1.234567 ms");
    assert_eq!(told(1_999_999, 1_000), "2 ms");
    assert_eq!(told(1, 1), "0.000001 ms");
    assert_eq!(told(12_345_000_000, 1_000_000), "12.345 s");
}
