//! Lessons: what their figures stand for, and when something to try has been seen.
//!
//! Their texts are assets, one a lab and language, with figures as `{{yielding.makespan}}` or `{{tasks}}` and a
//! mark for everything to try as `{{try.id}}`. Knows values and numbers, neither the page nor a clock.

use crate::i18n::{self, Language, finding, number, parameter, text, time};
use crate::lab::Values;
use crate::metrics::Metrics;
use crate::trace::Nanos;
use crate::verdict::Scored;

/// Something to try, which ticks itself off once the reader has seen what it shows.
#[derive(Clone, Copy, Debug)]
pub struct Try {
    /// Its name in the lesson's text.
    pub id: &'static str,
    /// Whether what it is about is on the page.
    pub is_seen: fn(&Seen<'_>) -> bool,
}

impl Try {
    /// Something to try.
    pub const fn new(id: &'static str, is_seen: fn(&Seen<'_>) -> bool) -> Try {
        Try { id, is_seen }
    }
}

/// What is on the page.
#[derive(Debug)]
pub struct Seen<'a> {
    /// What is set.
    pub values: &'a Values,
    /// What is predicted for it.
    pub predicted: Vec<Scored<'a>>,
    /// What was measured with it, as far as it counts.
    pub measured: Vec<Scored<'a>>,
}

impl<'a> Seen<'a> {
    /// The predicted numbers of a strategy, if it is shown.
    pub fn predicted(&self, id: &str) -> Option<&'a Metrics> {
        find(&self.predicted, id)
    }

    /// The measured numbers of a strategy, if it was run.
    pub fn measured(&self, id: &str) -> Option<&'a Metrics> {
        find(&self.measured, id)
    }

    /// The predicted total time, for comparing; nothing for a run that got it wrong.
    pub fn makespan(&self, id: &str) -> Option<Nanos> {
        self.predicted(id).filter(|metrics| metrics.is_correct()).map(|metrics| metrics.makespan)
    }

    /// Whether one strategy is shown to take at most so many hundredths of another's time.
    pub fn takes(&self, id: &str, at_most_percent: u64, of: &str) -> bool {
        let pair = self.makespan(id).zip(self.makespan(of));
        pair.is_some_and(|(one, other)| one.0 * 100 <= other.0 * at_most_percent)
    }
}

fn find<'a>(scores: &[Scored<'a>], id: &str) -> Option<&'a Metrics> {
    scores.iter().find(|(strategy, _)| strategy.id == id).map(|(_, metrics)| *metrics)
}

/// A lesson with its figures; `is_ticked` tells of everything to try whether it was seen.
pub fn fill(lesson: &str, language: Language, seen: &Seen<'_>, is_ticked: impl Fn(&str) -> bool) -> String {
    let value = |name: &str| match name.split_once('.') {
        Some(("try", id)) => Some(tick(language, is_ticked(id))),
        _ => {
            let figure = figure(name, language, seen).unwrap_or_else(|| "–".to_string());
            Some(format!("<var>{figure}</var>"))
        }
    };
    i18n::fill(lesson, "{{", "}}", &value)
}

/// The mark before something to try.
fn tick(language: Language, is_ticked: bool) -> String {
    let (class, key) = if is_ticked { ("done", "lesson.done") } else { ("open", "lesson.open") };
    format!("<span class=\"tick {class}\" role=\"img\" aria-label=\"{}\"></span>", text(language, key, &[]))
}

/// What a figure comes to: `tasks` is a parameter, `yielding.makespan` a number of a strategy. Nothing where the
/// strategy is not shown, or has no such number.
pub fn figure(name: &str, language: Language, seen: &Seen<'_>) -> Option<String> {
    let Some((strategy, which)) = name.split_once('.') else {
        let (param, value) = seen.values.iter().find(|(param, _)| param.key == name)?;
        return Some(parameter(language, param, value));
    };
    let metrics = seen.predicted(strategy)?;
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
            let baseline = seen.predicted.iter().map(|(_, metrics)| *metrics).find(|one| one.is_correct())?;
            Some(text(language, "unit.times", &[("n", &number(language, metrics.speed_up(baseline)?))]))
        }
        own => metrics.findings.iter().find(|one| one.key == own).map(|one| finding(language, &one.value)),
    }
}
