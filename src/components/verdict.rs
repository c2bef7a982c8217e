//! The verdict in a sentence or two, and the lints.

use engine::trace::{LONG_TASK, Nanos, Wait};
use lab::Strategy;
use lab::lint::{Figures, Lint, LintKind};
use lab::metrics::Stall;
use lab::verdict::Claim;
use session::words::{finding, named, number, time};
use texts::{Language, cut, text};
use yew::prelude::*;

use super::html::html;
use super::parts::focus;
use crate::app::state::{Action, State};
use crate::app::store::Store;

/// Shorter freezes are not mentioned: half a frame of an ordinary display.
const NO_FREEZE: Nanos = Nanos(8_000_000);

/// How many of those who wait are named.
const MOST_WAITS: usize = 4;

/// The verdict, and whether it is about predictions or measurements.
pub fn verdict(store: &Store, state: &State) -> Html {
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
    html! { in language;
        <section class={if state.is_predicted() { "verdict" } else { "verdict stale" }} aria-labelledby="verdict-title">
            <h2 id="verdict-title">
                @"verdict.title"
                <span class={if is_measured { "clock measured" } else { "clock" }}>{ text(language, clock, &[]) }</span>
            </h2>
            <p id="verdict">{ sentences.join(" ") }</p>
            { lints(store, state) }
            { for published.map(|sentence| html! { <p class="note">{ sentence }</p> }) }
        </section>
    }
}

/// The lints: one sentence for each kind, with all strategies that show it.
fn lints(store: &Store, state: &State) -> Html {
    let found = state.lints();
    if found.is_empty() {
        return Html::default();
    }
    html! { in state.language;
        <ul class="lints" aria-label=@"verdict.lints">
            { for found.iter().map(|(kind, shown)| html! { <li>{ lint(store, state.language, *kind, shown) }</li> }) }
        </ul>
    }
}

/// A sentence in which each strategy is a link to the evidence.
fn lint(store: &Store, language: Language, kind: LintKind, shown: &[(&'static Strategy, Lint)]) -> Html {
    let sentence = text(language, &format!("lint.{}", kind.id()), &[]);
    let (before, after) = cut(&sentence, "%{who}").unwrap_or_default();
    let who = shown.iter().enumerate().map(|(index, (strategy, lint))| {
        let figures = figures(language, lint);
        // Strategies in a row with the same figures share them.
        let next = shown.get(index + 1);
        let is_shared = next.is_some_and(|(_, next)| self::figures(language, next) == figures);
        let figures = if is_shared { String::new() } else { format!(" ({figures})") };
        let comma = if next.is_some() { ", " } else { "" };
        html! { <>{ evidence(store, language, strategy, lint) }{ figures }{ comma }</> }
    });
    html! { <>{ before }{ for who }{ after }</> }
}

/// A strategy's name, as a link to the part of its timeline that shows the evidence.
fn evidence(store: &Store, language: Language, strategy: &'static Strategy, lint: &Lint) -> Html {
    let (store, from, to) = (store.clone(), lint.from, lint.to);
    let onclick = Callback::from(move |_| {
        store.dispatch(Action::ShowEvidence(strategy, from, to));
        look_at(strategy);
    });
    let what =
        text(language, "verdict.evidence", &[("from", &time(language, from)), ("to", &time(language, to))]);
    html! {
        <button type="button" class="evidence" title={what} {onclick}>{ name(language, strategy) }</button>
    }
}

/// Scrolls to the row of a strategy, and focuses the timelines.
fn look_at(strategy: &Strategy) {
    let row = web_sys::window().and_then(|window| {
        window.document()?.query_selector(&format!(".row[data-strategy={}]", strategy.id)).ok()?
    });
    if let Some(row) = row {
        row.scroll_into_view();
    }
    focus("timelines");
}

/// The evidence in brief.
fn figures(language: Language, lint: &Lint) -> String {
    let count = |count: Option<usize>| count.map_or_else(String::new, |count| number(language, count as f64));
    let Figures { count: n, of, time: length, share } = lint.figures();
    let percent = number(language, (share.unwrap_or_default() * 100.0).round());
    text(
        language,
        &format!("lint_figures.{}", lint.kind().id()),
        &[
            ("count", &count(n)),
            ("of", &count(of)),
            ("time", &time(language, length.unwrap_or_default())),
            ("share", &text(language, "unit.percent", &[("n", &percent)])),
        ],
    )
}

fn name(language: Language, strategy: &Strategy) -> String {
    text(language, &strategy.key("name"), &[])
}

fn sentence(language: Language, claim: &Claim) -> String {
    let of = |strategy: &Strategy| name(language, strategy);
    let all = |strategies: &[&Strategy]| strategies.iter().map(|one| of(one)).collect::<Vec<_>>().join(", ");
    match claim {
        Claim::Fastest { strategy, makespan, speed_up, baseline, longest_block, equals } => {
            let key = match *longest_block {
                _ if strategy == baseline || equals.contains(baseline) => "verdict.fastest_baseline",
                freeze if freeze > LONG_TASK => "verdict.fastest_frozen",
                freeze if freeze < NO_FREEZE => "verdict.fastest_free",
                _ => "verdict.fastest",
            };
            let values = [
                ("strategy", of(strategy)),
                ("makespan", time(language, *makespan)),
                ("speed_up", number(language, *speed_up)),
                ("baseline", of(baseline)),
                ("freeze", time(language, *longest_block)),
            ];
            let mut told =
                text(language, key, &values.each_ref().map(|(name, value)| (*name, value.as_str())));
            if !equals.is_empty() {
                told.push(' ');
                told += &text(language, "verdict.as_fast", &[("strategies", &all(equals))]);
            }
            told
        }
        Claim::NoneFaster { makespan } => {
            text(language, "verdict.none_faster", &[("makespan", &time(language, *makespan))])
        }
        Claim::Freezes { strategy, longest_block } => text(
            language,
            "verdict.freezes",
            &[("strategy", &of(strategy)), ("freeze", &time(language, *longest_block))],
        ),
        Claim::Wrong { strategy, makespan, is_fast, fault } => text(
            language,
            if *is_fast { "verdict.wrong_fast" } else { "verdict.wrong" },
            &[
                ("strategy", &of(strategy)),
                ("makespan", &time(language, *makespan)),
                ("fault", &text(language, &format!("finding.{}", fault.key), &[])),
                ("value", &finding(language, &fault.value)),
            ],
        ),
        Claim::Orders { count, differing } => {
            let count = number(language, *count as f64);
            match differing.as_deref() {
                None => text(language, "verdict.orders", &[("count", &count)]),
                Some([]) => text(language, "verdict.orders_same", &[("count", &count)]),
                Some(differing) => text(language, "verdict.orders_differ", &[("programs", &all(differing))]),
            }
        }
        Claim::Stalled { strategy, stall } => stalled(language, &of(strategy), stall),
    }
}

/// Why a strategy came to a halt: the circle of those who wait for each other or, if there is none, all who
/// wait.
fn stalled(language: Language, strategy: &str, stall: &Stall) -> String {
    let waits = if stall.cycle.is_empty() { &stall.others } else { &stall.cycle };
    let key = match stall.reason {
        "step-limit" => "verdict.step_limit",
        _ if waits.is_empty() => "verdict.stalled",
        _ if stall.cycle.is_empty() => "verdict.stalled_waiting",
        _ => "verdict.deadlock",
    };
    let mut told: Vec<_> = waits.iter().take(MOST_WAITS).map(|wait| waiting(language, wait)).collect();
    if waits.len() > MOST_WAITS {
        let more = number(language, (waits.len() - MOST_WAITS) as f64);
        told.push(text(language, "verdict.more_wait", &[("n", &more)]));
    }
    text(language, key, &[("strategy", strategy), ("waits", &told.join("; "))])
}

/// Who waits for what, and who holds it.
fn waiting(language: Language, wait: &Wait) -> String {
    let who = named(language, "lane", &wait.who);
    let resource = named(language, "resource", &wait.resource);
    let holders = wait.held_by.iter().map(|one| named(language, "lane", one)).collect::<Vec<_>>().join(", ");
    let key = if holders.is_empty() { "verdict.waits" } else { "verdict.waits_for_holder" };
    text(language, key, &[("who", &who), ("resource", &resource), ("holder", &holders)])
}
