//! How late the event loop was during a run, as a picture the size of a word.

use engine::trace::Trace;
use session::words::time;
use texts::{Language, text};
use timeline::lag::lag;
use yew::prelude::*;

use super::html::html;

/// The number of columns, which is as fine as such a small picture can be.
const COLUMNS: usize = 48;

/// The height, in units of the picture.
const HEIGHT: u32 = 32;

/// The lag of the loop over the whole run, on the same scale in every row. From 1 ms on, a factor of ten is a
/// quarter of the height, so that 16 ms can be told from a second.
pub fn sparkline(language: Language, trace: &Trace) -> Html {
    let lags = lag(trace, COLUMNS, trace.end());
    let longest = time(language, lags.iter().max().copied().unwrap_or_default());
    let label = text(language, "row.lag", &[("most", &longest)]);
    let mut path = format!("M0 {HEIGHT}");
    for (column, lag) in lags.iter().enumerate() {
        let tenfolds = lag.as_ms().max(1.0).log10().min(4.0);
        let y = HEIGHT - (tenfolds * f64::from(HEIGHT) / 4.0) as u32;
        path = format!("{path}V{y}H{}", column + 1);
    }
    html! {
        <>
            <svg class="sparkline" viewBox={format!("0 0 {COLUMNS} {HEIGHT}")} preserveAspectRatio="none" role="img"
                aria-label={label}>
                <path d={format!("{path}V{HEIGHT}")} />
            </svg>
            <span class="most" aria-hidden="true">{ longest }</span>
        </>
    }
}
