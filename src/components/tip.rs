//! The tip: what is under the pointer, and the life of its task on both clocks.

use engine::trace::{Gauge, Lane, Nanos, Span, SpanKind, TaskId, Trace};
use session::words::{named, number, time};
use texts::{Language, text};
use timeline::inspect::in_flight;
use timeline::picture::Part;
use timeline::{lane_span_at, level_at, loop_span_at, phases};
use yew::prelude::*;

use super::html::html;
use crate::app::state::{Row, State};
use crate::app::view::{Point, View};

/// The tip, if the reader points at something.
pub fn tip(state: &State, view: &View) -> Html {
    let found = view.point.and_then(|point| {
        let row = state.rows.iter().find(|row| row.strategy == point.strategy)?;
        Some((point, row))
    });
    let Some((point, row)) = found else { return Html::default() };
    let language = state.language;
    let part = row.layout(view.shows_tasks).part_at(point.y);
    let Some((lines, clock)) =
        row.read_at(point.at, |trace, clock| (describe(language, trace, part, &point), clock))
    else {
        return Html::default();
    };
    let name = text(language, &row.strategy.key("name"), &[]);
    let clock = text(language, if clock == "measured" { "row.measured" } else { "row.predicted" }, &[]);
    let place = format!("--x: {}px; --y: {}px", point.room.0 as i32, point.room.1 as i32);
    html! {
        <div class="tip" style={place}>
            <span class="of">{ name }{ " · " }{ clock }</span>
            { for lines.into_iter().map(|line| html! { <span>{ line }</span> }) }
            { for point.task.map(|task| life(language, row, task)) }
        </div>
    }
}

/// How long a task spent on each kind, predicted and measured.
pub fn life(language: Language, row: &Row, task: TaskId) -> Html {
    let predicted = row.prediction.as_ref().map(|one| phases(&one.index().life(&one.trace, task)));
    let predicted = predicted.unwrap_or_default();
    let measured = row.measurement.as_ref().map(|one| phases(&one.index().life(&one.trace.borrow(), task)));
    let of = |phases: &[(SpanKind, Nanos)], kind: SpanKind| {
        let found = phases.iter().find(|(one, _)| *one == kind);
        found.map_or_else(|| "–".to_string(), |(_, length)| time(language, *length))
    };
    let is_there = |kind: &SpanKind| {
        predicted.iter().chain(measured.iter().flatten()).any(|(one, _)| one == kind)
            && *kind != SpanKind::Turn
    };
    html! {
        <table>
            { for measured.is_some().then(|| html! { in language;
                <thead>
                    <tr>
                        <th />
                        <th>@"row.predicted"</th>
                        <th>@"row.measured"</th>
                    </tr>
                </thead>
            }) }
            <tbody>
                { for SpanKind::ALL.into_iter().filter(is_there).map(|kind| html! {
                    <tr>
                        <th>{ text(language, &format!("legend.{}", kind.id()), &[]) }</th>
                        <td>{ of(&predicted, kind) }</td>
                        { for measured.as_ref().map(|measured| html! { <td>{ of(measured, kind) }</td> }) }
                    </tr>
                }) }
            </tbody>
        </table>
    }
}

/// What is at a point of a trace.
fn describe(language: Language, trace: &Trace, part: Part, point: &Point) -> Vec<String> {
    match part {
        Part::Loop | Part::Requests => describe_loop(language, trace, point.at, point.pixel),
        Part::Lane(lane) => describe_lane(language, trace, lane, point.at, point.pixel),
        Part::Gauge(gauge) => describe_gauge(language, trace, gauge, point.at),
        Part::Task(task) => {
            vec![named(language, "lane", &trace.name_of(task.into())), time(language, point.at)]
        }
    }
}

/// What the loop did at a moment.
pub fn describe_loop(language: Language, trace: &Trace, at: Nanos, pixel: Nanos) -> Vec<String> {
    let in_flight = in_flight(trace, at).to_string();
    let mut lines = match loop_span_at(trace, at, pixel) {
        None => vec![text(language, "tip.idle", &[]), time(language, at)],
        Some(span) => {
            let task = span.task.number().map_or_else(String::new, |number| (number + 1).to_string());
            let key = match span.kind() {
                SpanKind::Cpu => "tip.cpu",
                SpanKind::Blocked => "tip.blocked",
                SpanKind::Yield => "tip.yield",
                _ => "tip.turn",
            };
            vec![text(language, key, &[("task", &task)]), from_to(language, span)]
        }
    };
    lines.push(text(language, "tip.in_flight", &[("n", &in_flight)]));
    lines
}

fn from_to(language: Language, span: Span) -> String {
    let (start, end) = (time(language, span.start), time(language, span.end));
    let duration = time(language, span.duration());
    text(language, "tip.span", &[("start", &start), ("end", &end), ("duration", &duration)])
}

/// What was done on another lane at a moment.
fn describe_lane(language: Language, trace: &Trace, lane: Lane, at: Nanos, pixel: Nanos) -> Vec<String> {
    let who = named(language, "lane", &trace.name_of(lane.into()));
    let Some(span) = lane_span_at(trace, lane, at, pixel) else {
        let what = text(language, "tip.nothing", &[]);
        return vec![text(language, "tip.lane", &[("who", &who), ("what", &what)]), time(language, at)];
    };
    let what = text(language, &format!("legend.{}", span.kind().id()), &[]);
    let mut lines = vec![text(language, "tip.lane", &[("who", &who), ("what", &what)])];
    if span.task.number().is_some() {
        lines.push(named(language, "lane", &trace.name_of(span.task.into())));
    }
    lines.push(from_to(language, span));
    lines
}

/// The level of a gauge at a moment.
fn describe_gauge(language: Language, trace: &Trace, gauge: Gauge, at: Nanos) -> Vec<String> {
    let name = trace.gauges().find(|(one, _)| *one == gauge).map(|(_, name)| name);
    let who = name.map_or_else(String::new, |name| named(language, "gauge", name));
    let what = number(language, level_at(trace, gauge, at).unwrap_or_default() as f64);
    vec![text(language, "tip.lane", &[("who", &who), ("what", &what)]), time(language, at)]
}
