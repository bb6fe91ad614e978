#!/bin/sh
# Builds the main job and runs it: two-layer networks trained on handwritten digits, one for each activation. Fetches what
# it needs first (tests/dependencies.sh).
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
. "$root/tests/dependencies.sh"

tools cmake:cmake ninja:ninja-build "${CXX:-c++}:g++"
dependencies xsimd

cd "$root"
log=build/examples.log
{ cmake --preset examples -C "$found" && cmake --build --preset examples --target digits; } >$log 2>&1 ||
  { cat $log; fail "the main job does not build"; }
build/examples/examples/digits examples/data/digits.csv
cat <<EOF

That was examples/digits.cpp. To start a program of your own, copy examples/layer_in_place.cpp (the smallest) and
tests/consumer/CMakeLists.txt; a function of your own: examples/own_activation.cpp.
The other examples: cmake --build --preset examples; then build/examples/examples/softmax_rows and so on.
EOF
