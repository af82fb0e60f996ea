#!/usr/bin/env bash
# Checks systemd/candled.service: `systemd-analyze verify` has nothing to say, and the exposure level is at most 2.0.
# Exit code 77 where systemd-analyze is missing.
set -euo pipefail

unit=$(cd "$(dirname "$0")/../.." && pwd)/systemd/candled.service
exposure_max=2.0

if ! command -v systemd-analyze >/dev/null; then
  echo "skipped: systemd-analyze is not installed"
  exit 77
fi

# verify complains about a program that is not there, so it reads a copy that names one that is.
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
sed "s#/usr/bin/candled#$(command -v true)#" "$unit" > "$copy/candled.service"
complaints=$(systemd-analyze verify --man=no --recursive-errors=no "$copy/candled.service" 2>&1) || {
  echo "systemd-analyze verify failed: $complaints"
  exit 1
}
if [[ -n $complaints ]]; then
  echo "systemd-analyze verify: $complaints"
  exit 1
fi

line=$(systemd-analyze security --offline=true --no-pager "$unit" 2>&1 | grep 'Overall exposure level') || {
  echo "systemd-analyze security gave no exposure level"
  exit 1
}
exposure=$(sed -E 's/.*: ([0-9]+\.[0-9]+) .*/\1/' <<< "$line")
if ! awk -v level="$exposure" -v most="$exposure_max" 'BEGIN { exit !(level + 0 <= most) }'; then
  echo "exposure level $exposure is over $exposure_max"
  exit 1
fi
echo "verify is clean, exposure level $exposure (at most $exposure_max)"
