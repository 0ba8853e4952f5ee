#!/usr/bin/env bash
# The whole campaign: crashes, power cuts, failing and full disks, floods, damage, tampering. Takes
# an hour or so, one test after the other, and prints the figures at the end. Power cuts and
# full disks mount file systems of their own, which needs root: without it they are not run, and
# under CI that is a failure. PLIMSOLL_SEED replays a schedule.
set -euo pipefail
source "$(dirname "$0")/step.sh"

export PLIMSOLL_CAMPAIGN=full
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# campaign NAME FILTER
campaign() {
    step "$1" cargo nextest run --locked --workspace --profile campaign --no-capture \
        -E "$2" 2>&1 | tee -a "$log"
}

step 'requirements' scripts/require.sh git cc cargo
status=0
campaign 'crashes of the real binary' 'package(plimsoll) & binary(faults)' || status=1
campaign 'damaged tallies' 'package(plimsoll-store) & test(tallies::tests::damage)' || status=1
campaign 'tampered history' 'package(plimsoll-store) & test(tampering)' || status=1
campaign 'damaged inputs' 'test(fuzz_)' || status=1
campaign 'histories of the fold' 'package(plimsoll-domain) & test(slo::fold)' || status=1
campaign 'histories of the whole system' 'package(plimsoll-server) & test(sim::)' || status=1

printf '\n%s, %s, %s CPUs, %s (%s)\n' "$(date -u +%Y-%m-%d)" "$(uname -srm)" "$(nproc)" \
    "$(git rev-parse --short HEAD)" "$(elapsed)"
grep -E '(FIGURES|alerts sent while full|more than their journal)' "$log" || true
grep -E '^ +Summary ' "$log" || true
exit "$status"
