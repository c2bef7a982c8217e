//! What a yield and a spawned task cost by themselves on the browser clock, for bench/loop.mjs.

#[cfg(target_arch = "wasm32")]
mod browser {
    use browser_clock::BrowserRun;
    use engine::{Runtime, Work, YieldWith};
    use wasm_bindgen::prelude::*;

    /// How many milliseconds this many yields take, one after another. They are recorded as in any run.
    #[wasm_bindgen]
    pub async fn yields(with: String, count: u32) -> Result<f64, JsValue> {
        let with = YieldWith::ALL.into_iter().find(|one| one.id() == with).ok_or("no such yield")?;
        makespan_ms(move |rt| {
            Box::pin(async move {
                for _ in 0..count {
                    rt.yield_now(with).await;
                }
            })
        })
        .await
    }

    /// How many milliseconds it takes to start this many tasks and to wait for all of them.
    #[wasm_bindgen]
    pub async fn spawns(count: u32) -> Result<f64, JsValue> {
        makespan_ms(move |rt| {
            Box::pin(async move {
                let tasks: Vec<_> = (0..count).map(|_| rt.spawn(async {})).collect();
                for task in tasks {
                    task.await;
                }
            })
        })
        .await
    }

    async fn makespan_ms(strategy: impl FnOnce(Runtime) -> Work) -> Result<f64, JsValue> {
        let mut run = BrowserRun::prepare(1.0, 1.0, strategy)?;
        run.start()?;
        run.finished().await;
        Ok(run.trace().borrow().end().as_ms())
    }
}

fn main() {}
