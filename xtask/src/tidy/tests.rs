use super::*;

#[test]
fn the_tree_is_tidy() {
    let findings = findings(crate::root()).unwrap();
    assert_eq!(told(&findings), "");
}

#[test]
fn edges_of_the_map_are_allowed() {
    let manifest = "[package]\nname = \"plimsoll\"\n\
        [dependencies]\nplimsoll-server.workspace = true\nplimsoll-api.workspace = true\n\
        tokio = \"1\"\n[dev-dependencies]\nplimsoll-domain.workspace = true\n";
    check_edges(manifest, "");
    check_edges("[workspace]\nmembers = []\n", "");
}

#[test]
fn other_edges_are_refused_wherever_they_hide() {
    check_edges(
        "[package]\nname = \"plimsoll-store\"\n[dependencies]\nplimsoll-api.workspace = true\n",
        "m: `plimsoll-store` may not depend on `plimsoll-api`\n",
    );
    check_edges(
        "[package]\nname = \"plimsoll-api\"\n[dependencies]\n\
         rows = { package = \"plimsoll-store\", path = \"../store\" }\n",
        "m: `plimsoll-api` may not depend on `plimsoll-store`\n",
    );
    check_edges(
        "[package]\nname = \"plimsoll-ingest\"\n\
         [target.'cfg(unix)'.build-dependencies]\nxtask = { path = \"x\" }\n",
        "m: `plimsoll-ingest` may not depend on `xtask`\n",
    );
    check_edges(
        "[package]\nname = \"plimsoll\"\n[dependencies]\nplimsoll-domain.workspace = true\n",
        "m: `plimsoll` may not depend on `plimsoll-domain`\n",
    );
    check_edges(
        "[package]\nname = \"plimsoll-ingest\"\n\
         [dependencies]\nplimsoll-trials.workspace = true\n\
         [dev-dependencies]\nplimsoll-trials.workspace = true\n",
        "m: `plimsoll-ingest` may not depend on `plimsoll-trials`\n",
    );
    check_edges(
        "[package]\nname = \"plimsoll-utils\"\n",
        "m: the crate `plimsoll-utils` is not on the map of xtask's tidy/edges.rs\n",
    );
}

#[test]
fn invariant_9_the_purity_fence_holds_outside_tests() {
    check_edges(
        "[package]\nname = \"plimsoll-domain\"\n[dependencies]\ntokio = \"1\"\n\
         [dev-dependencies]\nrand = \"1\"\n",
        "m: `plimsoll-domain` is pure and may not depend on `tokio`\n",
    );
}

#[test]
fn banned_words_are_found_as_whole_words() {
    let todo = concat!("TO", "DO");
    let text = format!("// {todo}: later\nMASTODON_{todo} {todo}S\nmktemp -d /tmp/a.XXXXXX\n");
    assert_eq!(
        told(&words::check("f", &text)),
        format!("f:1: `{todo}`: finish it, or leave it out\n")
    );
    let sleep = format!("    std::{}1s);\n", concat!("thread::", "sleep("));
    assert_eq!(words::check("f", &sleep).len(), 1);
    let host = format!("see https://{}/x\n", concat!("registry.npm", "js.org"));
    assert_eq!(words::check("f", &host).len(), 1);
}

#[test]
fn long_files_and_functions_are_found() {
    let body = "        step();\n".repeat(57);
    let method = |more: &str| {
        format!(
            "//! Doc.\n\nimpl A {{\n    pub(crate) async fn run<T>(\n        t: T,\n    ) {{\n\
             {body}{more}    }}\n\n    fn short(&self) {{}}\n}}\n\ntrait B {{\n    fn required(\n\
             \n    );\n}}\n"
        )
    };
    // Three lines of signature, 57 of body, one closing brace.
    assert_eq!(
        told(&source::check("a.rs", &method(""))),
        "a.rs:4: `run`: 61 lines, 60 are allowed\n"
    );
    let shorter = method("").replacen("        step();\n", "", 1);
    assert_eq!(told(&source::check("a.rs", &shorter)), "");
    let long = "x\n".repeat(601);
    assert_eq!(told(&source::check("a.ts", &long)), "a.ts: 601 lines, 600 are allowed\n");
    assert_eq!(told(&source::check("a.md", &long)), "");
}

#[test]
fn shape_rules_spare_tests() {
    let wide = format!("// {}\n", "é".repeat(100));
    assert_eq!(
        told(&source::check("a/b.rs", &wide)),
        "a/b.rs:1: 103 columns, 100 are allowed\n\
         a/b.rs: starts without module docs: what it is, its invariant, what it must not do\n"
    );
    assert_eq!(told(&source::check("a/tests.rs", &wide)), "");
    assert_eq!(told(&source::check("a/tests/it/b.rs", &wide)), "");
}

#[test]
fn the_threat_model_names_tests_and_files_that_are_there() {
    let mut tests = threats::Tests::default();
    tests.note(
        "a.rs",
        "#[test]\nfn it_is_refused() {}\n    #[tokio::test(x)]\n    async fn \
                        it_is_not_called() {}\nfn not_a_test() {}\n",
    );
    let model = "`a_b` `write_telemetry`\n### S1. A\n\nTests: `it_is_refused`, `it_is_gone_now`.\n\
                 ### S2. B\n\nTests: `it_is_not_called`, `not_a_test` and `b/c.tsx`.\n\
                 ### S3. C\n\nNot done: it.\n### S4. D\n\nEverything is fine.\n";
    let paths = ["a.rs".to_owned()];
    assert_eq!(
        told(&threats::check(model, &tests, &paths)),
        "docs/threat-model.md:4: there is no test `it_is_gone_now`\n\
         docs/threat-model.md:7: there is no test `not_a_test`\n\
         docs/threat-model.md:7: there is no file `b/c.tsx`\n\
         docs/threat-model.md: S4. D names neither tests nor what is not done\n"
    );
    assert_eq!(threats::check("", &tests, &paths).len(), 1);
}

#[test]
fn tests_stand_beside_the_code() {
    let inline = "//! Doc.\n#[cfg(test)]\nmod tests {\n}\n";
    let complaint = "a.rs:3: tests live in a sibling `tests.rs`\n";
    assert_eq!(told(&source::check("a.rs", inline)), complaint);
    let paths = ["s/a.rs", "s/a/tests.rs", "s/b/mod.rs", "s/b/tests.rs", "s/c/tests.rs"];
    let lonely = source::check_siblings(&paths.map(str::to_owned));
    assert_eq!(told(&lonely), "s/c/tests.rs: tests of nothing: no file beside it has this name\n");
}

#[test]
fn each_word_of_the_glossary_has_one_meaning_and_one_pitfall() {
    let text = "# G\n\nAbout *words*.\n\n**Tally.** Sums\nof minutes. *Pitfall:*\nnone before.\n\n\
                **Gap.** A hole.\n\n**Gap.** Again. *Pitfall:* x\n\n**Mute.** *Pitfall:* y\n";
    let path = "docs/glossary.md";
    assert_eq!(
        told(&glossary::check(path, text)),
        "docs/glossary.md:9: `Gap` has no pitfall\n\
         docs/glossary.md:11: `Gap` is there twice: one line per word\n\
         docs/glossary.md:13: `Mute` lacks its meaning or its pitfall's text\n"
    );
    assert!(glossary::check("docs/guide/alerts.md", text).is_empty());
}

fn check_edges(manifest: &str, expected: &str) {
    assert_eq!(told(&edges::check("m", manifest).unwrap()), expected);
}

fn told(findings: &[Finding]) -> String {
    findings.iter().map(|finding| format!("{finding}\n")).collect()
}
