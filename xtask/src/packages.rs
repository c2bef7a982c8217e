//! Installs packages from Debian or npm.
//!
//! It must not know what the packages are for.

use std::path::Path;

use anyhow::{Context, Result, bail};
use xshell::{Shell, cmd};

use crate::workbench::{find_program, install};

/// Installs the Debian packages that are missing. `instead` says what to do on other systems.
pub fn debian(sh: &Shell, packages: &[&str], roughly: &str, instead: &str) -> Result<()> {
    let missing: Vec<&str> = packages.iter().copied().filter(|package| !has(sh, package)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join(" ");
    if find_program(sh, &["apt-get"]).is_none() {
        bail!("there is no apt-get on this system to install {list} with: {instead}");
    }
    // `env` runs the rest of its command line as `sudo` does, only without becoming root.
    let root = cmd!(sh, "id -u").quiet().read()? == "0";
    let run = if root { "env" } else { "sudo" };
    if find_program(sh, &[run]).is_none() {
        bail!("please run as root: apt-get install {list}");
    }
    install(&format!("the packages {list}"), roughly, || {
        let apt = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet=2"];
        cmd!(sh, "{run} {apt...} update").run()?;
        let options = ["install", "--yes", "--no-install-recommends"];
        cmd!(sh, "{run} {apt...} {options...} {missing...}").ignore_stdout().run()?;
        Ok(())
    })
}

/// Runs npm in a folder.
pub fn npm(sh: &Shell, folder: &Path, args: &[&str]) -> Result<()> {
    if find_program(sh, &["npm"]).is_none() {
        bail!("npm is missing: please install Node.js 20 or newer, with npm");
    }
    sh.create_dir(folder)?;
    cmd!(sh, "npm --prefix {folder} --no-audit --no-fund --loglevel=error {args...}")
        .run()
        .context("npm failed")
}

fn has(sh: &Shell, package: &str) -> bool {
    let format = "--showformat=${db:Status-Status}";
    cmd!(sh, "dpkg-query --show {format} {package}")
        .quiet()
        .ignore_stderr()
        .read()
        .is_ok_and(|status| status == "installed")
}
