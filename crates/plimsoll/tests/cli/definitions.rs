//! Definitions through the command line: what would change, what changed, what goes, what comes back.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::server::Site;
use crate::store::postgres_schema;
use crate::{Server, run};

impl Site {
    fn files(&self) -> PathBuf {
        self.data.path().join("definitions")
    }

    fn ask(&self, arguments: &[&str], code: i32) -> String {
        self.server.ask(&self.token, arguments).exits(code).out
    }

    fn json(&self, arguments: &[&str], code: i32) -> Value {
        let text = self.ask(&[arguments, &["--output", "json"]].concat(), code);
        serde_json::from_str(&text).unwrap()
    }

    /// Changes the target of the SLO in its file.
    fn edit(&self) -> String {
        let path = self.files().join("slos.yaml");
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains("target: 0.999"), "{text}");
        fs::write(&path, text.replace("target: 0.999", "target: 0.995")).unwrap();
        self.files().to_str().unwrap().to_owned()
    }
}

#[test]
fn a_diff_says_line_by_line_what_apply_would_change() {
    let site = Site::new();
    let files = site.files();
    let files = files.to_str().unwrap();
    let none = site.ask(&["diff", "-f", files], 0);
    assert!(none.contains("0 created, 0 updated"), "{none}");

    site.edit();
    let some = site.ask(&["diff", files], 3);
    let (before, after) = ("-  objectives: [{target: 0.999}]", "+  objectives: [{target: 0.995}]");
    for line in ["updated SLO checkout-availability", before, after] {
        assert!(some.lines().any(|it| it.trim_end() == line), "{line} is missing in\n{some}");
    }
    assert!(!some.contains("updated Component"), "{some}");
    let plan = site.json(&["diff", files], 3);
    let changes = plan["changes"].as_array().unwrap();
    let changed: Vec<_> = changes.iter().filter(|it| it["action"] != "unchanged").collect();
    assert_eq!(changed.len(), 1);
    assert_eq!(
        (&changed[0]["kind"], &changed[0]["before_origin"]),
        (&"SLO".into(), &"yours".into())
    );
    assert!(changed[0]["before"].as_str().unwrap().contains("0.999"));
    assert!(changed[0]["after"].as_str().unwrap().contains("0.995"));
}

#[test]
fn a_dry_run_says_the_same_and_does_nothing() {
    let site = Site::new();
    let files = site.edit();
    let dry = site.ask(&["apply", "--dry-run", &files], 0);
    assert!(dry.contains("Would be applied: 0 created, 1 updated"), "{dry}");
    site.ask(&["diff", &files], 3);
    let done = site.ask(&["apply", &files], 0);
    assert!(done.contains("Applied as rev_") && done.contains("0 created, 1 updated"), "{done}");
    site.ask(&["diff", &files], 0);
}

#[test]
fn faults_come_before_differences() {
    let site = Site::new();
    let broken = site.data.path().join("broken.yaml");
    fs::write(&broken, "apiVersion: plimsoll/v1\nkind: Recever\nmetadata: {name: a}\n").unwrap();
    let broken = broken.to_str().unwrap();
    for arguments in [&["diff", broken][..], &["apply", "--dry-run", broken], &["apply", broken]] {
        let shown = site.ask(arguments, 1);
        assert!(shown.contains("  2 | kind: Recever\n    |       ^"), "{shown}");
        assert!(shown.contains("hint: did you mean `Receiver`?"), "{shown}");
    }
}

#[test]
fn deleting_asks_first_and_never_what_others_name() {
    let site = Site::new();
    let unasked =
        site.server.ask(&site.token, &["delete", "SLO", "checkout-availability"]).exits(2);
    assert!(unasked.err.contains("hint: confirm it with --yes"), "{}", unasked.err);
    site.ask(&["slos", "get", "checkout-availability"], 0);

    let named = site.server.ask(&site.token, &["delete", "component", "checkout", "-y"]).exits(1);
    assert!(named.err.contains("is named by SLO `checkout-availability`"), "{}", named.err);
    let done = site.ask(&["delete", "SLO/checkout-availability", "--yes"], 0);
    assert!(done.contains("Deleted the SLO checkout-availability as rev_"), "{done}");
    let gone = site.server.ask(&site.token, &["slos", "get", "checkout-availability"]).exits(1);
    assert!(gone.err.contains("there is no slo"), "{}", gone.err);
    let mine = site.json(&["definitions", "list", "--origin", "yours"], 0);
    assert!(!mine.to_string().contains("checkout-availability"), "{mine:#}");
}

#[test]
fn a_default_of_yours_gives_way_to_the_one_that_ships() {
    let site = Site::new();
    let origin = || site.json(&["get", "burnpolicy", "workbook"], 0)["origin"].clone();
    assert_eq!(origin(), "yours", "the starter set holds it");
    let done = site.ask(&["delete", "burn-policy", "workbook", "-y"], 0);
    assert!(done.contains("The default is in force again."), "{done}");
    assert_eq!(origin(), "default");
    let none = site.server.ask(&site.token, &["delete", "burn-policy", "workbook", "-y"]).exits(1);
    assert!(none.err.contains("ships with Plimsoll"), "{}", none.err);
    let listed = site.ask(&["definitions", "list", "--kind", "burnpolicies"], 0);
    let row = listed.lines().find(|line| line.contains("workbook")).unwrap();
    assert!(row.contains("default"), "{listed}");
}

/// Every file below a directory, with its text.
fn tree(directory: &Path) -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    let mut left = vec![directory.to_owned()];
    while let Some(place) = left.pop() {
        for entry in fs::read_dir(place).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                left.push(path);
            } else {
                let text = fs::read_to_string(&path).unwrap();
                files.push((path.strip_prefix(directory).unwrap().to_owned(), text));
            }
        }
    }
    files.sort();
    files
}

#[test]
fn what_is_exported_is_applied_elsewhere_and_exported_again_the_same() {
    let site = Site::new();
    // On the embedded database, and on the other one where there is one.
    let stores = [None].into_iter().chain(postgres_schema("cli_export").map(Some));
    for store in stores {
        let place = tempfile::tempdir().unwrap();
        let (first, second) = (place.path().join("first"), place.path().join("second"));
        let (first, second) = (first.to_str().unwrap(), second.to_str().unwrap());
        let told = site.ask(&["export", first], 0);
        assert!(told.contains("0 as they were"), "{told}");
        site.ask(&["diff", first], 0);

        let store: Vec<_> = store.iter().flat_map(|url| ["--store", url]).collect();
        let data = place.path().join("data");
        fs::create_dir(&data).unwrap();
        let create = ["token", "create", "--name", "e", "--role", "editor", "--data"];
        let create = [&create[..], &[data.to_str().unwrap()], &store].concat();
        let token = run(&create).exits(0).last_word().to_owned();
        let other = Server::start_with(&data, &store);
        other.ask(&token, &["apply", first]).exits(0);
        other.ask(&token, &["export", second]).exits(0);
        assert_eq!(tree(Path::new(first)), tree(Path::new(second)));
        assert!(Path::new(first).join("slo/checkout-availability.yaml").exists());

        // Standard output holds the same, and what ships is part of it when that is asked for.
        let (yours, all) = (place.path().join("yours.yaml"), place.path().join("all.yaml"));
        fs::write(&yours, site.ask(&["export"], 0)).unwrap();
        site.ask(&["diff", yours.to_str().unwrap()], 0);
        other.ask(&token, &["delete", "BurnPolicy", "workbook", "-y"]).exits(0);
        let listed = other.ask(&token, &["export", "-", "--origin", "all"]).exits(0).out;
        assert!(listed.contains("name: workbook"), "{listed}");
        fs::write(&all, listed).unwrap();
        run(&["lint", all.to_str().unwrap()]).exits(0);
    }
}

#[test]
fn an_export_never_writes_over_what_says_something_else() {
    let site = Site::new();
    let place = tempfile::tempdir().unwrap();
    let to = place.path().to_str().unwrap();
    site.ask(&["export", to], 0);
    let file = place.path().join("slo/checkout-availability.yaml");
    fs::write(&file, "# mine\n").unwrap();
    let refused = site.server.ask(&site.token, &["export", to]).exits(1);
    assert!(refused.err.contains("slo/checkout-availability.yaml"), "{}", refused.err);
    assert!(refused.err.contains("--force"), "{}", refused.err);
    assert_eq!(fs::read_to_string(&file).unwrap(), "# mine\n");
    site.ask(&["export", to, "--force"], 0);
    assert_ne!(fs::read_to_string(&file).unwrap(), "# mine\n");
}
