//! The rules of a browser's event loop, as a data structure: what runs next, and when.
//!
//! It orders keys. Must not know what they stand for, and runs nothing. The rules follow the HTML standard
//! where it decides, and Chromium where the standard leaves the choice to the browser. Each rule is a named
//! constant or method with its source.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use engine::YieldWith;
use engine::browser::{NESTED_TIMER_CLAMP, NESTING_LIMIT, TIMER_STEP};
use engine::clock::{Key, Wake};
use engine::trace::Nanos;

use crate::Conditions;

/// The time between two frames of a 60 Hz display. Real time, like all constants here.
pub const FRAME_PERIOD: Nanos = Nanos(16_666_667);

/// A due frame goes before everything else once the last frame was this long ago. Chromium,
/// `MainThreadSchedulerImpl`, feature `PrioritizeCompositingAfterDelay`: 100 ms. (Confirmed by measurement:
/// while `scheduler.yield()` starves everything else, ten frames are drawn per second.)
pub const FRAME_STARVATION: Nanos = Nanos(100_000_000);

/// The longest idle period. HTML standard, "event loop processing model", *computeDeadline*.
/// (Confirmed by measurement: a chain of idle callbacks on a quiet page takes 49 to 50 ms for each.)
pub const IDLE_PERIOD: Nanos = Nanos(50_000_000);

/// In a hidden tab, timers fire only at multiples of this. HTML standard, "timer initialization steps":
/// *optionally, wait a further implementation-defined length of time*; Chrome for developers, "Heavy
/// throttling of chained JS timers beginning in Chrome 88": checked once per second.
pub const HIDDEN_TIMER_STEP: Nanos = Nanos(1_000_000_000);

/// In a tab that was hidden for longer than [`INTENSIVE_THROTTLING_AFTER`], nested timers fire only at
/// multiples of this. The same article, "intensive throttling": checked once per minute.
pub const INTENSIVE_TIMER_STEP: Nanos = Nanos(60_000_000_000);

/// How long a tab has to be hidden before its nested timers are throttled intensively. The same article.
pub const INTENSIVE_THROTTLING_AFTER: Nanos = Nanos(300_000_000_000);

/// How many due timers run while a task of the same priority waits, before that task gets a turn.
/// Chromium, `base/task/sequence_manager/task_queue_selector.h`: `kMaxDelayedStarvationTasks`.
/// (Confirmed by measurement: of 30 due timers, three run per yield through a message.)
pub const TIMERS_PER_WAITING_TASK: u32 = 3;

/// Priorities of tasks, lowest first: background, user-visible, user-blocking, each with its continuations
/// one step above (WICG Prioritized Task Scheduling, "effective priority"). Timers and messages have the rank
/// of user-visible tasks (Chromium: normal priority).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[repr(usize)]
enum Priority {
    Background,
    BackgroundContinuation,
    UserVisible,
    UserVisibleContinuation,
    UserBlocking,
    UserBlockingContinuation,
}

const PRIORITIES: usize = Priority::UserBlockingContinuation as usize + 1;

/// Something that will come up: its key, its place in line, and how deeply it is nested in timers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    order: u64,
    key: Key,
    nesting: u32,
    step: Step,
}

/// What happens when an entry comes up.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    /// Its key is reported.
    Report,
    /// Only a stop on the way: sets an un-nested zero timer.
    SetTimer,
    /// A frame is rendered: its callbacks run one after another.
    Render,
}

impl Entry {
    /// A callback that has no place in the line of tasks.
    fn callback(key: Key) -> Entry {
        Entry { order: 0, key, nesting: 0, step: Step::Report }
    }
}

/// The queues of one event loop.
pub(crate) struct EventLoop {
    conditions: Conditions,
    /// How many entries were queued so far.
    order: u64,
    tasks: [VecDeque<Entry>; PRIORITIES],
    /// Messages to ourselves that were posted in this turn.
    posted: VecDeque<Entry>,
    /// Messages that other threads will post, by time, then in the order in which they were asked for.
    arrivals: BinaryHeap<Reverse<(Nanos, Entry)>>,
    /// Timers that are not due, by due time, then in the order in which they were set: equal deadlines keep
    /// their order.
    timers: BinaryHeap<Reverse<(Nanos, Entry)>>,
    /// Due timers, in the order in which the loop noticed them.
    due_timers: VecDeque<Entry>,
    /// How many due timers in a row ran while a task of their priority was waiting.
    timers_in_a_row: u32,
    /// Callbacks of the frame that is being rendered.
    current_frame: VecDeque<Key>,
    /// Callbacks of the next frame, which is due at `frame_at`.
    next_frame: VecDeque<Key>,
    frame_at: Nanos,
    /// The place in line of the next frame, once it is due.
    frame_order: Option<u64>,
    last_frame_at: Nanos,
    /// Callbacks of the idle period that lasts until `idle_until`.
    current_idle: VecDeque<Key>,
    /// Callbacks of the idle period after it.
    next_idle: VecDeque<Key>,
    idle_until: Nanos,
    /// The nesting level of the timer whose turn it is; zero in any other turn.
    nesting: u32,
    /// The kind of the current turn.
    turn: Turn,
    /// Whether one of the browser's own periods has had an effect, so that the scale matters.
    depends_on_scale: bool,
}

/// The kind of a turn, as far as it affects what is asked for in it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Turn {
    Ordinary,
    /// The turn of a user-blocking task or its continuation.
    UserBlocking,
    /// The turn of a background task or its continuation.
    Background,
    /// The turn of an idle callback.
    Idle,
}

impl EventLoop {
    pub(crate) fn new(conditions: Conditions) -> EventLoop {
        EventLoop {
            conditions,
            order: 0,
            tasks: Default::default(),
            posted: VecDeque::new(),
            arrivals: BinaryHeap::new(),
            timers: BinaryHeap::new(),
            due_timers: VecDeque::new(),
            timers_in_a_row: 0,
            current_frame: VecDeque::new(),
            next_frame: VecDeque::new(),
            frame_at: Nanos::ZERO,
            frame_order: None,
            last_frame_at: Nanos::ZERO,
            current_idle: VecDeque::new(),
            next_idle: VecDeque::new(),
            idle_until: Nanos::ZERO,
            nesting: 0,
            turn: Turn::Ordinary,
            depends_on_scale: false,
        }
    }

    /// Whether the run might have been different at another scale.
    pub(crate) fn depends_on_scale(&self) -> bool {
        self.depends_on_scale
    }

    /// One of the browser's own periods, as lab time.
    fn period(&self, real: Nanos) -> Nanos {
        self.conditions.lab_time(real)
    }

    /// Queues `key` to come up when `wake` is due, and returns when that is. A frame's callback is due with
    /// the frame.
    pub(crate) fn arrange(&mut self, now: Nanos, wake: Wake, key: Key) -> Nanos {
        self.take_in_arrivals(now);
        match wake {
            Wake::Timer(delay) => self.set_timer(now, delay, key),
            Wake::Response(at) => self.add_timer(now, at.since(now), key, 0),
            Wake::Message(at) => {
                let (at, entry) = (at.max(now), self.entry(key, 0, Step::Report));
                self.arrivals.push(Reverse((at, entry)));
                at
            }
            Wake::Yield(YieldWith::Timeout) => self.set_timer(now, Nanos::ZERO, key),
            Wake::Yield(YieldWith::AnimationFrame) => self.wait_for_frame(now, key),
            Wake::Yield(with) => {
                self.give_back(now, with, key);
                now
            }
            Wake::Started(_) | Wake::Computed(..) => unreachable!("the clock knows when a thread is done"),
        }
    }

    fn give_back(&mut self, now: Nanos, with: YieldWith, key: Key) {
        match with {
            // The first yield has to enter the background. From there, continuations stay in it.
            YieldWith::BackgroundYield if self.turn == Turn::Background => {
                self.queue(Priority::BackgroundContinuation, key)
            }
            YieldWith::BackgroundYield | YieldWith::PostTaskBackground => {
                self.queue(Priority::Background, key)
            }
            YieldWith::PostTaskUserVisible => self.queue(Priority::UserVisible, key),
            YieldWith::Message => self.post(key, Step::Report),
            YieldWith::MessageThenTimeout => self.post(key, Step::SetTimer),
            // WICG Prioritized Task Scheduling: a continuation has the priority of its task.
            YieldWith::SchedulerYield => match self.turn {
                Turn::Ordinary => self.queue(Priority::UserVisibleContinuation, key),
                Turn::UserBlocking => self.queue(Priority::UserBlockingContinuation, key),
                Turn::Background | Turn::Idle => self.queue(Priority::BackgroundContinuation, key),
            },
            YieldWith::PostTaskUserBlocking => self.queue(Priority::UserBlocking, key),
            YieldWith::IdleCallback => self.wait_until_idle(now, key),
            YieldWith::Timeout | YieldWith::AnimationFrame => {
                unreachable!("timers and frames are due at a time of their own")
            }
            YieldWith::Microtask => {
                unreachable!("a microtask runs within its turn; the loop never sees it")
            }
        }
    }

    fn entry(&mut self, key: Key, nesting: u32, step: Step) -> Entry {
        self.order += 1;
        Entry { order: self.order, key, nesting, step }
    }

    fn queue(&mut self, priority: Priority, key: Key) {
        let entry = self.entry(key, 0, Step::Report);
        self.tasks[priority as usize].push_back(entry);
    }

    /// A message to ourselves takes its place in line at the end of the turn, behind whatever else was queued
    /// in that turn, and before the loop looks for due timers.
    ///
    /// HTML standard, "message port post message steps", leaves the moment open: *add a task … to the port
    /// message queue* of a port that may be anywhere. Measured in Chromium: if a message, a zero timer and a
    /// user-visible task are asked for in one turn, the message comes last, whatever the order.
    fn post(&mut self, key: Key, step: Step) {
        self.posted.push_back(Entry { step, ..Entry::callback(key) });
    }

    /// HTML standard, "timer initialization steps": a timer set in a timer's turn is nested one deeper.
    fn set_timer(&mut self, now: Nanos, delay: Nanos, key: Key) -> Nanos {
        let clamp = self.period(NESTED_TIMER_CLAMP);
        let is_clamped = self.nesting > NESTING_LIMIT && delay < clamp;
        self.depends_on_scale |= is_clamped;
        let delay = if is_clamped { clamp } else { delay };
        let nesting = self.nesting + 1;
        if self.conditions.is_hidden {
            // What is set in a turn waits for a later one, even if this turn is at a whole second.
            let due = self.throttle((now + delay).max(now + Nanos(1)), nesting);
            let entry = self.entry(key, nesting, Step::Report);
            self.timers.push(Reverse((due, entry)));
            return due;
        }
        self.add_timer(now, delay, key, nesting)
    }

    fn add_timer(&mut self, now: Nanos, delay: Nanos, key: Key, nesting: u32) -> Nanos {
        let entry = self.entry(key, nesting, Step::Report);
        if delay == Nanos::ZERO {
            // Chromium posts a timer without a delay as an ordinary task.
            self.tasks[Priority::UserVisible as usize].push_back(entry);
            return now;
        }
        let delay = if self.conditions.has_timer_step { self.round_up(delay) } else { delay };
        let due = now + delay + self.period(self.conditions.costs.timer_lateness);
        self.timers.push(Reverse((due, entry)));
        due
    }

    fn round_up(&mut self, delay: Nanos) -> Nanos {
        let rounded = next_multiple(delay, self.period(TIMER_STEP));
        self.depends_on_scale |= rounded != delay;
        rounded
    }

    /// The multiple of a second at which a timer in a hidden tab fires; of a minute, if it is nested deeply
    /// enough to be clamped and the tab was hidden for long.
    fn throttle(&mut self, due: Nanos, nesting: u32) -> Nanos {
        self.depends_on_scale = true;
        let is_intensive = nesting >= NESTING_LIMIT && due >= self.period(INTENSIVE_THROTTLING_AFTER);
        let step = if is_intensive { INTENSIVE_TIMER_STEP } else { HIDDEN_TIMER_STEP };
        next_multiple(due, self.period(step))
    }

    /// HTML standard, "update the rendering": callbacks run at the next rendering opportunity; one asked for
    /// while a frame is being rendered belongs to the next frame. Frames that would have been due during a
    /// long turn are left out. A hidden tab has no rendering opportunities.
    fn wait_for_frame(&mut self, now: Nanos, key: Key) -> Nanos {
        self.depends_on_scale = true;
        if self.next_frame.is_empty() {
            let period = self.period(FRAME_PERIOD).0.max(1);
            self.frame_at = Nanos((now.0 / period + 1) * period);
        }
        self.next_frame.push_back(key);
        self.frame_at
    }

    /// W3C requestIdleCallback: a callback that is asked for in an idle period belongs to the next one.
    fn wait_until_idle(&mut self, now: Nanos, key: Key) {
        self.depends_on_scale = true;
        if self.turn != Turn::Idle && self.current_idle.is_empty() && self.next_idle.is_empty() {
            // Chromium, `IdleHelper`: with nothing left to do, idle periods pause until one is asked for.
            self.idle_until = now;
        }
        self.next_idle.push_back(key);
    }

    /// What runs next at `now`; `None` if nothing can run yet.
    pub(crate) fn next(&mut self, now: Nanos) -> Option<Key> {
        loop {
            self.take_in_arrivals(now);
            self.take_in_messages();
            self.notice_due_frame(now);
            self.notice_due_timers(now);
            let (entry, turn) = self.select(now)?;
            self.nesting = entry.nesting;
            self.turn = turn;
            match entry.step {
                Step::Report => return Some(entry.key),
                Step::SetTimer => {
                    self.set_timer(now, Nanos::ZERO, entry.key);
                }
                Step::Render => self.begin_frame(now, entry.order),
            }
        }
    }

    /// A message from another thread takes its place in line when it is posted, whatever the loop is doing
    /// then.
    fn take_in_arrivals(&mut self, now: Nanos) {
        while let Some(Reverse((at, _))) = self.arrivals.peek()
            && *at <= now
        {
            if let Some(Reverse((_, entry))) = self.arrivals.pop() {
                self.queue(Priority::UserVisible, entry.key);
            }
        }
    }

    fn take_in_messages(&mut self) {
        while let Some(message) = self.posted.pop_front() {
            let entry = self.entry(message.key, 0, message.step);
            self.tasks[Priority::UserVisible as usize].push_back(entry);
        }
    }

    /// Chromium renders in a task of normal priority, which is queued when a frame is due.
    fn notice_due_frame(&mut self, now: Nanos) {
        let is_due = !self.next_frame.is_empty() && now >= self.frame_at && !self.conditions.is_hidden;
        if is_due && self.frame_order.is_none() {
            let entry = self.entry(0, 0, Step::Render);
            self.tasks[Priority::UserVisible as usize].push_back(entry);
            self.frame_order = Some(entry.order);
        }
    }

    /// Makes the frame's callbacks come up, unless that frame went first and is rendered already.
    fn begin_frame(&mut self, now: Nanos, order: u64) {
        if self.frame_order == Some(order) {
            self.frame_order = None;
            self.last_frame_at = now;
            std::mem::swap(&mut self.current_frame, &mut self.next_frame);
        }
    }

    /// Chromium, `SequenceManagerImpl::MoveReadyDelayedTasksToWorkQueues`: a timer takes its place in line
    /// when the loop notices that it is due, not when it becomes due. So a message posted in a long turn goes
    /// before timers that became due during that turn.
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

    /// The entry whose turn it is, and the kind of that turn.
    fn select(&mut self, now: Nanos) -> Option<(Entry, Turn)> {
        if let Some(key) = self.current_frame.pop_front() {
            return Some((Entry::callback(key), Turn::Ordinary));
        }
        if let Some(order) = self.frame_order
            && now.since(self.last_frame_at) >= self.period(FRAME_STARVATION)
        {
            return Some((Entry { order, step: Step::Render, ..Entry::callback(0) }, Turn::Ordinary));
        }
        let blocking = [Priority::UserBlockingContinuation, Priority::UserBlocking];
        let background = [Priority::BackgroundContinuation, Priority::Background];
        let first_of = |tasks: &mut [VecDeque<Entry>; PRIORITIES], priorities: [Priority; 2]| {
            priorities.into_iter().find_map(|priority| tasks[priority as usize].pop_front())
        };
        if let Some(entry) = first_of(&mut self.tasks, blocking) {
            return Some((entry, Turn::UserBlocking));
        }
        if let Some(entry) = self.tasks[Priority::UserVisibleContinuation as usize].pop_front() {
            return Some((entry, Turn::Ordinary));
        }
        if let Some(entry) = self.select_user_visible() {
            return Some((entry, Turn::Ordinary));
        }
        if let Some(entry) = first_of(&mut self.tasks, background) {
            return Some((entry, Turn::Background));
        }
        Some((Entry::callback(self.select_idle(now)?), Turn::Idle))
    }

    /// The older one of the first task and the first due timer, within the limit of
    /// [`TIMERS_PER_WAITING_TASK`].
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

    /// W3C requestIdleCallback: callbacks run in idle periods, when there is nothing else to do; those that a
    /// period has no time for are left to the next. HTML standard, *computeDeadline*: a period ends with the
    /// next timer or frame that is known to come, at the latest after [`IDLE_PERIOD`].
    fn select_idle(&mut self, now: Nanos) -> Option<Key> {
        if now >= self.idle_until && self.is_idle_wanted() {
            let longest = now + self.period(IDLE_PERIOD);
            let known = [self.next_timer(), self.next_frame()];
            self.idle_until = known.into_iter().flatten().fold(longest, Nanos::min);
            self.current_idle.append(&mut self.next_idle);
        }
        if now < self.idle_until { self.current_idle.pop_front() } else { None }
    }

    fn is_idle_wanted(&self) -> bool {
        !self.current_idle.is_empty() || !self.next_idle.is_empty()
    }

    fn next_timer(&self) -> Option<Nanos> {
        self.timers.peek().map(|Reverse((due, _))| *due)
    }

    fn next_frame(&self) -> Option<Nanos> {
        (!self.next_frame.is_empty() && !self.conditions.is_hidden).then_some(self.frame_at)
    }

    /// When the next thing is due, if nothing is due now; `None` if there is nothing to come.
    pub(crate) fn next_due(&self) -> Option<Nanos> {
        let arrival = self.arrivals.peek().map(|Reverse((at, _))| *at);
        let idle = self.is_idle_wanted().then_some(self.idle_until);
        [self.next_timer(), self.next_frame(), arrival, idle].into_iter().flatten().min()
    }
}

/// The first multiple of `step` that is not before `time`.
fn next_multiple(time: Nanos, step: Nanos) -> Nanos {
    let step = step.0.max(1);
    Nanos(time.0.div_ceil(step) * step)
}
