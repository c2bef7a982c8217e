//! What a page and its workers send each other arrives as it was sent, or is an error.

use engine::trace::{Cursor, Nanos, Span, SpanKind, TaskId, Trace};
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

#[test]
fn spans_that_cannot_be_are_an_error() {
    let mut trace = Trace::default();
    for start in [1, 2] {
        trace.push_span(Span::new(SpanKind::Down, TaskId::NONE, Nanos(start), Nanos(3)));
    }
    let sent = encode(&Report::Recorded(trace.since(&mut Cursor::default())));
    let at = sent.iter().position(|byte| *byte == SpanKind::Down as u8).expect("the kind is sent");
    let with = |at: usize, byte| {
        let mut mangled = sent.clone();
        mangled[at] = byte;
        decode::<Report>(&mangled)
    };
    assert!(with(at, SpanKind::Cpu as u8).is_ok());
    assert!(with(at, SpanKind::ALL.len() as u8).is_err(), "no such kind");
    assert!(with(at - 22, 4).is_err(), "ends before it starts");
    assert!(with(1, 47).is_err(), "half a span");
    for at in 0..sent.len() {
        for byte in [0, 1, 0x7f, 0xff] {
            if let Ok(Report::Recorded(part)) = with(at, byte) {
                Trace::default().append(part);
            }
        }
        assert!(decode::<Report>(&sent[..at]).is_err(), "cut off at {at}");
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
