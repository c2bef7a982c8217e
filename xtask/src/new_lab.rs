//! Makes the folder of a new lab, which compiles, predicts and appears on the page, and adds it to the
//! catalogue.
//!
//! What is still to be written is between ⟨ and ⟩; a test of the labs finds it. This must not know what a lab
//! is: the templates in `xtask/new-lab/` do.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};

use crate::workbench::Workbench;

/// Names that a strategy cannot have, since its module would clash with other files of the folder.
const TAKEN: [&str; 5] = ["mod", "tests", "twins", "golden", "workload"];

/// The other keywords of Rust that somebody might choose.
const KEYWORDS: [&str; 12] =
    ["async", "await", "box", "break", "const", "do", "loop", "match", "move", "self", "try", "yield"];

/// Makes the lab `id` with these strategies.
pub fn make(bench: &Workbench, id: &str, strategies: &[&str]) -> Result<()> {
    let labs = bench.root.join("crates/labs/src");
    let folder = labs.join(rust_name(id));
    let catalogue = labs.join("lib.rs");
    ensure!(!folder.exists(), "there is a lab `{id}` already: {}", folder.display());
    let listed = with_word(&fs::read_to_string(&catalogue)?, &rust_name(id))?;
    for (file, text) in files(id, strategies)? {
        let file = folder.join(file);
        fs::create_dir_all(file.parent().unwrap_or(&folder))?;
        fs::write(&file, text).with_context(|| format!("{} cannot be written", file.display()))?;
    }
    fs::write(&catalogue, listed)?;
    println!(
        "The lab `{id}` is in {}, and in the catalogue in {}.\n\
         It compiles, predicts and is on the page (`cargo xtask serve`, then `?lab={id}`).\n\
         `cargo test -p labs` says what is still to be written; its golden files are made by\n\
         `UPDATE_EXPECT=1 cargo test -p labs golden`, once what it does is right.",
        folder.display(),
        catalogue.display()
    );
    Ok(())
}

/// Every file of the lab, by its path in the lab's folder. Fails if a name cannot be used.
fn files(id: &str, strategies: &[&str]) -> Result<Vec<(PathBuf, String)>> {
    ensure!(strategies.len() > 1, "a lab compares: name at least two strategies");
    for (place, name) in [id].iter().chain(strategies).enumerate() {
        let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let is_kebab = name.bytes().all(is_plain) && name.starts_with(|one: char| one.is_ascii_lowercase());
        ensure!(
            is_kebab && !name.ends_with('-'),
            "`{name}` is no id: lower-case words with hyphens between them"
        );
        let is_taken = TAKEN.contains(name) || KEYWORDS.contains(name);
        ensure!(place == 0 || !is_taken, "a strategy cannot be called `{name}`");
    }
    let mut sorted = strategies.to_vec();
    sorted.sort_unstable();
    ensure!(sorted.windows(2).all(|pair| pair[0] != pair[1]), "two strategies have the same name");

    let each =
        |line: &dyn Fn(&str) -> String| strategies.iter().map(|one| line(one)).collect::<Vec<_>>().join("\n");
    let modules: Vec<_> = sorted.iter().map(|one| format!("mod {};", rust_name(one))).collect();
    let listed = each(&|one| {
        format!("        strategy!({}, Workload::new).also_in(&[Twin::Python]),", rust_name(one))
    });
    let texts = |idea: &str| {
        each(&|one| format!("      {one}:\n        name: \"{}\"\n        idea: \"{idea}\"", spoken_name(one)))
    };
    let first = strategies[0];
    let filled = |template: &str| {
        template.replace("@id@", id).replace("@first@", first).replace("@first_name@", &spoken_name(first))
    };
    let mut found = vec![
        (
            PathBuf::from("mod.rs"),
            filled(include_str!("../new-lab/mod.rs.in"))
                .replace("@modules@", &modules.join("\n"))
                .replace("@strategies@", &listed),
        ),
        (PathBuf::from("tests.rs"), filled(include_str!("../new-lab/tests.rs.in"))),
        (PathBuf::from("lesson.en.html"), filled(include_str!("../new-lab/lesson.en.html.in"))),
        (PathBuf::from("lesson.ko.html"), filled(include_str!("../new-lab/lesson.ko.html.in"))),
        (
            PathBuf::from("texts.en.yml"),
            filled(include_str!("../new-lab/texts.en.yml.in"))
                .replace("@strategies@", &texts("⟨What it does, in a few words⟩")),
        ),
        (
            PathBuf::from("texts.ko.yml"),
            filled(include_str!("../new-lab/texts.ko.yml.in")).replace(
                "@strategies@",
                &texts("⟨하는 일을 몇 마디로⟩").replace("name: \"", "name: \"⟨이름⟩ "),
            ),
        ),
        (PathBuf::from("twins/workload.py"), filled(include_str!("../new-lab/workload.py.in"))),
    ];
    for strategy in strategies {
        let (name, of) = (rust_name(strategy), |text: &str| text.replace("@name@", &spoken_name(strategy)));
        found.push((format!("{name}.rs").into(), of(include_str!("../new-lab/strategy.rs.in"))));
        found.push((format!("twins/{name}.py").into(), of(include_str!("../new-lab/strategy.py.in"))));
    }
    Ok(found)
}

/// The catalogue's source with one more folder at the end of its list.
fn with_word(catalogue: &str, folder: &str) -> Result<String> {
    let (before, list) = catalogue.split_once("\ncatalogue! {\n").context("there is no `catalogue! {`")?;
    let (list, after) = list.split_once("\n}").context("the catalogue has no end")?;
    Ok(format!("{before}\ncatalogue! {{\n{list}\n    {folder},\n}}{after}"))
}

fn rust_name(id: &str) -> String {
    id.replace('-', "_")
}

/// `Two at once` for `two-at-once`.
fn spoken_name(id: &str) -> String {
    let words = id.replace('-', " ");
    words[..1].to_uppercase() + &words[1..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lab_has_all_the_files_that_it_declares() {
        let files = files("two-ways", &["in-a-row", "at-once"]).expect("files");
        let names: Vec<_> = files.iter().map(|(path, _)| path.to_string_lossy().into_owned()).collect();
        for name in ["mod.rs", "tests.rs", "in_a_row.rs", "at_once.rs", "twins/in_a_row.py", "texts.ko.yml"] {
            assert!(names.iter().any(|one| one == name), "{names:?}");
        }
        for (path, text) in files {
            assert!(!text.contains('@') || path.ends_with("texts.en.yml"), "{}: {text}", path.display());
        }
    }

    #[test]
    fn unusable_names_are_rejected() {
        for (id, strategies) in [
            ("Lab", ["a", "b"]),
            ("a-lab", ["a", "a"]),
            ("a-lab", ["mod", "b"]),
            ("a-lab", ["loop", "b"]),
            ("a-lab", ["a b", "c"]),
            ("../lab", ["a", "b"]),
        ] {
            assert!(files(id, &strategies).is_err(), "{id} {strategies:?}");
        }
        assert!(files("a-lab", &["alone"]).is_err());
    }

    #[test]
    fn the_catalogue_gets_one_more_folder() {
        let before = include_str!("../../crates/labs/src/lib.rs");
        let after = with_word(before, "two_ways").expect("one more word");
        assert_eq!(after.lines().count(), before.lines().count() + 1);
        assert!(after.contains("    two_ways,\n}"), "{after}");
    }
}
