//! Tests that run on both clocks: natively on the virtual clock, in a browser on the browser's own.
//!
//! They cover any event loop ([`event_loop`]), the simulated parts ([`parts`]) and the labs ([`labs`]). On
//! the virtual clock times are exact as well ([`TestClock::IS_EXACT`]).

use std::cell::RefCell;
use std::rc::Rc;

use engine::trace::{Nanos, Trace};
use engine::{Runtime, Work, YieldWith};

/// A clock under test.
pub trait TestClock {
    /// Whether times are exact, and not only lower bounds.
    const IS_EXACT: bool;
    /// Runs a strategy to its end.
    async fn run(strategy: impl FnOnce(Runtime) -> Work) -> Trace;
    /// Whether this clock offers this way to yield.
    fn has(with: YieldWith) -> bool;
}

/// Runs the `async` block that is made from the runtime. Gives its trace.
macro_rules! run {
    ($clock:ty, |$rt:ident| $body:expr) => {
        <$clock>::run(|$rt| Box::pin($body)).await
    };
}

mod event_loop;
mod labs;
mod parts;

pub use self::event_loop::*;
pub use self::labs::*;
pub use self::parts::*;

const MS: u64 = 1_000_000;

/// The numbers noted during a run, in order.
type Notes = Rc<RefCell<Vec<u32>>>;

fn assert_time<C: TestClock>(observed: Nanos, expected: Nanos, what: &str) {
    if C::IS_EXACT {
        assert_eq!(observed, expected, "{what}");
    } else {
        // A browser's clock may be coarse, by up to a tenth of a millisecond.
        assert!(observed + Nanos(MS / 10) >= expected, "{what}: {observed:?} is sooner than {expected:?}");
    }
}

/// Calls the macro `$make` with the name of every test.
macro_rules! for_each_body {
    ($make:ident) => {
        $make!(a_sleep_never_ends_early);
        $make!(timers_fire_in_the_order_of_their_deadlines);
        $make!(computing_holds_the_loop);
        $make!(waiting_in_place_holds_the_loop);
        $make!(a_spawned_task_starts_when_its_parent_awaits);
        $make!(a_dropped_task_never_continues);
        $make!(a_run_that_waits_for_itself_is_stalled);
        $make!(each_yield_lets_a_due_timer_run_or_not);
        $make!(a_continuation_has_the_priority_of_its_task);
        $make!(a_yield_is_one_turn_and_not_everything_that_is_due);
        $make!(all_microtasks_run_before_the_next_task);
        $make!(a_message_to_oneself_takes_its_place_at_the_end_of_the_turn);
        $make!(a_message_from_another_thread_takes_its_place_when_it_is_posted);
        $make!(messages_from_another_thread_come_in_the_order_of_their_times);
        $make!(nested_zero_timers_pay_the_clamp);
        $make!(a_starved_frame_is_drawn_all_the_same);
        $make!(an_idle_callback_comes_when_nothing_else_is_due);
        $make!(every_strategy_ends_as_predicted);
        $make!(every_program_prints_in_the_predicted_order);
        $make!(each_way_to_yield_lets_through_what_the_model_says);
        $make!(input_waits_for_the_end_of_a_slice);
        $make!(every_strategy_does_all_its_work);
        $make!(a_seeded_run_is_the_same_everywhere);
        $make!(channels_keep_their_order_and_their_bound);
        $make!(a_mutex_is_first_come_first_served);
        $make!(cores_share_their_time);
        $make!(a_process_comes_back_after_a_crash);
        $make!(a_deadlock_names_its_circle);
        $make!(the_same_updates_are_lost_for_the_same_seed);
        $make!(dishes_go_at_the_pace_of_the_slower_stage);
    };
}
pub(crate) use for_each_body;
