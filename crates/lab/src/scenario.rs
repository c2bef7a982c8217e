//! Named sets of values: [`Scenario`].

/// A named set of values.
#[derive(PartialEq, Debug)]
pub struct Scenario {
    /// Its name in the address.
    pub id: &'static str,
    /// Changes to the lab's defaults, by parameter key.
    pub values: &'static [(&'static str, f64)],
    /// Its place in a published grid of experiments: tasks and difficulty.
    pub cell: Option<(u32, u32)>,
    /// A published result for this scenario, to be shown next to ours.
    pub published: Option<Published>,
}

impl Scenario {
    /// The scenario `id` with these changes to the defaults.
    pub const fn new(id: &'static str, values: &'static [(&'static str, f64)]) -> Scenario {
        Scenario { id, values, cell: None, published: None }
    }
}

/// Somebody else's result: how many times as fast `strategy` was as `baseline`.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Published {
    /// The id of the faster strategy.
    pub strategy: &'static str,
    /// The id of the slower strategy.
    pub baseline: &'static str,
    /// The makespan of the baseline divided by that of the strategy.
    pub speed_up: f64,
}
