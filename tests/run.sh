#!/bin/sh
# Builds and runs the tests, set-up included (dependencies.sh):
#
#   sh tests/run.sh                        all, on the best ISA of this CPU
#   sh tests/run.sh gelu --isa avx2        the tests of gelu alone: seconds from an edit to the verdict
#   sh tests/run.sh --isa sve256           one file with all that must hold, on an ISA that is emulated: emulated/run.sh
#   sh tests/run.sh --all                  every ISA, consumers, mixed flags, constants, examples, each header alone
#   sh tests/run.sh gelu --exhaustive      gelu and its derivative of all 2^32 floats on SSE2, AVX2, AVX-512: minutes
#   sh tests/run.sh --fuzz 600             random calls for 600 s, with clang's libFuzzer and sanitizers where they are; with
#                                          --seed N the same calls each time, about as many
#   sh tests/run.sh --mutate 20            plants so many single faults in the headers, each of which a test should notice
#
# NAME is a file or an activation of the list; --isa takes several, as avx2,avx512, where names are taken. The last line is the
# verdict. Of the dispatch library two activations are built; XACT_DISPATCHED=all in the environment builds it whole: a quarter
# of an hour on two cores.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
. "$root/tests/dependencies.sh"
cd "$root"
begin=$(date +%s)

usage() { refuse "usage: sh tests/run.sh [NAME ...] [--isa X,Y] [--all | --exhaustive | [--fuzz SECONDS | --mutate COUNT] [--seed N]]"; }
any_of() { say "($*)" | tr ' ' '|'; } # a pattern of ctest's

names='' chosen='' mode=usual seed=''
while [ $# -gt 0 ]; do
  case $1 in
  --isa) [ $# -gt 1 ] || usage; chosen="$chosen $(say "$2" | tr , ' ')"; shift ;;
  --all | --exhaustive) mode=${1#--} ;;
  --fuzz | --mutate | --seed)
    case ${2:-} in '' | *[!0-9]*) usage ;; esac
    case $1 in --fuzz) mode=fuzz seconds=$2 ;; --mutate) mode=mutate count=$2 ;; --seed) seed=$2 ;; esac
    shift
    ;;
  -*) usage ;;
  *) names="$names $1" ;;
  esac
  shift
done
among "$mode" 'usual exhaustive' || [ -z "$names$chosen" ] || usage

partial='sse4.2 avx vbmi scalar' # of which only some files are tested
emulated='neon sve128 sve256 sve512 rvv128 rvv256 rvv512 vsx vxe wasm i686'
whole=''
for isa in $chosen; do
  among "$isa" "$isas $emulated" || refuse "no ISA is called '$isa' here; there are: $isas $emulated"
  if [ -n "$names" ] || { among "$isa" "$isas" && ! among "$isa" "$partial"; }; then
    among "$isa" "$isas" || refuse "on '$isa', which is emulated here, everything is tested by one file: leave the names out"
    whole="$whole $isa"
  else
    sh tests/emulated/run.sh "$isa"
  fi
done
[ -z "$chosen" ] || [ -n "$whole" ] || exit 0
chosen=$whole
folder=tests
[ "$mode" != exhaustive ] || folder=tests/exhaustive
# Files, and the activations of the list, whose tests CMake makes.
all_names="$(stems $folder)$(activations)"
for name in $names; do
  among "$name" "$all_names" || refuse "there is no test '$name'; there are: $(words "$all_names")"
done

tools cmake:cmake ninja:ninja-build "${CXX:-c++}:g++" mpfr.h:libmpfr-dev
if [ $mode = all ]; then
  try_tools python3-mpmath:python3-mpmath sollya:sollya qemu-x86_64:qemu-user mpicxx:libopenmpi-dev mpirun:openmpi-bin ||
    say "Tests that need these are skipped, and say so: $missing
  $(how_to_install)"
fi
dependencies xsimd catch2 nlohmann_json cxxopts

log=build/configure.log
if [ $mode = fuzz ]; then
  preset=sanitize
  try_tools clang++:clang libclang_rt.fuzzer-x86_64.a:libclang-rt-14-dev libclang_rt.asan-x86_64.a:libclang-rt-14-dev || {
    say "without libFuzzer and sanitizers, for want of: $missing"
    preset=default
  }
  among sse2 "$isas" || fail "--fuzz is for x86"
  { cmake --preset $preset -C "$found" && cmake --build build/$preset --target run-on-isa; } >$log 2>&1 || { cat $log; fail "CMake fails"; }
  isa=$(best_isa build/$preset)
  { cmake --preset $preset -C "$found" -DXACT_BUILD_FUZZ=ON -DXACT_TEST_ISAS="$isa" -B build/fuzzer && cmake --build build/fuzzer --target fuzz; } \
    >$log 2>&1 || { cat $log; fail "the build fails"; }
  mkdir -p build/fuzzer/corpus
  set -- "$seconds" tests/fuzz/corpus/*
  if [ $preset = sanitize ]; then
    set -- -max_len=400 -artifact_prefix=build/fuzzer/
    if [ -n "$seed" ]; then # what it compares hangs on addresses, which differ
      rm -rf build/fuzzer/seeded && mkdir build/fuzzer/seeded # for what it finds: there must be nothing yet
      set -- "$@" -seed="$seed" -runs=$((seconds * 800)) -use_cmp=0 build/fuzzer/seeded tests/fuzz/corpus
    else
      set -- "$@" -max_total_time="$seconds" build/fuzzer/corpus tests/fuzz/corpus
    fi
  fi
  exec build/fuzzer/tests/fuzz "$@"
fi
if [ $mode = mutate ]; then
  tools python3:python3
  tree=build/mutants/tree
  mkdir -p $tree
  tar cf - --exclude=./build --exclude=./.git . | tar xf - -C $tree
  { cmake --preset default -C "$found" && cmake --build build/default --target run-on-isa; } >$log 2>&1 || { cat $log; fail "CMake fails"; }
  isa=$(best_isa build/default)
  (cd $tree && cmake --preset default -C "$found" -B ../build -DXACT_TEST_ISAS="$isa" -DXACT_BUILD_EXAMPLES=OFF -DXACT_BUILD_DISPATCH=OFF \
    -DCMAKE_COMPILE_WARNING_AS_ERROR=OFF) >$log 2>&1 || { cat $log; fail "CMake fails"; }
  exec python3 tests/mutate.py build/mutants/build $tree "$isa" "$count" "${seed:-$(date +%s)}"
fi
dispatched=${XACT_DISPATCHED:-gelu leaky_relu}
[ "$dispatched" != all ] || dispatched=
cmake --preset default -C "$found" -DXACT_DISPATCH_ACTIVATIONS="$(words "$dispatched" | tr ' ' ';' | sed 's/^;*//; s/;*$//')" \
  >$log 2>&1 || { cat $log; fail "CMake fails"; }
build() { # build <target> ...
  say "building: $*"
  if [ -t 1 ]; then set -- "$@" --; else set -- "$@" -- --quiet; fi
  cmake --build build/default --target "$@" -k 0 || fail "the build fails, after $(($(date +%s) - begin)) s"
}

if [ -z "$chosen" ]; then
  if among sse2 "$isas"; then build run-on-isa; fi
  chosen=$(best_isa build/default)
fi

# What to build, and which tests of CTest's to run.
each() { # each <name> ...: its targets
  for isa in $chosen; do for name in "$@"; do printf '%s-%s ' "$isa" "$name"; done; done
}
case $mode in
exhaustive) # ctest builds them
  set -- -R "^exhaustive/($(any_of $chosen)/)?$(any_of ${names:-$all_names})\$"
  ;;
all)
  build all all_verify_interface_header_sets
  set -- -LE 'exhaustive|on_request'
  ;;
*)
  if [ -n "$names" ]; then
    # shellcheck disable=SC2046 # words
    build $(each $names)
    set -- -R "^$(any_of $chosen)/$(any_of $names)\$"
  else
    # shellcheck disable=SC2046
    build $(for isa in $chosen; do say "tests-$isa"; done)
    set -- -LE on_request -R "^($(any_of $chosen)/|layers\$)"
  fi
  ;;
esac

failed=0
results=$root/build/default/results.xml
ctest --test-dir build/default --output-on-failure --no-tests=error -j "$(nproc)" --output-junit "$results" "$@" || failed=$?
last=build/default/Testing/Temporary/LastTest.log
sed -n 's/^\(skipped: .*\)/\1/p' $last | sort -u
count() { sed -n "s/.*[[:space:]]$1=\"\([0-9]*\)\".*/\1/p" "$results" | head -n 1; }
all=$(count tests) broken=$(count failures) skipped=$(count skipped)
say "$([ $failed = 0 ] && say passed || say FAILED): $((all - broken - skipped)) passed, $broken failed, $skipped skipped," \
  "in $(($(date +%s) - begin)) s ($mode, ISA: $(say $chosen))"
exit $failed
