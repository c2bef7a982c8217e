//! The parameters' values: [`Values`].

use engine::{Runtime, YieldWith};

use crate::{Lab, Param};

/// A value for each parameter of a lab.
#[derive(Clone, PartialEq, Debug)]
pub struct Values {
    pub(crate) lab: &'static Lab,
    pub(crate) numbers: Vec<f64>,
}

impl Values {
    /// The lab whose values these are.
    pub fn lab(&self) -> &'static Lab {
        self.lab
    }

    fn index(&self, key: &str) -> Option<usize> {
        self.lab.params.iter().position(|param| param.key == key)
    }

    /// The value of the parameter `key`; zero if the lab has no such parameter, which panics in debug builds.
    pub fn get(&self, key: &str) -> f64 {
        debug_assert!(self.index(key).is_some(), "{} has no parameter {key}", self.lab.id);
        self.index(key).map_or(0.0, |index| self.numbers[index])
    }

    /// The value of the parameter `key` as a count.
    pub fn count(&self, key: &str) -> usize {
        self.get(key) as usize
    }

    /// The way to yield that the parameter `yield_with` names; `auto` is the kindest that the browser offers.
    pub fn yield_with(&self, rt: &Runtime) -> YieldWith {
        match self.count("yield_with") {
            0 => rt.kindest_yield(),
            option => YieldWith::ALL[option - 1],
        }
    }

    /// Sets the parameter `key`, clamped to its range. Does nothing if the lab has no such parameter.
    pub fn set(&mut self, key: &str, number: f64) {
        if let Some(index) = self.index(key) {
            self.numbers[index] = self.lab.params[index].clamp(number);
        }
    }

    /// Every parameter with its value.
    pub fn iter(&self) -> impl Iterator<Item = (&'static Param, f64)> {
        self.lab.params.iter().zip(self.numbers.iter().copied())
    }
}
