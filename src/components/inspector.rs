//! The loop at the playhead: what runs, what waits for its turn, and what is in flight, on both clocks.

use engine::trace::{Cause, Nanos, SpanKind, Trace};
use session::words::{moment, number, time};
use texts::{Language, text};
use timeline::inspect;
use timeline::inspect::Moment;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::html::html;
use super::tip::life;
use crate::app::state::{Action, State};
use crate::app::store::Store;
use crate::app::view::{Look, View};

/// The panel below the rows.
pub fn inspector(store: &Store, state: &State, view: &View) -> Html {
    let language = state.language;
    let label = |key: &str| text(language, key, &[]);
    let Some(row) = store.state().focused().cloned() else { return Html::default() };
    let choose = {
        let store = store.clone();
        Callback::from(move |event: Event| {
            let index = event.target_unchecked_into::<HtmlSelectElement>().selected_index();
            if let Some(row) = store.state().rows.get(index as usize) {
                store.dispatch(Action::Look(Look::FocusOn(row.strategy)));
            }
        })
    };
    let body = view.playhead.map(|at| {
        let look = |trace: &Trace| (at <= trace.end()).then(|| inspect::at(trace, at));
        let predicted = row.prediction.as_ref().and_then(|one| look(&one.trace));
        let measured = row.measurement.as_ref().map(|one| look(&one.trace.borrow()));
        table(language, at, predicted, measured)
    });
    let chosen = view.task.map(|task| html! {
        <div class="chosen"><h3>{ text(language, "lane.task", &[("n", &count(language, task.0 as usize + 1))]) }</h3>{ life(language, &row, task) }</div>
    });
    let at = view.playhead.map(|at| moment(language, at, Nanos(state.axis_end().0 / 10_000)));
    html! { in language;
        <section class="inspector" aria-labelledby="inspector-title">
            <div class="inspector-head">
                <h2 id="inspector-title">@"inspector.title"</h2>
                <select id="inspected" aria-label=@"inspector.strategy" onchange={choose}>
                    { for state.rows.iter().map(|one| html! {
                        <option selected={one.strategy == row.strategy}>
                            { label(&one.strategy.key("name")) }
                        </option>
                    }) }
                </select>
                { for at.map(|at| html! { <output>{ at }</output> }) }
            </div>
            <div role="status">{ for chosen }</div>
            { body.unwrap_or_else(|| html! { in language; <p class="note">@"inspector.hint"</p> }) }
        </section>
    }
}

/// A line for each cause of a wake-up, and a column for each clock.
fn table(language: Language, at: Nanos, predicted: Option<Moment>, measured: Option<Option<Moment>>) -> Html {
    let label = |key: &str| text(language, key, &[]);
    let ended = || label("inspector.ended");
    let line = |key: &'static str, tell: fn(Language, Nanos, &Moment) -> String| {
        let cell = |one: &Option<Moment>| one.as_ref().map_or_else(ended, |one| tell(language, at, one));
        html! {
            <tr>
                <th scope="row">{ label(key) }</th>
                <td>{ cell(&predicted) }</td>
                { for measured.as_ref().map(|one| html! { <td>{ cell(one) }</td> }) }
            </tr>
        }
    };
    html! { in language;
        <table>
            <thead>
                <tr>
                    <td />
                    <th scope="col">@"row.predicted"</th>
                    { for measured.as_ref().map(|_| html! { in language; <th scope="col">@"row.measured"</th> }) }
                </tr>
            </thead>
            <tbody>
                { line("inspector.running", running) }
                { line("inspector.microtasks", |language, _, one| count(language, one.microtasks)) }
                { line("inspector.ready", |language, _, one| ready(language, one)) }
                { line("inspector.timers", timers) }
                { line("inspector.in_flight", |language, _, one| count(language, one.in_flight)) }
                { line("inspector.queued", |language, _, one| count(language, one.queued)) }
            </tbody>
        </table>
    }
}

fn count(language: Language, count: usize) -> String {
    number(language, count as f64)
}

/// What the thread does, and for how much longer.
fn running(language: Language, at: Nanos, moment: &Moment) -> String {
    let Some(span) = moment.running else { return text(language, "tip.idle", &[]) };
    let task = span.task.number().map_or_else(String::new, |number| (number + 1).to_string());
    let key = match span.kind() {
        SpanKind::Cpu => "tip.cpu",
        SpanKind::Blocked => "tip.blocked",
        _ => "tip.turn",
    };
    let what = text(language, key, &[("task", &task)]);
    let rest = time(language, span.end.since(at));
    text(language, "inspector.for_another", &[("what", &what), ("rest", &rest)])
}

/// How many wake-ups are due and wait for their turn, by cause.
fn ready(language: Language, moment: &Moment) -> String {
    let one = |(cause, n): &(Cause, usize)| {
        let cause = text(language, &format!("cause.{}", id(*cause)), &[]);
        text(language, "inspector.ready_of", &[("n", &count(language, *n)), ("cause", &cause)])
    };
    let all: Vec<_> = moment.ready.iter().map(one).collect();
    if all.is_empty() { count(language, 0) } else { all.join(", ") }
}

/// How many timers are set, and when the first of them is due.
fn timers(language: Language, at: Nanos, moment: &Moment) -> String {
    let n = count(language, moment.timers.len());
    match moment.timers.first() {
        None => n,
        Some(due) => {
            let wait = time(language, due.since(at));
            text(language, "inspector.next_timer", &[("n", &n), ("wait", &wait)])
        }
    }
}

/// The last part of a cause's message key.
fn id(cause: Cause) -> &'static str {
    match cause {
        Cause::Microtask => "microtask",
        Cause::UserBlocking => "user-blocking",
        Cause::Continuation => "continuation",
        Cause::UserVisible => "user-visible",
        Cause::Message => "message",
        Cause::Response => "response",
        Cause::Timer => "timer",
        Cause::Frame => "frame",
        Cause::BackgroundContinuation => "background-continuation",
        Cause::Background => "background",
        Cause::Idle => "idle",
    }
}
