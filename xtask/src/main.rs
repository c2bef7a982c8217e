//! The project's tasks, as one command line: `cargo xtask --help` lists them.
//!
//! This file only parses the command line and starts what was asked for. It must not know how anything is
//! installed, built or tested.

mod assets;
mod bench;
mod folders;
mod highlight;
mod new_lab;
mod packages;
mod page;
mod rust;
mod setup;
mod tally;
mod test;
mod tools;
mod versions;
mod workbench;

use std::process::ExitCode;
use std::str::FromStr;

use lexopt::{Arg, Parser, ValueExt};

use crate::rust::Source;
use crate::workbench::Workbench;

const HELP: &str = "\
Loopscope's tasks. Each installs what it needs and says so beforehand.

  cargo xtask setup [build|test]    install all that building (or also testing) needs
  cargo xtask build                 build the page into dist/, ready for any static host
  cargo xtask serve                 build the page, serve it here, rebuild when a file changes
      --port N                      the port to serve on [8080]
      --no-open                     do not open a browser
  cargo xtask test [PART...]        run the tests: lint, native, browser, page [all]
  cargo xtask assets                make what the page fetches (Trunk does that before each build)
  cargo xtask new-lab ID STRATEGY...
                                    make the folder of a lab, which is then on the page
  cargo xtask bench [PART...]       compare: clock (with simulators), loop (with JavaScript), model
                                    (predictions with runs), page (with its goals), timeline (with
                                    vis-timeline) [all]
      --rounds N                    how often each side has its turn [7]

Anywhere:
  --rust rustup|distribution        whose Rust compiles to WebAssembly [rustup, else distribution]
  -h, --help                        show this

Environment:
  LOOPSCOPE_RUST     the same as --rust
  LOOPSCOPE_TOOLS    where tools are installed [~/.cache/loopscope]
  CHROMIUM           the browser for the page tests [the one on PATH]
  FIREFOX            the other one [the one on PATH]
";

#[derive(Debug, PartialEq)]
enum Task {
    Help,
    Setup { tests_too: bool },
    Build,
    Assets,
    Serve { port: u16, open: bool },
    Test(Vec<test::Part>),
    NewLab(Vec<String>),
    Bench { parts: Vec<bench::Part>, rounds: u32 },
}

#[derive(Debug, PartialEq)]
struct CommandLine {
    task: Task,
    rust: Option<Source>,
}

fn main() -> ExitCode {
    let line = match CommandLine::parse(Parser::from_env()) {
        Ok(line) => line,
        Err(mistake) => {
            eprintln!("{mistake}. `cargo xtask --help` lists what there is.");
            return ExitCode::from(2);
        }
    };
    match line.run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("Error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

impl CommandLine {
    fn parse(mut parser: Parser) -> Result<Self, lexopt::Error> {
        let (mut words, mut rust, mut help) = (Vec::new(), None, false);
        let (mut port, mut open, mut rounds) = (None, None, None);
        while let Some(arg) = parser.next()? {
            match arg {
                Arg::Value(word) => words.push(word.string()?),
                Arg::Long("rust") => rust = Some(parser.value()?.parse()?),
                Arg::Long("port") => port = Some(parser.value()?.parse()?),
                Arg::Long("rounds") => rounds = Some(parser.value()?.parse()?),
                Arg::Long("no-open") => open = Some(false),
                Arg::Long("help") | Arg::Short('h') => help = true,
                unknown => return Err(unknown.unexpected()),
            }
        }
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let task = match words.as_slice() {
            _ if help => Task::Help,
            [] | ["help"] => Task::Help,
            ["setup"] | ["setup", "build"] => Task::Setup { tests_too: false },
            ["setup", "test"] => Task::Setup { tests_too: true },
            ["build"] => Task::Build,
            ["assets"] => Task::Assets,
            ["serve"] => Task::Serve { port: port.take().unwrap_or(8080), open: open.take().unwrap_or(true) },
            ["test", parts @ ..] => Task::Test(parts_of(parts, &test::Part::ALL)?),
            ["new-lab", names @ ..] if names.len() > 1 => {
                Task::NewLab(names.iter().map(ToString::to_string).collect())
            }
            ["bench", parts @ ..] => Task::Bench {
                parts: parts_of(parts, &bench::Part::ALL)?,
                rounds: rounds.take().unwrap_or(bench::Part::ROUNDS),
            },
            _ => return Err(format!("there is no task `{}`", words.join(" ")).into()),
        };
        if !help && (port.is_some() || open.is_some()) {
            return Err("--port and --no-open belong to `serve`".into());
        }
        if !help && rounds.is_some() {
            return Err("--rounds belongs to `bench`".into());
        }
        Ok(Self { task, rust })
    }

    /// Whether all went well. An error is something that kept the task from being done at all.
    fn run(self) -> anyhow::Result<bool> {
        if self.task == Task::Help {
            print!("{HELP}");
            return Ok(true);
        }
        let bench = Workbench::open(self.rust)?;
        match self.task {
            Task::Help => {}
            Task::Setup { tests_too } => setup::everything(&bench, tests_too)?,
            Task::Build => page::build(&bench)?,
            Task::NewLab(names) => {
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                new_lab::make(&bench, names[0], &names[1..])?;
            }
            Task::Assets => assets::write(&bench)?,
            Task::Serve { port, open } => page::serve(&bench, port, open)?,
            Task::Test(parts) => return test::run(&bench, &parts),
            Task::Bench { parts, rounds } => bench::run(&bench, &parts, rounds)?,
        }
        Ok(true)
    }
}

/// The parts of a task that were named; all of them if none was.
fn parts_of<P: FromStr<Err = String> + Clone>(names: &[&str], all: &[P]) -> Result<Vec<P>, String> {
    if names.is_empty() { Ok(all.to_vec()) } else { names.iter().map(|name| name.parse()).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<CommandLine, String> {
        CommandLine::parse(Parser::from_args(line.split_whitespace())).map_err(|mistake| mistake.to_string())
    }

    fn task(line: &str) -> Result<Task, String> {
        parse(line).map(|line| line.task)
    }

    #[test]
    fn understands_every_task() {
        assert_eq!(task(""), Ok(Task::Help));
        assert_eq!(task("build --help"), Ok(Task::Help));
        assert_eq!(task("setup"), Ok(Task::Setup { tests_too: false }));
        assert_eq!(task("setup test"), Ok(Task::Setup { tests_too: true }));
        assert_eq!(task("build"), Ok(Task::Build));
        assert_eq!(task("assets"), Ok(Task::Assets));
        let (port, open) = (9000, false);
        assert_eq!(task("serve --port 9000 --no-open"), Ok(Task::Serve { port, open }));
        assert_eq!(task("test"), Ok(Task::Test(test::Part::ALL.to_vec())));
        assert_eq!(task("test native lint"), Ok(Task::Test(vec![test::Part::Native, test::Part::Lint])));
        let parts = bench::Part::ALL.to_vec();
        assert_eq!(task("bench"), Ok(Task::Bench { parts, rounds: bench::Part::ROUNDS }));
        let parts = vec![bench::Part::Loop];
        assert_eq!(task("bench loop --rounds 3"), Ok(Task::Bench { parts, rounds: 3 }));
    }

    #[test]
    fn takes_the_choice_of_rust_anywhere() {
        let rust = |line| parse(line).map(|line| line.rust);
        assert_eq!(rust("build"), Ok(None));
        assert_eq!(rust("--rust distribution build"), Ok(Some(Source::Distribution)));
        assert_eq!(rust("build --rust=rustup"), Ok(Some(Source::Rustup)));
    }

    #[test]
    fn rejects_what_it_does_not_know() {
        for line in [
            "bild",
            "build now",
            "test everything",
            "--fast",
            "serve --port x",
            "build --port 1",
            "bench everything",
            "new-lab alone",
            "test --rounds 3",
            "build --rust gcc",
        ] {
            assert!(parse(line).is_err(), "`{line}` was accepted");
        }
    }
}
