#!/bin/sh
# Builds the examples on a fresh machine, set-up included, and runs the main job: two-layer networks on handwritten digits.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
. "$root/tests/dependencies.sh"

tools cmake:cmake ninja:ninja-build "${CXX:-c++}:g++"
dependencies xsimd

cd "$root"
cmake --preset examples -C "$found"
cmake --build --preset examples
build/examples/examples/digits examples/data/digits.csv
