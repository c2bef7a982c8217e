//! The conformance tests on the virtual clock, where times are exact.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod conformance;

use conformance::{TestClock, for_each_body};
use engine::trace::Trace;
use engine::{Runtime, Work, YieldWith};
use virtual_clock::Conditions;

struct Virtual;

impl TestClock for Virtual {
    const IS_EXACT: bool = true;

    async fn run(strategy: impl FnOnce(Runtime) -> Work) -> Trace {
        virtual_clock::run(Conditions::IDEAL, strategy).trace
    }

    fn has(_with: YieldWith) -> bool {
        true
    }
}

macro_rules! on_virtual_clock {
    ($body:ident) => {
        #[test]
        fn $body() {
            futures_lite::future::block_on(conformance::$body::<Virtual>());
        }
    };
}

for_each_body!(on_virtual_clock);
