//! Named sets of values: [`Scenario`].

/// A named set of values.
#[derive(PartialEq, Debug)]
pub struct Scenario {
    /// Its name in the address.
    pub id: &'static str,
    /// What differs from the defaults.
    pub values: &'static [(&'static str, f64)],
    /// Where it stands in a published grid of experiments: tasks and difficulty.
    pub cell: Option<(u32, u32)>,
    /// A published result for this scenario, to stand beside ours.
    pub published: Option<Published>,
}

impl Scenario {
    /// The scenario `id`, which changes these values.
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
    /// Time of the slower divided by time of the faster.
    pub speed_up: f64,
}
