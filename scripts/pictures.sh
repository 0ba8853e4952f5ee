#!/usr/bin/env bash
# Makes the pictures of the README anew, from a run of the demo in a real browser: into docs/pictures,
# with what the demo told. Takes five minutes or so; look at them before you commit them.
set -euo pipefail
source "$(dirname "$0")/step.sh"

step 'requirements' scripts/require.sh
step 'programs' scripts/install-test-deps.sh
scripts/ui.sh
step 'build' cargo build --locked --workspace
PLIMSOLL=$(realpath "$target/debug/plimsoll") PICTURES=$PWD/docs/pictures \
    step 'pictures' node ui/e2e/pictures.mjs
