//! The outcome in one sentence or two, and what else stands out in the runs.

use yew::prelude::*;

use crate::app::state::State;
use crate::i18n::{Language, number, text, time};
use crate::lab::Strategy;
use crate::lint::{Lint, LintKind};
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
            { lints(state) }
            { for published.map(|sentence| html! { <p class="note">{ sentence }</p> }) }
        </section>
    }
}

/// What stands out: one sentence for each kind, with all who show it.
fn lints(state: &State) -> Html {
    let found = state.lints();
    if found.is_empty() {
        return Html::default();
    }
    let told = found.iter().map(|(kind, shown)| lint(state.language, *kind, shown));
    html! {
        <ul class="lints" aria-label={text(state.language, "verdict.lints", &[])}>
            { for told.map(|sentence| html! { <li>{ sentence }</li> }) }
        </ul>
    }
}

fn lint(language: Language, kind: LintKind, shown: &[(&Strategy, Lint)]) -> String {
    // Neighbours with the same figures share them.
    let mut who: Vec<(String, String)> = Vec::new();
    for (strategy, lint) in shown {
        let (name, figures) = (name(language, strategy), figures(language, lint));
        match who.last_mut() {
            Some((names, same)) if *same == figures => *names = format!("{names}, {name}"),
            _ => who.push((name, figures)),
        }
    }
    let who: Vec<_> = who.into_iter().map(|(names, figures)| format!("{names} ({figures})")).collect();
    text(language, &format!("lint.{}", kind.id()), &[("who", &who.join(", "))])
}

/// The evidence in brief.
fn figures(language: Language, lint: &Lint) -> String {
    let count = |count: Option<usize>| count.map_or_else(String::new, |count| number(language, count as f64));
    let percent = number(language, (lint.share.unwrap_or_default() * 100.0).round());
    text(
        language,
        &format!("lint_figures.{}", lint.kind.id()),
        &[
            ("count", &count(lint.count)),
            ("of", &count(lint.of)),
            ("time", &time(language, lint.time.unwrap_or_default())),
            ("share", &text(language, "unit.percent", &[("n", &percent)])),
        ],
    )
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
