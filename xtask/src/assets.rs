//! What the page fetches and what is made for it: sources with their colours, texts in one file a language.
//!
//! It must not know how either is made (`highlight`, `texts`).

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::workbench::Workbench;
use crate::{highlight, texts};

/// Writes what has changed.
pub fn write(bench: &Workbench) -> Result<()> {
    for (file, content) in all(&bench.root)? {
        if !is_fresh(&file, &content) {
            fs::create_dir_all(file.parent().unwrap_or(&bench.root))?;
            fs::write(&file, content).with_context(|| format!("{} cannot be written", file.display()))?;
            println!("Made {}.", file.display());
        }
    }
    Ok(())
}

/// Makes sure that everything is as it would be written.
pub fn check(bench: &Workbench) -> Result<()> {
    for (file, content) in all(&bench.root)? {
        let is_fresh = is_fresh(&file, &content);
        ensure!(is_fresh, "{} is out of date: `cargo xtask assets` makes it anew", file.display());
    }
    Ok(())
}

fn all(root: &Path) -> Result<Vec<(PathBuf, String)>> {
    Ok([highlight::all(root)?, texts::all(root)?].concat())
}

fn is_fresh(file: &Path, content: &str) -> bool {
    fs::read_to_string(file).is_ok_and(|found| found == content)
}
