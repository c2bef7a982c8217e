//! What the reader can change: [`Param`].

use engine::YieldWith;
use engine::number::within;

/// One thing that the reader can change. All values are whole numbers; that of a choice is the index of its
/// option.
#[derive(PartialEq, Debug)]
pub struct Param {
    /// Its name in the address, with the unit in it.
    pub key: &'static str,
    /// The least value.
    pub min: f64,
    /// The greatest value.
    pub max: f64,
    /// The value until somebody changes it.
    pub default: f64,
    /// The control to change it with.
    pub control: Control,
}

/// The control for a parameter.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Control {
    /// A slider over whole numbers in even steps.
    Linear,
    /// A slider over whole numbers whose steps grow with the number.
    Logarithmic,
    /// A whole number without a meaningful order, such as a seed.
    Number,
    /// One of several options, given by their ids. The value is the index.
    Choice(&'static [&'static str]),
}

/// The options of the parameter `yield_with`: `auto`, then every way to yield in the order of
/// [`YieldWith::ALL`].
pub static YIELD_WITH: [&str; YieldWith::ALL.len() + 1] = {
    let mut ids = ["auto"; YieldWith::ALL.len() + 1];
    let mut index = 0;
    while index < YieldWith::ALL.len() {
        ids[index + 1] = YieldWith::ALL[index].id();
        index += 1;
    }
    ids
};

impl Param {
    /// The seed of a lab's random numbers. A sweep varies it to tell how much of a result is chance.
    pub const SEED: Param = Param::new("seed", 0.0, 4_294_967_295.0, 1.0, Control::Number);

    /// The way to yield, in labs whose strategies leave the choice to the reader.
    pub const YIELD_WITH: Param = {
        let last = (YIELD_WITH.len() - 1) as f64;
        Param::new("yield_with", 0.0, last, 0.0, Control::Choice(&YIELD_WITH))
    };

    /// How far random times spread around their mean, in percent of it.
    pub const JITTER_PERCENT: Param = Param::new("jitter_percent", 0.0, 100.0, 0.0, Control::Linear);

    /// The same parameter with another default.
    pub const fn starting_at(self, default: f64) -> Param {
        Param { default, ..self }
    }

    /// The parameter `key`.
    pub const fn new(key: &'static str, min: f64, max: f64, default: f64, control: Control) -> Param {
        Param { key, min, max, default, control }
    }

    /// The values at which a slider for this parameter stops, in ascending order.
    pub fn stops(&self) -> Vec<f64> {
        const ROUND: [f64; 10] = [1.0, 1.2, 1.6, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0];
        const EACH_UP_TO: f64 = 20.0;
        let each_up_to =
            if self.control == Control::Logarithmic { EACH_UP_TO.min(self.max) } else { self.max };
        let mut stops: Vec<f64> = (self.min as u32..=each_up_to as u32).map(f64::from).collect();
        let mut magnitude = 10.0;
        while magnitude < self.max {
            let round = ROUND.into_iter().map(|factor| factor * magnitude);
            stops.extend(round.filter(|stop| *stop > each_up_to && *stop < self.max));
            magnitude *= 10.0;
        }
        if stops.last().is_some_and(|last| *last < self.max) {
            stops.push(self.max);
        }
        stops
    }

    /// The ids of the options of a choice; empty for other parameters.
    pub fn options(&self) -> &'static [&'static str] {
        match self.control {
            Control::Choice(ids) => ids,
            _ => &[],
        }
    }

    /// The id of the option with this index; `None` if there is none.
    pub fn option(&self, value: f64) -> Option<&'static str> {
        self.options().get(value as usize).copied()
    }

    /// The nearest value that the parameter can have: whole and in range. NaN becomes the default.
    pub fn clamp(&self, number: f64) -> f64 {
        if number.is_nan() { self.default } else { within(number.round(), self.min, self.max) }
    }
}
