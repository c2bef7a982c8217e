//! What each task needs, installed if it is missing.
//!
//! It must not know how things are installed (`rust`, `tools`, `packages`), nor what the tasks do with them.

use std::path::PathBuf;

use anyhow::{Context, Result};
use xshell::{Shell, cmd};

use crate::packages;
use crate::rust;
use crate::tools;
use crate::workbench::{Workbench, find_program, install};

const SIMPY: &str = "4.1.2";

const VIS_TIMELINE: &str = "8.5.4";

const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

const FIREFOXES: [&str; 2] = ["firefox-esr", "firefox"];

/// Installs everything that building needs, and testing as well if asked to.
pub fn everything(bench: &Workbench, tests_too: bool) -> Result<()> {
    for_build(bench)?;
    if tests_too {
        for_lint(bench)?;
        for_browser_tests(bench)?;
        for_page_tests(bench)?;
        firefox(&bench.shell()?)?;
    }
    println!("Everything is in place.");
    Ok(())
}

/// What linting needs: a shell for the Rust of this machine, and one for WebAssembly.
pub fn for_lint(bench: &Workbench) -> Result<(Shell, Shell)> {
    let sh = bench.shell()?;
    rust::for_lint(&sh)?;
    Ok((sh, bench.wasm_shell()?))
}

/// What `trunk build --release` needs. Returns the shell to run it in.
pub fn for_build(bench: &Workbench) -> Result<Shell> {
    let sh = bench.shell()?;
    tools::wasm_opt(bench, &sh)?;
    tools::wasm_bindgen(bench, &sh)?;
    tools::trunk(bench, &sh)?;
    bench.wasm_shell()
}

/// What `wasm-pack test` needs. Returns the shell to run it in.
pub fn for_browser_tests(bench: &Workbench) -> Result<Shell> {
    let sh = bench.shell()?;
    browser(&sh)?;
    tools::wasm_bindgen(bench, &sh)?;
    tools::wasm_pack(bench, &sh)?;
    bench.wasm_shell()
}

/// What the page tests need besides the page. Returns a shell and the path of the browser.
pub fn for_page_tests(bench: &Workbench) -> Result<(Shell, PathBuf)> {
    let sh = bench.shell()?;
    let browser = browser(&sh)?;
    let folder = bench.root.join("tests/e2e");
    let written = |file: &str| folder.join(file).metadata().and_then(|file| file.modified()).ok();
    // npm writes this file last, so it is missing or old if the installed packages are.
    if written("node_modules/.package-lock.json") < written("package-lock.json") {
        install("the page tests' npm packages", "ten seconds", || packages::npm(&sh, &folder, &["ci"]))?;
    }
    Ok((sh, browser))
}

/// A Python with SimPy, in a virtual environment of its own.
pub fn simpy(bench: &Workbench) -> Result<PathBuf> {
    let sh = bench.shell()?;
    let folder = bench.tools.join("simpy");
    let python = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    if cmd!(sh, "{python} -c 'import simpy'").quiet().ignore_stderr().run().is_ok() {
        return Ok(python);
    }
    let program = find_program(&sh, &["python3", "python"]).context("there is no Python on PATH")?;
    install(&format!("SimPy {SIMPY}"), "ten seconds", || {
        cmd!(sh, "{program} -m venv {folder}").run().context("this Python makes no environments (venv)")?;
        cmd!(sh, "{python} -m pip install --quiet simpy=={SIMPY}").run().context("pip did not install it")
    })?;
    Ok(python)
}

/// The folder of the vis-timeline package. The version is part of the path, so another one is installed anew.
pub fn vis_timeline(bench: &Workbench) -> Result<PathBuf> {
    let folder = bench.tools.join(format!("vis-timeline-{VIS_TIMELINE}"));
    let package = folder.join("node_modules/vis-timeline");
    if !package.join("package.json").is_file() {
        install(&format!("vis-timeline {VIS_TIMELINE}"), "ten seconds", || {
            let package = format!("vis-timeline@{VIS_TIMELINE}");
            packages::npm(&bench.shell()?, &folder, &["install", "--no-save", &package])
        })?;
    }
    Ok(package)
}

/// The second browser of the page tests.
pub fn firefox(sh: &Shell) -> Result<PathBuf> {
    let find = || {
        let named = sh.var_os("FIREFOX").map(PathBuf::from);
        named.or_else(|| find_program(sh, &FIREFOXES))
    };
    if find().is_none() {
        packages::debian(sh, &["firefox-esr"], "a minute", "please install Firefox or name it in FIREFOX")?;
    }
    find().context("no Firefox was found; name one in FIREFOX")
}

/// A browser with its driver, and a font for all characters of the page.
fn browser(sh: &Shell) -> Result<PathBuf> {
    let find = || {
        let named = sh.var_os("CHROMIUM").map(PathBuf::from);
        named.or_else(|| find_program(sh, &BROWSERS))
    };
    let mut wanted = vec!["fonts-noto-cjk"];
    if find().is_none() || find_program(sh, &["chromedriver"]).is_none() {
        wanted.extend(["chromium", "chromium-driver"]);
    } else if find_program(sh, &["apt-get"]).is_none() {
        wanted.clear();
    }
    packages::debian(
        sh,
        &wanted,
        "a minute",
        "please install Chromium or Chrome, put its chromedriver on PATH and name the browser in CHROMIUM",
    )?;
    find().context("no browser was found; name one in CHROMIUM")
}
