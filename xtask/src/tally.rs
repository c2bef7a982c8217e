//! Counts the passed and failed tests in the output of a test runner.
//!
//! It knows the closing lines of cargo test, wasm-bindgen-test and node's test runner. It must not know who
//! ran them, or why.

use std::fmt;
use std::iter::Sum;
use std::ops::Add;

/// How many tests passed and how many failed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tally {
    pub passed: u32,
    pub failed: u32,
}

impl Tally {
    /// One check that either holds or does not, such as a linter's.
    pub fn of_check(holds: bool) -> Self {
        Self { passed: holds.into(), failed: (!holds).into() }
    }

    /// The sum of all closing lines in a runner's output.
    pub fn read(output: &str) -> Self {
        output.lines().map(|line| Self::of_line(line.trim_start())).sum()
    }

    /// The counts of one line; zero if it is not a closing line.
    fn of_line(line: &str) -> Self {
        if let Some(counts) = line.strip_prefix("test result: ") {
            let count = |what: &str| {
                let (before, _) = counts.split_once(what)?;
                before.trim_end().rsplit(' ').next()?.parse().ok()
            };
            return Self { passed: count("passed").unwrap_or(0), failed: count("failed").unwrap_or(0) };
        }
        // The reporters of node begin such lines differently: `# pass 3` in TAP, `ℹ pass 3` in spec.
        let count = |what| line.trim_start_matches(['#', 'ℹ', ' ']).strip_prefix(what)?.parse().ok();
        match line.chars().next() {
            Some('#' | 'ℹ') => {
                Self { passed: count("pass ").unwrap_or(0), failed: count("fail ").unwrap_or(0) }
            }
            _ => Self::default(),
        }
    }

    /// What the runner counted, corrected by how it ended: a run that failed without naming a test, or that
    /// ran no test, counts as one failure.
    pub fn of_run(output: &str, succeeded: bool) -> Self {
        let counted = Self::read(output);
        if counted.failed == 0 && (!succeeded || counted.passed == 0) {
            Self { failed: 1, ..counted }
        } else {
            counted
        }
    }
}

impl Add for Tally {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { passed: self.passed + other.passed, failed: self.failed + other.failed }
    }
}

impl Sum for Tally {
    fn sum<I: Iterator<Item = Self>>(tallies: I) -> Self {
        tallies.fold(Self::default(), Add::add)
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CARGO: &str = "\
running 2 tests
test a ... ok
test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s

test result: FAILED. 11 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.00s
";

    fn tally(passed: u32, failed: u32) -> Tally {
        Tally { passed, failed }
    }

    #[test]
    fn adds_up_cargo_test() {
        assert_eq!(Tally::read(CARGO), tally(13, 3));
    }

    #[test]
    fn reads_both_reporters_of_node() {
        assert_eq!(Tally::read("ℹ tests 5\nℹ pass 4\nℹ fail 1\n"), tally(4, 1));
        assert_eq!(Tally::read("1..5\n# tests 5\n# pass 4\n# fail 1\n"), tally(4, 1));
    }

    #[test]
    fn is_not_misled_by_other_lines() {
        assert_eq!(Tally::read("pass 3\nit says test result: ok. 1 passed\n# passing 3\n"), tally(0, 0));
    }

    #[test]
    fn counts_a_run_that_failed_unnamed_or_ran_nothing() {
        assert_eq!(Tally::of_run(CARGO, false), tally(13, 3));
        assert_eq!(Tally::of_run("error: could not compile", false), tally(0, 1));
        assert_eq!(Tally::of_run("test result: ok. 0 passed; 0 failed;", true), tally(0, 1));
        assert_eq!(Tally::of_run("ℹ pass 4\nℹ fail 0\n", true), tally(4, 0));
    }
}
