//! What the tabs under the timelines hold, and what each action does to it. Plain data: no browser, no components.

use std::rc::Rc;

use lab::{Lab, Strategy, Values};
use session::address::{Address, Tab};
use session::sweep::{Chart, Problem, Request};
use texts::{Language, cut};

/// A text that is fetched when it is needed.
#[derive(Clone, PartialEq, Debug)]
pub enum Asset {
    /// On its way.
    Coming,
    /// Here.
    There(Rc<str>),
    /// It could not be had.
    Missing,
}

/// A language that strategies are written in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CodeLanguage {
    /// What runs here.
    Rust,
    /// Its twin for asyncio.
    Python,
    /// Its twin for browsers.
    JavaScript,
}

impl CodeLanguage {
    /// Every language, the one that runs here first.
    pub const ALL: [CodeLanguage; 3] = [CodeLanguage::Rust, CodeLanguage::Python, CodeLanguage::JavaScript];

    /// Its name in the assets, and the last part of its message key.
    pub fn id(self) -> &'static str {
        match self {
            CodeLanguage::Rust => "rust",
            CodeLanguage::Python => "python",
            CodeLanguage::JavaScript => "javascript",
        }
    }
}

/// How far a sweep is.
#[derive(Clone, PartialEq, Debug, Default)]
pub enum SweepPhase {
    /// None is going on.
    #[default]
    Idle,
    /// So much is done: 1 is all of it.
    Running(f64),
    /// The reader stopped it.
    Stopped,
    /// There is nothing to show.
    Nothing(Problem),
    /// The worker broke, or could not be started, for this reason.
    Broke(String),
}

/// The sweep.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Sweeping {
    /// The lab, the parameter and the number chosen; nothing: as the lab suggests.
    chosen: Option<(&'static str, String, String)>,
    /// How far it is.
    pub phase: SweepPhase,
    /// The last one that came to its end, and what was asked for.
    pub chart: Option<Rc<(Chart, Request)>>,
    /// The point of the chart that is looked at.
    pub pointed: Option<usize>,
    /// How often the reader has asked for it again.
    pub attempt: u32,
}

/// What became of copying.
#[derive(Clone, PartialEq, Debug)]
pub enum Copied {
    /// It is in the clipboard.
    Done,
    /// The browser refused: here it is, to be copied by hand.
    Refused(Rc<str>),
}

/// All that the tabs hold.
#[derive(Clone, PartialEq, Debug)]
pub struct Tabs {
    /// What was fetched, by its path.
    assets: Vec<(String, Asset)>,
    /// The language that sources are shown in.
    pub code_language: CodeLanguage,
    /// The sweep.
    pub sweep: Sweeping,
    /// What became of copying, if something was.
    pub copied: Option<Copied>,
    /// What was tried and seen, by lab and name. It stays as long as the page does.
    tried: Vec<(&'static str, &'static str)>,
}

/// What can happen to the tabs.
#[derive(Debug)]
pub enum TabAction {
    /// A text is asked for.
    Fetch(String),
    /// A text that could not be had is to be asked for again.
    Forget(String),
    /// A text is here, or could not be had.
    Fetched(String, Option<String>),
    /// Show sources in this language.
    ShowLanguage(CodeLanguage),
    /// Sweep this parameter of this lab, and look at this number.
    ChooseSweep(&'static Lab, String, String),
    /// A sweep goes on, or there is none.
    SetSweep(SweepPhase),
    /// A sweep has come to its end.
    Chart(Box<(Chart, Request)>),
    /// Look at a point of the chart.
    PointAt(Option<usize>),
    /// Sweep once more.
    SweepAgain,
    /// Something was copied.
    Copy(Copied),
}

impl Default for Tabs {
    fn default() -> Tabs {
        Tabs {
            assets: Vec::new(),
            code_language: CodeLanguage::Rust,
            sweep: Sweeping::default(),
            copied: None,
            tried: Vec::new(),
        }
    }
}

impl Tabs {
    /// Does what the action says.
    pub fn apply(&mut self, action: TabAction) {
        let sweep = &mut self.sweep;
        match action {
            TabAction::Fetch(path) => self.keep(path, Some(Asset::Coming)),
            TabAction::Forget(path) => self.keep(path, None),
            TabAction::Fetched(path, text) => {
                let asset = text.map_or(Asset::Missing, |text| Asset::There(text.into()));
                self.keep(path, Some(asset));
            }
            TabAction::ShowLanguage(language) => self.code_language = language,
            TabAction::ChooseSweep(lab, param, metric) => sweep.chosen = Some((lab.id, param, metric)),
            TabAction::SetSweep(phase) => sweep.phase = phase,
            TabAction::Chart(found) => {
                (sweep.phase, sweep.pointed) = (SweepPhase::Idle, None);
                sweep.chart = Some(Rc::from(found));
            }
            TabAction::PointAt(index) => sweep.pointed = index,
            TabAction::SweepAgain => sweep.attempt += 1,
            TabAction::Copy(copied) => self.copied = Some(copied),
        }
    }

    /// A text, as far as it is here; nothing before it was asked for.
    pub fn asset(&self, path: &str) -> Option<&Asset> {
        self.assets.iter().find(|(one, _)| one == path).map(|(_, asset)| asset)
    }

    fn keep(&mut self, path: String, asset: Option<Asset>) {
        self.assets.retain(|(one, _)| *one != path);
        self.assets.extend(asset.map(|asset| (path, asset)));
    }

    /// The parameter and the number to sweep in this lab; nothing where there is no parameter.
    pub fn swept(&self, lab: &Lab) -> Option<(&str, &str)> {
        let chosen = self.sweep.chosen.as_ref().filter(|(id, _, _)| *id == lab.id);
        chosen.map(|(_, param, metric)| (param.as_str(), metric.as_str())).or(lab.sweep)
    }

    /// The sweep of what is shown. It does not depend on the value of the swept parameter itself.
    pub fn request(&self, address: &Address) -> Option<Request> {
        let (param, metric) = self.swept(address.values.lab())?;
        let mut address = Address { tab: None, language: None, theme: None, ..address.clone() };
        let default = address.values.lab().params.iter().find(|one| one.key == param)?.default;
        address.values.set(param, default);
        Some(Request { metric: metric.to_string(), ..Request::new(&address, param) })
    }

    /// Whether something to try was seen in this lab.
    pub fn is_tried(&self, lab: &Lab, id: &str) -> bool {
        self.tried.contains(&(lab.id, id))
    }

    /// Notes that something to try was seen.
    pub fn note_tried(&mut self, lab: &Lab, id: &'static str) {
        self.tried.push((lab.id, id));
    }
}

/// The path of the text that a tab needs; nothing where it needs none.
pub fn path(tab: Tab, values: &Values, language: Language) -> Option<String> {
    let lab = values.lab().id;
    match tab {
        Tab::Explain => Some(format!("assets/lessons/{lab}.{}.html", language.id())),
        Tab::Code => Some(format!("assets/code/{lab}.html")),
        Tab::Numbers | Tab::Sweep => None,
    }
}

/// The source of a strategy in a file of them; nothing where it has no twin in that language.
pub fn source<'a>(asset: &'a str, strategy: &Strategy, language: CodeLanguage) -> Option<&'a str> {
    let (_, rest) = cut(asset, &format!("<!--{} {}-->\n", strategy.id, language.id()))?;
    Some(cut(rest, "<!--").map_or(rest, |(source, _)| source))
}
