#!/bin/sh
# Files compiled with different -m flags, linked into one program in every order: no symbol of xact or xsimd may be
# shared, and the SSE2 file must run on a CPU that has nothing newer (qemu's Nehalem; an AVX instruction is SIGILL there).
#
# run.sh <compiler> <optimization, as -O2> <include flags> ...
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
compiler=$1
optimization=$2
shift 2
for tool in "$compiler" qemu-x86_64 nm objdump c++filt; do
  command -v "$tool" >/dev/null || { echo "skipped: mixed flags with $compiler $optimization, because $tool is missing"; exit 77; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

compile() { # <isa> <flags>
  isa=$1
  shift
  "$compiler" -std=c++20 "$@" -DISA="$isa" -c "$here/calls.cpp" -o "$isa.o"
  nm --defined-only "$isa.o" | awk '$2 ~ /^[WVu]$/ { print $3 }' | sort >"$isa.weak"
}
compile sse2 $optimization "$@" -march=x86-64 &
sse2=$!
compile avx2 $optimization "$@" -mavx2 -mfma &
avx2=$!
compile avx512 $optimization "$@" -march=x86-64-v4
wait $sse2
wait $avx2
"$compiler" $optimization -c "$here/main.cpp" -o main.o

failed=0
for pair in 'sse2 avx2' 'sse2 avx512' 'avx2 avx512'; do
  set -- $pair
  comm -12 "$1.weak" "$2.weak" >shared
  echo "$1 and $2 share $(wc -l <shared) weak symbols"
  if c++filt <shared | grep -E 'xact|xsimd'; then
    echo "error: the above are xact's or xsimd's, in both $1.o and $2.o"
    failed=1
  fi
  while read -r symbol; do
    ! objdump -d --no-show-raw-insn --section=".text.$symbol" "$2.o" 2>/dev/null | grep -q '%[xyz]mm' ||
      echo "note: shared, and uses vector registers: $(echo "$symbol" | c++filt)"
  done <shared
done

for order in 'sse2 avx2 avx512' 'sse2 avx512 avx2' 'avx2 sse2 avx512' 'avx2 avx512 sse2' 'avx512 sse2 avx2' \
  'avx512 avx2 sse2'; do
  set -- $order
  "$compiler" -static main.o "$1.o" "$2.o" "$3.o" -o mixed
  if ! qemu-x86_64 -cpu Nehalem ./mixed 1; then
    echo "error: linked in the order $order, the SSE2 file does not run on a CPU that has nothing newer"
    failed=1
  fi
done
exit $failed
