//! The outcome in one sentence or two.

use yew::prelude::*;

use crate::app::state::State;
use crate::i18n::{Language, number, text, time};
use crate::lab::Strategy;
use crate::verdict::{Claim, LONG_TASK};

/// The verdict, and whether it was predicted or measured.
pub fn verdict(state: &State) -> Html {
    let language = state.language;
    let (claims, is_measured) = state.verdict();
    let clock = if is_measured { "verdict.by_measurement" } else { "verdict.by_prediction" };
    let sentences = claims.iter().map(|claim| sentence(language, claim)).collect::<Vec<_>>();
    let published = state.published().map(|(published, ours)| {
        let times = |value: f64| number(language, value);
        let lab = state.address.values.lab();
        let of = |id: &str| lab.strategy(id).map_or_else(String::new, |one| name(language, one));
        text(
            language,
            "verdict.published",
            &[
                ("strategy", &of(published.strategy)),
                ("baseline", &of(published.baseline)),
                ("published", &times(published.speed_up)),
                ("ours", &times(ours)),
            ],
        )
    });
    html! {
        <section class={classes!("verdict", (!state.is_predicted()).then_some("stale"))} aria-labelledby="verdict-title">
            <h2 id="verdict-title">
                { text(language, "verdict.title", &[]) }
                <span class={classes!("clock", (is_measured).then_some("measured"))}>{ text(language, clock, &[]) }</span>
            </h2>
            <p id="verdict">{ sentences.join(" ") }</p>
            { for published.map(|sentence| html! { <p class="note">{ sentence }</p> }) }
        </section>
    }
}

fn name(language: Language, strategy: &Strategy) -> String {
    text(language, &strategy.key("name"), &[])
}

fn sentence(language: Language, claim: &Claim) -> String {
    let of = |strategy: &Strategy| name(language, strategy);
    match claim {
        Claim::Fastest { strategy, makespan, baseline, .. } if strategy == baseline => text(
            language,
            "verdict.fastest_baseline",
            &[("strategy", &of(strategy)), ("makespan", &time(language, *makespan))],
        ),
        Claim::Fastest { strategy, makespan, speed_up, baseline, longest_block } => text(
            language,
            if *longest_block > LONG_TASK { "verdict.fastest_frozen" } else { "verdict.fastest" },
            &[
                ("strategy", &of(strategy)),
                ("makespan", &time(language, *makespan)),
                ("speed_up", &number(language, *speed_up)),
                ("baseline", &of(baseline)),
                ("freeze", &time(language, *longest_block)),
            ],
        ),
        Claim::NoneFaster { makespan } => {
            text(language, "verdict.none_faster", &[("makespan", &time(language, *makespan))])
        }
        Claim::Freezes { strategy, longest_block } => text(
            language,
            "verdict.freezes",
            &[("strategy", &of(strategy)), ("freeze", &time(language, *longest_block))],
        ),
        Claim::Stalled { strategy } => text(language, "verdict.stalled", &[("strategy", &of(strategy))]),
    }
}
