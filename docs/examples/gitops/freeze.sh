#!/bin/sh
# Ends with 1 while policies are frozen: SY_FREEZE says until when (2026-12-01T08:00:00Z), or why, for any time.
set -eu
now=${NOW:-$(date -u +%Y-%m-%dT%H:%M:%SZ)}
case ${SY_FREEZE:-} in
  "") exit 0 ;;
  [0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z)
    # Both are UTC and of one length, so their order is that of their letters.
    last=$(printf '%s\n%s\n' "$now" "$SY_FREEZE" | LC_ALL=C sort | tail -n 1)
    [ "$last" != "$now" ] || exit 0
    ;;
esac
echo "policies are frozen: $SY_FREEZE; empty the variable SY_FREEZE and run this again" >&2
exit 1
