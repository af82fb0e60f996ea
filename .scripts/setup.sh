# Set-up that ./run and ./test share: the Debian packages that are missing, then configure and build. Source it, then call
# `install_packages` and `build PRESET [TARGET]`. A call that finds everything in place takes a second.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

packages=(
  g++ cmake ninja-build ccache pkg-config
  libboost1.81-dev libssl-dev libsimdjson-dev libsqlite3-dev libxgboost-dev libfmt-dev libcli11-dev libtomlplusplus-dev
  libsystemd-dev prometheus-cpp-dev zlib1g-dev libarchive-dev catch2
  ca-certificates openssl sqlite3 python3
)

say() { printf '== %s\n' "$*" >&2; }

stop() {
  printf '== stopped: %s\n' "$*" >&2
  exit 1
}

is_installed() { [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }

missing_packages() {
  local installed package
  installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' "${packages[@]}" 2>/dev/null || true)
  for package in "${packages[@]}"; do
    grep -qx "installed $package" <<< "$installed" || echo "$package"
  done
}

# Runs apt-get as root, its output in the log. --no-remove: it takes nothing away that is there.
apt_get() {
  local as_root=()
  if [[ $(id -u) != 0 ]]; then
    command -v sudo >/dev/null || stop "not root, and there is no sudo; as root: apt-get install ${missing[*]}"
    as_root=(sudo)
  fi
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 "$@" >> "$log" 2>&1
}

install_packages() {
  local missing log
  if ! command -v dpkg-query >/dev/null; then
    say "not a Debian system: trusting that these are installed: ${packages[*]}"
    return
  fi
  mapfile -t missing < <(missing_packages)
  [[ ${#missing[@]} == 0 ]] && return
  if [[ " ${missing[*]} " == *" libboost1.81-dev "* ]] && is_installed libboost1.74-dev; then
    stop "libboost1.74-dev is installed, and libboost1.81-dev cannot stand beside it." \
      "If nothing else of yours needs it: apt-get remove libboost1.74-dev, then call this again"
  fi
  mkdir -p "$root/build"
  log=$root/build/packages.log
  : > "$log"
  say "installing Debian packages: ${missing[*]}"
  if ! apt_get install -y --no-install-recommends --no-remove "${missing[@]}"; then
    say "not found with the package lists that are here: fetching new ones, once"
    if ! { apt_get update && apt_get install -y --no-install-recommends --no-remove "${missing[@]}"; }; then
      tail -n 20 "$log" >&2
      stop "the packages could not be installed (above: the end of $log); this needs Debian 12"
    fi
  fi
}

# What is good to have: installed where it can be, said where it cannot, and never a reason to stop.
#   want PURPOSE COMMAND PACKAGE...
want() {
  local purpose=$1 command=$2 log=$root/build/packages.log
  shift 2
  command -v "$command" >/dev/null && return
  if command -v apt-get >/dev/null; then
    mkdir -p "$root/build"
    say "installing for $purpose: $*"
    (missing=("$@") && apt_get install -y --no-install-recommends --no-remove "$@") && return
    (missing=("$@") && apt_get update && apt_get install -y --no-install-recommends --no-remove "$@") && return
  fi
  say "$purpose: left out, because $* could not be installed"
}

# The page is built with npm; without it candled is built all the same, without its page.
install_page_packages() { want "the page" npm nodejs npm; }

# Only the browser tests need it; without it they are skipped, and say so.
install_browser_packages() { want "the browser tests" chromium chromium; }

# Of one version: another would format otherwise. Without them these two tests are skipped, and say so.
install_format_packages() { want "the format test" clang-format-19 clang-format-19; }
install_tidy_packages() { want "the tidy test" clang-tidy-19 clang-tidy-19; }

# As many compilers at once as there are cores, and as fit into memory at 1.5 GB each.
build_jobs() {
  local cores free_kb jobs
  cores=$(nproc)
  free_kb=$(awk '/^MemAvailable:/ { print $2 }' /proc/meminfo)
  jobs=$(( ${free_kb:-1572864} / 1572864 ))
  (( jobs > cores )) && jobs=$cores
  (( jobs < 1 )) && jobs=1
  echo "$jobs"
}

# Turns ninja's "[12/80] ..." lines into one line that moves on a terminal, and a line for each tenth elsewhere.
show_progress() {
  local line done_count all_count tenth shown=-1
  while IFS= read -r line; do
    [[ $line =~ ^\[([0-9]+)/([0-9]+)\] ]] || continue
    done_count=${BASH_REMATCH[1]} all_count=${BASH_REMATCH[2]}
    if [[ -t 2 ]]; then
      printf '\r== building %s of %s ' "$done_count" "$all_count" >&2
    else
      tenth=$(( done_count * 10 / all_count ))
      (( tenth > shown )) && (( all_count > 10 )) && say "building $done_count of $all_count"
      shown=$tenth
    fi
  done
  if [[ -t 2 && -n ${done_count:-} ]]; then printf '\n' >&2; fi
}

# build PRESET DIRECTORY [TARGET]: configures once, then builds; the full output is in DIRECTORY/build.log.
build() {
  local preset=$1 directory=$root/$2 target=${3:-all} log home
  mkdir -p "$directory"
  log=$directory/build.log
  home=$(sed -n 's/^CMAKE_HOME_DIRECTORY:INTERNAL=//p' "$directory/CMakeCache.txt" 2>/dev/null || true)
  if [[ ! -f $directory/build.ninja || $home != "$root" ]]; then
    say "configuring $2"
    if ! (cd "$root" && cmake --fresh --preset "$preset") > "$log" 2>&1; then
      tail -n 40 "$log" >&2
      stop "cmake could not configure (above: the end of $log)"
    fi
  fi
  if ! cmake --build "$directory" --target "$target" -j "$(build_jobs)" 2>&1 | tee "$log" | show_progress; then
    grep -v '^\[[0-9]*/[0-9]*\]' "$log" | head -n 100 >&2 || true
    stop "the build failed (above: its messages; in full: $log)"
  fi
}
