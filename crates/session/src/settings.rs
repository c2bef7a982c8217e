//! What a reader prefers on every visit, as a query string to be stored. Knows plain settings, not the page.
//!
//! An address that asks for a language or for colours wins over the stored ones. The script in `index.html`
//! reads the same string before the first paint.

use form_urlencoded::Serializer;
use texts::Language;

use crate::address::Theme;

/// The narrowest and the widest that the panel of parameters can be, in CSS pixels.
pub const PANEL: (u16, u16) = (224, 480);

/// A reader's preferences; `None` for what was never chosen.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Settings {
    /// The language chosen.
    pub language: Option<Language>,
    /// The colours chosen.
    pub theme: Option<Theme>,
    /// The width of the panel of parameters, in CSS pixels.
    pub panel: Option<u16>,
    /// Whether shortcuts without Ctrl or Alt are switched off (WCAG 2.1.4).
    pub has_no_keys: bool,
    /// Whether the hints of the first visit were dismissed.
    pub knows_hints: bool,
}

impl Settings {
    /// Reads the stored text. What makes no sense counts as never chosen.
    pub fn parse(text: &str) -> Settings {
        let mut settings = Settings::default();
        for (key, value) in form_urlencoded::parse(text.as_bytes()) {
            match &*key {
                "lang" => settings.language = Language::from_id(&value),
                "theme" => settings.theme = Theme::from_id(&value),
                "panel" => settings.panel = value.parse().ok().map(within_panel),
                "keys" => settings.has_no_keys = value == "0",
                "hints" => settings.knows_hints = value == "0",
                _ => {}
            }
        }
        settings
    }

    /// The text to store; empty if nothing was chosen.
    pub fn to_query(self) -> String {
        let mut query = Serializer::new(String::new());
        if let Some(language) = self.language {
            query.append_pair("lang", language.id());
        }
        if let Some(theme) = self.theme {
            query.append_pair("theme", theme.id());
        }
        if let Some(panel) = self.panel {
            query.append_pair("panel", &panel.to_string());
        }
        for (key, is_off) in [("keys", self.has_no_keys), ("hints", self.knows_hints)] {
            if is_off {
                query.append_pair(key, "0");
            }
        }
        query.finish()
    }
}

/// The nearest width that the panel can have, in CSS pixels.
pub fn within_panel(width: u16) -> u16 {
    width.max(PANEL.0).min(PANEL.1)
}
