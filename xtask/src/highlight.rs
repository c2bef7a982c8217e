//! The strategies' sources, highlighted: one HTML text for each lab, made here so that the page need not know
//! any grammar.
//!
//! Each source follows a line `<!--strategy language-->`. A grammar's many scopes are reduced to a few
//! classes, and no element reaches beyond its line, so that the page can mark a line. This must not know
//! which strategies there are.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use syntect::parsing::{ParseState, ScopeStack, SyntaxReference, SyntaxSet};

use crate::folders::{children, name};

/// A language that strategies are written in: its name in the asset, the extension of its files, and the
/// subfolder of the lab that they are in.
struct Language {
    name: &'static str,
    extension: &'static str,
    folder: &'static str,
}

const LANGUAGES: [Language; 3] = [
    Language { name: "rust", extension: "rs", folder: "." },
    Language { name: "python", extension: "py", folder: "twins" },
    Language { name: "javascript", extension: "js", folder: "twins" },
];

/// Files that are not strategies: what a lab's strategies share, and its tests.
const NO_STRATEGIES: [&str; 3] = ["mod", "tests", "workload"];

/// Keywords that the grammar is too old to know.
const YOUNG_KEYWORDS: [&str; 2] = ["async", "await"];

/// The class for each scope. The first entry that the scope starts with counts.
const CLASSES: [(&str, &str); 10] = [
    ("comment", "c"),
    ("string", "s"),
    ("constant", "n"),
    ("keyword.operator", ""),
    ("keyword", "k"),
    ("storage", "k"),
    ("entity.name.function", "f"),
    ("support.function", "f"),
    ("variable.function", "f"),
    ("variable.language", "k"),
];

/// All sources of a lab's folder.
pub fn sources(lab: &Path) -> Result<String> {
    let set = SyntaxSet::load_defaults_newlines();
    let mut html = String::new();
    for language in &LANGUAGES {
        let syntax = set.find_syntax_by_extension(language.extension).context("a grammar is missing")?;
        for source in children(&lab.join(language.folder))? {
            let is_wanted = source.extension().is_some_and(|end| end == language.extension);
            if is_wanted && !NO_STRATEGIES.contains(&name(&source).as_str()) {
                let text = fs::read_to_string(&source)?;
                writeln!(html, "<!--{} {}-->", name(&source).replace('_', "-"), language.name)?;
                html.push_str(&highlight(&text, syntax, &set)?);
            }
        }
    }
    Ok(html)
}

/// A source as HTML, with an element around every piece that has a class.
fn highlight(text: &str, syntax: &SyntaxReference, set: &SyntaxSet) -> Result<String> {
    let mut state = ParseState::new(syntax);
    let mut stack = ScopeStack::new();
    let mut html = String::new();
    for line in text.split_inclusive('\n') {
        let mut pieces: Vec<(&'static str, &str)> = Vec::new();
        let mut start = 0;
        let changes = state.parse_line(line, set)?;
        for (end, change) in &changes {
            pieces.push((class(&stack), &line[start..*end]));
            start = *end;
            stack.apply(change)?;
        }
        pieces.push((class(&stack), &line[start..]));
        let mut merged: Vec<(&'static str, String)> = Vec::new();
        for (class, piece) in pieces.into_iter().filter(|(_, piece)| !piece.is_empty()) {
            match merged.last_mut() {
                Some((before, text)) if *before == class => text.push_str(piece),
                _ => merged.push((class, piece.to_string())),
            }
        }
        for (class, piece) in merged {
            let (piece, end) = piece.strip_suffix('\n').map_or((piece.as_str(), ""), |piece| (piece, "\n"));
            write_piece(&mut html, class, piece)?;
            html.push_str(end);
        }
    }
    Ok(html)
}

fn write_piece(html: &mut String, class: &str, piece: &str) -> Result<()> {
    if piece.trim().is_empty() {
        html.push_str(piece);
    } else if !class.is_empty() {
        write!(html, "<i class={class}>{}</i>", escaped(piece))?;
    } else {
        for word in piece.split_inclusive(|one: char| !one.is_alphanumeric() && one != '_') {
            let bare = word.trim_end_matches(|one: char| !one.is_alphanumeric() && one != '_');
            if YOUNG_KEYWORDS.contains(&bare) {
                write!(html, "<i class=k>{bare}</i>{}", escaped(&word[bare.len()..]))?;
            } else {
                html.push_str(&escaped(word));
            }
        }
    }
    Ok(())
}

/// The class of the innermost scope that has one; empty if none has.
fn class(stack: &ScopeStack) -> &'static str {
    let of =
        |scope: String| CLASSES.iter().find(|(start, _)| scope.starts_with(start)).map(|(_, class)| *class);
    stack.scopes.iter().rev().find_map(|scope| of(scope.build_string())).unwrap_or_default()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rust(text: &str) -> String {
        let set = SyntaxSet::load_defaults_newlines();
        let syntax = set.find_syntax_by_extension("rs").expect("a grammar for Rust");
        highlight(text, syntax, &set).expect("Rust that can be read")
    }

    #[test]
    fn colours_what_matters_and_escapes_the_rest() {
        assert_eq!(
            rust("pub async fn run(a: Vec<u8>) { // x < y\n"),
            "<i class=k>pub</i> <i class=k>async</i> <i class=k>fn</i> <i class=f>run</i>(a: Vec&lt;<i class=k>u8</i>&gt;) { \
             <i class=c>// x &lt; y</i>\n"
        );
    }

    /// The text that a reader sees of some HTML.
    fn seen(html: &str) -> String {
        let pieces = html.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text));
        pieces.collect::<String>().replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    }

    #[test]
    fn what_is_shown_is_the_file_that_runs() {
        let labs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/labs/src");
        let mut count = 0;
        for lab in children(&labs).expect("the labs' folders").iter().filter(|path| path.is_dir()) {
            let html = sources(lab).expect("sources that can be read");
            for section in html.split("<!--").skip(1) {
                let (head, shown) = section.split_once("-->\n").expect("the end of a heading");
                let (strategy, language) = head.split_once(' ').expect("a strategy and a language");
                let language = LANGUAGES.iter().find(|one| one.name == language).expect("a known language");
                let file = format!("{}.{}", strategy.replace('-', "_"), language.extension);
                let text = fs::read_to_string(lab.join(language.folder).join(file)).expect("the source");
                assert_eq!(seen(shown), text, "{head}");
                count += 1;
            }
        }
        assert!(count > 100, "only {count} sources");
    }

    #[test]
    fn no_element_reaches_beyond_its_line() {
        for line in rust("/* a\nb */ fn f() {}\n").lines() {
            assert_eq!(line.matches("<i").count(), line.matches("</i>").count(), "{line}");
        }
    }
}
