#!/usr/bin/env bash
# Checks that the machine has what a build needs, and says how to get what it lacks.
# usage: require.sh [git|make|cc|cargo|node|npm]…   (all of them without arguments)
set -euo pipefail

cargo_min=1.95.0
node_min=20.19.0
missing=0

lacks() {
    printf 'missing: %s\n   get it: %s\n' "$1" "$2" >&2
    missing=1
}

has() {
    command -v "$1" >/dev/null 2>&1
}

# at_least MINIMUM VERSION
at_least() {
    [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]
}

require_cargo() {
    local how='install rustup (rust-lang.org/tools/install), then: rustup toolchain install stable'
    if ! has cargo; then
        lacks "Rust $cargo_min or newer (cargo)" "$how"
        return
    fi
    local version
    version=$(cargo --version | awk '{print $2}')
    at_least "$cargo_min" "$version" ||
        lacks "Rust $cargo_min or newer (cargo is $version)" 'rustup update stable'
}

require_node() {
    local how='nodejs.org/en/download, or a version manager such as nvm: nvm install 22'
    if ! has node; then
        lacks "Node ${node_min%.0} or newer (node)" "$how"
        return
    fi
    local version
    version=$(node --version)
    at_least "$node_min" "${version#v}" ||
        lacks "Node ${node_min%.0} or newer (node is ${version#v})" "$how"
}

require() {
    case $1 in
    git) has git || lacks git 'sudo apt-get install git' ;;
    make) has make || lacks make 'sudo apt-get install make' ;;
    cc) has cc || lacks 'a C compiler (cc)' 'sudo apt-get install gcc libc6-dev' ;;
    cargo) require_cargo ;;
    node) require_node ;;
    npm) has npm || lacks npm 'it comes with Node; on Debian: sudo apt-get install npm' ;;
    *)
        printf 'require.sh: what is %s?\n' "$1" >&2
        exit 2
        ;;
    esac
}

if (($# == 0)); then
    set -- git make cc cargo node npm
fi
for tool in "$@"; do
    require "$tool"
done
exit "$missing"
