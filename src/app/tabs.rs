//! The contents of the tabs below the timelines, and what each action does to them. Plain data: no browser,
//! no components.

use std::rc::Rc;

use lab::{Lab, Strategy, Values};
use session::address::{Address, Tab};
use session::sweep::{Chart, Problem, Request};
use texts::{Language, cut};

/// A text that is fetched when it is needed.
#[derive(Clone, PartialEq, Debug)]
pub enum Asset {
    /// It is being fetched.
    Coming,
    /// It is here.
    There(Rc<str>),
    /// It could not be fetched.
    Missing,
}

/// A language that strategies are written in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CodeLanguage {
    /// The source that runs here.
    Rust,
    /// The twin for asyncio.
    Python,
    /// The twin for browsers.
    JavaScript,
}

impl CodeLanguage {
    /// Every language; first the one that runs here.
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

/// The progress of a sweep.
#[derive(Clone, PartialEq, Debug, Default)]
pub enum SweepPhase {
    /// No sweep is running.
    #[default]
    Idle,
    /// A sweep is running; this fraction of it is done.
    Running(f64),
    /// The reader stopped the sweep.
    Stopped,
    /// There is nothing to show, for this reason.
    Nothing(Problem),
    /// The worker broke, or could not be started, for this reason.
    Broke(String),
}

/// The tab with the sweep.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Sweeping {
    /// The lab with the chosen parameter and metric; `None` means what the lab suggests.
    chosen: Option<(&'static str, String, String)>,
    /// The progress of the current sweep.
    pub phase: SweepPhase,
    /// The last chart, with its request.
    pub chart: Option<Rc<(Chart, Request)>>,
    /// The index of the point of the chart that the reader points at.
    pub pointed: Option<usize>,
    /// How often the reader has restarted the sweep.
    pub attempt: u32,
}

/// The outcome of copying.
#[derive(Clone, PartialEq, Debug)]
pub enum Copied {
    /// The text is in the clipboard.
    Done,
    /// The browser refused. The text is shown to be copied by hand.
    Refused(Rc<str>),
}

/// The contents of all tabs.
#[derive(Clone, PartialEq, Debug)]
pub struct Tabs {
    /// The fetched texts, by path.
    assets: Vec<(String, Asset)>,
    /// The language that sources are shown in.
    pub code_language: CodeLanguage,
    /// The sweep.
    pub sweep: Sweeping,
    /// The outcome of the last copying, if there was one.
    pub copied: Option<Copied>,
    /// The things to try that were seen, by lab and id. Kept for as long as the page is open.
    tried: Vec<(&'static str, &'static str)>,
}

/// An action on the tabs.
#[derive(Debug)]
pub enum TabAction {
    /// A text is being fetched.
    Fetch(String),
    /// Fetch a text again that could not be fetched.
    Forget(String),
    /// A text is here, or could not be fetched.
    Fetched(String, Option<String>),
    /// Show sources in this language.
    ShowLanguage(CodeLanguage),
    /// Sweep this parameter of this lab, and show this metric.
    ChooseSweep(&'static Lab, String, String),
    /// The progress of the sweep has changed.
    SetSweep(SweepPhase),
    /// A sweep has finished.
    Chart(Box<(Chart, Request)>),
    /// Point at a point of the chart.
    PointAt(Option<usize>),
    /// Restart the sweep.
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
    /// Applies an action.
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

    /// The state of a text; `None` before it was asked for.
    pub fn asset(&self, path: &str) -> Option<&Asset> {
        self.assets.iter().find(|(one, _)| one == path).map(|(_, asset)| asset)
    }

    fn keep(&mut self, path: String, asset: Option<Asset>) {
        self.assets.retain(|(one, _)| *one != path);
        self.assets.extend(asset.map(|asset| (path, asset)));
    }

    /// The parameter and the metric of a sweep in this lab; `None` if the lab has no parameters.
    pub fn swept(&self, lab: &Lab) -> Option<(&str, &str)> {
        let chosen = self.sweep.chosen.as_ref().filter(|(id, _, _)| *id == lab.id);
        chosen.map(|(_, param, metric)| (param.as_str(), metric.as_str())).or(lab.sweep)
    }

    /// The request for a sweep of what is shown. It does not depend on the value of the swept parameter
    /// itself.
    pub fn request(&self, address: &Address) -> Option<Request> {
        let (param, metric) = self.swept(address.values.lab())?;
        let mut address = Address { tab: None, language: None, theme: None, ..address.clone() };
        let default = address.values.lab().params.iter().find(|one| one.key == param)?.default;
        address.values.set(param, default);
        Some(Request { metric: metric.to_string(), ..Request::new(&address, param) })
    }

    /// Whether a thing to try was seen in this lab.
    pub fn is_tried(&self, lab: &Lab, id: &str) -> bool {
        self.tried.contains(&(lab.id, id))
    }

    /// Notes that a thing to try was seen.
    pub fn note_tried(&mut self, lab: &Lab, id: &'static str) {
        self.tried.push((lab.id, id));
    }
}

/// The path of the text that a tab needs; `None` if it needs none.
pub fn path(tab: Tab, values: &Values, language: Language) -> Option<String> {
    let lab = values.lab().id;
    match tab {
        Tab::Explain => Some(format!("assets/lessons/{lab}.{}.html", language.id())),
        Tab::Code => Some(format!("assets/code/{lab}.html")),
        Tab::Numbers | Tab::Sweep => None,
    }
}

/// The source of a strategy from an asset with all sources of a lab; `None` if it is not written in that
/// language.
pub fn source<'a>(asset: &'a str, strategy: &Strategy, language: CodeLanguage) -> Option<&'a str> {
    let (_, rest) = cut(asset, &format!("<!--{} {}-->\n", strategy.id, language.id()))?;
    Some(cut(rest, "<!--").map_or(rest, |(source, _)| source))
}
