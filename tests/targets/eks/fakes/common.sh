# What the fake tools share: a log of calls, calls that fail, and a directory whose files are what exists.
# shellcheck shell=bash
# shellcheck disable=SC2154 # FAKE and FAIL come from the test
set -euo pipefail

CALL="$(basename "$0") $*"
printf '%s\n' "$CALL" >>"$FAKE/log"
if [ -n "${FAIL-}" ] && [[ $CALL =~ $FAIL ]]; then
  echo "An error occurred (AccessDeniedException): not today" >&2
  exit 254
fi

if [ -n "${INTERRUPT-}" ] && [[ $CALL =~ $INTERRUPT ]]; then
  # As the terminal does at Ctrl-C: to all processes of the group.
  kill -INT 0
  sleep 5
fi

# option NAME ARGUMENT...: print the value of an option.
option() {
  local name=$1
  shift
  while [ $# -gt 0 ]; do
    if [ "$1" = "$name" ]; then
      printf '%s' "$2"
      return
    fi
    shift
  done
}

absent() {
  echo "An error occurred ($1): ${2-not found}" >&2
  exit 254
}
