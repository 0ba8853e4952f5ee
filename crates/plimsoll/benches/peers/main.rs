//! Plimsoll beside its peers: the same telemetry to a real `plimsoll serve`, to Prometheus and to
//! VictoriaMetrics in one run, and what it costs each of them in CPU time, memory and disk; and
//! Plimsoll alone with a large catalog.
//!
//! Each question is a module and prints one table; docs/benchmarks.md tells what they mean. All of
//! them, or those that are named: `cargo bench --bench peers -- ingest evaluation memory`; with
//! `--days N` the history is shorter than thirty days.
#![expect(clippy::print_stdout, reason = "a bench reports on standard output")]
#![expect(clippy::disallowed_methods, reason = "a bench measures real time")]

mod catalog;
mod evaluation;
mod history;
mod ingest;
mod load;
mod machine;
mod measure;
mod memory;
mod peer;
mod table;

const QUESTIONS: [&str; 4] = ["ingest", "evaluation", "memory", "catalog"];

/// Days of history, unless the command line says otherwise.
const DAYS: i64 = 30;

fn main() {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let named = |question: &str| arguments.iter().any(|argument| argument == question);
    let all = !QUESTIONS.into_iter().any(named);
    let days = arguments.iter().position(|argument| argument == "--days");
    let days = days.and_then(|at| arguments.get(at + 1)?.parse().ok()).unwrap_or(DAYS);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        machine::print().await;
        for question in QUESTIONS.into_iter().filter(|question| all || named(question)) {
            match question {
                "ingest" => ingest::run().await,
                "evaluation" => evaluation::run(days).await,
                "memory" => memory::run().await,
                _ => catalog::run().await,
            }
        }
    });
}
