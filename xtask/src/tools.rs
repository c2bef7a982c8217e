//! Installs programs that come as crates or npm packages, in exactly the version that the project asks for,
//! unless that version is on PATH already.
//!
//! It must not know which task needs which of them.

use std::path::Path;

use anyhow::{Context, Result};
use xshell::{Shell, cmd};

use crate::packages;
use crate::versions;
use crate::workbench::{Workbench, install};

const WASM_PACK: &str = "0.15.1";

/// Trunk, which bundles the page.
pub fn trunk(bench: &Workbench, sh: &Shell) -> Result<()> {
    Crate {
        name: "trunk",
        program: "trunk",
        version: trunk_setting(bench, sh, "trunk-version")?.trim_start_matches('='),
        roughly: "4 minutes",
        // Then it cannot download anything, and what that would take need not be compiled.
        options: &["--no-default-features"],
    }
    .ensure(bench, sh)
}

/// wasm-bindgen, which writes the JavaScript between page and module, and runs the tests in a browser.
pub fn wasm_bindgen(bench: &Workbench, sh: &Shell) -> Result<()> {
    let lock = sh.read_file(bench.root.join("Cargo.lock"))?;
    let version = versions::locked(&lock, "wasm-bindgen")
        .context("Cargo.lock does not name a version of wasm-bindgen")?;
    Crate {
        name: "wasm-bindgen-cli",
        program: "wasm-bindgen",
        version: &version,
        roughly: "2 minutes",
        options: &[],
    }
    .ensure(bench, sh)
}

/// wasm-pack, which builds the tests for the browser and starts them.
pub fn wasm_pack(bench: &Workbench, sh: &Shell) -> Result<()> {
    Crate { name: "wasm-pack", program: "wasm-pack", version: WASM_PACK, roughly: "2 minutes", options: &[] }
        .ensure(bench, sh)
}

/// wasm-opt, which makes the module smaller. Trunk starts it.
pub fn wasm_opt(bench: &Workbench, sh: &Shell) -> Result<()> {
    let setting = trunk_setting(bench, sh, "wasm_opt")?;
    let version = setting.trim_start_matches("version_");
    if has(sh, "wasm-opt", version) {
        return Ok(());
    }
    install(&format!("wasm-opt {version}"), "ten seconds", || {
        let package = format!("binaryen@{version}");
        packages::npm(sh, &bench.wasm_opt(), &["install", "--no-save", &package])
    })
}

/// A program that is built from a crate.
struct Crate<'a> {
    name: &'a str,
    program: &'a str,
    version: &'a str,
    roughly: &'a str,
    options: &'a [&'a str],
}

impl Crate<'_> {
    fn ensure(&self, bench: &Workbench, sh: &Shell) -> Result<()> {
        let Self { program, version, roughly, .. } = self;
        if has(sh, program, version) {
            return Ok(());
        }
        install(&format!("{program} {version}"), roughly, || {
            let tools = sh.create_dir(&bench.tools)?;
            // Outside the project, whose cargo configuration is not meant for its tools.
            let _folder = sh.push_dir(&tools);
            // Kept until the end, so that an interrupted installation can be resumed.
            let build = tools.join("build");
            // A lock file may name a version that is no longer available.
            self.install(sh, &tools, &build, Some("--locked"))
                .or_else(|_| self.install(sh, &tools, &build, None))?;
            sh.remove_path(&build)?;
            Ok(())
        })
    }

    /// Installs it with settings that halve the build time: how fast the program runs matters less.
    fn install(&self, sh: &Shell, tools: &Path, build: &Path, locked: Option<&str>) -> Result<()> {
        let &Self { name, version, options, .. } = self;
        cmd!(sh, "cargo install --quiet --root {tools} {locked...} {options...} {name}@{version}")
            .env("CARGO_TARGET_DIR", build)
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .run()?;
        Ok(())
    }
}

fn has(sh: &Shell, program: &str, version: &str) -> bool {
    cmd!(sh, "{program} --version")
        .quiet()
        .ignore_stderr()
        .read()
        .is_ok_and(|printed| versions::is(&printed, version))
}

fn trunk_setting(bench: &Workbench, sh: &Shell, key: &str) -> Result<String> {
    let toml = sh.read_file(bench.root.join("Trunk.toml"))?;
    versions::setting(&toml, key).with_context(|| format!("Trunk.toml does not set {key}"))
}
