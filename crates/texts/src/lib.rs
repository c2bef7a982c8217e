//! The page's texts, by key, in the reader's language.
//!
//! The texts of the page are in `locales/`, those of a lab in its folder; `build.rs` gathers them. Code that
//! shows something holds keys, never words. Must not know what the keys stand for.

use std::sync::OnceLock;

/// A language that the page is written in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Language {
    /// English.
    English,
    /// Korean.
    Korean,
}

impl Language {
    /// Every language.
    pub const ALL: [Language; 2] = [Language::English, Language::Korean];

    /// Its BCP 47 tag, which is also its name in the address.
    pub fn id(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Korean => "ko",
        }
    }

    /// Its name in the language itself.
    pub fn name(self) -> &'static str {
        match self {
            Language::English => "English",
            Language::Korean => "한국어",
        }
    }

    /// The language with this tag; `None` if the page is not written in it.
    pub fn from_id(id: &str) -> Option<Language> {
        Language::ALL.into_iter().find(|language| language.id() == id)
    }
}

/// The texts of a language, each with its key, in the order of the keys.
type Texts = Vec<(&'static str, &'static str)>;

/// The texts of each language, once they are here.
static TEXTS: [OnceLock<Texts>; Language::ALL.len()] = [const { OnceLock::new() }; Language::ALL.len()];

/// Takes in the texts of a language from its file (in `assets/texts/`): on each line a key, a tab and a text,
/// in the order of the keys. The page fetches the file; the texts are kept for as long as the page is open.
pub fn learn(language: Language, file: String) {
    // A language that is here already stays as it is.
    let _ = TEXTS[language as usize].set(read(file.leak()));
}

fn read(file: &'static str) -> Texts {
    file.lines().filter_map(|line| line.split_once('\t')).collect()
}

/// Whether the texts of a language are here. Native programs have them all, but count them only once they are
/// used.
pub fn knows(language: Language) -> bool {
    TEXTS[language as usize].get().is_some()
}

/// The texts of a language; before they are here, those of another language.
#[cfg(target_arch = "wasm32")]
fn texts(language: Language) -> &'static [(&'static str, &'static str)] {
    let others = Language::ALL.into_iter().find_map(|other| TEXTS[other as usize].get());
    TEXTS[language as usize].get().or(others).map_or(&[], Vec::as_slice)
}

/// The file of a language, as [`learn`] takes it. Native programs contain it; a page has to fetch it.
#[cfg(not(target_arch = "wasm32"))]
pub fn file(language: Language) -> &'static str {
    match language {
        Language::English => include_str!(concat!(env!("OUT_DIR"), "/en.txt")),
        Language::Korean => include_str!(concat!(env!("OUT_DIR"), "/ko.txt")),
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn texts(language: Language) -> &'static [(&'static str, &'static str)] {
    TEXTS[language as usize].get_or_init(|| read(file(language)))
}

/// Whether `key` has a text.
pub fn has(language: Language, key: &str) -> bool {
    texts(language).binary_search_by(|(one, _)| (*one).cmp(key)).is_ok()
}

/// The text of `key`, with each `%{name}` replaced by the value of `name`. A key without a text is returned
/// as it is.
pub fn text(language: Language, key: &str, values: &[(&str, &str)]) -> String {
    let texts = texts(language);
    let found = texts.binary_search_by(|(one, _)| (*one).cmp(key));
    let Ok(found) = found else { return key.to_string() };
    let value =
        |name: &str| values.iter().find(|(one, _)| *one == name).map(|(_, value)| (*value).to_string());
    fill(texts[found].1, "%{", "}", &value)
}

/// The text before and after the first `mark`; `None` if there is no mark. (The standard library's search is
/// fast for texts of any length, but costs a kilobyte of download.)
pub fn cut<'a>(text: &'a str, mark: &str) -> Option<(&'a str, &'a str)> {
    let last = text.len().checked_sub(mark.len())?;
    let place = (0..=last).find(|place| text.as_bytes()[*place..].starts_with(mark.as_bytes()))?;
    Some((&text[..place], &text[place + mark.len()..]))
}

/// `text` with each `name` between `start` and `end` replaced, along with both marks, by `value(name)`. Where
/// that is `None`, the text stays as it is.
pub fn fill(text: &str, start: &str, end: &str, value: &dyn Fn(&str) -> Option<String>) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, (name, after))) =
        cut(rest, start).and_then(|(before, inside)| Some((before, cut(inside, end)?)))
    {
        filled.push_str(before);
        match value(name) {
            Some(value) => filled.push_str(&value),
            None => [start, name, end].into_iter().for_each(|piece| filled.push_str(piece)),
        }
        rest = after;
    }
    filled + rest
}
