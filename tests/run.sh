#!/bin/sh
# Builds and runs the tests on a fresh machine, set-up included. Arguments go to ctest: sh tests/run.sh -R gelu
# Without any, all tests run but those over every float, which take minutes each: sh tests/run.sh -L exhaustive
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
. "$root/tests/dependencies.sh"

tools cmake:cmake ninja:ninja-build "${CXX:-c++}:g++" mpfr.h:libmpfr-dev
try_tools python3-mpmath:python3-mpmath sollya:sollya qemu-x86_64:qemu-user mpicxx:libopenmpi-dev mpirun:openmpi-bin ||
  say "missing here: $missing(names of Debian's packages); the tests that need them are skipped, and say so"
dependencies xsimd catch2

cd "$root"
cmake --preset default -C "$found"
cmake --build --preset default
run() { ctest --test-dir build/default --output-on-failure --no-tests=error -j "$(nproc)" "$@" || failed=$?; }
failed=0
if [ $# -gt 0 ]; then
  run "$@"
else
  run -LE exhaustive
  say "Left out: the tests over every float, minutes each. To run them: sh tests/run.sh -L exhaustive"
fi
grep -h '^skipped: ' build/default/Testing/Temporary/LastTest.log | sort -u || true
exit $failed
