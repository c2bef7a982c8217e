//! Lab `event-loop-order`: what each program prints, by the rules of the event loop.

use engine::trace::Outcome;
use lab::FindingValue;
use lab::metrics::Metrics;
use session::predict;
use virtual_clock::Conditions;

#[test]
fn every_program_prints_what_the_rules_say() {
    let lab = &super::LAB;
    let values = lab.defaults();
    let browser = Conditions { has_timer_step: true, ..Conditions::IDEAL };
    let expected: &[(&str, &[u32])] = &[
        ("spawned", &[1, 3, 2]),
        ("ready-await", &[1, 4, 2, 3]),
        ("nested-awaits", &[3, 5, 1, 6, 4, 2]),
        ("two-chains", &[2, 5, 3, 6, 4, 1]),
        ("microtasks-first", &[4, 2, 3, 1]),
        ("microtasks-between", &[1, 2, 3, 4]),
        ("timers", &[4, 3, 2, 1]),
        ("equal-timers", &[2, 4, 1, 3]),
        ("nested-timers", &[1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 15, 7, 8]),
        ("late-timers", &[4, 3, 2, 1]),
        ("message-and-timer", &[3, 1, 2]),
        ("priorities", &[5, 4, 2, 3, 1]),
        ("continuation", &[3, 4, 5, 1, 2]),
        ("background", &[1, 4, 3, 2]),
        ("frames", &[1, 4, 5, 3, 2]),
        ("idle", &[4, 5, 1, 3, 2]),
    ];
    assert!(expected.iter().map(|(id, _)| *id).eq(lab.strategies.iter().map(|one| one.id)));
    for (id, order) in expected {
        for conditions in [Conditions::IDEAL, browser] {
            let trace = predict(lab.strategy(id).unwrap(), &values, conditions).trace;
            let metrics = Metrics::of(&trace, &values);
            assert_eq!(trace.outcome(), Some(Outcome::Finished), "{id}");
            assert!(metrics.is_complete(), "{id}");
            assert_eq!(metrics.findings[0].key, "order");
            assert_eq!(metrics.findings[0].value, FindingValue::Order(order.to_vec()), "{id}");
        }
    }
}

/// A number says where its line is in the source, so each is printed once.
#[test]
fn every_line_is_printed_once() {
    let lab = &super::LAB;
    for program in lab.strategies {
        let trace = predict(program, &lab.defaults(), Conditions::IDEAL).trace;
        let mut lines: Vec<_> = trace.marks().iter().map(|mark| mark.task.0).collect();
        lines.sort_unstable();
        assert!(lines.iter().copied().eq(1..=lines.len() as u32), "{}: {lines:?}", program.id);
    }
}
