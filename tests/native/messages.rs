//! What a page and its workers send each other arrives as it was sent, or is an error.

use engine::trace::{Cursor, Trace};
use loopscope::worker::messages::{Command, Report, decode, encode};
use proptest::prelude::*;

#[test]
fn a_trace_arrives_as_it_was_sent() {
    let lab = testing::lab("shared-workload");
    for strategy in lab.strategies {
        let whole = testing::trace(strategy, &lab.defaults());
        let sent = encode(&Report::Recorded(whole.since(&mut Cursor::default())));
        let Ok(Report::Recorded(part)) = decode(&sent) else { panic!("{} was mangled", strategy.id) };
        let mut arrived = Trace::default();
        arrived.append(part);
        assert_eq!(arrived, whole, "{}", strategy.id);
    }
}

proptest! {
    #![proptest_config(testing::cases(256))]

    #[test]
    fn mangled_bytes_do_not_panic(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
        let _ = decode::<Command>(&bytes);
        let _ = decode::<Report>(&bytes);
    }
}
