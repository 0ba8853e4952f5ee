#!/usr/bin/env bash
# Builds the release binary with the web app inside and packs it, with its checksum, into dist/.
set -euo pipefail
source "$(dirname "$0")/step.sh"

step 'requirements' scripts/require.sh
scripts/ui.sh
step 'release build' cargo build --locked --release --package plimsoll

version=$("$target/release/plimsoll" --version | awk '{print $NF}')
host=$(rustc -vV | awk '/^host:/ {print $2}')
name=plimsoll-$version-$host
mkdir -p dist
pages=$(mktemp -d)
trap 'rm -rf "$pages"' EXIT
mkdir "$pages/completions"
step 'manual pages' "$target/release/plimsoll" man "$pages/man"
for shell in bash zsh fish; do
    "$target/release/plimsoll" completions "$shell" > "$pages/completions/plimsoll.$shell"
done
step 'pack' tar -czf "dist/$name.tar.gz" --transform "s,^,$name/," \
    LICENSE README.md -C "$(realpath "$target/release")" plimsoll -C "$pages" man completions
(cd dist && sha256sum "$name.tar.gz" | tee "$name.tar.gz.sha256")
