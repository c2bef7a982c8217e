//! What the page fetches: every source is the file that runs, and every lesson is there in both languages.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use loopscope::app::tabs::{CodeLanguage, source};
use loopscope::i18n::Language;
use loopscope::lab::{CATALOGUE, Lab};
use loopscope::lesson::{Seen, figure, fill};
use loopscope::metrics::Metrics;
use loopscope::predict::predict;
use loopscope::runtime::event_loop::Conditions;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: impl Into<PathBuf>) -> String {
    let path = root().join(path.into());
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What a reader sees of some HTML.
fn seen(html: &str) -> String {
    let text: String =
        html.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text)).collect();
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

#[test]
fn the_source_that_is_shown_is_the_file_that_runs() {
    for lab in CATALOGUE {
        let asset = read(format!("assets/code/{}.html", lab.id));
        for strategy in lab.strategies {
            let shown =
                source(&asset, strategy, CodeLanguage::Rust).unwrap_or_else(|| panic!("{strategy:?}"));
            assert_eq!(seen(shown), read(strategy.source), "{strategy:?}: `cargo xtask assets` is due");
        }
    }
}

#[test]
fn every_twin_belongs_to_a_strategy_and_is_shown_as_it_is() {
    for folder in fs::read_dir(root().join("twins")).unwrap().map(|entry| entry.unwrap().path()) {
        let Some(lab) = Lab::find(&folder.file_name().unwrap().to_string_lossy()) else { continue };
        let asset = read(format!("assets/code/{}.html", lab.id));
        for file in fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
            let language = match file.extension().map(|extension| extension.to_string_lossy()).as_deref() {
                Some("py") => CodeLanguage::Python,
                Some("js") => CodeLanguage::JavaScript,
                _ => continue,
            };
            let id = file.file_stem().unwrap().to_string_lossy().replace('_', "-");
            if id != "workload" {
                let strategy =
                    lab.strategy(&id).unwrap_or_else(|| panic!("{} is nobody's twin", file.display()));
                let shown =
                    source(&asset, strategy, language).unwrap_or_else(|| panic!("{}", file.display()));
                assert_eq!(seen(shown), read(&file), "{}: `cargo xtask assets` is due", file.display());
            }
        }
    }
}

/// The names in `{{…}}`.
fn names(lesson: &str) -> BTreeSet<&str> {
    lesson.split("{{").skip(1).filter_map(|rest| rest.split_once("}}")).map(|(name, _)| name).collect()
}

#[test]
fn every_lab_has_its_lesson_and_every_figure_is_one() {
    for lab in CATALOGUE {
        let values = lab.defaults();
        let metrics: Vec<_> = lab
            .strategies
            .iter()
            .map(|one| (one, Metrics::of(&predict(one, &values, Conditions::IDEAL).trace, &values)))
            .collect();
        let predicted = metrics.iter().map(|(strategy, metrics)| (*strategy, metrics)).collect();
        let seen = Seen { values: &values, predicted, measured: Vec::new() };
        let lessons =
            Language::ALL.map(|language| read(format!("assets/lessons/{}.{}.html", lab.id, language.id())));
        assert_eq!(names(&lessons[0]), names(&lessons[1]), "{}", lab.id);
        for (lesson, language) in lessons.iter().zip(Language::ALL) {
            for one in lab.tries {
                assert_eq!(
                    lesson.matches(&format!("{{{{try.{}}}}}", one.id)).count(),
                    1,
                    "{}: {}",
                    lab.id,
                    one.id
                );
                assert!(!(one.is_seen)(&seen), "{}: {} is seen before anything is tried", lab.id, one.id);
            }
            for name in names(lesson) {
                let is_try =
                    name.strip_prefix("try.").is_some_and(|id| lab.tries.iter().any(|one| one.id == id));
                assert!(
                    is_try || figure(name, language, &seen).is_some(),
                    "{}: nothing is called {name}",
                    lab.id
                );
            }
            let filled = fill(lesson, language, &seen, |_| true);
            assert!(!filled.contains("{{") && filled.matches("tick done").count() == lab.tries.len());
            for element in ["p", "h3", "ul", "li", "code", "b"] {
                let count = |tag: String| filled.matches(&tag).count();
                assert_eq!(
                    count(format!("<{element}>")),
                    count(format!("</{element}>")),
                    "{}: {element}",
                    lab.id
                );
            }
        }
    }
}
