#!/usr/bin/env bash
# Every C++ file is as .clang-format writes it. `tests/format.sh --fix` writes it so. Exit 77: clang-format 19 is not here.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
command -v clang-format-19 > /dev/null || { echo "skipped: clang-format-19 is not installed (another version formats otherwise)"; exit 77; }
if [[ ${1:-} == --fix ]]; then how=(-i); else how=(--dry-run -Werror); fi
find src include tests -name '*.cpp' -print0 -o -name '*.hpp' -print0 | xargs -0 -n 40 -P "$(nproc)" clang-format-19 "${how[@]}"
