//! Real work for the CPU: a chain of SHA-256 compressions, calibrated so that computing for a millisecond
//! takes a millisecond. Knows neither strategies nor traces.

use std::cell::Cell;

use engine::number::within;
use sha2::block_api::compress256;

/// How many blocks one call works through. It takes a few microseconds, so that a slice ends on time.
const BLOCKS_PER_CALL: usize = 64;

/// How many blocks are worked through between two looks at the clock while measuring, so that the looks
/// hardly count.
const BLOCKS_PER_SAMPLE: u64 = 256;

/// No machine works through more blocks in the time of a sample.
const MOST_BLOCKS: u64 = 10_000_000;

/// The work itself, at a known speed.
#[derive(Clone, Debug)]
pub struct CpuKernel {
    blocks_per_ms: f64,
    state: Cell<[u32; 8]>,
    /// The fraction of a block that earlier calls still owe.
    owed: Cell<f64>,
}

impl CpuKernel {
    /// A kernel that needs `blocks_per_ms` blocks for a millisecond.
    pub fn new(blocks_per_ms: f64) -> CpuKernel {
        CpuKernel { blocks_per_ms, state: Cell::new([0x6a09_e667; 8]), owed: Cell::new(0.0) }
    }

    /// Works for about `ms` real milliseconds, without a pause. The amount of work is fixed, so on a
    /// disturbed machine it takes longer.
    pub(crate) fn work(&self, ms: f64) {
        self.compress(self.blocks(ms));
    }

    /// How many blocks make `ms` milliseconds. A fraction of a block is carried over to the next call.
    pub(crate) fn blocks(&self, ms: f64) -> u64 {
        let blocks = ms * self.blocks_per_ms + self.owed.get();
        self.owed.set(blocks.fract());
        blocks as u64
    }

    /// Works through this many blocks.
    pub fn compress(&self, mut blocks: u64) {
        let mut state = self.state.get();
        let input = [[0u8; 64]; BLOCKS_PER_CALL];
        while blocks > 0 {
            let now = blocks.min(BLOCKS_PER_CALL as u64);
            compress256(&mut state, &input[..now as usize]);
            blocks -= now;
        }
        self.state.set(std::hint::black_box(state));
    }

    /// Measures blocks per millisecond with the clock `now_ms`, whose smallest step is `step_ms`: one sample,
    /// long enough to know its length within a few percent.
    pub(crate) fn measure(now_ms: impl Fn() -> f64, step_ms: f64) -> f64 {
        let kernel = CpuKernel::new(1.0);
        let sample_ms = within(100.0 * step_ms, 5.0, 50.0);
        let start = now_ms();
        let mut blocks = 0;
        // With a clock that stands still or goes backwards there would be no end.
        while blocks < MOST_BLOCKS {
            kernel.compress(BLOCKS_PER_SAMPLE);
            blocks += BLOCKS_PER_SAMPLE;
            let elapsed = now_ms() - start;
            if elapsed >= sample_ms {
                return blocks as f64 / elapsed;
            }
        }
        0.0
    }
}
