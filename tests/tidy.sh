#!/usr/bin/env bash
# tests/tidy.sh BUILD_FOLDER [FILE...]: clang-tidy with the checks of .clang-tidy over src (or these files), as BUILD_FOLDER compiles them. Takes
# minutes. Exit 77: clang-tidy 19 is not here.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
command -v clang-tidy-19 > /dev/null || { echo "skipped: clang-tidy-19 is not installed"; exit 77; }
build=${1:?the build folder}
shift
if (( $# == 0 )); then mapfile -t files < <(find src -name '*.cpp' | sort); else files=("$@"); fi
printf '%s\0' "${files[@]}" | xargs -0 -n 4 -P "$(nproc)" clang-tidy-19 -p "$build" --quiet --extra-arg=-Wno-unknown-warning-option --extra-arg=-Wno-deprecated-declarations 2> /dev/null
