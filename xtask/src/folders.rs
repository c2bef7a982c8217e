//! What lies in folders, in the order of its names. It must not know what that is.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

/// The entries of a folder, sorted by name; none if there is no such folder.
pub fn children(folder: &Path) -> Result<Vec<PathBuf>> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(Vec::new()) };
    let mut found = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    found.sort();
    Ok(found)
}

/// The name of a file or folder, without its extension.
pub fn name(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}
