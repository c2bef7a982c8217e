//! Compares: the strategies with plain JavaScript in a browser, the virtual clock with other simulators, the
//! timeline with a hand-written canvas and with vis-timeline, predictions with measurements, and the page
//! with its own goals.
//!
//! It builds what is compared and starts the programs in `bench/` that measure it. It must not know what a
//! part needs to have installed (`setup`).

use std::path::PathBuf;
use std::str::FromStr;

use anyhow::{Context, Result};
use xshell::{Shell, cmd};

use crate::rust::TARGET;
use crate::workbench::Workbench;
use crate::{page, setup};

/// A part of the comparison, which can be run alone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Part {
    Clock,
    Loop,
    Model,
    Page,
    Timeline,
}

impl Part {
    pub const ALL: [Self; 5] = [Self::Clock, Self::Loop, Self::Model, Self::Page, Self::Timeline];

    /// How often each side is measured by default: each part then takes a few minutes.
    pub const ROUNDS: u32 = 7;
}

impl FromStr for Part {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "clock" => Ok(Self::Clock),
            "loop" => Ok(Self::Loop),
            "model" => Ok(Self::Model),
            "page" => Ok(Self::Page),
            "timeline" => Ok(Self::Timeline),
            _ => Err(format!("there is no part `{name}` of the bench")),
        }
    }
}

/// Runs the parts one after another: nothing else may run during a measurement.
pub fn run(bench: &Workbench, parts: &[Part], rounds: u32) -> Result<()> {
    let rounds = rounds.to_string();
    for part in parts {
        match part {
            Part::Clock => clock(bench, &rounds)?,
            Part::Loop => event_loop(bench, &rounds)?,
            Part::Model => model(bench)?,
            Part::Page => own_page(bench, &rounds)?,
            Part::Timeline => timeline(bench, &rounds)?,
        }
    }
    Ok(())
}

fn clock(bench: &Workbench, rounds: &str) -> Result<()> {
    let sh = setup::for_build(bench)?;
    let fast = bindings(bench, &sh, "stream", "bench", "nodejs")?.join("stream.js");
    let small = bindings(bench, &sh, "stream", "release", "nodejs")?.join("stream.js");
    let own = bench.shell()?;
    cmd!(own, "cargo build --profile bench --example stream").run()?;
    let native = bench.root.join("target/release/examples/stream");
    let python = setup::simpy(bench).map_err(|error| println!("Without SimPy, for {error:#}.")).ok();
    cmd!(own, "node bench/clock.mjs {rounds} {native} {fast} {small} {python...}")
        .run()
        .context("the comparison of simulators did not come to its end")
}

fn event_loop(bench: &Workbench, rounds: &str) -> Result<()> {
    page::build(bench)?;
    // Built like the page, so that a yield costs what it costs there.
    let turns = bindings(bench, &setup::for_build(bench)?, "turns", "release", "web")?;
    let (sh, browser) = setup::for_page_tests(bench)?;
    cmd!(sh, "node bench/loop.mjs {rounds} {turns}")
        .env("LOOPSCOPE_DIST", bench.root.join("dist"))
        .env("CHROMIUM", browser)
        .run()
        .context("the comparison in the browser did not come to its end")
}

fn model(bench: &Workbench) -> Result<()> {
    page::build(bench)?;
    let (sh, browser) = setup::for_page_tests(bench)?;
    cmd!(sh, "node bench/model.mjs")
        .env("LOOPSCOPE_DIST", bench.root.join("dist"))
        .env("CHROMIUM", browser)
        .run()
        .context("the comparison of predictions with runs did not come to its end")
}

fn own_page(bench: &Workbench, rounds: &str) -> Result<()> {
    page::build(bench)?;
    let (sh, browser) = setup::for_page_tests(bench)?;
    cmd!(sh, "node bench/page.mjs {rounds}")
        .env("LOOPSCOPE_DIST", bench.root.join("dist"))
        .env("CHROMIUM", browser)
        .run()
        .context("the comparison of the page with its goals did not come to its end")
}

fn timeline(bench: &Workbench, rounds: &str) -> Result<()> {
    page::build(bench)?; // served with the pictures, for the colours of its style sheet
    let pictures = bindings(bench, &setup::for_build(bench)?, "timeline", "release", "web")?;
    let vis =
        setup::vis_timeline(bench).map_err(|error| println!("Without vis-timeline, for {error:#}.")).ok();
    let (sh, browser) = setup::for_page_tests(bench)?;
    cmd!(sh, "node bench/timeline.mjs {rounds} {pictures} {vis...}")
        .env("LOOPSCOPE_DIST", bench.root.join("dist"))
        .env("CHROMIUM", browser)
        .run()
        .context("the comparison of timelines did not come to its end")
}

/// Builds an example to WebAssembly. Returns the folder with the module and the JavaScript around it.
fn bindings(bench: &Workbench, sh: &Shell, example: &str, profile: &str, host: &str) -> Result<PathBuf> {
    cmd!(sh, "cargo build --profile {profile} --example {example} --target {TARGET}").run()?;
    // Both profiles build into the same folder.
    let module = bench.root.join(format!("target/{TARGET}/release/examples/{example}.wasm"));
    let folder = bench.root.join(format!("target/peers/{example}-{profile}"));
    cmd!(sh, "wasm-bindgen --target {host} --out-dir {folder} {module}").run()?;
    if profile == "release" {
        // As Trunk does for the page.
        let html = sh.read_file(bench.root.join("index.html"))?;
        let params = wasm_opt_params(&html).context("index.html has no parameters for wasm-opt")?;
        let module = folder.join(format!("{example}_bg.wasm"));
        cmd!(sh, "wasm-opt -Oz {params...} {module} -o {module}").run()?;
    }
    Ok(folder)
}

fn wasm_opt_params(html: &str) -> Option<Vec<&str>> {
    let (_, rest) = html.split_once("data-wasm-opt-params=\"")?;
    Some(rest.split_once('"')?.0.split_whitespace().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn optimises_as_the_page_does() {
        let html = r#"<link data-wasm-opt="z" data-wasm-opt-params="--one --two">"#;
        assert_eq!(wasm_opt_params(html), Some(vec!["--one", "--two"]));
        assert!(wasm_opt_params(include_str!("../../index.html")).is_some());
    }

    #[test]
    fn knows_its_parts() {
        assert_eq!("clock".parse(), Ok(Part::Clock));
        assert_eq!("loop".parse(), Ok(Part::Loop));
        assert_eq!("model".parse(), Ok(Part::Model));
        assert_eq!("page".parse(), Ok(Part::Page));
        assert_eq!("timeline".parse(), Ok(Part::Timeline));
        assert!("wasm".parse::<Part>().is_err());
    }
}
