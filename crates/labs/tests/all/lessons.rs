//! Every lab has a lesson in each language, and every figure in it has a value.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use lab::Lab;
use lab::lesson::Shown;
use labs::CATALOGUE;
use session::lesson::{figure, fill};
use texts::Language;

fn lesson(lab: &Lab, language: Language) -> String {
    let name = format!("lesson.{}.html", language.id());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(lab.id.replace('-', "_")).join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The names in `{{…}}`.
fn names(lesson: &str) -> BTreeSet<&str> {
    lesson.split("{{").skip(1).filter_map(|rest| rest.split_once("}}")).map(|(name, _)| name).collect()
}

#[test]
fn every_lab_has_its_lesson_and_every_figure_has_a_value() {
    for lab in CATALOGUE {
        let values = lab.defaults();
        let metrics: Vec<_> =
            lab.strategies.iter().map(|one| (one, testing::metrics(one, &values))).collect();
        let predicted = metrics.iter().map(|(strategy, metrics)| (*strategy, metrics)).collect();
        let shown = Shown { values: &values, predicted, measured: Vec::new() };
        let lessons = Language::ALL.map(|language| lesson(lab, language));
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
                assert!(!(one.is_seen)(&shown), "{}: {} is seen before anything is tried", lab.id, one.id);
            }
            for name in names(lesson) {
                let is_try =
                    name.strip_prefix("try.").is_some_and(|id| lab.tries.iter().any(|one| one.id == id));
                assert!(
                    is_try || figure(name, language, &shown).is_some(),
                    "{}: nothing is called {name}",
                    lab.id
                );
            }
            let filled = fill(lesson, language, &shown, |_| true);
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
