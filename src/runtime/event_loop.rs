//! The rules of a browser's event loop, as data structure: what runs next, and when.
//!
//! It orders keys; it does not know what they stand for, and it runs nothing. The rules
//! follow the HTML standard where that decides, and Chromium where the standard leaves
//! the choice to the browser. Each rule is a named constant or method with its source.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use super::costs::Costs;
use super::{Key, Wake, YieldWith};
use crate::trace::Nanos;

/// A timer nested deeper than this pays the clamp.
/// HTML standard, "timer initialization steps": *if nesting level is greater than 5*.
pub const NESTING_LIMIT: u32 = 5;

/// The least a deeply nested timer waits.
/// HTML standard, "timer initialization steps": *and timeout is less than 4, then set timeout to 4*.
pub const NESTED_TIMER_CLAMP: Nanos = Nanos(4_000_000);

/// Browsers count timers in whole milliseconds; what is between is rounded up here, so that none is early.
/// HTML standard, `setTimeout(handler, long timeout)`.
pub const TIMER_STEP: Nanos = Nanos(1_000_000);

/// Time between two frames of a 60 Hz display.
pub const FRAME_PERIOD: Nanos = Nanos(16_666_667);

/// How many due timers run while a task of the same priority waits, before that task gets its turn.
/// Chromium, `base/task/sequence_manager/task_queue_selector.h`: `kMaxDelayedStarvationTasks`.
/// (Measured as well: of 30 timers that are due, three run per yield through a message.)
pub const TIMERS_PER_WAITING_TASK: u32 = 3;

/// Task priorities, lowest first: background, user-visible, user-blocking, each with its
/// continuations one step above. WICG Prioritized Task Scheduling, "effective priority".
/// Timers and messages have the rank of user-visible tasks (Chromium: normal priority).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[repr(usize)]
enum Priority {
    Background,
    BackgroundContinuation,
    UserVisible,
    UserVisibleContinuation,
    UserBlocking,
}

const PRIORITIES: usize = Priority::UserBlocking as usize + 1;

/// What a run depends on besides its strategy.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Conditions {
    /// Real time per lab time: the browser's own periods (clamp, frame, timer step) do not scale, so in the
    /// lab's time they are that much longer.
    pub scale: f64,
    /// Whether timers are cut to whole milliseconds, as browsers do.
    pub has_timer_step: bool,
    /// The kindest way to yield that the browser has.
    pub kindest_yield: YieldWith,
    /// What the browser's own doings cost, in real time.
    pub costs: Costs,
    /// How many threads can really run at once.
    pub cores: usize,
}

impl Conditions {
    /// The rules alone, without any overhead: the formulas hold exactly.
    pub const IDEAL: Conditions = Conditions {
        scale: 1.0,
        has_timer_step: false,
        kindest_yield: YieldWith::ALL[0],
        costs: Costs::NONE,
        cores: usize::MAX,
    };

    /// A time of the browser's own, in the lab's time.
    pub(crate) fn lab_time(&self, real: Nanos) -> Nanos {
        real.scaled(1.0 / self.scale)
    }
}

/// Something that comes up: which key, in whose order, and how deep in timers it is nested.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    order: u64,
    key: Key,
    nesting: u32,
    /// Only a stop on the way: sets an un-nested zero timer instead of reporting.
    is_hop: bool,
}

/// The queues of one event loop.
pub(crate) struct EventLoop {
    conditions: Conditions,
    /// How many entries were queued so far.
    order: u64,
    tasks: [VecDeque<Entry>; PRIORITIES],
    /// By due time, then by when they were set: equal deadlines keep their order.
    timers: BinaryHeap<Reverse<(Nanos, Entry)>>,
    /// Timers that are due, in the order in which the loop noticed.
    due_timers: VecDeque<Entry>,
    /// Due timers that ran while a task of their priority was waiting.
    timers_in_a_row: u32,
    /// Callbacks of the frame that is being rendered.
    current_frame: VecDeque<Key>,
    /// Callbacks of the next frame, which is at `frame_at`.
    next_frame: VecDeque<Key>,
    frame_at: Nanos,
    idle_callbacks: VecDeque<Key>,
    /// Nesting level of the timer whose turn it is; zero in any other turn.
    nesting: u32,
    /// Whether it is the turn of a background task or of its continuation.
    is_background: bool,
    /// Whether a period of the browser's own has had an effect: then the scale matters.
    depends_on_scale: bool,
}

impl EventLoop {
    pub(crate) fn new(conditions: Conditions) -> EventLoop {
        EventLoop {
            conditions,
            order: 0,
            tasks: Default::default(),
            timers: BinaryHeap::new(),
            due_timers: VecDeque::new(),
            timers_in_a_row: 0,
            current_frame: VecDeque::new(),
            next_frame: VecDeque::new(),
            frame_at: Nanos::ZERO,
            idle_callbacks: VecDeque::new(),
            nesting: 0,
            is_background: false,
            depends_on_scale: false,
        }
    }

    /// Whether the run would have been another at another scale.
    pub(crate) fn depends_on_scale(&self) -> bool {
        self.depends_on_scale
    }

    /// A period of the browser's own, in the lab's time.
    fn period(&self, real: Nanos) -> Nanos {
        self.conditions.lab_time(real)
    }

    /// Queues `key` to come up when `wake` is due.
    pub(crate) fn arrange(&mut self, now: Nanos, wake: Wake, key: Key) {
        match wake {
            Wake::Timer(delay) => self.set_timer(now, delay, key),
            Wake::Response(at) => self.add_timer(now, at.since(now), key, 0),
            Wake::Yield(with) => self.give_back(now, with, key),
            // Posted by another thread, which pays no heed to how busy this one is.
            Wake::Started(_) | Wake::Computed(..) => unreachable!("the clock knows when a thread is done"),
        }
    }

    fn give_back(&mut self, now: Nanos, with: YieldWith, key: Key) {
        match with {
            // The first one has to enter the background; from there its continuations stay in it.
            YieldWith::BackgroundYield if self.is_background => {
                self.queue(Priority::BackgroundContinuation, key)
            }
            YieldWith::BackgroundYield | YieldWith::PostTaskBackground => {
                self.queue(Priority::Background, key)
            }
            YieldWith::PostTaskUserVisible | YieldWith::Message => self.queue(Priority::UserVisible, key),
            YieldWith::MessageThenTimeout => self.push(Priority::UserVisible, key, 0, true),
            YieldWith::SchedulerYield => self.queue(Priority::UserVisibleContinuation, key),
            YieldWith::PostTaskUserBlocking => self.queue(Priority::UserBlocking, key),
            YieldWith::Timeout => self.set_timer(now, Nanos::ZERO, key),
            YieldWith::AnimationFrame => self.wait_for_frame(now, key),
            YieldWith::IdleCallback => self.idle_callbacks.push_back(key),
            YieldWith::Microtask => {
                unreachable!("a microtask runs within its turn; the loop never sees it")
            }
        }
    }

    fn queue(&mut self, priority: Priority, key: Key) {
        self.push(priority, key, 0, false);
    }

    fn push(&mut self, priority: Priority, key: Key, nesting: u32, is_hop: bool) {
        self.order += 1;
        self.tasks[priority as usize].push_back(Entry { order: self.order, key, nesting, is_hop });
    }

    /// HTML standard, "timer initialization steps": a timer set in a timer's turn is nested one deeper.
    fn set_timer(&mut self, now: Nanos, delay: Nanos, key: Key) {
        let clamp = self.period(NESTED_TIMER_CLAMP);
        let is_clamped = self.nesting > NESTING_LIMIT && delay < clamp;
        self.depends_on_scale |= is_clamped;
        let delay = if is_clamped { clamp } else { delay };
        self.add_timer(now, delay, key, self.nesting + 1);
    }

    fn add_timer(&mut self, now: Nanos, delay: Nanos, key: Key, nesting: u32) {
        if delay == Nanos::ZERO {
            // Chromium posts a timer without a delay as an ordinary task.
            return self.push(Priority::UserVisible, key, nesting, false);
        }
        let delay = if self.conditions.has_timer_step { self.round_up(delay) } else { delay };
        let delay = delay + self.period(self.conditions.costs.timer_lateness);
        self.order += 1;
        self.timers.push(Reverse((now + delay, Entry { order: self.order, key, nesting, is_hop: false })));
    }

    fn round_up(&mut self, delay: Nanos) -> Nanos {
        let step = self.period(TIMER_STEP).0.max(1);
        let rounded = Nanos(delay.0.div_ceil(step) * step);
        self.depends_on_scale |= rounded != delay;
        rounded
    }

    /// HTML standard, "update the rendering": callbacks run at the next rendering opportunity; one that is
    /// asked for while a frame is being rendered belongs to the frame after it.
    fn wait_for_frame(&mut self, now: Nanos, key: Key) {
        self.depends_on_scale = true;
        if self.next_frame.is_empty() {
            let period = self.period(FRAME_PERIOD).0.max(1);
            self.frame_at = Nanos((now.0 / period + 1) * period);
        }
        self.next_frame.push_back(key);
    }

    /// What runs next at `now`, or nothing when nothing can run yet.
    pub(crate) fn next(&mut self, now: Nanos) -> Option<Key> {
        loop {
            self.notice_due_timers(now);
            let (entry, is_background) = self.select(now)?;
            self.nesting = entry.nesting;
            self.is_background = is_background;
            if !entry.is_hop {
                return Some(entry.key);
            }
            self.set_timer(now, Nanos::ZERO, entry.key);
        }
    }

    /// Chromium, `SequenceManagerImpl::MoveReadyDelayedTasksToWorkQueues`: a timer takes its place in
    /// the order when the loop notices that it is due, not when it becomes due. So a message posted
    /// in a long turn goes before the timers that became due during that turn.
    fn notice_due_timers(&mut self, now: Nanos) {
        while let Some(Reverse((due, _))) = self.timers.peek()
            && *due <= now
        {
            if let Some(Reverse((_, entry))) = self.timers.pop() {
                self.order += 1;
                self.due_timers.push_back(Entry { order: self.order, ..entry });
            }
        }
    }

    /// The entry whose turn it is, and whether that is a turn in the background.
    fn select(&mut self, now: Nanos) -> Option<(Entry, bool)> {
        if self.current_frame.is_empty() && now >= self.frame_at {
            std::mem::swap(&mut self.current_frame, &mut self.next_frame);
        }
        if let Some(key) = self.current_frame.pop_front() {
            return Some((Entry { order: 0, key, nesting: 0, is_hop: false }, false));
        }
        let foreground = [Priority::UserBlocking, Priority::UserVisibleContinuation];
        let background = [Priority::BackgroundContinuation, Priority::Background];
        let first_of = |tasks: &mut [VecDeque<Entry>; PRIORITIES], priorities: [Priority; 2]| {
            priorities.into_iter().find_map(|priority| tasks[priority as usize].pop_front())
        };
        if let Some(entry) = first_of(&mut self.tasks, foreground) {
            return Some((entry, false));
        }
        if let Some(entry) = self.select_user_visible() {
            return Some((entry, false));
        }
        if let Some(entry) = first_of(&mut self.tasks, background) {
            return Some((entry, true));
        }
        // W3C requestIdleCallback: idle callbacks run when there is nothing else to do. How long a browser
        // waits before it calls a period idle is not modelled: this is a lower bound.
        let key = self.idle_callbacks.pop_front()?;
        Some((Entry { order: 0, key, nesting: 0, is_hop: false }, false))
    }

    /// Messages and due timers, the older first; but see [`TIMERS_PER_WAITING_TASK`].
    fn select_user_visible(&mut self) -> Option<Entry> {
        let tasks = &mut self.tasks[Priority::UserVisible as usize];
        let (Some(task), Some(timer)) = (tasks.front(), self.due_timers.front()) else {
            self.timers_in_a_row = 0;
            return tasks.pop_front().or_else(|| self.due_timers.pop_front());
        };
        if task.order < timer.order || self.timers_in_a_row >= TIMERS_PER_WAITING_TASK {
            self.timers_in_a_row = 0;
            tasks.pop_front()
        } else {
            self.timers_in_a_row += 1;
            self.due_timers.pop_front()
        }
    }

    /// When something will be due, if nothing is now.
    pub(crate) fn next_due(&self) -> Option<Nanos> {
        let timer = self.timers.peek().map(|Reverse((due, _))| *due);
        let frame = (!self.next_frame.is_empty()).then_some(self.frame_at);
        timer.into_iter().chain(frame).min()
    }
}
