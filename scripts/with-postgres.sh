#!/usr/bin/env bash
# Runs a command beside a PostgreSQL of its own: a fresh cluster in a temporary directory, on a free
# port of loopback, run by an unprivileged user, gone afterwards. The command finds it by
# PLIMSOLL_TEST_POSTGRES.
# usage: with-postgres.sh COMMAND [ARGUMENT…]
set -euo pipefail

bin=$(dirname "$(command -v initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb' | tail -n 1)")
home=$(mktemp -d)

# PostgreSQL refuses to run as root.
as_nobody() {
    if [ "$(id -u)" = 0 ]; then
        runuser -u postgres -- "$@"
    else
        "$@"
    fi
}

stop() {
    as_nobody "$bin/pg_ctl" -D "$home/data" -m immediate stop >/dev/null 2>&1 || true
    rm -rf "$home"
}
trap stop EXIT

free_port() {
    node -e 'const s = require("net").createServer();
        s.listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'
}

[ "$(id -u)" != 0 ] || chown postgres "$home"
port=$(free_port)
as_nobody "$bin/initdb" -D "$home/data" -U plimsoll -A trust >/dev/null
as_nobody "$bin/pg_ctl" -D "$home/data" -l "$home/log" -w \
    -o "-h 127.0.0.1 -p $port -k $home -c fsync=off" start >/dev/null ||
    { cat "$home/log" >&2; exit 1; }
PLIMSOLL_TEST_POSTGRES=postgres://plimsoll@127.0.0.1:$port/postgres "$@"
