//! The page's entry point: mounts the app. Everything else is in the library.

fn main() {
    #[cfg(target_arch = "wasm32")]
    if loopscope::worker::guest::is_worker() {
        loopscope::worker::guest::serve();
    } else {
        loopscope::app::mount();
    }
    #[cfg(not(target_arch = "wasm32"))]
    eprintln!("Loopscope runs in a browser: cargo xtask serve");
}
