#!/usr/bin/env bash
# Everything that must pass before a change goes in. The first step that fails ends it.
set -euo pipefail
source "$(dirname "$0")/step.sh"

step 'requirements' scripts/require.sh
step 'packages for the tests' scripts/install-test-deps.sh
step 'format' cargo fmt --all --check
step 'house rules' cargo xtask tidy
scripts/ui.sh
step 'web app: types' npm --prefix ui run check
step 'web app: tests' npm --prefix ui test
step 'lints' cargo clippy --locked --workspace --all-targets -- -D warnings
step 'build' cargo build --locked --workspace
step 'tests' scripts/with-postgres.sh scripts/rust-tests.sh
step 'generated files' cargo xtask codegen --check
step 'schemathesis: install' scripts/install-schemathesis.sh
step 'the API keeps to its document' scripts/contract/run.py "$target/debug/plimsoll"
step 'cargo-deny: install' scripts/install-cargo-deny.sh
# Of every platform: licences are read offline.
step 'sources' cargo fetch --locked
step 'licences, bans, sources' .cache/tools/bin/cargo-deny --offline \
    check --hide-inclusion-graph bans licenses sources
printf '\nAll steps passed (%s).\n' "$(elapsed)"
