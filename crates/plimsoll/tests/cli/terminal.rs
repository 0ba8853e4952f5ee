//! A real terminal, by way of script(1): tables that fit, colours, questions, hostile names.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::ran;
use crate::server::Site;

/// The program on a terminal of so many columns, with these keys typed; what the terminal was sent.
fn on_terminal(columns: u32, keys: &str, command: &str, envs: &[(&str, &str)]) -> String {
    let binary = Path::new(env!("CARGO_BIN_EXE_plimsoll")).parent().unwrap();
    let line = format!("stty cols {columns} rows 24; PATH={}:$PATH; {command}", binary.display());
    let mut script = Command::new("script");
    script.args(["-qec", &line, "/dev/null"]).env_remove("NO_COLOR").envs(envs.iter().copied());
    let mut child = script.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(keys.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap().replace("\r\n", "\n");
    format!("{text}\nexit {}", output.status.code().unwrap())
}

impl Site {
    fn shown(&self, columns: u32, command: &str) -> String {
        self.typed(columns, "", command)
    }

    fn typed(&self, columns: u32, keys: &str, command: &str) -> String {
        let envs = [("PLIMSOLL_URL", &*self.server.url), ("PLIMSOLL_TOKEN", &self.token)];
        on_terminal(columns, keys, command, &envs)
    }
}

const SGR: &str = "\u{1b}[";

#[test]
fn tables_fit_the_terminal_and_are_whole_without_one() {
    let site = Site::new();
    let plain = |line: &str| line.replace("\u{1b}[38;5;2m", "").replace("\u{1b}[39m", "");
    for columns in [120, 80, 60, 40] {
        let shown = site.shown(columns, "plimsoll slos list --color never");
        let widest = shown.lines().map(|line| plain(line).chars().count()).max().unwrap();
        assert!(widest <= columns as usize, "{columns}:\n{shown}");
        assert!(shown.contains("checkout-availability"), "{shown}");
    }
    for command in ["slos get checkout-availability", "slos targets"] {
        let shown = site.shown(80, &format!("plimsoll {command} --color never"));
        assert!(shown.lines().all(|line| line.chars().count() <= 80), "{shown}");
    }
    let narrow = site.shown(60, "plimsoll slos list");
    assert!(narrow.contains("STATUS") && !narrow.contains("COVERAGE"), "{narrow}");
    let piped = site.server.ask(&site.token, &["slos", "list"]).exits(0).out;
    assert!(piped.contains("COVERAGE") && !piped.contains(SGR), "{piped}");
}

#[test]
fn colours_are_on_a_terminal_unless_they_are_not_wanted() {
    let site = Site::new();
    let list = "plimsoll deployments list; plimsoll gate check --service checkout \
                --environment production --artifact a --class feature";
    assert!(site.shown(80, list).contains(SGR));
    assert!(!site.shown(80, &format!("NO_COLOR=1; export NO_COLOR; {list}")).contains(SGR));
    let empty = site.shown(80, &format!("NO_COLOR=; export NO_COLOR; {list}"));
    assert!(empty.contains(SGR), "an empty variable says nothing: {empty}");
    assert!(site.shown(80, "plimsoll slos nonsense").contains(SGR));

    let check = ["gate", "check", "--service", "checkout", "--environment", "production"];
    let check = [&check[..], &["--artifact", "a", "--class", "feature"]].concat();
    let ask = |colour: &str| {
        let arguments = [&check[..], &["--color", colour, "--url", &site.server.url]].concat();
        let mut command = crate::plimsoll(&arguments);
        ran(command.env("PLIMSOLL_TOKEN", &site.token).env("NO_COLOR", "1")).exits(0).out
    };
    assert!(ask("always").contains(SGR), "what was typed wins over the environment");
    assert!(!ask("auto").contains(SGR) && !ask("never").contains(SGR));
}

#[test]
fn long_work_shows_that_it_goes_on_where_someone_may_be_looking() {
    let site = Site::new();
    let data = site.data.path().to_str().unwrap();
    let shown = site.shown(80, &format!("plimsoll verify --data {data}"));
    assert!(shown.contains("verifying history"), "{shown:?}");
    let piped = crate::run(&["verify", "--data", data]);
    assert_eq!(piped.err, "");
}

#[test]
fn what_cannot_be_undone_is_asked_about() {
    let site = Site::new();
    let delete = "plimsoll delete SLO checkout-availability";
    let no = site.typed(80, "\n", delete);
    assert!(no.contains("Delete the SLO checkout-availability at http://"), "{no}");
    assert!(no.contains("[y/N]") && no.contains("not confirmed"), "{no}");
    assert!(no.ends_with("exit 2"), "{no}");
    site.server.ask(&site.token, &["slos", "get", "checkout-availability"]).exits(0);
    let yes = site.typed(80, "y\n", delete);
    assert!(yes.contains("Deleted the SLO") && yes.ends_with("exit 0"), "{yes}");
}

#[test]
fn a_name_that_is_hostile_is_shown_and_not_obeyed() {
    let site = Site::new();
    let file = site.data.path().join("hostile.yaml");
    let hostile = "apiVersion: openslo/v1\nkind: Service\n\
                   metadata: {name: evil, displayName: \"\\e]0;owned\\a\"}\n\
                   spec: {description: \"\\e[2J\\u009b31m\\u202eclear\"}\n---\n\
                   apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: evil}\n\
                   spec: {owner: team-shop}\n";
    fs::write(&file, hostile).unwrap();
    site.server.ask(&site.token, &["apply", file.to_str().unwrap()]).exits(0);
    let slo = "apiVersion: openslo/v1\nkind: SLO\nmetadata: {name: evil}\nspec:\n  \
               description: \"\\e[2J\\e]0;owned\\a\\u009b31m\"\n  service: checkout\n  \
               indicatorRef: checkout-requests\n  \
               timeWindow: [{duration: 30d, isRolling: true}]\n  \
               budgetingMethod: Occurrences\n  objectives: [{target: 0.99}]\n";
    fs::write(&file, slo).unwrap();
    site.server.ask(&site.token, &["apply", file.to_str().unwrap()]).exits(0);
    for command in ["plimsoll slos get evil", "plimsoll slos explain evil"] {
        let shown = site.shown(100, command);
        assert!(shown.contains(r"\u001b[2J\u001b]0;owned\u0007\u009b31m"), "{shown:?}");
        assert!(!shown.contains("\u{1b}]") && !shown.contains('\u{9b}'), "{shown:?}");
        assert!(!shown.contains("\u{1b}[2J"), "{shown:?}");
    }
    // A program gets what there is.
    let json = site.server.ask(&site.token, &["slos", "get", "evil", "-o", "json"]).exits(0).out;
    let slo: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(slo["description"], "\u{1b}[2J\u{1b}]0;owned\u{7}\u{9b}31m");
}
