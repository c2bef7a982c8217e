//! Builds and serves the page with Trunk.
//!
//! It must not know what Trunk needs; `setup` does.

use std::env;
use std::net::TcpListener;

use anyhow::{Context, Result};
use xshell::cmd;

use crate::setup;
use crate::workbench::Workbench;

/// Builds `dist/`, which any static host can serve from any path.
pub fn build(bench: &Workbench) -> Result<()> {
    let sh = setup::for_build(bench)?;
    cmd!(sh, "trunk build --release --public-url ./").run().context("the page was not built")?;
    println!("The page is in {}.", bench.root.join("dist").display());
    Ok(())
}

/// Serves the page as it will be published, until interrupted.
pub fn serve(bench: &Workbench, port: u16, open: bool) -> Result<()> {
    let free = || {
        TcpListener::bind(("127.0.0.1", port)).with_context(|| {
            format!("port {port} cannot be had; choose another with `cargo xtask serve --port N`")
        })
    };
    // Checked before the build, so that nobody waits for it in vain.
    drop(free()?);
    let sh = setup::for_build(bench)?;
    let port = port.to_string();
    let open = (open && has_screen()).then_some("--open");
    println!("The page will be at http://127.0.0.1:{port}/ once it is built; Ctrl+C ends it.");
    // Without the reloading script, so that measurements are those of the published page.
    cmd!(sh, "trunk serve --release --no-autoreload --address 127.0.0.1 --port {port} {open...}")
        .run()
        .context("the page is not served any more")
}

/// Whether a browser could open a window.
fn has_screen() -> bool {
    let named = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || named("DISPLAY") || named("WAYLAND_DISPLAY")
}
