//! What each probe saw of each measured strategy, under the probe's own name.

use std::rc::Rc;

use engine::trace::Distribution;
use lab::Strategy;
use session::words::{number, time};
use texts::text;
use yew::prelude::*;

use super::html::html;
use crate::app::state::{Measurement, State};

/// The table: a line for each measured strategy, and a column for each probe. Nothing is shown until
/// something was measured.
pub fn probes(state: &State) -> Html {
    let language = state.language;
    let label = |key: &str| text(language, key, &[]);
    let measured: Vec<_> = state
        .rows
        .iter()
        .filter_map(|row| Some((row.strategy, row.measurement.as_ref().filter(|one| one.metrics.is_some())?)))
        .collect();
    let Some((_, first)) = measured.first() else { return Html::default() };
    let cell = |seen: Option<Distribution>| match seen {
        Some(seen) => {
            let values = [("p50", time(language, seen.p50)), ("max", time(language, seen.max))];
            text(language, "probe.cell", &values.each_ref().map(|(name, value)| (*name, value.as_str())))
        }
        None => "–".to_string(),
    };
    let line = |(strategy, measurement): &(&'static Strategy, &Rc<Measurement>)| {
        let share = measurement.instrumentation.map_or_else(
            || "–".to_string(),
            |share| text(language, "unit.percent", &[("n", &number(language, share * 100.0))]),
        );
        html! {
            <tr>
                <th scope="row">{ label(&strategy.key("name")) }</th>
                { for measurement.probes.iter().map(|(_, seen)| html! { <td>{ cell(seen) }</td> }) }
                <td>{ share }</td>
            </tr>
        }
    };
    let columns: Vec<_> = first.probes.iter().map(|(probe, _)| probe).chain(["instrumentation"]).collect();
    html! { in language;
        <section class="numbers-table">
            <h2 id="probes-title">@"probe.title"</h2>
            <div class="scroll" tabindex="0" role="region" aria-labelledby="probes-title">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">@"probe.strategy"</th>
                            { for columns.iter().map(|probe| html! {
                                <th scope="col">{ label(&format!("probe.{probe}")) }</th>
                            }) }
                        </tr>
                    </thead>
                    <tbody>{ for measured.iter().map(line) }</tbody>
                </table>
            </div>
            <dl class="methods">
                { for columns.iter().map(|probe| html! {
                    <div>
                        <dt>{ label(&format!("probe.{probe}")) }</dt>
                        <dd>{ label(&format!("probe.{probe}_method")) }</dd>
                    </div>
                }) }
            </dl>
            <p class="note">@"probe.note"</p>
        </section>
    }
}
