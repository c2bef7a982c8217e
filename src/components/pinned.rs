//! A pinned result next to the current one: A and B.

use engine::trace::Nanos;
use lab::metrics::Metrics;
use session::words::{param_text, parameter, signed_percent, time};
use texts::text;
use yew::prelude::*;

use super::html::html;
use super::parts::on_click;
use crate::app::state::{Action, Pinned, State};
use crate::app::store::Store;

/// The comparison, if a result of this lab is pinned.
pub fn pinned(store: &Store, state: &State) -> Html {
    let language = state.language;
    let label = |key: &str| text(language, key, &[]);
    let lab = state.address.values.lab();
    let Some(pinned) = state.pinned.as_ref().filter(|one| one.values.lab() == lab) else {
        return Html::default();
    };
    let unpin = on_click(store, || Action::Unpin);
    // Predictions are compared with predictions, and measurements with measurements.
    let (now, is_measured) = state.scores_as(pinned.measured.is_some());
    let pairs = pinned.beside(&now, is_measured);
    let clock = if is_measured { "verdict.by_measurement" } else { "verdict.by_prediction" };
    html! { in language;
        <section id="pinned" class="pinned">
            <h2 id="pinned-title">@"pin.title"{ " " }<span class="clock">{ label(clock) }</span></h2>
            { super::notices::close(language, unpin) }
            <p class="note">{ differences(state, pinned) }</p>
            <div class="scroll" tabindex="0" role="region" aria-labelledby="pinned-title">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">@"metric.strategy"</th>
                            { for ["row.total", "row.freeze"].iter().flat_map(|what| ["pin.a", "pin.b", "pin.change"].map(
                                |side| html! { <th scope="col">{ label(what) }{ " " }{ label(side) }</th> }
                            )) }
                        </tr>
                    </thead>
                    <tbody>
                        { for pairs.iter().map(|(strategy, before, after)| html! {
                            <tr>
                                <th scope="row">{ label(&strategy.key("name")) }</th>
                                { for cells(state, before, after, |one| one.makespan) }
                                { for cells(state, before, after, |one| one.longest_block) }
                            </tr>
                        }) }
                    </tbody>
                </table>
            </div>
        </section>
    }
}

/// A number then and now, and by how much it has changed.
fn cells(state: &State, before: &Metrics, after: &Metrics, pick: fn(&Metrics) -> Nanos) -> [Html; 3] {
    let language = state.language;
    let (before, after) = (pick(before), pick(after));
    let change = (before > Nanos::ZERO).then(|| after.0 as f64 / before.0 as f64 - 1.0);
    let change = change.map_or_else(|| "–".to_string(), |change| signed_percent(language, change));
    [time(language, before), time(language, after), change].map(|cell| html! { <td>{ cell }</td> })
}

/// The parameters that had another value when it was pinned.
fn differences(state: &State, pinned: &Pinned) -> String {
    let (language, lab) = (state.language, state.address.values.lab());
    let values = pinned.values.iter().zip(state.address.values.iter());
    let differing =
        values.filter(|((_, before), (_, after))| before != after).map(|((param, before), (_, after))| {
            let name = param_text(language, lab, param, "name");
            text(
                language,
                "pin.set",
                &[
                    ("name", &name),
                    ("a", &parameter(language, lab, param, before)),
                    ("b", &parameter(language, lab, param, after)),
                ],
            )
        });
    let differing: Vec<_> = differing.collect();
    if differing.is_empty() { text(language, "pin.same", &[]) } else { differing.join("; ") }
}
