//! The demo, as people run it: the whole binary, real services, real time, the story to its end;
//! then the web app in a real browser, on what the story left.

mod ways;

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use plimsoll_trials::program::Program;

/// The milestones, each a part of a line, in the order in which they must appear.
const MILESTONES: [&str; 25] = [
    "The server runs at http://127.0.0.1:",
    "/setup?code=",
    "checkout-availability is healthy",
    "checkout-latency is healthy",
    "storefront-availability is healthy",
    "payments-availability is healthy",
    "May checkout 1.5.0 go to production, as a feature? allow",
    "Deployed checkout 1.5.0 to production, as a feature",
    "Alert: page for checkout-availability",
    "team-shop's webhook: [page] checkout-availability of checkout opened",
    "signature verified",
    "✉ to on-call@shop.example: checkout: checkout-availability burns its error budget",
    "Alert delivered",
    "May checkout 1.6.0 go to production, as a feature? deny",
    "Alert: page for storefront-availability",
    "✉ to web@shop.example: storefront: storefront-availability burns its error budget",
    "Alert: ticket for checkout-latency",
    "May checkout 1.4.0 go to production, as a rollback? allow",
    "Deployed checkout 1.4.0 to production, as a rollback",
    "team-shop's webhook: [page] checkout-availability of checkout closed",
    "✉ to on-call@shop.example: Re: checkout: checkout-availability burns its error budget",
    "Alert closed",
    "Alert closed: storefront-availability",
    "Alert closed: checkout-latency",
    "The next feature stays denied until",
];

/// The lines of a program, as they come, until it closes its output.
fn lines(program: &mut Program) -> impl Iterator<Item = String> + use<> {
    BufReader::new(program.out()).lines().map(|line| line.expect("text"))
}

/// The line after which the app is left running.
const TOLD: &str = "Data and server.log are in";

/// Follows the story to its end; what was told.
#[track_caller]
#[expect(clippy::print_stdout, reason = "what was told, should it fail")]
fn follow(demo: &mut Program) -> Vec<String> {
    let mut awaited = MILESTONES.iter().peekable();
    let mut told = Vec::new();
    for line in lines(demo) {
        println!("{line}");
        awaited.next_if(|milestone| line.contains(**milestone));
        let last = line.contains(TOLD);
        told.push(line);
        if last {
            break;
        }
    }
    assert_eq!(awaited.next(), None, "never told, in this order, of:\n{}", told.join("\n"));
    told
}

#[test]
fn the_whole_story_happens_and_a_browser_shows_it() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plimsoll"));
    command.args(["demo", "--listen", "127.0.0.1:0"]).stdout(Stdio::piped());
    let mut demo = Program::start(&mut command);
    let told = follow(&mut demo);
    assert!(!told.iter().any(|line| line.contains('\x1b')), "colours outside of a terminal");
    browse(&told);
    demo.signal("INT");
    assert!(demo.wait().success(), "Ctrl-C stops all of it");
}

/// Runs the web app's stories in Chromium against the server that the demo left running.
fn browse(told: &[String]) {
    let word = |part: &str| {
        let mut words = told.iter().flat_map(|line| line.split_whitespace());
        words.find(|word| word.contains(part)).unwrap_or_else(|| panic!("{part} is told"))
    };
    let setup = word("/setup?code=");
    let url = setup.split("/setup").next().expect("a link has a start");
    let ui = concat!(env!("CARGO_MANIFEST_DIR"), "/../../ui");
    // The link works once: the second one signs in with the password that the first one set.
    for script in ["e2e", "e2e:demo"] {
        let run = Command::new("npm")
            .args(["--prefix", ui, "run", script])
            .envs([("PLIMSOLL_URL", url), ("PLIMSOLL_SETUP", setup)])
            .envs([
                ("PLIMSOLL_LETTER", word("/letters/")),
                ("PLIMSOLL_ALERT", word("/alerts/alt_")),
            ])
            .env("PLIMSOLL_SLO", "checkout-availability")
            .output()
            .expect("npm runs: `make test` checks for it");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert!(run.status.success(), "{}\n{}", text(&run.stdout), text(&run.stderr));
    }
}
