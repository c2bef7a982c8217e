//! What the page shows, as a query string. Knows labs and plain settings, not the page.
//!
//! Any query string gives something to show; a [`Notice`] reports what could not be taken as given.

use engine::number;
use std::borrow::Cow;

use form_urlencoded::Serializer;
use lab::{Control, Lab, Param, Scenario, Strategy, Values};
use texts::{Language, cut};

use crate::digits;

/// The version of the query string's format. It comes first in every address that we write.
pub const VERSION: &str = "1";

/// The smallest time scale: a run in a ten-thousandth of its lab time.
pub const LEAST_SCALE: f64 = 0.0001;

/// What an address says to show.
#[derive(Clone, PartialEq, Debug)]
pub struct Address {
    /// The lab, with its parameters' values.
    pub values: Values,
    /// The scenario that the values started from.
    pub scenario: Option<&'static Scenario>,
    /// The strategies to compare, in the lab's order; never empty.
    pub strategies: Vec<&'static Strategy>,
    /// Real time per lab time of a live run. `None`: chosen so that the slowest strategy takes about three
    /// seconds.
    pub scale: Option<f64>,
    /// Where a live run takes place.
    pub place: Place,
    /// Whether predictions leave out what the browser's own event loop costs, so that the formulas hold
    /// exactly.
    pub is_ideal: bool,
    /// Whether the reader has to guess before the results are shown.
    pub guesses_first: bool,
    /// The language asked for; `None` means the browser's.
    pub language: Option<Language>,
    /// The colours asked for; `None` means the system's.
    pub theme: Option<Theme>,
    /// The tab asked for; `None` means the first.
    pub tab: Option<Tab>,
}

/// A tab under the timelines.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tab {
    /// The lab's lesson.
    Explain,
    /// The strategies' sources.
    Code,
    /// All metrics.
    Numbers,
    /// A metric over a parameter.
    Sweep,
}

impl Tab {
    /// Every tab, in their order.
    pub const ALL: [Tab; 4] = [Tab::Explain, Tab::Code, Tab::Numbers, Tab::Sweep];

    /// Its name in the address, and the last part of its message key.
    pub fn id(self) -> &'static str {
        match self {
            Tab::Explain => "explain",
            Tab::Code => "code",
            Tab::Numbers => "numbers",
            Tab::Sweep => "sweep",
        }
    }

    /// The tab of that name.
    pub fn from_id(id: &str) -> Option<Tab> {
        Tab::ALL.into_iter().find(|view| view.id() == id)
    }
}

/// Where the strategies of a live run take place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// One after another in a worker. The page stays free and draws the run while it goes on.
    Worker,
    /// One after another on the page's own event loop, so that the reader feels what they do to it.
    Page,
    /// All at once, each in a worker of its own.
    Race,
}

impl Place {
    /// Every place.
    pub const ALL: [Place; 3] = [Place::Worker, Place::Page, Place::Race];

    /// Its name: `worker`, `page` or `race`.
    pub fn id(self) -> &'static str {
        match self {
            Place::Worker => "worker",
            Place::Page => "page",
            Place::Race => "race",
        }
    }

    /// The place of that name.
    pub fn from_id(id: &str) -> Option<Place> {
        Place::ALL.into_iter().find(|place| place.id() == id)
    }

    /// The kind of thread that it uses, `page` or `worker`, as in the summary. A race uses workers.
    pub fn run_on(self) -> &'static str {
        if self == Place::Page { "page" } else { "worker" }
    }
}

/// Colours of the page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// Its name in the address.
    pub fn id(self) -> &'static str {
        match self {
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// The colours of that name.
    pub fn from_id(id: &str) -> Option<Theme> {
        [Theme::Light, Theme::Dark].into_iter().find(|theme| theme.id() == id)
    }
}

/// Something in an address that could not be taken as given.
#[derive(Clone, PartialEq, Debug)]
pub enum Notice {
    /// A number out of range. The nearest in range is used.
    Clamped {
        /// The key.
        key: String,
        /// What the address said.
        given: String,
        /// What is used instead.
        used: String,
    },
    /// A value that makes no sense for its key. The default is used.
    Unreadable {
        /// The key.
        key: String,
        /// What the address said.
        given: String,
    },
    /// A key that is neither a setting nor a parameter of the lab.
    UnknownKey {
        /// The key.
        key: String,
    },
    /// A version that this page does not know. The rest is read all the same.
    OtherVersion {
        /// What the address said.
        given: String,
    },
    /// There is more that could not be taken as given, and nobody would read all of it.
    More {
        /// How much.
        count: usize,
    },
    /// A language whose texts cannot be had; the page stays with the one it has.
    NoTexts {
        /// The language.
        language: Language,
    },
}

/// Keys that mean something in every lab.
const KEYS: [&str; 12] = [
    "view",
    "v",
    "lab",
    "scenario",
    "strategies",
    "scale",
    "run_on",
    "race",
    "calibration",
    "predict_first",
    "lang",
    "theme",
];

/// So many things that could not be taken as given are told one by one.
const MOST_NOTICES: usize = 8;

/// Keys of the public contract that this version accepts without acting on them.
const ACCEPTED: [&str; 9] =
    ["embed", "controls", "autorun", "readonly", "ctl", "instance", "origin", "width", "height"];

impl Address {
    /// A lab at its defaults, with all its strategies.
    pub fn of(lab: &'static Lab) -> Address {
        Address {
            values: lab.defaults(),
            scenario: None,
            strategies: lab.strategies.iter().collect(),
            scale: None,
            place: Place::Worker,
            is_ideal: false,
            guesses_first: false,
            language: None,
            theme: None,
            tab: None,
        }
    }

    /// Reads a query string, with or without its `?`. Never fails: what could not be taken as given has a
    /// notice.
    pub fn parse(query: &str) -> (Address, Vec<Notice>) {
        let query = query.trim_start_matches(['?', '#']);
        let pairs = || form_urlencoded::parse(query.as_bytes());
        let last = |wanted: &str| pairs().filter(|(key, _)| key == wanted).last().map(|(_, value)| value);
        let mut reader = Reader::default();

        let lab = reader.read("lab", last("lab").as_deref(), labs::find).unwrap_or(labs::CATALOGUE[0]);
        let mut address = Address::of(lab);
        // First the scenario, whatever the order in the address: explicit values override it.
        if let Some(scenario) = reader.read("scenario", last("scenario").as_deref(), |id| lab.scenario(id)) {
            address.values = lab.values_of(scenario);
            address.scenario = Some(scenario);
        }
        // Of each key the last value; of keys that mean nothing, a few. So the work is bounded by what is known.
        let (mut given, mut n_unknown): (Vec<(Cow<'_, str>, Cow<'_, str>)>, _) = (Vec::new(), 0);
        for (key, value) in pairs() {
            let is_known = is_known(lab, &key);
            if let Some(place) = given.iter().position(|(one, _)| *one == key) {
                given[place].1 = value;
            } else if is_known || n_unknown < MOST_NOTICES {
                n_unknown += usize::from(!is_known);
                given.push((key, value));
            } else {
                reader.more += 1;
            }
        }
        for (key, value) in &given {
            reader.key(&mut address, key, value);
        }
        (address, reader.finish())
    }

    /// This address with some keys changed. A new scenario or lab also replaces all values with its own.
    pub fn with(&self, pairs: &[(String, String)]) -> (Address, Vec<Notice>) {
        let mut base = self.clone();
        if pairs.iter().any(|(key, _)| key == "scenario" || key == "lab") {
            base.values = base.values.lab().defaults();
            base.scenario = None;
        }
        let mut query = Serializer::new(base.to_query());
        query.extend_pairs(pairs);
        Address::parse(&query.finish())
    }

    /// The query string for this address, without `?`. Defaults are left out.
    pub fn to_query(&self) -> String {
        let lab = self.values.lab();
        let mut query = Serializer::new(String::new());
        query.append_pair("v", VERSION).append_pair("lab", lab.id);
        let mut base = lab.defaults();
        if let Some(scenario) = self.scenario {
            query.append_pair("scenario", scenario.id);
            base = lab.values_of(scenario);
        }
        for ((param, number), (_, default)) in self.values.iter().zip(base.iter()) {
            if number != default {
                query.append_pair(param.key, &write(param, number));
            }
        }
        if self.strategies.len() != lab.strategies.len() {
            let ids: Vec<_> = self.strategies.iter().map(|strategy| strategy.id).collect();
            query.append_pair("strategies", &ids.join(","));
        }
        if let Some(scale) = self.scale {
            query.append_pair("scale", &digits::write(scale));
        }
        match self.place {
            Place::Worker => {}
            Place::Page => drop(query.append_pair("run_on", "page")),
            Place::Race => drop(query.append_pair("race", "1")),
        }
        if self.is_ideal {
            query.append_pair("calibration", "ideal");
        }
        if self.guesses_first {
            query.append_pair("predict_first", "1");
        }
        if let Some(tab) = self.tab {
            query.append_pair("view", tab.id());
        }
        if let Some(language) = self.language {
            query.append_pair("lang", language.id());
        }
        if let Some(theme) = self.theme {
            query.append_pair("theme", theme.id());
        }
        let (query, mut readable) = (query.finish(), String::new());
        let mut rest = query.as_str();
        while let Some((before, after)) = cut(rest, "%2C") {
            readable.push_str(before);
            readable.push(',');
            rest = after;
        }
        readable + rest
    }
}

/// A parameter's value, as written in an address.
pub fn write(param: &Param, value: f64) -> String {
    param.option(value).map_or_else(|| digits::write(value), str::to_string)
}

/// Reads a parameter's value from an address; `None` if it is not one. It may be out of range.
pub fn read(param: &Param, text: &str) -> Option<f64> {
    match param.control {
        Control::Choice(ids) => ids.iter().position(|id| *id == text).map(|index| index as f64),
        _ => digits::parse(text),
    }
}

/// A switch: `1` or `0`.
fn flag(text: &str) -> Option<bool> {
    match text {
        "1" => Some(true),
        "0" => Some(false),
        _ => None,
    }
}

/// Whether a key means anything in this lab.
fn is_known(lab: &Lab, key: &str) -> bool {
    KEYS.contains(&key) || ACCEPTED.contains(&key) || lab.params.iter().any(|param| param.key == key)
}

#[derive(Default)]
struct Reader {
    notices: Vec<Notice>,
    /// How many more could be told.
    more: usize,
}

impl Reader {
    fn note(&mut self, notice: Notice) {
        if self.notices.len() < MOST_NOTICES { self.notices.push(notice) } else { self.more += 1 }
    }

    /// All that there is to tell.
    fn finish(mut self) -> Vec<Notice> {
        if self.more > 0 {
            self.notices.push(Notice::More { count: self.more });
        }
        self.notices
    }

    fn key(&mut self, address: &mut Address, key: &str, value: &str) {
        let lab = address.values.lab();
        match key {
            "lab" | "scenario" => {}
            "v" if value == VERSION => {}
            "v" => self.note(Notice::OtherVersion { given: value.to_string() }),
            "strategies" => self.strategies(address, value),
            "scale" => self.scale(address, value),
            "run_on" => {
                let place = |id: &str| [Place::Worker, Place::Page].into_iter().find(|one| one.id() == id);
                let place = self.read(key, Some(value), place).unwrap_or(Place::Worker);
                // A race always uses workers, whatever else the address says.
                if address.place != Place::Race {
                    address.place = place;
                }
            }
            "race" if self.read(key, Some(value), flag) == Some(true) => address.place = Place::Race,
            "race" => {}
            "calibration" => {
                let is_ideal = |id: &str| ["measured", "ideal"].iter().position(|one| *one == id);
                address.is_ideal = self.read(key, Some(value), is_ideal) == Some(1);
            }
            "predict_first" => address.guesses_first = self.read(key, Some(value), flag) == Some(true),
            "lang" => address.language = self.setting(key, value, Language::from_id),
            // The timelines are always there.
            "view" if value == "timeline" => {}
            "view" => address.tab = self.read(key, Some(value), Tab::from_id),
            "theme" => address.theme = self.setting(key, value, Theme::from_id),
            _ => match lab.params.iter().find(|param| param.key == key) {
                Some(param) => self.param(address, param, value),
                None if ACCEPTED.contains(&key) => {}
                None => self.note(Notice::UnknownKey { key: key.to_string() }),
            },
        }
    }

    fn read<T>(
        &mut self,
        key: &str,
        given: Option<&str>,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let given = given?;
        let value = parse(given);
        if value.is_none() {
            self.note(Notice::Unreadable { key: key.to_string(), given: given.to_string() });
        }
        value
    }

    /// A setting that may also be `auto`.
    fn setting<T>(&mut self, key: &str, value: &str, parse: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        if value == "auto" { None } else { self.read(key, Some(value), parse) }
    }

    fn param(&mut self, address: &mut Address, param: &'static Param, value: &str) {
        if let Some(given) = self.read(param.key, Some(value), |text| read(param, text)) {
            let used = param.clamp(given);
            if used != given {
                self.clamped(param.key, value, write(param, used));
            }
            address.values.set(param.key, used);
        }
    }

    fn scale(&mut self, address: &mut Address, value: &str) {
        if let Some(scale) = self.setting("scale", value, digits::parse) {
            let used = number::within(scale, LEAST_SCALE, 1.0);
            if used != scale {
                self.clamped("scale", value, digits::write(used));
            }
            address.scale = Some(used);
        }
    }

    fn strategies(&mut self, address: &mut Address, value: &str) {
        let lab = address.values.lab();
        let mut wanted = Vec::new();
        for id in value.split(',').filter(|id| !id.is_empty()) {
            wanted.extend(self.read("strategies", Some(id), |id| lab.strategy(id)));
        }
        if !wanted.is_empty() {
            address.strategies = lab.strategies.iter().filter(|strategy| wanted.contains(strategy)).collect();
        }
    }

    fn clamped(&mut self, key: &str, given: &str, used: String) {
        self.note(Notice::Clamped { key: key.to_string(), given: given.to_string(), used });
    }
}
