//! A lab is one folder, which holds everything that the lab declares.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use lab::Lab;
use labs::CATALOGUE;

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn folder(lab: &Lab) -> PathBuf {
    source().join(lab.id.replace('-', "_"))
}

/// The names in a folder; none if there is no such folder.
fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn every_folder_is_in_the_catalogue_under_its_own_name() {
    let folders = names(&source()).into_iter().filter(|name| name != "lib.rs").collect::<BTreeSet<_>>();
    assert_eq!(folders, CATALOGUE.iter().map(|lab| lab.id.replace('-', "_")).collect());
    for lab in CATALOGUE {
        for strategy in lab.strategies {
            assert_eq!(strategy.lab, lab.id, "{strategy:?}");
        }
    }
}

#[test]
fn the_source_of_a_strategy_is_the_file_that_runs() {
    for lab in CATALOGUE {
        for strategy in lab.strategies {
            let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(strategy.source);
            let text =
                fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            assert!(text.contains("pub async fn run("), "{} runs nothing", file.display());
        }
    }
}

/// `cargo xtask new-lab` puts what is still to be written between ⟨ and ⟩.
#[test]
fn no_lab_is_unfinished() {
    fn unfinished(folder: &Path, found: &mut Vec<String>) {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                unfinished(&path, found);
            } else if let Ok(text) = fs::read_to_string(&path) {
                let lines = text.lines().zip(1..).filter(|(line, _)| line.contains('⟨'));
                found.extend(
                    lines.map(|(line, number)| format!("{}:{number}: {}", path.display(), line.trim())),
                );
            }
        }
    }
    let mut found = Vec::new();
    CATALOGUE.into_iter().for_each(|lab| unfinished(&folder(lab), &mut found));
    assert!(found.is_empty(), "still to be written:\n{}", found.join("\n"));
}

/// A declared twin must not be missing, and every twin must be declared.
#[test]
fn the_declared_twins_are_the_files_in_twins() {
    for lab in CATALOGUE {
        let declared = lab.strategies.iter().flat_map(|strategy| {
            let name = strategy.id.replace('-', "_");
            strategy.twins.iter().map(move |twin| format!("{name}.{}", twin.extension()))
        });
        let mut there = names(&folder(lab).join("twins"));
        // What several twins share is not a twin, nor is what Python leaves behind.
        there.retain(|name| !name.starts_with("workload.") && !name.starts_with("__"));
        assert_eq!(there, declared.collect(), "{}", lab.id);
    }
}
