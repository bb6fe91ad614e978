#!/bin/sh
# Builds the main job and runs it: networks trained on handwritten digits, one for each activation, each run at seven
# precisions, and the report of what that costs. Fetches what it needs first (tests/dependencies.sh). Arguments are the
# report's own (--help).
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
. "$root/tests/dependencies.sh"

tools cmake:cmake ninja:ninja-build "${CXX:-c++}:g++"
dependencies xsimd nlohmann_json cxxopts

cd "$root"
log=build/examples.log
{ cmake --preset examples -C "$found" && cmake --build --preset examples --target report; } >$log 2>&1 ||
  { cat $log; fail "the main job does not build"; }
build/examples/examples/report/report --out build/report "$@"
cat <<EOF

That was examples/report: page, Markdown, CSV and picture are in build/report. A gate for a swap: --save FILE, and after it
--before FILE --max-drop 0.01. To start a program of your own, copy examples/layer_in_place.cpp (the smallest) and
tests/consumer/CMakeLists.txt; a function of your own: examples/own_activation.cpp.
The other examples: cmake --build --preset examples; then build/examples/examples/softmax_rows and so on.
EOF
