//! Makes sure of programs that come as crates or as npm packages, in exactly the version
//! the project asks for, wherever PATH has them or else in the tools' folder.
//!
//! It must not know which task needs which of them.

use std::path::Path;

use anyhow::{Context, Result};
use xshell::{Shell, cmd};

use crate::packages;
use crate::versions;
use crate::workbench::{Workbench, install};

const WASM_PACK: &str = "0.15.1";

/// What bundles the page.
pub fn trunk(bench: &Workbench, sh: &Shell) -> Result<()> {
    Crate {
        name: "trunk",
        program: "trunk",
        version: trunk_setting(bench, sh, "trunk-version")?.trim_start_matches('='),
        roughly: "4 minutes",
        // It cannot download anything then, nor has to compile what that takes.
        options: &["--no-default-features"],
    }
    .ensure(bench, sh)
}

/// What writes the JavaScript between page and module, and what runs the tests in a browser.
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

/// What builds the tests for the browser and starts them.
pub fn wasm_pack(bench: &Workbench, sh: &Shell) -> Result<()> {
    Crate { name: "wasm-pack", program: "wasm-pack", version: WASM_PACK, roughly: "2 minutes", options: &[] }
        .ensure(bench, sh)
}

/// What makes the module smaller; Trunk starts it.
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

/// A program that is built from its crate.
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
            // Away from the project, whose cargo configuration is not for its tools.
            let _folder = sh.push_dir(&tools);
            // Kept until the end, so that an interrupted installation goes on where it was.
            let build = tools.join("build");
            // A lock file may name a version that is not to be had (any more).
            self.install(sh, &tools, &build, Some("--locked"))
                .or_else(|_| self.install(sh, &tools, &build, None))?;
            sh.remove_path(&build)?;
            Ok(())
        })
    }

    /// Fast to build matters more than fast to run: these settings halve the time.
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
