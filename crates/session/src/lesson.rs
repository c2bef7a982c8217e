//! Lessons with their figures filled in.
//!
//! A lesson is a text in its lab's folder, one for each language. Figures are written `{{yielding.makespan}}`
//! or `{{tasks}}`, and the mark before a thing to try `{{try.id}}`. Must not know how texts are fetched or
//! shown.

use lab::lesson::Shown;
use texts::{Language, text};

use crate::words::{finding, number, parameter, time};

/// A lesson with its figures; `is_tried` says whether the thing to try of this id was seen. A figure that is
/// not to be had is a dash.
pub fn fill(lesson: &str, language: Language, shown: &Shown<'_>, is_tried: impl Fn(&str) -> bool) -> String {
    let value = |name: &str| match name.split_once('.') {
        Some(("try", id)) => Some(tick(language, is_tried(id))),
        _ => {
            let figure = figure(name, language, shown).unwrap_or_else(|| "–".to_string());
            Some(format!("<var>{figure}</var>"))
        }
    };
    texts::fill(lesson, "{{", "}}", &value)
}

/// The mark before a thing to try.
fn tick(language: Language, is_tried: bool) -> String {
    let (class, key) = if is_tried { ("done", "lesson.done") } else { ("open", "lesson.open") };
    format!("<span class=\"tick {class}\" role=\"img\" aria-label=\"{}\"></span>", text(language, key, &[]))
}

/// A figure by its name: `tasks` is a parameter, `yielding.makespan` a number of a strategy. `None` where the
/// strategy is not shown, or has no such number.
pub fn figure(name: &str, language: Language, shown: &Shown<'_>) -> Option<String> {
    let Some((strategy, which)) = name.split_once('.') else {
        let (param, value) = shown.values.iter().find(|(param, _)| param.key == name)?;
        return Some(parameter(language, shown.values.lab(), param, value));
    };
    let metrics = shown.predicted(strategy)?;
    match which {
        "makespan" => Some(match metrics.stalled {
            Some(_) => text(language, "row.halted", &[]),
            None => time(language, metrics.makespan),
        }),
        "freeze" => Some(time(language, metrics.longest_block)),
        "yields" => Some(number(language, metrics.yields as f64)),
        "in_flight" => Some(number(language, metrics.max_in_flight as f64)),
        "latency" => metrics.io_latency.map(|latency| time(language, latency.p95)),
        "speed_up" => {
            let baseline =
                shown.predicted.iter().map(|(_, metrics)| *metrics).find(|one| one.is_correct())?;
            Some(text(language, "unit.times", &[("n", &number(language, metrics.speed_up(baseline)?))]))
        }
        own => metrics.findings.iter().find(|one| one.key == own).map(|one| finding(language, &one.value)),
    }
}
