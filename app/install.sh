# Shell functions that app/run, tests/run and .ci/run share: packages, quiet steps, builds. Sourced, not run.
# shellcheck shell=bash

galley_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '%s\n' "$*" >&2; }

die() {
  say "$*"
  exit 1
}

# The names in package lists: one a line, "#" begins a comment.
packages_in() { sed -e 's/#.*//' -e 's/[[:space:]]//g' -e '/^$/d' "$@"; }

# What of these lists is not installed. Looks into dpkg's own list and nowhere else, so that it takes no time.
missing_packages() {
  local -a wanted
  local installed package
  mapfile -t wanted < <(packages_in "$@")
  # dpkg-query fails when a name was never installed, and still prints the others.
  installed=$(dpkg-query --show --showformat '${Package} ${db:Status-Status}\n' "${wanted[@]}" 2>/dev/null || true)
  for package in "${wanted[@]}"; do
    case $package in
      nodejs) command -v node >/dev/null && continue ;;
      npm) command -v npm >/dev/null && continue ;;
      golang-go) command -v go >/dev/null && continue ;;
    esac
    grep -qx "$package installed" <<<"$installed" || printf '%s\n' "$package"
  done
}

install_packages() {
  if ! command -v dpkg-query >/dev/null; then
    say "This is not Debian: nothing is installed. See $* for what is needed."
    return
  fi
  local -a missing
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]})) || return 0
  if ((EUID != 0)); then
    say "These packages are missing, and only root can install them:"
    die "  sudo apt-get install --no-install-recommends ${missing[*]}"
  fi
  quietly "Installing ${#missing[@]} packages" apt_install "${missing[@]}"
}

apt_install() {
  export DEBIAN_FRONTEND=noninteractive
  # A fresh machine often runs its own apt-get in the background: wait for its lock rather than fail.
  local -a apt=(apt-get --quiet --yes -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3)
  # A broken source of somebody else must not keep ours from being used: the installation tells what is not to be had.
  "${apt[@]}" update || say "apt-get update failed; going on with what is known."
  case " $* " in
    *" nginx"* | *" redis"*) without_services "${apt[@]}" install --no-install-recommends "$@" ;;
    *) "${apt[@]}" install --no-install-recommends "$@" ;;
  esac
}

# Runs an installation that must not leave a service behind: nginx's package starts one on port 80, redis-server's one
# on 6379, now and at every boot. Debian asks /usr/sbin/policy-rc.d before it starts anything; 101 forbids it. In a
# container one is often there.
without_services() {
  local policy=/usr/sbin/policy-rc.d service
  if [[ -e $policy ]]; then
    "$@"
    return
  fi
  (
    trap 'rm -f "$policy"' EXIT
    trap 'exit 130' INT TERM
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
    "$@"
    # Only of what is installed here: another one may be the machine's own.
    for service in nginx redis-server; do
      if [[ -d /run/systemd/system && " $* " == *" $service"* ]]; then systemctl disable --quiet "$service.service"; fi
    done
  )
}

# install_node_packages FOLDER…: what the package-lock.json of each names, where it is missing or older. Nothing that a
# package brings is run.
install_node_packages() {
  local folder
  for folder in "$@"; do
    # npm writes this file last, so it is newer than the lock file it was installed from.
    if [[ $folder/node_modules/.package-lock.json -nt $folder/package-lock.json ]]; then continue; fi
    quietly "Installing the packages of ${folder#"$galley_root"/}" \
      npm --prefix "$folder" ci --ignore-scripts --no-audit --no-fund
  done
}

# quietly TITLE COMMAND…: nothing is shown of a step that is done within five seconds, its title and now and then its
# latest line of one that takes longer, and all of its output when it fails.
quietly() {
  local title=$1 log pid status=0 tenths=0
  shift
  log=$(mktemp)
  "$@" >"$log" 2>&1 &
  pid=$!
  # Stopping the script stops the step.
  trap 'kill "$pid" 2>/dev/null; rm -f "$log"; exit 130' INT TERM
  # A tenth of a second at a time, so that a quick step costs no more than it takes.
  while kill -0 "$pid" 2>/dev/null; do
    sleep 0.1
    if ((++tenths == 50)); then say "$title …"; fi
    if ((tenths > 50 && tenths % 300 == 0)); then say "  $(sed '/^[[:space:]]*$/d' "$log" | tail -n 1 | cut -c 1-110)"; fi
  done
  wait "$pid" || status=$?
  trap - INT TERM
  if ((status != 0)); then
    cat "$log" >&2
    say "$title: failed."
  fi
  rm -f "$log"
  return "$status"
}

# build PRESET [TARGET…]: one build at a time in a folder. Where nothing changed it takes a fraction of a second.
build() {
  local preset=$1
  shift
  mkdir -p "$galley_root/build"
  (
    flock 9
    cd "$galley_root"
    # Without build.ninja an earlier configuration did not come to its end.
    if [[ ! -f build/$preset/build.ninja ]]; then
      quietly "Configuring build/$preset" cmake --preset "$preset"
    fi
    quietly "Building build/$preset" ninja -C "build/$preset" "$@"
  ) 9>"$galley_root/build/.$preset.lock"
}
