# shellcheck shell=bash
# What scripts/serve and scripts/check share: the virtual environment, pip's arguments, Debian's packages.

readonly venv=.venv
readonly cpu_wheels=https://download.pytorch.org/whl/cpu

stop() {
  printf '%s: %s\n' "${0##*/}" "$1" >&2
  exit 1
}

note() { printf '%s: %s\n' "${0##*/}" "$1" >&2; }

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif [ -t 0 ]; then
    sudo "$@"
  else
    sudo -n "$@"
  fi
}

# Installs Debian packages, or stops with the line that a person with the rights can run.
debian_packages() {
  note "installing Debian's $*"
  if ! { as_root apt-get update -qq && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes "$@"; } >&2; then
    stop "please run \`sudo apt-get install $*\` (or your system's like of it) and start me again."
  fi
}

find_python() {
  local candidate
  for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      printf '%s\n' "$candidate"
      return
    fi
  done
  return 1
}

make_venv() {
  "$venv/bin/python" -m pip --version >/dev/null 2>&1 && return
  local python
  if ! python=$(find_python); then
    debian_packages python3 python3-venv
    python=$(find_python) || stop "Easel needs Python 3.11 or newer; this system's python3 is older."
  fi
  # Debian splits ensurepip off, and without it a failing `venv` leaves half an environment behind.
  "$python" -c 'import ensurepip, venv' 2>/dev/null || debian_packages "$python-venv"
  "$python" -m venv --clear "$venv"
}

# Prints gpu or cpu: which build of PyTorch this machine wants, given whether --gpu was asked ("yes").
torch_build() {
  if [ "$1" = yes ] || nvidia-smi -L >/dev/null 2>&1; then echo gpu; else echo cpu; fi
}

# Can this Python fetch the page within a few seconds?
reachable() {
  timeout 10 "$1" -c 'import sys, urllib.request; urllib.request.urlopen(sys.argv[1], timeout=5).close()' "$2" \
    >/dev/null 2>&1
}

# Prints pip's arguments, one a line. $1: extras ("[provenance]" or "[dev]"); $2: gpu or cpu; $3: yes when PyTorch's index answers.
install_arguments() {
  printf '%s\n' --constraint constraints.txt --editable ".$1"
  if [ "$2" = gpu ]; then return; fi
  # PyPI's build for Linux brings several GB of CUDA; the local version +cpu can be no other than the small one.
  printf '%s\n' "$(sed -n 's/^torch==[0-9.]*$/&+cpu/p' constraints.txt)"
  if [ "$3" = yes ]; then printf '%s\n' --extra-index-url "$cpu_wheels"; fi
}

# A change of these files, of the asked build or of the place makes pip run again.
fingerprint() {
  { cat pyproject.toml constraints.txt && printf '%s\n' "$1" "$PWD"; } | sha256sum | cut -d ' ' -f 1
}

# Installs Easel into the environment unless it is there already. $1: extras ("[provenance]" or "[dev]"); $2: gpu or cpu.
install_easel() {
  local stamp="$venv/installed$1" wanted index=no arguments
  wanted=$(fingerprint "$2")
  [ -x "$venv/bin/easel" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && return
  make_venv
  [ "$2" = gpu ] && leave_cpu_build
  reachable "$venv/bin/python" "$cpu_wheels/torch/" && index=yes
  mapfile -t arguments < <(install_arguments "$1" "$2" "$index")
  if ! "$venv/bin/python" -m pip install --disable-pip-version-check "${arguments[@]}"; then
    [ "$2" = cpu ] && [ "$index" = no ] && stop "PyTorch's CPU wheels at $cpu_wheels could not be reached: check the \
network, or take the CUDA build of several GB with \`scripts/serve --gpu\`."
    stop "pip could not install Easel; its last lines above say why."
  fi
  printf '%s\n' "$wanted" >"$stamp"
  # What the tests need includes what serving needs.
  if [ "$1" = "[dev]" ]; then printf '%s\n' "$wanted" >"$venv/installed[provenance]"; fi
}

# pip takes an installed 2.13.0+cpu for the 2.13.0 it is asked for, and would leave it there.
leave_cpu_build() {
  case $("$venv/bin/python" -m pip show torch 2>/dev/null) in
    *"+cpu"*) "$venv/bin/python" -m pip uninstall --yes --quiet torch ;;
  esac
}
