//! What the tabs need from outside: fetches texts and makes sweeps. Works through the store.

use gloo_timers::callback::Timeout;
use session::address::Tab;
use session::sweep::Request;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::fetch::fetch_html;
use super::lines;
use super::run::Runner;
use super::state::{Action, State};
use super::store::Store;
use super::sweeper::Trouble;
use super::tabs::{SweepPhase, TabAction, path};

/// How long the values must stay the same before they are swept.
const REST_MS: u32 = 300;

/// The number of steps in which progress is shown, since each renders the page.
const STEPS: f64 = 20.0;

/// Fetches the text that the open tab needs, and makes the sweep that it shows.
#[hook]
pub fn use_tabs(state: &State, store: &Store, runner: &Runner) {
    {
        let (looker, store) = (store.clone(), store.clone());
        use_effect_with((), move |()| looker.on_look(Callback::from(move |()| lines::mark(&store.state()))));
    }
    {
        let store = store.clone();
        use_effect(move || lines::mark(&store.state()));
    }
    let view = state.tab();
    let missing = path(view, &state.address.values, state.language)
        .filter(|path| state.tabs.asset(path).is_none() && !state.phase.is_live());
    {
        let store = store.clone();
        use_effect_with(missing, move |missing| {
            // Only after the first paint, which needs the thread.
            let pending = missing.clone().map(|path| Timeout::new(0, move || start_fetching(store, path)));
            move || drop(pending)
        });
    }
    let is_open = view == Tab::Sweep && !state.phase.is_live();
    let wanted = state.tabs.request(&state.address).filter(|_| is_open);
    let (store, runner) = (store.clone(), runner.clone());
    use_effect_with((wanted, state.tabs.sweep.attempt, state.costs()), move |(wanted, _, _)| {
        let is_wanted = wanted.is_some();
        let pending = wanted.clone().map(|request| {
            let runner = runner.clone();
            Timeout::new(REST_MS, move || spawn_local(sweep(store, runner, request)))
        });
        move || {
            drop(pending);
            if is_wanted {
                runner.sweeper().stop();
            }
        }
    });
}

fn start_fetching(store: Store, path: String) {
    store.dispatch(Action::Tab(TabAction::Fetch(path.clone())));
    spawn_local(async move {
        let text = fetch_html(&path).await;
        store.dispatch(Action::Tab(TabAction::Fetched(path, text)));
    });
}

async fn sweep(store: Store, runner: Runner, request: Request) {
    let tell = |action: TabAction| store.dispatch(Action::Tab(action));
    tell(TabAction::SetSweep(SweepPhase::Running(0.0)));
    let conditions = store.state().conditions();
    let on_progress = |share: f64| {
        let is_news =
            |phase: &SweepPhase| matches!(phase, SweepPhase::Running(told) if share - told > 1.0 / STEPS);
        if is_news(&store.state().tabs.sweep.phase) {
            store.dispatch(Action::Tab(TabAction::SetSweep(SweepPhase::Running(share))));
        }
    };
    let asked = request.clone();
    match runner.sweeper().sweep(request, conditions, &on_progress).await {
        Ok(Some(chart)) => tell(TabAction::Chart(Box::new((chart, asked)))),
        // The one who stopped it has dispatched what to show, unless another sweep follows.
        Ok(None) if store.state().tabs.sweep.phase == SweepPhase::Stopped => {}
        Ok(None) => tell(TabAction::SetSweep(SweepPhase::Idle)),
        Err(Trouble::Problem(problem)) => tell(TabAction::SetSweep(SweepPhase::Nothing(problem))),
        Err(Trouble::Broke(reason)) => tell(TabAction::SetSweep(SweepPhase::Broke(reason))),
    }
}
