//! Finds or installs a Rust that compiles to WebAssembly.
//!
//! If rustup can add the target, that is all. If not, the distribution's Rust is used: it does not bring the
//! target, but the source of the standard library, which cargo then builds. This file must not know what is
//! compiled with it.

use std::path::Path;
use std::str::FromStr;

use anyhow::{Context, Result};
use xshell::{Shell, cmd};

use crate::packages;
use crate::workbench::{Workbench, find_first, find_program, install};

pub const TARGET: &str = "wasm32-unknown-unknown";

const DISTRIBUTION: [&str; 5] = ["rustc-web", "cargo-web", "rust-web-clippy", "rust-web-src", "lld-22"];

/// Where the Rust that compiles to WebAssembly comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Source {
    Rustup,
    Distribution,
}

impl FromStr for Source {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "rustup" => Ok(Self::Rustup),
            "distribution" => Ok(Self::Distribution),
            _ => Err(format!("there is no Rust `{name}`, only rustup and distribution")),
        }
    }
}

/// Makes the cargo of this shell able to compile to WebAssembly.
pub fn for_wasm(bench: &Workbench, sh: &Shell) -> Result<()> {
    let source = match bench.found.get() {
        Some(&source) => source,
        None => ensure(bench.wanted, sh)?,
    };
    match bench.found.get_or_init(|| source) {
        Source::Rustup => Ok(()),
        Source::Distribution => use_distribution(&bench.tools.join("distribution"), sh),
    }
}

fn ensure(wanted: Option<Source>, sh: &Shell) -> Result<Source> {
    if wanted != Some(Source::Distribution) {
        match add_target(sh) {
            Ok(()) => return Ok(Source::Rustup),
            Err(error) if wanted.is_some() => return Err(error),
            Err(error) => println!("{error:#}.\nThe distribution's Rust takes its place."),
        }
    }
    packages::debian(
        sh,
        &DISTRIBUTION,
        "a minute",
        "please install a Rust that has the target wasm32-unknown-unknown",
    )?;
    Ok(Source::Distribution)
}

fn add_target(sh: &Shell) -> Result<()> {
    let libraries = cmd!(sh, "rustc --print target-libdir --target {TARGET}").quiet().read();
    if libraries.is_ok_and(|folder| Path::new(&folder).is_dir()) {
        return Ok(());
    }
    install(&format!("Rust's target {TARGET}"), "ten seconds", || {
        cmd!(sh, "rustup target add {TARGET}").run().context("rustup did not add it")
    })
}

/// Installs rustfmt and Clippy for the Rust that everything else is compiled with.
pub fn for_lint(sh: &Shell) -> Result<()> {
    let has = |tool| cmd!(sh, "cargo {tool} --version").quiet().ignore_stderr().read().is_ok();
    if has("fmt") && has("clippy") {
        return Ok(());
    }
    if find_program(sh, &["rustup"]).is_none() {
        let packages = ["rustfmt-web", "rust-web-clippy"];
        return packages::debian(sh, &packages, "a minute", "please install rustfmt and Clippy");
    }
    install("rustfmt and Clippy", "ten seconds", || {
        cmd!(sh, "rustup component add rustfmt clippy").run().context("rustup did not add them")
    })
}

/// A cargo that builds the standard library when it compiles to WebAssembly; for this machine the library is
/// there.
const CARGO: &str = "\
#!/bin/sh
case \"$*\" in
*wasm32-unknown-unknown*) export CARGO_UNSTABLE_BUILD_STD=std,panic_abort ;;
esac
exec /usr/bin/cargo \"$@\"
";

/// Puts the distribution's cargo first on PATH, and has it build the standard library where needed.
fn use_distribution(folder: &Path, sh: &Shell) -> Result<()> {
    // Links, since putting all of /usr/bin first would bring more than Rust.
    let programs = ["rustc", "rustdoc", "cargo-clippy", "clippy-driver"]
        .map(|program| Path::new("/usr/bin").join(program));
    let cargo = folder.join("cargo");
    sh.create_dir(folder)?;
    cmd!(sh, "ln --symbolic --force {programs...} {folder}").quiet().run()?;
    sh.remove_path(&cargo)?;
    sh.write_file(&cargo, CARGO)?;
    cmd!(sh, "chmod +x {cargo}").quiet().run()?;
    find_first(sh, &[folder.to_path_buf()])?;
    // Programs that ask cargo about the project take it from this variable, not from PATH.
    sh.set_var("CARGO", cargo);
    sh.set_var("RUSTC_BOOTSTRAP", "1");
    sh.set_var("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld-22");
    Ok(())
}
