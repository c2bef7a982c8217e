//! Every address gives something to show, and every state can be written and read back.

use labs::CATALOGUE;
use proptest::prelude::*;
use session::address::{Address, Notice, Theme};
use texts::Language;

fn check(query: &str, canonical: &str, notices: usize) {
    let (address, told) = Address::parse(query);
    assert_eq!(address.to_query(), canonical, "{query}");
    assert_eq!(told.len(), notices, "{query}: {told:?}");
}

#[test]
fn addresses_are_read_as_far_as_they_can_be() {
    const PLAIN: &str = "v=1&lab=shared-workload";
    let cases = [
        ("", PLAIN, 0),
        ("?", PLAIN, 0),
        ("?v=1&lab=shared-workload&tasks=60", PLAIN, 0),
        ("?tasks=600&cpu_ms=8", "v=1&lab=shared-workload&tasks=600&cpu_ms=8", 0),
        ("?scenario=book", "v=1&lab=shared-workload&scenario=book", 0),
        ("?tasks=5&scenario=book", "v=1&lab=shared-workload&scenario=book&tasks=5", 0),
        ("?strategies=yielding,blocking", "v=1&lab=shared-workload&strategies=blocking,yielding", 0),
        (
            "?yield_with=message&theme=dark&lang=ko&scale=0.1",
            "v=1&lab=shared-workload&yield_with=message&scale=0.1&lang=ko&theme=dark",
            0,
        ),
        ("?scale=auto&lang=auto&theme=auto&run_on=worker&race=0&calibration=measured", PLAIN, 0),
        ("?run_on=page&calibration=ideal", "v=1&lab=shared-workload&run_on=page&calibration=ideal", 0),
        ("?predict_first=1", "v=1&lab=shared-workload&predict_first=1", 0),
        ("?predict_first=0&theme=light", "v=1&lab=shared-workload&theme=light", 0),
        ("?predict_first=maybe", PLAIN, 1),
        ("?race=1&run_on=page", "v=1&lab=shared-workload&race=1", 0),
        ("?race=yes&run_on=moon&calibration=x", PLAIN, 3),
        // Bad input: each problem has one notice, and the rest still counts.
        ("?tasks=0", "v=1&lab=shared-workload&tasks=1", 1),
        ("?tasks=-5&cpu_ms=8", "v=1&lab=shared-workload&tasks=1&cpu_ms=8", 1),
        ("?tasks=1e99", "v=1&lab=shared-workload&tasks=100000", 1),
        ("?tasks=abc", PLAIN, 1),
        ("?tasks=NaN", PLAIN, 1),
        ("?tasks=inf", PLAIN, 1),
        ("?lab=nothing", PLAIN, 1),
        ("?scenario=nothing", PLAIN, 1),
        ("?strategies=nothing", PLAIN, 1),
        ("?strategies=nothing,yielding", "v=1&lab=shared-workload&strategies=yielding", 1),
        ("?strategies=", PLAIN, 0),
        ("?scale=7", "v=1&lab=shared-workload&scale=1", 1),
        ("?v=99", PLAIN, 1),
        ("?what=ever", PLAIN, 1),
        ("?%zz=%e0%a4%a&&&===&tasks=%31%30", "v=1&lab=shared-workload&tasks=10", 2),
        ("?tasks=5&tasks=7", "v=1&lab=shared-workload&tasks=7", 0),
    ];
    for (query, canonical, notices) in cases {
        check(query, canonical, notices);
    }
}

#[test]
fn a_notice_says_what_was_given_and_what_is_used() {
    let (_, notices) = Address::parse("?capacity=99999999");
    let clamped = |key: &str, given: &str, used: &str| Notice::Clamped {
        key: key.to_string(),
        given: given.to_string(),
        used: used.to_string(),
    };
    assert_eq!(notices, [clamped("capacity", "99999999", "10000")]);
}

#[test]
fn scenarios_set_parameters_of_their_lab_within_range() {
    for lab in CATALOGUE {
        for scenario in lab.scenarios {
            for (key, number) in scenario.values {
                let param = lab.params.iter().find(|param| param.key == *key);
                assert_eq!(param.map(|param| param.clamp(*number)), Some(*number), "{} / {key}", scenario.id);
            }
            for id in scenario.published.iter().flat_map(|one| [one.strategy, one.baseline]) {
                assert!(lab.strategy(id).is_some(), "{} / {id}", scenario.id);
            }
        }
    }
}

fn any_address() -> impl Strategy<Value = Address> {
    let lab = CATALOGUE[0];
    let numbers = proptest::collection::vec(0.0..1e6f64, lab.params.len());
    let scenario = proptest::option::of(0..lab.scenarios.len());
    let scale = proptest::option::of(0.0001..=1.0f64);
    (numbers, scenario, 1..128u32, scale, 0..3u32, 0..3u32).prop_map(
        move |(numbers, scenario, strategies, scale, language, theme)| {
            let mut address = Address::of(lab);
            for (param, number) in lab.params.iter().zip(numbers) {
                address.values.set(param.key, number);
            }
            address.scenario = scenario.map(|index| &lab.scenarios[index]);
            address.strategies = lab
                .strategies
                .iter()
                .enumerate()
                .filter(|(bit, _)| strategies >> bit & 1 == 1)
                .map(|one| one.1)
                .collect();
            address.scale = scale;
            address.language = Language::ALL.get(language as usize).copied();
            address.theme = [Theme::Light, Theme::Dark].get(theme as usize).copied();
            address
        },
    )
}

proptest! {
    #![proptest_config(testing::cases(256))]

    #[test]
    fn what_is_written_is_read_back(address in any_address()) {
        let (read, notices) = Address::parse(&address.to_query());
        prop_assert_eq!(notices, []);
        prop_assert_eq!(read, address);
    }

    #[test]
    fn any_text_can_be_parsed(query in ".{0,200}") {
        let (address, _) = Address::parse(&query);
        prop_assert!(!address.strategies.is_empty());
        prop_assert_eq!(Address::parse(&address.to_query()).1, []);
    }
}

#[test]
fn the_work_on_an_address_is_bounded_by_what_is_known() {
    let mut query = String::from("tasks=7");
    (0..20_000).for_each(|number| query.push_str(&format!("&key{number}=x&strategies=a{number}")));
    query.push_str("&tasks=9");
    let (address, notices) = Address::parse(&query);
    assert_eq!(address.values.get("tasks"), 9.0);
    assert!(notices.len() <= 9, "{}", notices.len());
    assert!(matches!(notices.last(), Some(Notice::More { count }) if *count > 19_000), "{notices:?}");
    let (_, notices) = Address::parse(&format!("strategies={}", "x,".repeat(20_000)));
    assert!(notices.len() <= 9, "{}", notices.len());
}
