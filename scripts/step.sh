# shellcheck shell=bash
# Sourced by the other scripts: runs named steps, shows the time since the start, and stops at the
# first step that fails, naming it.

cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Where cargo puts what it builds; a machine may say otherwise in CARGO_TARGET_DIR.
target=${CARGO_TARGET_DIR:-target}
export target

# Scripts that call scripts share one clock.
export STEPS_STARTED=${STEPS_STARTED:-$(date +%s)}

elapsed() {
    printf '%d s' $(($(date +%s) - STEPS_STARTED))
}

# step NAME COMMAND [ARGUMENT…]
step() {
    local name=$1 status=0
    shift
    printf '\n── %s (%s)\n' "$name" "$(elapsed)"
    "$@" || status=$?
    if ((status != 0)); then
        printf '\nFAILED: %s (exit %d, after %s)\n' "$name" "$status" "$(elapsed)" >&2
        exit "$status"
    fi
}
