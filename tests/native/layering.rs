//! The architecture, enforced: who may know whom, and that every file says what it is.

use std::fs;
use std::path::{Path, PathBuf};

/// A part of `src`, and what its files must not name.
struct Rule {
    part: &'static str,
    must_not_name: &'static [&'static str],
}

const BROWSER: [&str; 4] = ["web_sys", "yew", "gloo_", "js_sys"];

#[rustfmt::skip]
const RULES: &[Rule] = &[
    Rule { part: "trace.rs", must_not_name: &["crate::"] },
    Rule { part: "number.rs", must_not_name: &["crate::", "web_sys", "yew"] },
    Rule { part: "runtime.rs", must_not_name: &["crate::lab", "crate::server", "crate::app", "web_sys", "yew"] },
    Rule { part: "runtime/event_loop.rs", must_not_name: &["crate::lab", "crate::app", "web_sys", "yew", "js_sys"] },
    Rule { part: "runtime/virtual_clock.rs", must_not_name: &["crate::lab", "crate::app", "web_sys", "yew", "js_sys"] },
    // Nothing in the browser clock may need a window: it runs in a worker as well.
    Rule { part: "runtime/browser_clock.rs", must_not_name: &["yew", "window()", "document", "crate::app"] },
    Rule { part: "runtime/browser_clock", must_not_name: &["yew", "window()", "document", "crate::app"] },
    Rule { part: "thread.rs", must_not_name: &["yew", "window()", "document", "crate::app", "crate::runtime", "crate::lab"] },
    Rule { part: "worker.rs", must_not_name: &["yew", "document", "crate::app", "crate::components"] },
    Rule { part: "orders.rs", must_not_name: &["_clock", "crate::app", "web_sys", "js_sys"] },
    Rule { part: "probes.rs", must_not_name: &["crate::runtime", "crate::app", "web_sys", "js_sys"] },
    Rule { part: "workers.rs", must_not_name: &["_clock", "crate::app", "web_sys", "js_sys", "crate::thread"] },
    Rule { part: "server.rs", must_not_name: &["clock", "web_sys", "yew", "js_sys", "crate::app", "crate::lab"] },
    Rule { part: "runtime/wait.rs", must_not_name: &["virtual_clock", "browser_clock", "crate::lab", "crate::app", "web_sys", "yew", "js_sys"] },
    Rule { part: "channel.rs", must_not_name: &["clock", "web_sys", "yew", "js_sys", "crate::app", "crate::lab"] },
    Rule { part: "pool.rs", must_not_name: &["clock", "web_sys", "yew", "js_sys", "crate::app", "crate::lab"] },
    Rule { part: "process.rs", must_not_name: &["clock", "web_sys", "yew", "js_sys", "crate::app", "crate::lab"] },
    Rule { part: "random.rs", must_not_name: &["crate::runtime", "crate::app", "crate::lab", "web_sys", "yew", "js_sys"] },
    Rule { part: "lock.rs", must_not_name: &["virtual_clock", "browser_clock", "web_sys", "yew", "js_sys", "crate::app"] },
    Rule { part: "lab.rs", must_not_name: &["virtual_clock", "browser_clock", "web_sys", "yew", "js_sys", "crate::app"] },
    Rule { part: "labs", must_not_name: &["virtual_clock", "browser_clock", "event_loop::", "web_sys", "yew::", "js_sys", "crate::app"] },
    Rule { part: "predict.rs", must_not_name: &["browser_clock", "web_sys", "yew", "js_sys", "crate::app"] },
    Rule { part: "metrics.rs", must_not_name: &["crate::runtime", "crate::app", "web_sys", "yew", "js_sys"] },
    Rule { part: "verdict.rs", must_not_name: &["crate::runtime", "crate::app", "web_sys", "yew", "js_sys"] },
    Rule { part: "lint.rs", must_not_name: &["crate::runtime", "crate::app", "web_sys", "yew", "js_sys"] },
    Rule { part: "inspect.rs", must_not_name: &["crate::runtime", "crate::lab", "crate::app", "web_sys", "yew", "js_sys"] },
    Rule { part: "timeline.rs", must_not_name: &["crate::runtime", "crate::app", "web_sys", "yew", "js_sys"] },
    Rule { part: "timeline", must_not_name: &["crate::runtime", "crate::app", "web_sys", "yew", "js_sys"] },
    Rule { part: "timeline/coverage.rs", must_not_name: &["crate::lab", "crate::metrics", "Span"] },
    Rule { part: "timeline/levels.rs", must_not_name: &["crate::lab", "crate::metrics", "Span"] },
    Rule { part: "plan.rs", must_not_name: &["_clock", "crate::app", "web_sys", "yew", "js_sys"] },
    Rule { part: "address.rs", must_not_name: &["crate::runtime", "crate::app", "web_sys", "yew", "js_sys"] },
    Rule { part: "summary.rs", must_not_name: &["_clock", "crate::app", "web_sys", "yew", "js_sys"] },
    Rule { part: "sweep.rs", must_not_name: &["_clock", "crate::app", "web_sys", "yew", "js_sys"] },
    Rule { part: "guess.rs", must_not_name: &["crate::runtime", "crate::app", "web_sys", "yew", "js_sys"] },
    Rule { part: "lag.rs", must_not_name: &["crate::runtime", "crate::lab", "crate::app", "web_sys", "yew", "js_sys"] },
    Rule { part: "settings.rs", must_not_name: &["crate::runtime", "crate::lab", "crate::app", "web_sys", "yew", "js_sys"] },
    Rule { part: "chart.rs", must_not_name: &["crate::runtime", "crate::app", "crate::lab", "web_sys", "yew", "js_sys"] },
    Rule { part: "lesson.rs", must_not_name: &["crate::runtime", "crate::app", "web_sys", "yew", "js_sys"] },
    Rule { part: "app/tabs.rs", must_not_name: &["browser_clock", "web_sys", "yew", "js_sys"] },
    Rule { part: "app/table.rs", must_not_name: &["browser_clock", "web_sys", "yew", "js_sys"] },
    Rule { part: "app/state.rs", must_not_name: &["browser_clock", "web_sys", "yew", "js_sys"] },
    Rule { part: "app/view.rs", must_not_name: &["crate::timeline", "crate::runtime", "Trace", "web_sys", "yew", "js_sys"] },
    // Only app/run starts live runs.
    Rule { part: "app/api.rs", must_not_name: &["browser_clock", "BrowserRun"] },
    Rule { part: "components", must_not_name: &["browser_clock", "BrowserRun", "spawn_local"] },
];

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn files(under: &Path) -> Vec<PathBuf> {
    if under.is_file() {
        return vec![under.to_path_buf()];
    }
    let entries = fs::read_dir(under).unwrap_or_else(|error| panic!("{}: {error}", under.display()));
    let mut found: Vec<_> = entries.flat_map(|entry| files(&entry.unwrap().path())).collect();
    found.retain(|file| file.extension().is_some_and(|extension| extension == "rs"));
    found.sort();
    found
}

/// The lines that are code.
fn code(file: &Path) -> Vec<String> {
    let text = fs::read_to_string(file).unwrap();
    text.lines().map(str::trim).filter(|line| !line.starts_with("//")).map(str::to_string).collect()
}

#[test]
fn nobody_knows_more_than_they_may() {
    for Rule { part, must_not_name } in RULES {
        for file in files(&source().join(part)) {
            for line in code(&file) {
                for name in *must_not_name {
                    assert!(!line.contains(name), "{} must not know {name}: {line}", file.display());
                }
            }
        }
    }
}

#[test]
fn only_the_page_and_the_browser_clock_know_the_browser() {
    let allowed =
        ["app", "components", "runtime/browser_clock.rs", "runtime/browser_clock", "thread.rs", "worker.rs"]
            .into_iter()
            .chain(["i18n.rs", "number.rs"])
            .map(|part| source().join(part))
            .collect::<Vec<_>>();
    for file in files(&source()).into_iter().filter(|file| !allowed.iter().any(|part| file.starts_with(part)))
    {
        for line in code(&file) {
            for name in BROWSER {
                assert!(!line.contains(name), "{} must not know {name}: {line}", file.display());
            }
        }
    }
}

#[test]
fn every_file_says_what_it_is() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for folder in ["src", "tests", "xtask/src", "examples"] {
        for file in files(&root.join(folder)) {
            let text = fs::read_to_string(&file).unwrap();
            assert!(text.starts_with("//! "), "{} does not open with //!", file.display());
        }
    }
}
