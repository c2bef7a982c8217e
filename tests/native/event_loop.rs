//! The rules of the event loop, one by one, on the virtual clock.

use std::cell::RefCell;
use std::rc::Rc;

use loopscope::runtime::event_loop::{Conditions, FRAME_PERIOD, NESTED_TIMER_CLAMP, NESTING_LIMIT};
use loopscope::runtime::{YieldWith, virtual_clock};
use loopscope::trace::{Nanos, Outcome, TaskId};

/// When each of `count` yields in a row was over.
fn yields(with: YieldWith, count: u32, conditions: Conditions) -> Vec<Nanos> {
    let times = Rc::new(RefCell::new(Vec::new()));
    let noted = times.clone();
    virtual_clock::run(conditions, |rt| {
        Box::pin(async move {
            for _ in 0..count {
                rt.yield_now(with).await;
                noted.borrow_mut().push(rt.now());
            }
        })
    });
    times.take()
}

#[test]
fn nested_timers_pay_the_clamp_from_the_seventh_on() {
    let times = yields(YieldWith::Timeout, 9, Conditions::IDEAL);
    let free = NESTING_LIMIT as usize + 1;
    assert!(times[..free].iter().all(|at| *at == Nanos::ZERO), "six without a clamp: {times:?}");
    assert_eq!(times[free], NESTED_TIMER_CLAMP);
    assert_eq!(times[free + 1], Nanos(2 * NESTED_TIMER_CLAMP.0));
}

#[test]
fn a_timer_behind_a_message_never_pays_the_clamp() {
    assert!(yields(YieldWith::MessageThenTimeout, 50, Conditions::IDEAL).iter().all(|at| *at == Nanos::ZERO));
}

#[test]
fn frames_come_at_their_period() {
    let times = yields(YieldWith::AnimationFrame, 3, Conditions::IDEAL);
    assert_eq!(times, [1, 2, 3].map(|frame| Nanos(frame * FRAME_PERIOD.0)));
}

#[test]
fn a_frame_asked_for_while_one_is_rendered_is_the_next_one() {
    let ends = Rc::new(RefCell::new(Vec::new()));
    let noted = ends.clone();
    virtual_clock::run(Conditions::IDEAL, |rt| {
        Box::pin(async move {
            let tasks = [0, 1].map(|_| {
                let (runtime, noted) = (rt.clone(), noted.clone());
                rt.spawn(async move {
                    for _ in 0..3 {
                        runtime.yield_now(YieldWith::AnimationFrame).await;
                    }
                    noted.borrow_mut().push(runtime.now());
                })
            });
            for task in tasks {
                task.await;
            }
        })
    });
    assert_eq!(ends.take(), [Nanos(3 * FRAME_PERIOD.0); 2]);
}

#[test]
fn timers_are_rounded_up_to_whole_milliseconds_where_the_browser_does() {
    let end = |conditions: Conditions, delay: u64| {
        virtual_clock::run(conditions, |rt| Box::pin(async move { rt.sleep(Nanos(delay)).await })).trace.end()
    };
    let browser = Conditions { has_timer_step: true, scale: 0.1, ..Conditions::IDEAL };
    assert_eq!(end(Conditions::IDEAL, 1_500_000), Nanos(1_500_000));
    assert_eq!(end(browser, 10_000_000), Nanos(10_000_000), "1 ms of real time");
    assert_eq!(end(browser, 11_000_000), Nanos(20_000_000), "1.1 ms of real time takes 2");
}

#[test]
fn a_run_knows_whether_the_scale_matters() {
    let depends = |with: YieldWith| {
        let run = virtual_clock::run(Conditions::IDEAL, |rt| {
            Box::pin(async move {
                for _ in 0..20 {
                    rt.yield_now(with).await;
                }
            })
        });
        run.depends_on_scale
    };
    assert!(depends(YieldWith::Timeout) && depends(YieldWith::AnimationFrame));
    assert!(!depends(YieldWith::Message) && !depends(YieldWith::BackgroundYield));
}

#[test]
fn in_a_faster_run_the_browsers_own_periods_weigh_more() {
    let conditions = Conditions { scale: 0.1, ..Conditions::IDEAL };
    let times = yields(YieldWith::Timeout, 7, conditions);
    assert_eq!(times[6], Nanos(10 * NESTED_TIMER_CLAMP.0));
}

/// The order in which things run that were all queued at once.
#[test]
fn priorities_come_in_the_order_of_the_specification() {
    let order = Rc::new(RefCell::new(Vec::new()));
    let noted = order.clone();
    virtual_clock::run(Conditions::IDEAL, |rt| {
        Box::pin(async move {
            let all = [
                YieldWith::IdleCallback,
                YieldWith::PostTaskBackground,
                YieldWith::Message,
                YieldWith::PostTaskUserVisible,
                YieldWith::SchedulerYield,
                YieldWith::PostTaskUserBlocking,
                YieldWith::Microtask,
            ];
            let tasks = all.map(|with| {
                let (runtime, noted) = (rt.clone(), noted.clone());
                rt.spawn(async move {
                    runtime.yield_now(with).await;
                    noted.borrow_mut().push(with);
                })
            });
            for task in tasks {
                task.await;
            }
        })
    });
    assert_eq!(
        order.take(),
        [
            YieldWith::Microtask,
            YieldWith::PostTaskUserBlocking,
            YieldWith::SchedulerYield,
            YieldWith::Message,
            YieldWith::PostTaskUserVisible,
            YieldWith::PostTaskBackground,
            YieldWith::IdleCallback,
        ]
    );
}

#[test]
fn a_run_in_circles_ends_at_the_step_limit() {
    let run = virtual_clock::run(Conditions::IDEAL, |rt| {
        Box::pin(async move {
            loop {
                rt.yield_now(YieldWith::Microtask).await;
            }
        })
    });
    assert_eq!(run.trace.outcome(), Some(Outcome::StepLimit));
}

#[test]
fn spending_nothing_takes_no_time() {
    let run = virtual_clock::run(Conditions::IDEAL, |rt| {
        Box::pin(async move {
            rt.spend_cpu(TaskId(0), Nanos::ZERO);
            rt.sleep(Nanos::ZERO).await;
        })
    });
    assert_eq!((run.trace.end(), run.trace.outcome()), (Nanos::ZERO, Some(Outcome::Finished)));
}
