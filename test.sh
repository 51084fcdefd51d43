#!/bin/bash
# Installs what is missing, builds with warnings (of format and style, too) as errors, runs every test.
# The last line is "N passed, N failed".
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=tools/install.sh
source tools/install.sh

passed=0 failed=0
finish() {
  echo "$passed passed, $failed failed"
  ((failed == 0))
  exit
}

# A test program writes its counts to a report; one that leaves no report has crashed. A test that hangs is named, and ends the run;
# a program that hangs is killed, and the next one clears what it left behind.
run_tests() {
  local project=$1
  shift
  rm -f "TestResults/$project.xml"
  echo "== $project"
  timeout --signal=KILL 25m dotnet "$project/bin/Debug/net10.0/$project.dll" --no-progress --no-ansi --results-directory TestResults \
    --report-xunit --report-xunit-filename "$project.xml" --ignore-exit-code 8 --timeout 20m --long-running 60 --xunit-diagnostics on "$@" || true
}

count_tests() {
  local report=TestResults/$1.xml
  if [[ ! -s $report ]]; then
    echo "$1 ended without a report"
    failed=$((failed + 1))
    return
  fi
  passed=$((passed + $(count "$report" passed)))
  failed=$((failed + $(count "$report" failed) + $(count "$report" errors)))
}

# The report has one <assembly> element; no tests, no element.
count() { grep -o '<assembly [^>]*' "$1" | grep -o " $2=\"[0-9]*\"" | tr -dc 0-9 | grep . || echo 0; }

need_server
need_test_tools
install_missing
need_peer
need_dotnet

# One compiler serves all projects. It and the programs under test live for minutes: what would make them faster in the long run
# (profiles, early compilation of what is called often) costs a third of their time.
export UseSharedCompilation=true DOTNET_TieredPGO=0 DOTNET_TC_CallCountingDelayMs=3E8 # hexadecimal: a second

echo "== build"
dotnet build -v quiet -clp:ErrorsOnly || { failed=1; finish; }
dotnet build-server shutdown --vbcscompiler >/dev/null

# The browser waits for much, and the other tests for much else: a processor has more than one of them at a time.
mkdir -p TestResults
run_tests ParkingSaaS.E2E --max-threads 1 >TestResults/ParkingSaaS.E2E.log 2>&1 &
run_tests ParkingSaaS.Tests --max-threads 1.5x
wait
cat TestResults/ParkingSaaS.E2E.log
count_tests ParkingSaaS.Tests
count_tests ParkingSaaS.E2E
finish
