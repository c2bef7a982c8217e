//! What this browser's event loop costs, as measured, and whether predictions include it.

use engine::YieldWith;
use session::words::{number, time, yield_name};
use texts::text;
use yew::prelude::*;

use super::html::html;
use super::parts::{on_click, on_tick};
use crate::app::state::{Action, State};
use crate::app::store::Store;

/// The panel, which is folded at first.
pub fn calibration(store: &Store, state: &State) -> Html {
    let language = state.language;
    let label = |key: &str| text(language, key, &[]);
    let on_ideal = on_tick(store, Action::SetIdeal);
    let on_again = on_click(store, || Action::AskForCalibration);
    let lines = state.calibration().map(|known| {
        let blocks = text(language, "calibration.blocks", &[("n", &number(language, known.blocks_per_ms))]);
        let mut lines = vec![(label("calibration.speed"), blocks)];
        if let Some(costs) = known.costs {
            let all = [
                ("calibration.spawn", costs.spawn),
                ("calibration.timer_lateness", costs.timer_lateness),
                ("calibration.message", costs.message),
                ("calibration.worker_start", costs.worker_start),
                ("calibration.record", costs.record),
                ("calibration.probe", costs.probe),
            ];
            lines.extend(all.map(|(key, cost)| (label(key), time(language, cost))));
            let slowdown = number(language, costs.parallel_slowdown);
            lines.push((
                label("calibration.parallel_slowdown"),
                text(language, "unit.times", &[("n", &slowdown)]),
            ));
            lines.extend(YieldWith::ALL.into_iter().zip(costs.yields).filter_map(|(with, cost)| {
                let primitive = yield_name(state.language, with);
                let name = text(language, "calibration.yield", &[("primitive", &primitive)]);
                Some((name, time(language, cost?)))
            }));
        }
        lines
    });
    html! { in language;
        <details class="calibration">
            <summary>@"calibration.title"</summary>
            if let Some(lines) = lines {
                <dl>{ for lines.into_iter().map(|(name, cost)| html! {
                    <div><dt>{ name }</dt><dd>{ cost }</dd></div>
                }) }</dl>
                <p class="actions">
                    <label>
                        <input id="ideal" type="checkbox" checked={state.address.is_ideal} onchange={on_ideal} />
                        @"calibration.ideal"
                    </label>
                    if state.is_calibration_due {
                        <span role="status">@"calibration.due"</span>
                    } else {
                        <button id="calibrate" class="quiet" onclick={on_again}>@"calibration.again"</button>
                    }
                </p>
            } else {
                <p>@"calibration.none"</p>
            }
        </details>
    }
}
