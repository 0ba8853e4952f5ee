//! Where and of what the figures are: the machine, the commit, the programs and their versions.

use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::peer::{Kind, Peer};

pub(crate) async fn print() {
    let cpuinfo = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpuinfo.lines().find(|line| line.starts_with("model name"));
    let model = model.and_then(|line| line.split(": ").nth(1)).unwrap_or("unknown");
    let cpus = std::thread::available_parallelism().map_or(0, usize::from);
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    println!("{cpus} CPUs ({model}), Linux {}", kernel.trim());
    let commit = said("git", &["describe", "--always", "--dirty", "--abbrev=12"]);
    let ours = said(env!("CARGO_BIN_EXE_plimsoll"), &["--version"]);
    println!("{ours}, commit {commit}; {}; {}", prometheus().await, victoria_metrics().await);
    println!("×n: n times what Plimsoll takes");
}

async fn prometheus() -> String {
    let dir = tempfile::tempdir().expect("a directory");
    let peer = Peer::start(Kind::Prometheus, dir.path(), "");
    let build = peer.json("/api/v1/status/buildinfo").await;
    let version = build.pointer("/data/version").and_then(Value::as_str).unwrap_or("unknown");
    format!("Prometheus {version}")
}

/// Debian's build does not know its own version; its package does.
async fn victoria_metrics() -> String {
    let dir = tempfile::tempdir().expect("a directory");
    let peer = Peer::start(Kind::VictoriaMetrics, dir.path(), "");
    if peer.metric(r#"vm_app_version{version="", short_version=""}"#).await.is_some() {
        let package =
            said("dpkg-query", &["--show", "--showformat=${Version}", "victoria-metrics"]);
        return format!("VictoriaMetrics {package} (the package's; the program does not say)");
    }
    "VictoriaMetrics, ".to_owned() + &said("victoria-metrics", &["-version"])
}

/// What a program prints.
fn said(program: &str, arguments: &[&str]) -> String {
    let ran = Command::new(program).args(arguments).output();
    let out = ran.ok().filter(|ran| ran.status.success()).map(|ran| ran.stdout);
    let out = out.and_then(|out| String::from_utf8(out).ok()).unwrap_or_default();
    if out.is_empty() { "unknown".to_owned() } else { out.trim().to_owned() }
}
