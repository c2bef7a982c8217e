//! The same input gives the same bytes, every time.

use labs::CATALOGUE;
use session::chrome_trace::chrome_trace;
use session::predict;
use virtual_clock::Conditions;

#[test]
fn the_same_input_gives_the_same_bytes() {
    for lab in CATALOGUE {
        let mut values = lab.defaults();
        values.set("jitter_percent", 50.0);
        for strategy in lab.strategies {
            let bytes = || {
                let trace = predict(strategy, &values, Conditions::IDEAL).trace;
                serde_json::to_string(&chrome_trace(std::iter::once((strategy.id.to_string(), &trace))))
                    .unwrap()
            };
            assert_eq!(bytes(), bytes(), "{} / {}", lab.id, strategy.id);
        }
    }
}

#[test]
fn another_seed_gives_another_run() {
    let lab = CATALOGUE[0];
    let run = |seed: f64| {
        let mut values = lab.defaults();
        values.set("jitter_percent", 50.0);
        values.set("seed", seed);
        predict(lab.strategy("yielding").unwrap(), &values, Conditions::IDEAL).trace
    };
    assert_ne!(run(1.0), run(2.0));
}
