//! Makes sure of programs that come as crates or as npm packages, in exactly the version
//! the project asks for, wherever PATH has them or else in the tools' folder.
//!
//! It must not know which task needs which of them.

use anyhow::{Context, Result};
use xshell::{Shell, cmd};

use crate::packages;
use crate::versions;
use crate::workbench::{Workbench, install};

const WASM_PACK: &str = "0.15.1";

/// What bundles the page.
pub fn trunk(bench: &Workbench, sh: &Shell) -> Result<()> {
    let version = trunk_setting(bench, sh, "trunk-version")?;
    // Without its default features it cannot download anything, nor has to compile what it takes.
    cargo(
        bench,
        sh,
        "trunk",
        "trunk",
        version.trim_start_matches('='),
        "5 minutes",
        &["--no-default-features"],
    )
}

/// What writes the JavaScript between page and module, and what runs the tests in a browser.
pub fn wasm_bindgen(bench: &Workbench, sh: &Shell) -> Result<()> {
    let lock = sh.read_file(bench.root.join("Cargo.lock"))?;
    let version = versions::locked(&lock, "wasm-bindgen")
        .context("Cargo.lock does not name a version of wasm-bindgen")?;
    cargo(
        bench,
        sh,
        "wasm-bindgen-cli",
        "wasm-bindgen",
        &version,
        "2 minutes",
        &[],
    )
}

/// What builds the tests for the browser and starts them.
pub fn wasm_pack(bench: &Workbench, sh: &Shell) -> Result<()> {
    cargo(
        bench,
        sh,
        "wasm-pack",
        "wasm-pack",
        WASM_PACK,
        "2 minutes",
        &[],
    )
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

/// Builds a program from its crate, unless PATH has it.
fn cargo(
    bench: &Workbench,
    sh: &Shell,
    krate: &str,
    program: &str,
    version: &str,
    roughly: &str,
    options: &[&str],
) -> Result<()> {
    if has(sh, program, version) {
        return Ok(());
    }
    install(&format!("{program} {version}"), roughly, || {
        let tools = sh.create_dir(&bench.tools)?;
        // Away from the project, whose cargo configuration is not for its tools.
        let _folder = sh.push_dir(&tools);
        // Kept until the end, so that an interrupted installation goes on where it was.
        let build = tools.join("build");
        let install = |locked: Option<&str>| {
            cmd!(
                sh,
                "cargo install --quiet --root {tools} {locked...} {options...} {krate}@{version}"
            )
            .env("CARGO_TARGET_DIR", &build)
            // Fast to build matters more than fast to run: half the time, for a moment more.
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .run()
        };
        // A lock file may name a version that is not to be had (any more).
        install(Some("--locked")).or_else(|_| install(None))?;
        sh.remove_path(&build)?;
        Ok(())
    })
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
