//! Marks the lines of the shown source that run at the playhead, and those that wait.
//!
//! It writes directly into the page, since the playhead may move with every frame. Must not know how a source
//! is fetched or highlighted.

use texts::{Language, text};
use timeline::inspect;
use timeline::inspect::Lines;
use web_sys::{Document, Element};

use super::state::State;

/// The elements for the marks, and for the same in words.
pub const MARKS: &str = "line-marks";
/// See [`MARKS`].
pub const TOLD: &str = "line-told";

/// Updates the marks. Does nothing unless the source of a strategy that runs here is shown.
pub fn mark(state: &State) {
    let document = web_sys::window().and_then(|window| window.document());
    let find = |id: &str| document.as_ref().and_then(|document: &Document| document.get_element_by_id(id));
    let (Some(marks), Some(told)) = (find(MARKS), find(TOLD)) else { return };
    let lines = at_playhead(state);
    let mut html = String::new();
    for (class, line) in lines.iter().flat_map(|lines| {
        let running = lines.running.map(|line| ("runs", line));
        running.into_iter().chain(lines.waiting.iter().map(|line| ("waits", *line)))
    }) {
        html += &format!("<i class=\"{class}\" style=\"--at:{line}\"></i>");
    }
    put(&marks, &html);
    put(&told, &sentence(state.language, lines.as_ref()));
}

/// The lines at the playhead, in the measurement or, if there is none, in the prediction.
fn at_playhead(state: &State) -> Option<Lines> {
    let (at, row) = (state.view.playhead?, state.focused()?);
    match (&row.measurement, &row.prediction) {
        (Some(measurement), _) => Some(inspect::lines(&measurement.trace.borrow(), at)),
        (None, Some(prediction)) => Some(inspect::lines(&prediction.trace, at)),
        (None, None) => None,
    }
}

fn sentence(language: Language, lines: Option<&Lines>) -> String {
    let Some(Lines { running, waiting }) = lines else { return text(language, "code.line_unset", &[]) };
    let waiting: Vec<_> = waiting.iter().map(|line| line.to_string()).collect();
    let (running, waiting) = (running.map(|line| line.to_string()), waiting.join(", "));
    let key = match (&running, waiting.is_empty()) {
        (Some(_), true) => "code.line_runs",
        (Some(_), false) => "code.line_runs_and_waits",
        (None, false) => "code.line_waits",
        (None, true) => "code.line_none",
    };
    text(language, key, &[("line", &running.unwrap_or_default()), ("lines", &waiting)])
}

/// Writes it, unless it is there already.
fn put(element: &Element, html: &str) {
    if element.inner_html() != html {
        element.set_inner_html(html);
    }
}
