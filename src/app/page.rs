//! The root component, and the parts of the document around it: the address, the title, the colours.

use std::cell::RefCell;
use std::rc::Rc;

use browser_clock::keep_scripts;
use engine::YieldWith;
use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use gloo_timers::future::TimeoutFuture;
use session::address::{Address, Notice, Place};
use texts::{Language, text};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Document, Element, HtmlElement, KeyboardEvent, Window};
use yew::prelude::*;

use super::background::{TABS, use_background};
use super::fetch::learn;
use super::predictor::Predictor;
use super::run::Runner;
use super::share::is_framed;
use super::state::{Action, Browser, State};
use super::store::Store;
use super::tab_effects::use_tabs;
use super::{api, memory, run};
use crate::components::calibration::calibration;
use crate::components::code::code;
use crate::components::controls::controls;
use crate::components::divider::divider;
use crate::components::header::{header, labs};
use crate::components::help::help;
use crate::components::hints::hints;
use crate::components::html::html;
use crate::components::notices::notices;
use crate::components::parts::focus;
use crate::components::pinned::pinned;
use crate::components::probes::probes;
use crate::components::run_bar::run_bar;
use crate::components::stage::Stage;
use crate::components::tabs::tabs;
use crate::components::verdict::verdict;
use crate::components::{guess, help};

/// How long the reader must do nothing before the address is written, or a large prediction is made.
const REST_MS: u32 = 150;

/// How much of the labs before the current one stays visible, in pixels, as a sign that there are some.
const MARGIN: i32 = 48;

/// Elements that take characters.
const TYPED_INTO: &str = "input:not([type=range], [type=checkbox]), select, textarea";

/// So long after the first paint the page has nothing else to do.
const SETTLED_MS: u32 = 1_000;

/// Mounts the page in the document and starts it.
pub fn mount() {
    yew::set_custom_panic_hook(Box::new(|panic| show_failure("crash", &panic.to_string())));
    let Some(window) = web_sys::window() else {
        return;
    };
    let query = window.location().search().unwrap_or_default();
    let language = match window.navigator().language() {
        Some(tag) if tag.starts_with("ko") => Language::Korean,
        _ => Language::English,
    };
    let browser = Browser {
        language,
        kindest_yield: browser_clock::kindest_yield(),
        has: YieldWith::ALL.map(browser_clock::has),
        cores: run::cores(),
    };
    let store = Store::new(State::new(&query, browser));
    let settings = memory::settings();
    store.dispatch(Action::TakeSettings(settings));
    // A page that embeds a lab explains it.
    if !settings.knows_hints && !is_framed() {
        store.dispatch(Action::ShowHints(true));
    }
    for place in [Place::Worker, Place::Page] {
        if let Some(calibration) = memory::calibration(place) {
            store.dispatch(Action::Calibrate(place, calibration));
        }
    }
    let runner = Runner::new(store.clone());
    let root = window.document().and_then(|document| document.get_element_by_id("app"));
    let Some(root) = root else { return show_failure("crash", "there is no element to draw into") };
    spawn_local(async move {
        if learn(store.state().language).await {
            api::expose(&store, &runner);
            drop(yew::Renderer::<App>::with_root_and_props(root, AppProps { store, runner }).render());
            TimeoutFuture::new(SETTLED_MS).await;
            // Where they cannot be kept, workers load them when they start.
            drop(keep_scripts().await);
        } else {
            show_failure("download", "the texts could not be loaded");
        }
    });
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = console, js_name = error)]
    fn log_error(reason: &str);
}

/// Shows that the page cannot go on. The sentence is in the document from the start.
fn show_failure(why: &str, reason: &str) {
    log_error(reason);
    api::crash(reason);
    let show = || {
        let document = web_sys::window()?.document()?;
        document.get_element_by_id("failure-reason")?.set_text_content(Some(reason));
        let failure = document.get_element_by_id("failure")?;
        failure.set_attribute("data-why", why).ok()?;
        if let Some(loading) = document.get_element_by_id("loading") {
            loading.remove();
        }
        failure.remove_attribute("hidden").ok()
    };
    show();
}

#[derive(Clone, PartialEq, Properties)]
struct AppProps {
    store: Store,
    runner: run::Runner,
}

#[component]
fn App(props: &AppProps) -> Html {
    let AppProps { store, runner } = props;
    let state = use_state(|| store.state());
    let repaint = use_state(|| 0u32);
    {
        let (state, store) = (state.clone(), store.clone());
        use_effect_with((), move |()| {
            store.listen(Callback::from(move |new| state.set(new)));
        });
    }
    {
        let repaint = repaint.clone();
        use_effect_with((), move |()| {
            let count = Rc::new(RefCell::new(0u32));
            let again = move || {
                *count.borrow_mut() += 1;
                repaint.set(*count.borrow());
            };
            around(again)
        });
    }
    use_surroundings(&state, store, runner);
    use_tabs(&state, store, runner);
    {
        let store = store.clone();
        // The first prediction waits until the reader does nothing; the others only give the page a turn in
        // between.
        let pause_ms = if state.predicted == 0 { REST_MS } else { 0 };
        use_effect_with(state.due(), move |due| {
            let predictor = due.clone().map(|due| Predictor::start(store, due, pause_ms));
            move || drop(predictor)
        });
    }
    // If there is room, the parameters are next to the results; otherwise they can be folded away.
    let is_wide = use_memo((), |()| {
        let query = web_sys::window().and_then(|window| window.match_media("(min-width: 70rem)").ok()?);
        query.is_none_or(|query| query.matches())
    });
    let language = state.language;
    let lab = state.address.values.lab().id;
    let background = use_background(&state);
    html! { in language;
        <>
            <a class="skip" href={if state.is_asking() { "#guess" } else { "#stage" }}>@"page.skip"</a>
            { header(store, &state) }
            <main>
                { labs(store, &state) }
                { notices(store, &state) }
                { hints(store, &state) }
                <section class="lead" aria-labelledby="lab-name">
                    <h1 id="lab-name">{ text(language, &format!("lab.{lab}.name"), &[]) }</h1>
                    <p class="question">{ text(language, &format!("lab.{lab}.question"), &[]) }</p>
                    <p class="note">{ text(language, &format!("lab.{lab}.lead"), &[]) }</p>
                </section>
                <div class="bench">
                    { controls(store, &state, *is_wide) }
                    { divider(store, &state) }
                    <div class="results">
                        if state.is_asking() {
                            { guess::question(store, &state) }
                            <section class="tabs guessing" aria-label={text(language, "tab.code", &[])}>
                                <div class="tab-panel">{ code(store, &state) }</div>
                            </section>
                        } else {
                            { run_bar(store, runner, &state) }
                            { guess::answer(store, &state) }
                            { verdict(store, &state) }
                            { pinned(store, &state) }
                            { yew::html! {
                                <Stage store={store.clone()} runner={runner.clone()} state={(*state).clone()}
                                    background={background.clone()} repaint={*repaint} />
                            } }
                            if background.is_there {
                                { tabs(store, runner, background.state_of(TABS, &state)) }
                                { calibration(store, &state) }
                                { probes(&state) }
                            }
                        }
                    </div>
                </div>
            </main>
            if background.is_there {
                { help(store, &state) }
            }
        </>
    }
}

/// Calls `again` whenever the canvases must be painted again, for another size or other colours.
fn around(again: impl Fn() + Clone + 'static) -> impl FnOnce() {
    let window = web_sys::window();
    let resized = window.as_ref().map(|window| {
        let again = again.clone();
        EventListener::new(window, "resize", move |_| again())
    });
    let scheme = window.and_then(|window| window.match_media("(prefers-color-scheme: dark)").ok()?);
    let recoloured = scheme.map(|scheme| EventListener::new(&scheme, "change", move |_| again()));
    move || drop((resized, recoloured))
}

/// Keeps the address, the title, the language and the colours of the document in step with the state.
#[hook]
fn use_surroundings(state: &State, store: &Store, runner: &Runner) {
    let lab = use_mut_ref(|| state.address.values.lab().id);
    use_effect_with(state.address.values.lab().id, |_| show_current_lab());
    use_effect_with(state.address.clone(), move |address| {
        let (query, turned_to) = (address.to_query(), address.values.lab().id);
        let pending = Timeout::new(REST_MS, move || {
            write_address(&query, lab.replace(turned_to) != turned_to);
        });
        move || drop(pending)
    });
    {
        // The question and the result replace each other, so the focus moves along.
        let asked = use_mut_ref(|| state.is_asking());
        use_effect_with(state.is_asking(), move |is_asking| {
            let focused = web_sys::window().and_then(|window| window.document()?.active_element());
            let is_lost = focused.is_none_or(|one| one.closest("#app").is_ok_and(|found| found.is_none()));
            if asked.replace(*is_asking) != *is_asking && is_lost {
                focus(if *is_asking { "guess" } else { "stage" });
            }
        });
    }
    use_effect_with(state.settings, |settings| {
        memory::keep_settings(*settings);
    });
    use_effect_with(state.settings.panel, |panel| {
        if let Some(panel) = panel {
            widen(*panel);
        }
    });
    {
        let store = store.clone();
        use_effect_with((), move |()| {
            let listener = web_sys::window()
                .map(|window| EventListener::new(&window, "keydown", move |event| on_key(&store, event)));
            move || drop(listener)
        });
    }
    use_effect_with((state.language, state.theme()), |(language, theme)| {
        let set = |document: Document| {
            document.set_title(&text(*language, "page.title", &[]));
            let root = document.document_element()?;
            root.set_attribute("lang", language.id()).ok()?;
            match theme {
                Some(theme) => root.set_attribute("data-theme", theme.id()).ok(),
                None => root.remove_attribute("data-theme").ok(),
            }
        };
        web_sys::window().and_then(|window| window.document()).and_then(set);
    });
    let (store, runner) = (store.clone(), runner.clone());
    use_effect_with((), move |()| {
        let listener = web_sys::window().map(|window: Window| {
            EventListener::new(&window.clone(), "popstate", move |_| {
                let query = window.location().search().unwrap_or_default();
                let (mut address, mut notices) = Address::parse(&query);
                // A jump within the page does not change what is shown.
                if address == store.state().address {
                    return;
                }
                let (runner, store) = (runner.clone(), store.clone());
                spawn_local(async move {
                    runner.halt().await;
                    if let Some(language) = address.language
                        && !learn(language).await
                    {
                        address.language = Some(store.state().language);
                        notices.push(Notice::NoTexts { language });
                    }
                    // A reader who goes back twice wants to see where the second step leads.
                    let is_there =
                        web_sys::window().and_then(|one| one.location().search().ok()) == Some(query);
                    if is_there {
                        store.dispatch(Action::Open(address, notices));
                    }
                });
            })
        });
        move || drop(listener)
    });
}

/// Brings the current lab into view, if the labs do not fit in a row.
fn show_current_lab() {
    let scroll = |document: Document| {
        let current =
            document.query_selector("[data-lab][aria-current]").ok()??.dyn_into::<HtmlElement>().ok()?;
        current.parent_element()?.set_scroll_left(current.offset_left() - MARGIN);
        Some(())
    };
    web_sys::window().and_then(|window| window.document()).and_then(scroll);
}

/// Gives the panel of parameters this width. The canvases next to it treat that like another size of the
/// window.
fn widen(panel: u16) {
    let set = |window: Window| {
        let root = window.document()?.document_element()?.dyn_into::<HtmlElement>().ok()?;
        root.style().set_property("--panel", &format!("{panel}px")).ok()?;
        window.dispatch_event(&web_sys::Event::new("resize").ok()?).ok()
    };
    web_sys::window().and_then(set);
}

/// Keys that work everywhere: `?` opens the help, Escape closes what is on top of the page.
fn on_key(store: &Store, event: &web_sys::Event) {
    let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
    // What is typed into an element is meant for that element.
    let is_typed = event.target().is_some_and(|target| {
        let target = target.dyn_into::<Element>().ok();
        target.is_some_and(|one| one.closest(TYPED_INTO).is_ok_and(|found| found.is_some()))
    });
    match event.key().as_str() {
        "?" if !is_typed && !store.state().settings.has_no_keys => help::open(),
        "Escape" => {
            quieten();
            if store.state().shared.is_some() {
                store.dispatch(Action::Share(None));
            }
        }
        _ => {}
    }
}

/// Hides the explanation that is shown, until the pointer or the focus moves elsewhere (WCAG 1.4.13).
fn quieten() {
    let root = web_sys::window().and_then(|window| window.document()?.document_element());
    let Some(root) = root else { return };
    // Setting an attribute with a plain name cannot fail.
    let _ = root.set_attribute("data-quiet", "");
    for name in ["pointerout", "focusout"] {
        let speak = root.clone();
        EventListener::once(&root, name, move |_| drop(speak.remove_attribute("data-quiet"))).forget();
    }
}

/// Writes the address bar. Another lab is a step to go back from, other values are not. A frame that may not
/// touch its history keeps its address.
fn write_address(query: &str, is_step: bool) {
    let Some(history) = web_sys::window().and_then(|window| window.history().ok()) else {
        return;
    };
    let query = format!("?{query}");
    let is_there =
        || web_sys::window().and_then(|window| window.location().search().ok()) == Some(query.clone());
    let _ = match is_step && !is_there() {
        true => history.push_state_with_url(&JsValue::NULL, "", Some(&query)),
        false => history.replace_state_with_url(&JsValue::NULL, "", Some(&query)),
    };
}
