//! Project automation: `cargo xtask tidy` and `cargo xtask codegen [--check]`.
//!
//! Invariant: ships with nothing, and knows no crate of the workspace but by its manifest and its
//! binary. What it checks is written in STYLE.md and ARCHITECTURE.md.
#![expect(clippy::print_stdout, reason = "a command-line tool talks on standard output")]
#![expect(clippy::print_stderr, reason = "a command-line tool talks on standard error")]

mod codegen;
mod tidy;

use std::path::Path;
use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask <task>

  tidy             check the house rules: dependency edges, sizes, words, module docs
  codegen          write openapi/v1.json and docs/reference from the binary, and the web client
  codegen --check  fail when one of them is out of date";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match args.as_slice() {
        ["tidy"] => tidy(),
        ["codegen"] => codegen::write(root()),
        ["codegen", "--check"] => codegen::check(root()),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn tidy() -> anyhow::Result<()> {
    let findings = tidy::findings(root())?;
    for finding in &findings {
        println!("{finding}");
    }
    anyhow::ensure!(findings.is_empty(), "tidy: {} findings", findings.len());
    println!("tidy: nothing to complain about");
    Ok(())
}

/// The workspace's directory.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the workspace")
}
