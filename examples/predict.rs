//! Predicts an address given on the command line, without a browser, and prints the summary as JSON:
//!
//! ```text
//! cargo run --release --example predict -- 'lab=shared-workload&scenario=book'
//! cargo run --release --example predict -- 'tasks=60' --trace chrome > trace.json
//! cargo run --release --example predict -- 'tasks=600' --sweep batch --metric io_latency_ms.p95 --points 40 --seeds 20
//! ```
//!
//! Conditions are ideal (nothing costs overhead), so the output is the same on every machine.

use std::io::{self, Write};
use std::process::ExitCode;

use lab::lint::lints;
use lab::metrics::Metrics;
use session::address::Address;
use session::chrome_trace::chrome_trace;
use session::predict;
use session::protocol::{ClockedLint, StrategySummary, Summary};
use session::sweep::{Request, sweep};
use texts::Language;
use virtual_clock::Conditions;

const USAGE: &str = "usage: predict '<address>' [--trace chrome]
       predict '<address>' --sweep <parameter> [--metric <name in the summary>] [--points <n>] [--seeds <n>]";

/// What to print.
enum Output {
    Summary,
    Trace,
    Sweep(Request),
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((address, output)) = read(&arguments) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let json = match json(&address, output) {
        Ok(json) => json,
        Err(problem) => {
            eprintln!("{problem}");
            return ExitCode::FAILURE;
        }
    };
    match writeln!(io::stdout().lock(), "{json}") {
        Ok(()) => ExitCode::SUCCESS,
        // The reader of the output has closed it, which is fine.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("the output could not be written: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The address, and what to print of it; `None` if the arguments make no sense. Prints a note for everything in
/// the address that cannot be taken as given.
fn read(arguments: &[String]) -> Option<(Address, Output)> {
    let mut query = None;
    let mut options = Vec::new();
    let mut rest = arguments.iter().map(String::as_str);
    while let Some(argument) = rest.next() {
        match argument {
            option if option.starts_with('-') => options.push((option, rest.next()?)),
            _ if query.is_some() => return None,
            _ => query = Some(argument),
        }
    }
    let (address, notices) = Address::parse(query?);
    let output = match options[..] {
        [] => Output::Summary,
        [("--trace", "chrome")] => Output::Trace,
        _ => {
            let (_, param) = options.iter().find(|(option, _)| *option == "--sweep")?;
            let mut request = Request::new(&address, param);
            for (option, value) in options {
                match option {
                    "--sweep" => {}
                    "--metric" => request.metric = value.to_string(),
                    "--points" => request.points = value.parse().ok()?,
                    "--seeds" => request.seeds = value.parse().ok()?,
                    _ => return None,
                }
            }
            Output::Sweep(request)
        }
    };
    for notice in notices {
        eprintln!("note: {notice:?}");
    }
    Some((address, output))
}

/// The output as JSON.
///
/// # Errors
/// A sentence for the reader, if there is nothing to print.
fn json(address: &Address, output: Output) -> Result<String, String> {
    let values = &address.values;
    let traces =
        || address.strategies.iter().map(|one| (*one, predict(one, values, Conditions::IDEAL).trace));
    let json = match output {
        Output::Summary => {
            let rows = traces().map(|(one, trace)| {
                let metrics = Metrics::of(&trace, values);
                let lints = lints(one, &trace, &metrics, values, None);
                let clocked = lints.into_iter().map(|lint| ClockedLint { clock: "predicted", lint });
                StrategySummary::new(one, &metrics, None, clocked.collect())
            });
            serde_json::to_string_pretty(&Summary::new(address, None, rows))
        }
        Output::Trace => {
            let traces: Vec<_> = traces().collect();
            let named = traces.iter().map(|(one, trace)| (one.id.to_string(), trace));
            serde_json::to_string(&chrome_trace(named))
        }
        Output::Sweep(request) => {
            let chart = sweep(&request, Conditions::IDEAL);
            serde_json::to_string_pretty(&chart.map_err(|problem| problem.sentence(Language::English))?)
        }
    };
    json.map_err(|error| error.to_string())
}
