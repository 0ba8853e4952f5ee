#!/usr/bin/env bash
# Puts cargo-deny under .cache/tools, once for each version; nothing outside this directory changes.
# An unoptimised build takes half the time, and checking licences needs no speed.
set -euo pipefail
cd "$(dirname "$0")/.."

version=0.20.2
tools=$PWD/.cache/tools

if [ "$("$tools/bin/cargo-deny" --version 2>/dev/null)" = "cargo-deny $version" ]; then
    exit 0
fi
export CARGO_TARGET_DIR=$tools/build CARGO_PROFILE_DEV_DEBUG=0
cargo install cargo-deny --debug --locked --version "$version" --root "$tools"
rm -rf "$tools/build"
