//! Runs a strategy on the browser's clock, on a page or in a worker. Must not know which of the two.

use browser_clock::BrowserRun;
use lab::{Need, Strategy, Values};
use wasm_bindgen::JsValue;

/// Prepares to run a strategy with these values, and starts the threads that must be ready before.
///
/// `scale` is real time per lab time, `blocks_per_ms` the calibrated speed of the CPU kernel.
///
/// # Errors
/// If the browser refuses a `MessageChannel` or a worker.
pub async fn prepare(
    strategy: &Strategy,
    values: &Values,
    scale: f64,
    blocks_per_ms: f64,
) -> Result<BrowserRun, JsValue> {
    let run = BrowserRun::prepare(scale, blocks_per_ms, |rt| strategy.begin(&rt, values))?;
    if let Need::Workers(count) = strategy.needs {
        run.start_threads(count(values)).await?;
    }
    Ok(run)
}
