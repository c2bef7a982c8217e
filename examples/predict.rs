//! Predicts an address on the command line, without a browser, and prints the summary as JSON:
//!
//! ```text
//! cargo run --release --example predict -- 'lab=shared-workload&scenario=book'
//! cargo run --release --example predict -- 'tasks=60' --trace chrome > trace.json
//! ```
//!
//! Uses the ideal conditions (no overheads), so the output is the same on every machine.

use std::io::{self, Write};
use std::process::ExitCode;

use loopscope::address::Address;
use loopscope::metrics::Metrics;
use loopscope::predict::predict;
use loopscope::runtime::event_loop::Conditions;
use loopscope::summary::{Summary, chrome_trace};

const USAGE: &str = "usage: predict '<address>' [--trace chrome]";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (query, wants_trace) = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [query] if !query.starts_with('-') => (query, false),
        [query, "--trace", "chrome"] | ["--trace", "chrome", query] => (query, true),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    let (address, notices) = Address::parse(query);
    for notice in notices {
        eprintln!("note: {notice:?}");
    }
    match print(&address, wants_trace) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read the output has stopped reading: nothing is wrong.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("the output could not be written: {error}");
            ExitCode::FAILURE
        }
    }
}

fn print(address: &Address, wants_trace: bool) -> io::Result<()> {
    let values = &address.values;
    let traces: Vec<_> =
        address.strategies.iter().map(|one| (*one, predict(one, values, Conditions::IDEAL).trace)).collect();
    let json = if wants_trace {
        serde_json::to_string(&chrome_trace(traces.iter().map(|(one, trace)| (one.id.to_string(), trace))))?
    } else {
        let rows = traces.iter().map(|(one, trace)| (*one, Metrics::of(trace, &address.values), None));
        serde_json::to_string_pretty(&Summary::new(address, None, rows))?
    };
    writeln!(io::stdout().lock(), "{json}")
}
