#!/usr/bin/env bash
# Builds the web app into ui/dist, unless what is there is newer than its sources.
set -euo pipefail
source "$(dirname "$0")/step.sh"

packages_are_fresh() {
    [ ui/node_modules/.package-lock.json -nt ui/package-lock.json ] &&
        [ ui/node_modules/.package-lock.json -nt ui/package.json ]
}

dist_is_fresh() {
    [ -f ui/dist/index.html ] &&
        [ -z "$(find ui docs/handbook -path ui/node_modules -prune -o -path ui/dist -prune -o \
            -type f -newer ui/dist/index.html -print -quit)" ]
}

packages_are_fresh || step 'web app: packages' npm --prefix ui ci --no-audit --no-fund
dist_is_fresh || step 'web app: build' npm --prefix ui run build
