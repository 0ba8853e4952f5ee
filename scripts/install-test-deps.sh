#!/usr/bin/env bash
# Installs the programs that tests and benches run against, by package name, and only those that are
# missing: Prometheus (a real sender, and a peer), VictoriaMetrics (a peer), PostgreSQL (the other
# record store), aiosmtpd (a mail server), Chromium and a font (the web app in a real browser),
# e2fsprogs (disks whose power is cut), man-db (the manual pages), curl, openssl (the guide), and what
# makes a Python environment (schemathesis). They are started on private ports
# and directories; the packages' own services are neither
# started now nor at the next boot.
set -euo pipefail

policy=/usr/sbin/policy-rc.d
saved=$policy.before-plimsoll
mark='written for the time of an installation by plimsoll'

packages=()
units=()

# needs PACKAGE [UNIT…]
needs() {
    packages+=("$1")
    units+=("${@:2}")
}

has_font() {
    [ -n "$(find /usr/share/fonts -name '*.ttf' -print -quit 2>/dev/null)" ]
}

find_missing() {
    command -v prometheus >/dev/null || needs prometheus prometheus
    command -v victoria-metrics >/dev/null || needs victoria-metrics victoria-metrics
    compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null ||
        needs postgresql postgresql
    /usr/bin/python3 -c "import aiosmtpd" 2>/dev/null || needs python3-aiosmtpd
    command -v chromium >/dev/null || needs chromium
    # For tests that need root, and are not run without.
    [ -x /usr/sbin/mkfs.ext4 ] || command -v mkfs.ext4 >/dev/null || needs e2fsprogs
    has_font || needs fonts-dejavu-core
    command -v man >/dev/null || needs man-db
    # What the guide asks and signs with.
    command -v curl >/dev/null || needs curl
    command -v openssl >/dev/null || needs openssl
    # What runs the mail server, and where schemathesis is put.
    command -v python3 >/dev/null || needs python3
    python3 -c 'import ensurepip, venv' 2>/dev/null || needs python3-venv
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        sudo -n "$@"
    fi
}

can_install() {
    command -v apt-get >/dev/null || return 1
    [ "$(id -u)" = 0 ] || { command -v sudo >/dev/null && sudo -n true 2>/dev/null; }
}

# Debian asks this program before it starts a service; 101 is "no".
forbid_services() {
    # One with our mark is what a run that was killed has left behind.
    if [ -e "$policy" ] && [ ! -e "$saved" ] && ! grep -q "$mark" "$policy"; then
        as_root mv "$policy" "$saved"
    fi
    printf '#!/bin/sh\n# %s\nexit 101\n' "$mark" | as_root tee "$policy" >/dev/null
    as_root chmod 755 "$policy"
}

restore_policy() {
    if [ -e "$saved" ]; then
        as_root mv "$saved" "$policy"
    else
        as_root rm -f "$policy"
    fi
}

disable_units() {
    command -v systemctl >/dev/null || return 0
    for unit in "${units[@]}"; do
        as_root systemctl disable --quiet "$unit"
    done
}

install() {
    export DEBIAN_FRONTEND=noninteractive
    as_root apt-get update -qq
    as_root apt-get install -qq -y --no-install-recommends \
        -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 "${packages[@]}"
}

find_missing
if ((${#packages[@]} == 0)); then
    exit 0
fi
if ! can_install; then
    printf 'missing packages: %s\n' "${packages[*]}" >&2
    printf '   get them: sudo apt-get install --no-install-recommends %s\n' "${packages[*]}" >&2
    printf '   (run as root, or with a sudo that asks no password, this script does it)\n' >&2
    exit 1
fi
printf 'installing: %s\n' "${packages[*]}"
trap restore_policy EXIT
forbid_services
install
disable_units
