//! The conformance bodies on the virtual clock, where times are exact.

use loopscope::lab::Work;
use loopscope::runtime::event_loop::Conditions;
use loopscope::runtime::{Runtime, YieldWith, virtual_clock};
use loopscope::trace::Trace;

use crate::conformance::{self, TestClock, for_each_body};

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
