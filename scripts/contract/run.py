#!/usr/bin/env python3
"""Asks every operation of the API whatever its document allows, and much that it does not, as each
principal: no answer is a 5xx, and none is one that the document does not have.

usage: run.py BINARY [PRINCIPAL…]

PLIMSOLL_SEED repeats a run; PLIMSOLL_CAMPAIGN=full asks far more, by a seed of the moment, and on
PostgreSQL, too, where PLIMSOLL_TEST_POSTGRES names one. A failure is told with a command that asks
the same again, and the last lines name its operation, its principal and the seed.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from place import PRINCIPALS, Site

HERE = Path(__file__).resolve().parent
SCHEMATHESIS = HERE.parents[1] / ".cache/tools/schemathesis/bin/schemathesis"

CHECKS = [
    "not_a_server_error", "status_code_conformance", "content_type_conformance",
    "response_headers_conformance", "response_schema_conformance", "unsupported_method",
    "ignored_auth",
]

# What costs more than others, and how often it is asked: a password is hashed so that guessing is
# dear, a backup writes a checkpoint, a stream is read to its first event, a test message waits for
# its receiver. Nothing is left out.
COSTLY = {
    "/api/v1/backup": 2, "/api/v1/events": 2, "/api/v1/session": 4, "/api/v1/setup": 4,
    "/api/v1/password": 4, "/api/v1/me/password": 4, "/api/v1/receivers/{name}/test": 4,
}
EXAMPLES, EXAMPLES_FULL = 4, 60


def configuration(known, document, full):
    """Which values are tried besides arbitrary ones, and how often. JSON is TOML that far."""
    dictionaries, operations = [f"hooks = {json.dumps(str(HERE / 'hooks.py'))}"], []
    for number, path in enumerate(document["paths"]):
        lines = ["[[operations]]", f"include-path = {json.dumps(path)}", "max-stream-events = 1"]
        if path in COSTLY:
            most = COSTLY[path] * (5 if full else 1)
            lines += [f"generation.max-examples = {most}", "phases.coverage.enabled = false"]
        for parameter, values in known.get(path, {}).items():
            name = f"known-{number}-{parameter.replace('.', '-')}"
            dictionaries += [f"[dictionaries.{name}]", f"values = {json.dumps(values)}"]
            binding = f'{{ dictionary = "{name}", probability = 0.5 }}'
            lines.append(f"parameters.{json.dumps(parameter)} = {binding}")
        operations.append("\n".join(lines))
    return "\n".join(dictionaries + operations) + "\n"


def operations_of(report):
    """Those at which something was wrong, as schemathesis tells them."""
    try:
        failures = json.loads(report.read_text())["failures"]
        return sorted({label for failure in failures for label in failure["operations"]})
    except (OSError, ValueError, KeyError, TypeError):
        return []


def ask(principal, site, seed, full):
    """One run; whether all was well, and the operations at which it was not."""
    place = site.place / principal.replace(" ", "-")
    place.mkdir()
    settings, report = place / "schemathesis.toml", place / "report.json"
    settings.write_text(configuration(site.known, site.document, full))
    command = [
        str(SCHEMATHESIS), "--config-file", str(settings), "run", str(site.openapi),
        "--url", site.url, "--checks", ",".join(CHECKS), "--phases", "examples,coverage,fuzzing",
        "--seed", str(seed), "--max-examples", str(EXAMPLES_FULL if full else EXAMPLES),
        "--continue-on-failure", "--no-color", "--request-timeout", "20", "--warnings", "off",
        "--suppress-health-check", "all", "--generation-database", "none",
        "--report-json-path", str(report),
    ]
    token = site.tokens[principal]
    if token:
        command += ["--header", f"Authorization: Bearer {token}"]
    started = time.monotonic()
    ran = subprocess.run(command, cwd=place, capture_output=True, text=True)
    took = time.monotonic() - started
    asked = [line.strip() for line in ran.stdout.splitlines() if " generated" in line]
    print(f"   {principal}: {' '.join(asked)}, {took:.0f} s", flush=True)
    if ran.returncode == 0 and asked:
        return True, []
    begins = max(ran.stdout.find("= ERRORS ="), 0) or max(ran.stdout.find("= FAILURES ="), 0)
    print(ran.stdout[begins:], ran.stderr, sep="\n", flush=True)
    return False, operations_of(report)


def aftermath(site, principals):
    """What is wrong with the server after all that."""
    wrong = []
    for principal in principals:
        token = site.tokens[principal]
        if token and site.ask("GET", "/api/v1/me", token=token)[0] != 200:
            wrong.append(f"the token of {principal} ended meanwhile: the rest of its run was void")
    code = site.stop()
    if code != 0:
        wrong.append(f"the server ended with {code}")
    log = site.log.read_text()
    for word in ["panicked", " ERROR "]:
        lines = [line for line in log.splitlines() if word in line]
        wrong += [f"the server's log says: {line}" for line in lines[:5]]
    return wrong


def trial(binary, principals, store, seed, full):
    """All principals on a fresh server; what was wrong, a line each."""
    with tempfile.TemporaryDirectory() as place:
        site, wrong = Site(binary, place, store), []
        try:
            site.furnish()
            for principal in principals:
                well, operations = ask(principal, site, seed, full)
                told = operations or ["(see above)"]
                wrong += [] if well else [f"{one} as {principal}" for one in told]
            wrong += aftermath(site, principals)
        finally:
            site.process.kill()
    return wrong


def main():
    if len(sys.argv) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    full = os.environ.get("PLIMSOLL_CAMPAIGN") == "full"
    drawn = random.SystemRandom().randrange(1 << 32) if full else 1
    seed = int(os.environ.get("PLIMSOLL_SEED", drawn))
    postgres = os.environ.get("PLIMSOLL_TEST_POSTGRES") if full else None
    wrong = []
    for store in [None, postgres] if postgres else [None]:
        print(f"records in {'PostgreSQL' if store else 'SQLite'}, seed {seed}", flush=True)
        wrong += trial(sys.argv[1], sys.argv[2:] or list(PRINCIPALS), store, seed, full)
    for line in wrong:
        print(f"FAILED: {line}", file=sys.stderr)
    if wrong:
        print(f"again: PLIMSOLL_SEED={seed} {' '.join(sys.argv)}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
