//! Where the project and its tools are, and what is on PATH for the programs started from here.
//!
//! It must not know what is installed, or how: it only offers folders and shells.

use std::cell::OnceCell;
use std::env;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use xshell::Shell;

use crate::rust::{self, Source};

/// The project's folder, the tools' folder, and the choice of Rust.
pub struct Workbench {
    pub root: PathBuf,
    /// Outside `target/`, so that `cargo clean` does not cost a quarter of an hour.
    pub tools: PathBuf,
    /// The Rust that was asked for; `None` means whichever is available.
    pub wanted: Option<Source>,
    /// The Rust that compiles to WebAssembly, once it was looked for.
    pub found: OnceCell<Source>,
}

impl Workbench {
    pub fn open(wanted: Option<Source>) -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .context("xtask must be in a folder of the project")?
            .to_path_buf();
        let wanted = match env::var("LOOPSCOPE_RUST") {
            Ok(name) if wanted.is_none() => {
                Some(name.parse().map_err(anyhow::Error::msg).context("LOOPSCOPE_RUST is wrong")?)
            }
            _ => wanted,
        };
        Ok(Self { root, tools: tools_folder()?, wanted, found: OnceCell::new() })
    }

    /// A shell in the project's folder, with the installed tools first on its PATH.
    pub fn shell(&self) -> Result<Shell> {
        let sh = Shell::new()?;
        sh.change_dir(&self.root);
        // Test reports are parsed as plain text.
        sh.set_var("FORCE_COLOR", "0");
        // Otherwise Trunk asks the network at every start.
        sh.set_var("TRUNK_SKIP_VERSION_CHECK", "true");
        find_first(&sh, &[self.tools.join("bin"), self.wasm_opt().join("node_modules/.bin")])?;
        Ok(sh)
    }

    /// Like [`shell`](Self::shell), with a cargo that can compile to WebAssembly. Installs it if necessary.
    pub fn wasm_shell(&self) -> Result<Shell> {
        let sh = self.shell()?;
        rust::for_wasm(self, &sh)?;
        Ok(sh)
    }

    /// The folder of the npm package that contains wasm-opt.
    pub fn wasm_opt(&self) -> PathBuf {
        self.tools.join("wasm-opt")
    }
}

/// Puts these folders before all others on the PATH of a shell.
pub fn find_first(sh: &Shell, folders: &[PathBuf]) -> Result<()> {
    let path = sh.var_os("PATH").unwrap_or_default();
    let all = folders.iter().cloned().chain(env::split_paths(&path));
    let joined = env::join_paths(all).context("a folder's name cannot be put on PATH")?;
    sh.set_var("PATH", joined);
    Ok(())
}

/// The first program with one of these names on the PATH of a shell; an earlier name wins over an earlier
/// folder.
pub fn find_program(sh: &Shell, names: &[&str]) -> Option<PathBuf> {
    let path = sh.var_os("PATH")?;
    let folders: Vec<PathBuf> = env::split_paths(&path).collect();
    names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .map(|file| file.with_extension(env::consts::EXE_EXTENSION))
        .find(|file| file.is_file())
}

/// Installs something: says what, and about how long that takes, then how long it took.
pub fn install(what: &str, roughly: &str, work: impl FnOnce() -> Result<()>) -> Result<()> {
    println!("Installing {what}; this takes about {roughly} on two cores.");
    let start = Instant::now();
    work().with_context(|| format!("could not install {what}"))?;
    println!("Installed {what} in {}.", spoken(start.elapsed()));
    Ok(())
}

/// A duration as people write it.
pub fn spoken(time: Duration) -> String {
    match time.as_secs() {
        seconds @ 0..60 => format!("{seconds} s"),
        seconds => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

fn tools_folder() -> Result<PathBuf> {
    let named = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if let Some(folder) = named("LOOPSCOPE_TOOLS") {
        return std::path::absolute(&folder)
            .with_context(|| format!("LOOPSCOPE_TOOLS={} is no folder", folder.display()));
    }
    named("XDG_CACHE_HOME")
        .or_else(|| env::home_dir().map(|home| home.join(".cache")))
        .map(|cache| cache.join("loopscope"))
        .context("there is no home folder to install tools in; name a folder in LOOPSCOPE_TOOLS")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_durations() {
        assert_eq!(spoken(Duration::from_millis(1900)), "1 s");
        assert_eq!(spoken(Duration::from_secs(60)), "1 min 00 s");
        assert_eq!(spoken(Duration::from_secs(345)), "5 min 45 s");
    }
}
