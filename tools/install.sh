# shellcheck shell=bash
# Functions that run.sh and test.sh share. Every need is checked by a command or a file, so a machine that has
# everything is neither changed nor asked for a network.

missing=()

fail() {
  echo "$*" >&2
  exit 1
}

# need PACKAGE WHY CHECK…: notes the Debian package as missing unless the check succeeds.
need() {
  local package=$1 why=$2
  shift 2
  "$@" >/dev/null 2>&1 && return
  echo "Missing: $package – $why"
  missing+=("$package")
}

any_file() { compgen -G "$1"; }

# Debian's package also sets up a database service of its own; it is not used.
need_server() {
  need postgresql "the database server; the program runs its own private instance" any_file '/usr/lib/postgresql/*/bin/initdb'
  need libicu72 "languages and sorting in .NET" any_file '/usr/lib/*/libicuuc.so*'
  need tzdata "the cities' time zones" test -e /usr/share/zoneinfo/Asia/Shanghai
  need chromium-headless-shell "Chromium without its windows: prints reports to PDF, and runs the browser tests" command -v chromium-headless-shell
  need fonts-noto-cjk "Chinese text in PDF files and in the browser tests" any_file '/usr/share/fonts/opentype/noto/NotoSansCJK*'
}

need_test_tools() {
  need mosquitto-clients "tests talk to the MQTT broker with an independent client" command -v mosquitto_pub
  need mosquitto "tests put a broker of another maker between the devices and two nodes" test -x /usr/sbin/mosquitto
  need nodejs "tests talk to the MQTT broker with a second client, which browsers use too" command -v node
  need npm "installs that client" command -v npm
  need poppler-utils "tests read the text of PDF files" command -v pdftotext
}

install_missing() {
  ((${#missing[@]})) || return 0
  local root=()
  if ((EUID != 0)); then
    command -v sudo >/dev/null || fail "Install as root, then start again: apt-get install ${missing[*]}"
    root=(sudo)
  fi
  command -v apt-get >/dev/null || fail "This is no Debian; install what corresponds to: ${missing[*]}"
  echo "Installing ${missing[*]} with ${root[*]:+${root[*]} }apt-get"
  "${root[@]}" apt-get -qq update
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "${missing[@]}" >/dev/null
}

# The tests' MQTT client from npm, once for each lock file.
need_peer() {
  local peer=ParkingSaaS.Tests/Devices/Mqtt/peer
  local installed=$peer/node_modules/.installed-lock.json
  cmp -s "$peer/package-lock.json" "$installed" && return
  npm ci --prefix "$peer" --ignore-scripts --no-audit --no-fund --loglevel=error || fail "npm could not install what is in $peer/package-lock.json"
  cp "$peer/package-lock.json" "$installed"
}

# The SDK may lie where Microsoft's install script puts it, off the PATH.
need_dotnet() {
  export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
  command -v dotnet >/dev/null || PATH="${DOTNET_ROOT:-$HOME/.dotnet}:$PATH"
  command -v dotnet >/dev/null || fail "The .NET 10 SDK is missing: https://dotnet.microsoft.com/download"
  [[ $(dotnet --version) == 10.* ]] || fail "The .NET 10 SDK is needed; this is $(dotnet --version)"
}
