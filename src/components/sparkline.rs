//! How late the event loop was over the time of a run, as a picture of the size of a word.

use yew::prelude::*;

use super::html::html;
use crate::i18n::{Language, text, time};
use crate::lag::lag;
use crate::trace::Trace;
use crate::verdict::LONG_TASK;

/// So many columns are as fine as so small a picture can be.
const COLUMNS: usize = 48;

/// Height in its own units.
const HEIGHT: u64 = 16;

/// The lag of the loop over the whole run. A long task fills the height, or whatever is longer: so a loop that is
/// never late for long looks flat.
pub fn sparkline(language: Language, trace: &Trace) -> Html {
    let lags = lag(trace, COLUMNS, trace.end());
    let longest = lags.iter().max().copied().unwrap_or_default();
    let most = longest.max(LONG_TASK);
    let label = text(language, "row.lag", &[("most", &time(language, longest))]);
    let mut path = format!("M0 {HEIGHT}");
    for (column, lag) in lags.iter().enumerate() {
        let y = HEIGHT - (lag.0.saturating_mul(HEIGHT) / most.0);
        path = format!("{path}V{y}H{}", column + 1);
    }
    html! {
        <svg class="sparkline" viewBox={format!("0 0 {COLUMNS} {HEIGHT}")} preserveAspectRatio="none" role="img"
            aria-label={label}>
            <path d={format!("{path}V{HEIGHT}")} />
        </svg>
    }
}
