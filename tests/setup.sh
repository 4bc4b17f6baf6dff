#!/bin/sh
# Sets up what the tests need beside Python: sh tests/setup.sh [browser] [checkers]
#   browser   Chromium, to look at what readers see
#   checkers  the Nu HTML checker (npm vnu-jar, run by Java) and Firefox, for make test-full
# What is there already is used; what is missing is installed from Debian's packages by root; else it is named.
set -eu
CHECKERS=build/checkers # also in tests/conftest.py

have() { command -v "$1" >/dev/null 2>&1; }

apt() { # apt PACKAGE…: as root where there is apt-get; fails otherwise
  [ "$(id -u)" = 0 ] && have apt-get || return 1
  echo "installing $* …" >&2
  log=$(mktemp)
  if apt-get update -q >"$log" 2>&1 \
    && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@" >>"$log" 2>&1; then
    rm -f "$log"
  else
    cat "$log" >&2
    rm -f "$log"
    return 1
  fi
}

browser() {
  for name in chromium chromium-browser google-chrome; do
    have "$name" && return
  done
  apt chromium fonts-noto-core || {
    echo "Chromium is missing: the tests look at the mail in it." >&2
    echo "Install it so that 'chromium', 'chromium-browser' or 'google-chrome' is found on PATH" >&2
    echo "(Debian: apt-get install chromium; Fedora: dnf install chromium; macOS: brew install chromium)." >&2
    exit 1
  }
}

checkers() {
  missing=""
  have java || apt default-jre-headless || missing="$missing Java (Debian: default-jre-headless);"
  have npm || apt npm || missing="$missing npm (Debian: npm);"
  if [ -z "$missing" ] && [ ! -f "$CHECKERS/node_modules/vnu-jar/build/dist/vnu.jar" ]; then
    mkdir -p "$CHECKERS"
    npm install --silent --no-audit --no-fund --prefix "$CHECKERS" vnu-jar || missing="$missing npm's vnu-jar;"
  fi
  have firefox-esr || have firefox || apt firefox-esr || missing="$missing Firefox (Debian: firefox-esr);"
  [ -z "$missing" ] || {
    echo "missing here:$missing" >&2
    echo "the tests that need the Nu HTML checker or Firefox will fail; make test runs all the others" >&2
  }
}

for part in "$@"; do
  case "$part" in
    browser | checkers) "$part" ;;
    *) echo "setup.sh: unknown part '$part' (browser, checkers)" >&2 && exit 2 ;;
  esac
done
