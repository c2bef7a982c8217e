//! A reader's preferences are stored, win over the browser's, and give way to the address.

use engine::YieldWith;
use loopscope::app::state::{Action, Browser, State};
use session::address::Theme;
use session::settings::Settings;
use texts::Language;

fn state(query: &str) -> State {
    let (language, kindest_yield) = (Language::English, YieldWith::ALL[0]);
    State::new(query, Browser { language, kindest_yield, has: [true; YieldWith::ALL.len()], cores: 4 })
}

#[test]
fn stored_settings_are_read_back() {
    let all = Settings {
        language: Some(Language::Korean),
        theme: Some(Theme::Dark),
        panel: Some(320),
        has_no_keys: true,
        knows_hints: true,
    };
    for settings in [all, Settings::default()] {
        assert_eq!(Settings::parse(&settings.to_query()), settings);
    }
    assert_eq!(Settings::default().to_query(), "");
}

#[test]
fn settings_that_make_no_sense_are_ignored() {
    for text in ["", "&&", "lang=tlh&theme=pink&panel=wide&keys=x", "%e0%a4%a"] {
        assert_eq!(Settings::parse(text), Settings::default(), "{text}");
    }
    assert_eq!(Settings::parse("panel=1").panel, Some(224));
    assert_eq!(Settings::parse("panel=60000").panel, Some(480));
}

#[test]
fn the_address_wins_over_stored_settings() {
    let remembered =
        Settings { language: Some(Language::Korean), theme: Some(Theme::Dark), ..Default::default() };
    let mut plain = state("");
    plain.apply(Action::TakeSettings(remembered));
    assert_eq!((plain.language, plain.theme()), (Language::Korean, Some(Theme::Dark)));
    assert_eq!(
        plain.address.to_query(),
        "v=1&lab=shared-workload",
        "a shared link does not contain my preferences"
    );
    let mut asked = state("?lang=en&theme=light");
    asked.apply(Action::TakeSettings(remembered));
    assert_eq!((asked.language, asked.theme()), (Language::English, Some(Theme::Light)));
}

#[test]
fn a_choice_is_shown_and_stored() {
    let mut state = state("?theme=light");
    state.apply(Action::SetLanguage(Language::Korean));
    state.apply(Action::SetTheme(Some(Theme::Dark)));
    assert_eq!((state.language, state.theme()), (Language::Korean, Some(Theme::Dark)));
    assert_eq!(state.settings.to_query(), "lang=ko&theme=dark");
    state.apply(Action::SetTheme(None));
    assert_eq!((state.theme(), state.settings.theme), (None, None), "back to the system's");
    state.apply(Action::ShowHints(false));
    state.apply(Action::SetKeys(false));
    state.apply(Action::SetPanel(300));
    assert_eq!(state.settings.to_query(), "lang=ko&panel=300&keys=0&hints=0");
}
