//! Runs the parts of the tests, each to its end whatever happened to the others, and adds up their results.
//!
//! It must not know what a part needs to have installed (`setup`), nor how a runner's output is read
//! (`tally`).

use std::io::{self, Read, Write};
use std::process::{Command, Stdio};
use std::str::FromStr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use xshell::{Cmd, cmd};

use crate::rust::TARGET;
use crate::tally::Tally;
use crate::workbench::{Workbench, spoken};
use crate::{folders, page, setup};

/// A part of the tests that can be run alone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Part {
    Lint,
    Native,
    Browser,
    Page,
}

impl Part {
    /// All parts, those that finish soonest first.
    pub const ALL: [Self; 4] = [Self::Lint, Self::Native, Self::Browser, Self::Page];

    fn name(self) -> &'static str {
        match self {
            Self::Lint => "lint",
            Self::Native => "native",
            Self::Browser => "browser",
            Self::Page => "page",
        }
    }

    fn run(self, bench: &Workbench) -> Result<Tally> {
        match self {
            Self::Lint => lint(bench),
            Self::Native => native(bench),
            Self::Browser => browser(bench),
            Self::Page => page(bench),
        }
    }
}

impl FromStr for Part {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|part| part.name() == name)
            .ok_or_else(|| format!("there is no part `{name}` of the tests"))
    }
}

/// Runs the parts and prints a summary. Returns whether all tests passed.
pub fn run(bench: &Workbench, parts: &[Part]) -> Result<bool> {
    let outcomes: Vec<_> = parts.iter().map(|&part| timed(part, bench)).collect();
    println!("\n{:<10}{:>8}{:>8}  time", "part", "passed", "failed");
    for (part, Tally { passed, failed }, time) in &outcomes {
        println!("{:<10}{passed:>8}{failed:>8}  {}", part.name(), spoken(*time));
    }
    let total: Tally = outcomes.into_iter().map(|(_, tally, _)| tally).sum();
    println!("\n{total}");
    Ok(total.failed == 0)
}

fn timed(part: Part, bench: &Workbench) -> (Part, Tally, Duration) {
    println!("\n━━━ {} ━━━", part.name());
    let start = Instant::now();
    let tally = part.run(bench).unwrap_or_else(|error| {
        println!("Error: {error:#}");
        Tally::of_check(false)
    });
    let time = start.elapsed();
    println!("━━━ {}: {tally} in {} ━━━", part.name(), spoken(time));
    (part, tally, time)
}

fn lint(bench: &Workbench) -> Result<Tally> {
    let (sh, wasm) = setup::for_lint(bench)?;
    let clippy = ["clippy", "--all-targets"];
    let strict = ["--", "--deny", "warnings"];
    // What a macro declares is hidden from `cargo fmt`.
    let labs: Vec<_> = folders::children(&bench.root.join("crates/labs/src"))?
        .into_iter()
        .map(|lab| lab.join("mod.rs"))
        .filter(|file| file.exists())
        .collect();
    let in_browser = ["--package", "loopscope", "--package", "browser-clock"];
    let checks = [
        cmd!(sh, "cargo fmt --all --check"),
        cmd!(sh, "rustfmt --edition 2024 --check {labs...}"),
        cmd!(sh, "cargo {clippy...} --workspace {strict...}"),
        cmd!(wasm, "cargo {clippy...} {in_browser...} --target {TARGET} {strict...}"),
    ];
    Ok(checks.into_iter().map(|check| Tally::of_check(check.run().is_ok())).sum())
}

fn native(bench: &Workbench) -> Result<Tally> {
    let sh = bench.shell()?;
    counted(cmd!(sh, "cargo test --workspace --no-fail-fast"))
}

/// Runs the tests twice: the runner's server isolates the page from other origins, which makes clocks finer,
/// but static hosts do not.
fn browser(bench: &Workbench) -> Result<Tally> {
    let sh = setup::for_browser_tests(bench)?;
    let test = || cmd!(sh, "wasm-pack test --headless --chrome --mode no-install");
    println!("Isolated from other origins:");
    let isolated = counted(test())?;
    println!("Not isolated, as on a static host:");
    let plain = counted(test().env("WASM_BINDGEN_TEST_NO_ORIGIN_ISOLATION", "1"))?;
    Ok(isolated + plain)
}

fn page(bench: &Workbench) -> Result<Tally> {
    page::build(bench)?;
    let (sh, browser) = setup::for_page_tests(bench)?;
    // Without Firefox its tests are skipped with a message, except in CI, where they fail.
    let firefox = setup::firefox(&sh).map_err(|error| println!("Without Firefox, for {error:#}.")).ok();
    // Named one by one, since versions of Node differ in how they treat a folder.
    let mut files = sh.read_dir("tests/e2e")?;
    files.retain(|file| file.to_string_lossy().ends_with(".test.js"));
    anyhow::ensure!(!files.is_empty(), "tests/e2e has no file *.test.js");
    counted(
        cmd!(sh, "node --test --test-reporter=spec {files...}")
            .env("LOOPSCOPE_DIST", bench.root.join("dist"))
            .env("CHROMIUM", browser)
            .env("FIREFOX", firefox.unwrap_or_default()),
    )
}

/// Runs a test runner, shows its output as it comes, and counts its tests.
fn counted(run: Cmd) -> Result<Tally> {
    println!("$ {run}");
    let mut child = Command::from(run).stdout(Stdio::piped()).spawn()?;
    let mut from = child.stdout.take().context("the runner's output cannot be read")?;
    let (mut output, mut chunk) = (Vec::new(), [0; 4096]);
    loop {
        match from.read(&mut chunk)? {
            0 => break,
            length => {
                output.extend_from_slice(&chunk[..length]);
                let mut shown = io::stdout().lock();
                shown.write_all(&chunk[..length])?;
                shown.flush()?;
            }
        }
    }
    let succeeded = child.wait()?.success();
    Ok(Tally::of_run(&String::from_utf8_lossy(&output), succeeded))
}
