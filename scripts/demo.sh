#!/usr/bin/env bash
# Builds everything and runs the demo; needs no root and installs nothing.
set -euo pipefail
source "$(dirname "$0")/step.sh"

step 'requirements' scripts/require.sh
scripts/ui.sh
step 'build' cargo build --locked --workspace
printf '\n── demo (%s)\n' "$(elapsed)"
exec "$target/debug/plimsoll" demo "$@"
