#!/usr/bin/env bash
# Puts schemathesis, which asks the API whatever its document allows, under .cache/tools; again only
# when scripts/contract/requirements.txt names other versions. Nothing outside this directory changes.
set -euo pipefail
cd "$(dirname "$0")/.."

wanted=scripts/contract/requirements.txt
place=$PWD/.cache/tools/schemathesis

if cmp -s "$wanted" "$place/installed.txt"; then
    exit 0
fi
rm -rf "$place"
python3 -m venv "$place"
"$place/bin/pip" install --quiet --disable-pip-version-check --no-deps --requirement "$wanted"
cp "$wanted" "$place/installed.txt"
