//! Makes what the page fetches from the labs' folders and the texts: highlighted sources, lessons, texts.
//!
//! All of it goes into `assets/`, which nothing else writes to. Trunk calls this before each build
//! (`Trunk.toml`). It must not know the labs: it takes what it finds in their folders.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use texts::Language;

use crate::folders::{children, name};
use crate::highlight;
use crate::workbench::Workbench;

const FOLDER: &str = "assets";

/// Writes what has changed, and removes what is no longer made.
pub fn write(bench: &Workbench) -> Result<()> {
    let wanted = all(&bench.root)?;
    for file in files(&bench.root.join(FOLDER))? {
        if !wanted.contains_key(&file) {
            fs::remove_file(&file).with_context(|| format!("{} cannot be removed", file.display()))?;
        }
    }
    for (file, content) in wanted {
        // An unchanged file keeps its time, so that nothing is rebuilt because of it.
        if !fs::read_to_string(&file).is_ok_and(|found| found == content) {
            fs::create_dir_all(file.parent().unwrap_or(&bench.root))?;
            fs::write(&file, content).with_context(|| format!("{} cannot be written", file.display()))?;
        }
    }
    Ok(())
}

/// Every file, with what it should contain.
fn all(root: &Path) -> Result<BTreeMap<PathBuf, String>> {
    let (assets, mut found) = (root.join(FOLDER), BTreeMap::new());
    for language in Language::ALL {
        let name = format!("texts/{}.txt", language.id());
        found.insert(assets.join(name), texts::file(language).to_string());
    }
    for lab in labs(root)? {
        let id = name(&lab).replace('_', "-");
        found.insert(assets.join(format!("code/{id}.html")), highlight::sources(&lab)?);
        for language in Language::ALL {
            let lesson = lab.join(format!("lesson.{}.html", language.id()));
            let text = fs::read_to_string(&lesson).with_context(|| lesson.display().to_string())?;
            found.insert(assets.join(format!("lessons/{id}.{}.html", language.id())), text);
        }
    }
    Ok(found)
}

/// The folders of the labs.
fn labs(root: &Path) -> Result<Vec<PathBuf>> {
    let folder = root.join("crates/labs/src");
    Ok(children(&folder)?.into_iter().filter(|path| path.is_dir()).collect())
}

/// Every file in a folder and its subfolders.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for path in children(folder)? {
        if path.is_dir() { found.extend(files(&path)?) } else { found.push(path) }
    }
    Ok(found)
}
