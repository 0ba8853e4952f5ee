#!/usr/bin/env bash
# All Rust tests, by nextest where it is installed.
set -euo pipefail

if cargo nextest --version >/dev/null 2>&1; then
    cargo nextest run --locked --workspace
    cargo test --locked --workspace --doc
else
    cargo test --locked --workspace --no-fail-fast
fi
