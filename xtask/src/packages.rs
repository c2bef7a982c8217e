//! Makes sure of packages that the operating system's distribution or npm brings.
//!
//! It must not know what the packages are for: who asks says so.

use std::path::Path;

use anyhow::{Context, Result, bail};
use xshell::{Shell, cmd};

use crate::workbench::{find_program, install};

/// Installs those Debian packages that are missing. `instead` tells the people of other systems
/// what to do.
pub fn debian(sh: &Shell, packages: &[&str], roughly: &str, instead: &str) -> Result<()> {
    let missing: Vec<&str> = packages.iter().copied().filter(|package| !has(sh, package)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join(" ");
    if find_program(sh, &["apt-get"]).is_none() {
        bail!("there is no apt-get on this system to install {list} with: {instead}");
    }
    // `env` only runs what follows it, as `sudo` does.
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
