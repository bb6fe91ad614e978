#!/bin/sh
# Called by `sh tests/run.sh --isa ISA` for each ISA that is not tested as a whole: builds check.cpp for it, runs it, under
# an emulator where this machine lacks it, and notes in results.tsv what ran when. Nothing is installed unasked.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
. "$root/tests/dependencies.sh"
cd "$root"
isa=$1
begin=$(date +%s)

# cross <architecture, as Debian> <as qemu> [flags of qemu]
cross() {
  compiler=$1-linux-gnu-g++
  needs="$compiler:g++-$(say "$1" | tr _ -)-linux-gnu qemu-$2:qemu-user"
  emulator="qemu-$2${3:+ $3}"
}
flags=''
case $isa in
neon) cross aarch64 aarch64 ;;
sve128 | sve256 | sve512)
  bits=${isa#sve}
  cross aarch64 aarch64 "-cpu max,sve$bits=on,sve-default-vector-length=$((bits / 8))"
  flags="-march=armv8.2-a+sve -msve-vector-bits=$bits"
  ;;
rvv128 | rvv256 | rvv512) # g++ has no vectors of fixed size before 14
  bits=${isa#rvv}
  cross riscv64 riscv64 "-cpu rv64,v=true,vlen=$bits,elen=64,vext_spec=v1.0"
  needs="$needs clang++-19:clang-19"
  compiler=clang++-19
  flags="--target=riscv64-linux-gnu -march=rv64gcv_zvl${bits}b -mrvv-vector-bits=zvl"
  ;;
vsx) cross powerpc64le ppc64le '-cpu power9' && flags=-mcpu=power9 ;;
vxe) cross s390x s390x '-cpu max' && flags='-march=z14 -mzvector' ;;
i686) cross i686 i386 '-cpu max' && flags='-msse2 -mfpmath=sse' ;;
wasm)
  compiler=em++ needs='em++:emscripten node:nodejs' emulator=node
  flags='-msimd128 -fexceptions -sNODERAWFS=1 -sALLOW_MEMORY_GROWTH=1'
  ;;
*) # of this machine
  compiler=${CXX:-c++} needs="${CXX:-c++}:g++" emulator=''
  flags=$(sed -n "s/^ *set(xact_flags_$isa \([^)]*\)).*/\1/p" tests/isas.cmake)
  ;;
esac
# shellcheck disable=SC2086 # words
tools cmake:cmake $needs
dependencies xsimd
xsimd=$(sed -n 's/.*FETCHCONTENT_SOURCE_DIR_XSIMD "\(.*\)" CACHE.*/\1/p' "$found")
[ ! -d "$xsimd/usr" ] || xsimd=$xsimd/usr

program=build/check-$isa
[ "$isa" != wasm ] || program=$program.js
static=-static
[ "$compiler" != "${CXX:-c++}" ] && [ "$isa" != wasm ] || static=''
say "building: $program, with $compiler $flags"
# -O1, at which half the time goes; the tests of whole ISAs are compiled at -O2.
# shellcheck disable=SC2086
$compiler -std=c++20 -O1 -w $static $flags -Iinclude -isystem "$xsimd/include" tests/emulated/check.cpp -o "$program" ||
  fail "the build fails"
said=$($emulator "./$program" tests/emulated/hashes.tsv tests/hard_cases) || {
  say "$said"
  fail "$isa does not hold"
}
results=tests/emulated/results.tsv
version=$($compiler -dumpfullversion 2>/dev/null || $compiler -dumpversion)
line=$(printf '%s\t%s %s\t%s\t%s\t%s' "$isa" "$(basename "$compiler")" "$version" "${emulator%% *}" "$(date -u +%F)" "${said#passed: }")
{
  head -n 1 $results
  { tail -n +2 $results | grep -v "^$isa	" || :; say "$line"; } | sort
} >build/results.tsv
cp build/results.tsv $results
say "passed: $isa: ${said#passed: }, in $(($(date +%s) - begin)) s"
