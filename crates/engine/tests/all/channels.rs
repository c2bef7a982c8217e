//! Channels and exchanges: nothing is lost, nothing is overtaken, no place is used twice.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use engine::trace::{Name, Nanos, Outcome, SpanKind, Trace};
use engine::{Capacity, Channel, Exchange, Runtime};
use proptest::prelude::*;
use virtual_clock::Conditions;

const QUEUE: Name = Name::new("queue", 1);

fn run<F: Future<Output = ()> + 'static>(strategy: impl FnOnce(Runtime) -> F) -> Trace {
    virtual_clock::run(Conditions::IDEAL, |rt| Box::pin(strategy(rt))).trace
}

/// What was received: by which consumer, from which producer, which of its items, and when.
type Received = Rc<RefCell<Vec<(usize, usize, u32, Nanos)>>>;

/// Runs producers and consumers, with their pauses, on one channel to the end.
fn exchange(capacity: Capacity, producers: Vec<Vec<u64>>, consumers: Vec<u64>) -> (Trace, Received) {
    let received = Received::default();
    let noted = received.clone();
    let trace = run(move |rt| async move {
        let channel = Channel::with_gauge(&rt, QUEUE, capacity);
        let consumers: Vec<_> = consumers
            .into_iter()
            .enumerate()
            .map(|(me, pause)| {
                let (runtime, channel, noted) = (rt.clone(), channel.clone(), noted.clone());
                rt.spawn(async move {
                    while let Some((from, number)) = channel.receive().await {
                        noted.borrow_mut().push((me, from, number, runtime.now()));
                        runtime.sleep(Nanos(pause)).await;
                    }
                })
            })
            .collect();
        let producers: Vec<_> = producers
            .into_iter()
            .enumerate()
            .map(|(me, pauses)| {
                let (runtime, channel) = (rt.clone(), channel.clone());
                rt.spawn(async move {
                    for (number, pause) in (0..).zip(pauses) {
                        runtime.sleep(Nanos(pause)).await;
                        assert_eq!(channel.send((me, number)).await, None);
                    }
                })
            })
            .collect();
        for producer in producers {
            producer.await;
        }
        channel.close();
        for consumer in consumers {
            consumer.await;
        }
    });
    (trace, received)
}

fn any_capacity() -> impl Strategy<Value = Capacity> {
    prop_oneof![
        Just(Capacity::Rendezvous),
        (1..5usize).prop_map(Capacity::Bounded),
        Just(Capacity::Unbounded)
    ]
}

proptest! {
    #![proptest_config(testing::cases(256))]

    #[test]
    fn everything_arrives_once_and_in_order_and_no_more_than_fits(
        capacity in any_capacity(),
        producers in prop::collection::vec(prop::collection::vec(0..20u64, 0..20), 1..4),
        consumers in prop::collection::vec(0..30u64, 1..4),
    ) {
        let (trace, received) = exchange(capacity, producers.clone(), consumers.clone());
        prop_assert_eq!(trace.outcome(), Some(Outcome::Finished));
        // In the order in which items were taken, those of each producer keep their order.
        let mut by_producer: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
        for (_, from, number, _) in &*received.borrow() {
            by_producer.entry(*from).or_default().push(*number);
        }
        for (from, pauses) in producers.iter().enumerate() {
            let sent: Vec<_> = (0..pauses.len() as u32).collect();
            prop_assert_eq!(by_producer.remove(&from).unwrap_or_default(), sent);
        }
        let most = trace.samples().iter().map(|sample| sample.level).max().unwrap_or(0);
        let bound = match capacity {
            Capacity::Rendezvous => producers.len() as i64, // one in each hand
            Capacity::Bounded(places) => places as i64,
            Capacity::Unbounded => i64::MAX,
        };
        prop_assert!(most <= bound, "{} in {:?}", most, capacity);
        let (again, _) = exchange(capacity, producers, consumers);
        prop_assert_eq!(trace, again);
    }

    /// A receiver that is dropped while it waits takes no item with it.
    #[test]
    fn a_receiver_that_goes_away_takes_nothing_with_it(
        capacity in any_capacity(),
        patience in prop::collection::vec(0..15u64, 1..20),
    ) {
        let received = Rc::new(RefCell::new(Vec::new()));
        let noted = received.clone();
        let trace = run(move |rt| async move {
            let channel = Channel::new(&rt, QUEUE, capacity);
            let (runtime, sent) = (rt.clone(), channel.clone());
            let producer = rt.spawn(async move {
                for number in 0..20u32 {
                    runtime.sleep(Nanos(7)).await;
                    sent.send(number).await;
                }
                sent.close();
            });
            for patience in patience {
                let impatient = async { rt.sleep(Nanos(patience)).await; None };
                let taken = futures_lite::future::or(channel.receive(), impatient).await;
                noted.borrow_mut().extend(taken);
            }
            while let Some(number) = channel.receive().await {
                noted.borrow_mut().push(number);
            }
            producer.await;
        });
        prop_assert_eq!(trace.outcome(), Some(Outcome::Finished));
        prop_assert_eq!(received.take(), (0..20).collect::<Vec<_>>());
    }
}

#[test]
fn a_rendezvous_send_waits_until_it_is_taken() {
    let trace = run(|rt| async move {
        let channel = Channel::new(&rt, QUEUE, Capacity::Rendezvous);
        assert_eq!(channel.try_send(0), Err(0), "nobody is there");
        let (runtime, taking) = (rt.clone(), channel.clone());
        let taker = rt.spawn(async move {
            runtime.sleep(Nanos(30)).await;
            assert_eq!(taking.receive().await, Some(1));
            assert_eq!(taking.receive().await, Some(2));
        });
        channel.send(1).await;
        assert_eq!(rt.now(), Nanos(30));
        rt.sleep(Nanos(5)).await;
        assert_eq!(channel.try_send(2), Ok(()), "now somebody waits for it");
        taker.await;
    });
    let waits: Vec<_> = trace.spans_of(SpanKind::Waiting).map(|span| (span.start, span.end)).collect();
    assert_eq!(waits, [(Nanos(0), Nanos(30)), (Nanos(30), Nanos(35))], "first the sender, then the taker");
}

#[test]
fn an_offer_whose_sender_goes_away_is_not_taken() {
    run(|rt| async move {
        let channel = Channel::new(&rt, QUEUE, Capacity::Rendezvous);
        let sender = channel.clone();
        let gone = rt.spawn(async move { sender.send(1).await });
        rt.sleep(Nanos(5)).await;
        drop(gone);
        rt.sleep(Nanos(5)).await;
        let sender = channel.clone();
        rt.spawn(async move { sender.send(2).await }).detach();
        assert_eq!(channel.receive().await, Some(2));
    });
}

#[test]
fn a_full_channel_can_drop_the_oldest() {
    run(|rt| async move {
        let channel = Channel::new(&rt, QUEUE, Capacity::Bounded(2));
        assert_eq!([1, 2, 3].map(|number| channel.try_send(number)), [Ok(()), Ok(()), Err(3)]);
        assert_eq!(channel.send_and_drop_oldest(4), Some(1));
        assert_eq!([channel.receive().await, channel.receive().await], [Some(2), Some(4)]);
        assert_eq!(channel.send_and_drop_oldest(5), None);
        channel.close();
        assert_eq!((channel.send(6).await, channel.try_send(7)), (Some(6), Err(7)));
        assert_eq!([channel.receive().await, channel.receive().await], [Some(5), None]);
        assert_eq!(channel.try_receive(), None);
    });
}

#[test]
fn the_first_to_wait_receives_first() {
    let (_, received) = exchange(Capacity::Unbounded, vec![vec![10; 9]], vec![0, 0, 0]);
    let who: Vec<_> = received.borrow().iter().map(|(me, ..)| *me).collect();
    assert_eq!(who, [0, 1, 2, 0, 1, 2, 0, 1, 2]);
}

#[test]
fn a_subscriber_gets_its_topics_and_nothing_from_before() {
    run(|rt| async move {
        let exchange = Exchange::new();
        let subscriber = || Channel::new(&rt, QUEUE, Capacity::Unbounded);
        let (cats, both, all) = (subscriber(), subscriber(), subscriber());
        exchange.bind("cats", &cats);
        assert_eq!(exchange.publish("cats", 1).await, 1);
        exchange.bind("cats", &both);
        exchange.bind("hats", &both);
        exchange.bind_all(&all);
        exchange.bind("cats", &all); // still one copy
        assert_eq!(exchange.publish("cats", 2).await, 3);
        assert_eq!(exchange.publish("hats", 3).await, 2);
        cats.close();
        assert_eq!(exchange.publish("cats", 4).await, 2);
        let rest = |channel: &Channel<i32>| std::iter::from_fn(|| channel.try_receive()).collect::<Vec<_>>();
        assert_eq!(rest(&cats), [1, 2]);
        assert_eq!(rest(&both), [2, 3, 4]);
        assert_eq!(rest(&all), [2, 3, 4]);
    });
}

#[test]
fn a_full_subscriber_misses_the_item_or_holds_up_everybody() {
    run(|rt| async move {
        let exchange = Exchange::new();
        let slow = Channel::new(&rt, QUEUE, Capacity::Bounded(1));
        exchange.bind_all(&slow);
        assert_eq!(exchange.try_publish("news", 1), 1);
        assert_eq!(exchange.try_publish("news", 2), 0);
        let (runtime, taking) = (rt.clone(), slow.clone());
        rt.spawn(async move {
            runtime.sleep(Nanos(10)).await;
            taking.receive().await;
        })
        .detach();
        assert_eq!(exchange.publish("news", 3).await, 1);
        assert_eq!(rt.now(), Nanos(10));
    });
}

#[test]
fn a_place_that_a_waiting_sender_was_given_is_not_taken_from_it() {
    run(|rt| async move {
        let channel = Channel::new(&rt, QUEUE, Capacity::Bounded(1));
        channel.try_send(1).unwrap();
        let waiting = rt.spawn({
            let channel = channel.clone();
            async move { channel.send(2).await }
        });
        rt.sleep(Nanos(1)).await; // the sender waits now
        assert_eq!(channel.try_receive(), Some(1)); // its place is free, and it has not been told yet
        assert_eq!(channel.send_and_drop_oldest(3), Some(3), "there is nothing older to drop");
        assert_eq!(waiting.await, None);
        assert_eq!((channel.len(), channel.try_receive(), channel.try_receive()), (1, Some(2), None));
    });
}
