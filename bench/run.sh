#!/bin/sh
# Measures all of xact and the peers that are installed, on each ISA of this CPU, set-up included; half an hour:
#
#   sh bench/run.sh [file with the output of: sh tests/run.sh -L exhaustive]
#
# Prints the tables in Markdown; the raw figures go to build/bench/results.tsv and the picture (speed beside error) to
# build/bench/speed.svg. On a machine with other users run it again: the figures of both runs are merged, the least wins,
# until results.tsv is deleted. XACT_BENCH_SECONDS is the time per length and ISA, 1 if not set.
# Single functions under Google Benchmark: build/bench/bench/bench-avx2 --benchmark_filter=gelu/float
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
. "$root/tests/dependencies.sh"

{
  tools cmake:cmake ninja:ninja-build "${CXX:-c++}:g++"
  dependencies xsimd benchmark
  cd "$root"
  cmake --preset bench -C "$found"
  cmake --build --preset bench
} >&2

results=build/bench/results.tsv
for pass in 1 2; do
  for isa in sse2 sse4.2 avx avx2 avx512 neon baseline; do
    program=build/bench/bench/compare-$isa
    [ -x "$program" ] || continue
    check=
    [ ! -x build/bench/run-on-isa ] || check="build/bench/run-on-isa $isa"
    status=0
    # shellcheck disable=SC2086 # two words, or none
    $check "$program" "${XACT_BENCH_SECONDS:-1}" >build/bench/pass.tsv || status=$?
    case $status in
    0) cat build/bench/pass.tsv >>"$results" && say "pass $pass: $isa is measured" >&2 ;;
    4) cat build/bench/pass.tsv >&2 ;; # skipped, and why
    *) fail "compare-$isa ended with $status" ;;
    esac
  done
done
build/bench/bench/table "$results" "$@"
if has python3; then
  python3 bench/picture.py "$results" "$@" >build/bench/speed.svg
  say "build/bench/speed.svg: the picture" >&2
else
  say "no picture: python3 is missing" >&2
fi
