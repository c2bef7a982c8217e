//! The view of the timelines: zoom, pan, playhead and play, on plain data.

use engine::YieldWith;
use engine::trace::{Nanos, TaskId};
use loopscope::app::state::{Action, Browser, Direction, State};
use loopscope::app::view::{Look, Speed, View};
use proptest::prelude::*;
use session::words::moment;
use texts::Language;

const MS: u64 = 1_000_000;
const END: Nanos = Nanos(1_000 * MS);

fn ms(window: (Nanos, Nanos)) -> (u64, u64) {
    (window.0.0 / MS, window.1.0 / MS)
}

fn look(view: &mut View, looks: &[Look]) {
    looks.iter().for_each(|look| view.apply(*look, END));
}

fn state(query: &str) -> State {
    let (language, kindest_yield) = (Language::English, YieldWith::ALL[0]);
    State::new(query, Browser { language, kindest_yield, has: [true; YieldWith::ALL.len()], cores: 4 })
}

#[test]
fn zooming_keeps_the_time_under_the_pointer() {
    let mut view = View::default();
    look(&mut view, &[Look::ZoomAt(0.25, 2.0)]);
    assert_eq!(ms(view.window(END)), (125, 625), "250 ms are still at a quarter");
    look(&mut view, &[Look::ZoomAt(0.25, 0.5)]);
    assert!(!view.is_zoomed(END), "back to everything");
    look(&mut view, &[Look::ZoomAt(0.0, 1e12)]);
    let (from, to) = view.window(END);
    assert!(to > from, "the window is never empty");
}

#[test]
fn panning_stops_at_both_ends() {
    let mut view = View::default();
    look(&mut view, &[Look::Show(Nanos(400 * MS), Nanos(600 * MS)), Look::PanBy(1.0)]);
    assert_eq!(ms(view.window(END)), (600, 800));
    look(&mut view, &[Look::PanBy(9.0)]);
    assert_eq!(ms(view.window(END)), (800, 1_000));
    look(&mut view, &[Look::PanBy(-99.0)]);
    assert_eq!(ms(view.window(END)), (0, 200));
    look(&mut view, &[Look::Fit]);
    assert_eq!(ms(view.window(END)), (0, 1_000));
}

#[test]
fn the_playhead_moves_turns_the_page_and_stops_at_the_end() {
    let mut view = View::default();
    look(
        &mut view,
        &[Look::Show(Nanos::ZERO, Nanos(100 * MS)), Look::TogglePlay, Look::Advance(Nanos(80 * MS))],
    );
    assert_eq!(view.playhead, Some(Nanos(80 * MS)));
    look(&mut view, &[Look::SetSpeed(Speed::Quarter), Look::Advance(Nanos(160 * MS))]);
    assert_eq!(view.playhead, Some(Nanos(120 * MS)));
    assert_eq!(ms(view.window(END)), (120, 220), "the page is turned");
    look(&mut view, &[Look::SetSpeed(Speed::Full), Look::Advance(Nanos(9_000 * MS))]);
    assert_eq!((view.playhead, view.is_playing), (Some(END), false));
    look(&mut view, &[Look::TogglePlay]);
    assert_eq!((view.playhead, view.is_playing), (Some(Nanos::ZERO), true), "again from the start");
}

#[test]
fn steps_go_from_event_to_event_and_back() {
    let mut state = state("?strategies=one-at-a-time&tasks=2&calibration=ideal");
    let mut at = |direction: Direction| {
        state.apply(Action::Step(direction));
        state.view.playhead.unwrap().0 / MS
    };
    use Direction::{Next, Previous};
    assert_eq!([Next, Next, Next, Next].map(&mut at), [0, 16, 116, 132]);
    assert_eq!([Previous, Previous].map(&mut at), [116, 16]);
}

#[test]
fn a_value_keeps_the_view_and_a_reset_does_not() {
    let mut state = state("?tasks=20");
    state.apply(Action::Look(Look::Show(Nanos(10 * MS), Nanos(20 * MS))));
    state.apply(Action::Look(Look::SelectTask(Some(TaskId(3)))));
    state.apply(Action::SetValue("cpu_ms", 15.0));
    assert_eq!(ms(state.view.window(state.axis_end())), (10, 20));
    assert_eq!(state.view.lit(), Some(TaskId(3)));
    state.apply(Action::Reset);
    assert_eq!(state.view, View::default());
}

#[test]
fn pointing_finds_the_task() {
    let state = state("?strategies=blocking&tasks=4&calibration=ideal");
    let strategy = state.rows[0].strategy;
    let at = |share: f64| state.point(strategy, share, 10.0, 800.0).and_then(|point| point.task);
    assert_eq!([at(0.01), at(0.3), at(0.9)], [0, 1, 3].map(|number| Some(TaskId(number))));
}

#[test]
fn moments_are_as_precise_as_the_step() {
    let told = |at: u64, step: u64| moment(Language::English, Nanos(at), Nanos(step));
    assert_eq!(told(6_961_200_000, 200_000), "6.9612 s");
    assert_eq!(told(6_000 * MS, 2_000 * MS), "6 s");
    assert_eq!(told(12_500_000, 500_000), "12.5 ms");
    assert_eq!(told(0, 1), "0 ms");
}

proptest! {
    #![proptest_config(testing::cases(128))]

    /// Whatever the reader does, the window is not empty and lies within the axis.
    #[test]
    fn the_window_always_lies_within_the_axis(
        acts in proptest::collection::vec((0..5u8, -3.0..3.0f64, 0.0..1.0f64), 1..40),
        end in 1_000..10_000_000_000u64,
    ) {
        let end = Nanos(end);
        let mut view = View::default();
        for (act, number, share) in acts {
            let at = Nanos((share * end.0 as f64) as u64);
            view.apply(match act {
                0 => Look::ZoomAt(share, 1.0 + number.abs() * 5.0),
                1 => Look::ZoomAt(share, 1.0 / (1.0 + number.abs())),
                2 => Look::PanBy(number),
                3 => Look::SetPlayhead(Some(at)),
                _ => Look::Show(at, at + Nanos(number.abs() as u64 * 1_000)),
            }, end);
            let (from, to) = view.window(end);
            prop_assert!(from < to && to <= end, "{from:?} to {to:?} of {end:?}");
        }
    }
}
