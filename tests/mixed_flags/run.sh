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
includes=$*
for tool in "$compiler" qemu-x86_64 nm c++filt; do
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
done

for order in 'sse2 avx2 avx512' 'sse2 avx512 avx2' 'avx2 sse2 avx512' 'avx2 avx512 sse2' 'avx512 sse2 avx2' \
  'avx512 avx2 sse2'; do
  case "$optimization $order" in # where a run takes 15 s under qemu, two orders
  '-O0 sse2'* | '-O0 '*sse2) continue ;;
  esac
  set -- $order
  "$compiler" -static main.o "$1.o" "$2.o" "$3.o" -o mixed
  if ! qemu-x86_64 -cpu Nehalem ./mixed 1; then
    echo "error: linked in the order $order, the SSE2 file does not run on a CPU that has nothing newer"
    failed=1
  fi
done

# Plain types in signatures, between files of different flags and compilers: they link in both orders, and share no code.
case $compiler in *clang*) other=g++ ;; *) other=clang++ ;; esac
command -v "$other" >/dev/null || { echo "note: types between compilers are not looked at, because $other is missing"; other=$compiler; }
types() { # <name> <compiler> <flags> ...
  name=$1
  shift
  "$@" -std=c++20 $optimization $includes -DFILE_NAME="$name" -c "$here/types.cpp" -o "types_$name.o"
  nm --defined-only "types_$name.o" | awk '$2 ~ /^[WVu]$/ { print $3 }' | sort >"types_$name.weak"
}
types baseline "$compiler" -march=x86-64
types avx2 "$compiler" -mavx2 -mfma -mf16c
types no_exceptions "$compiler" -march=x86-64 -fno-exceptions
types other_compiler "$other" -march=x86-64
"$compiler" -std=c++20 $optimization $includes -march=x86-64 -c "$here/types.cpp" -o types_main.o
for name in baseline no_exceptions other_compiler; do
  if comm -12 types_avx2.weak "types_$name.weak" | c++filt | grep -E 'xact|xsimd'; then
    echo "error: the above are xact's or xsimd's, in both types_avx2.o and types_$name.o"
    failed=1
  fi
done
for order in 'baseline no_exceptions other_compiler avx2' 'avx2 other_compiler no_exceptions baseline'; do
  objects=$(for name in $order; do printf 'types_%s.o ' "$name"; done)
  "$compiler" -static types_main.o $objects -o types
  qemu-x86_64 -cpu Haswell ./types && qemu-x86_64 -cpu Nehalem ./types without_avx2 || { echo "error: linked in the order $order"; failed=1; }
done
exit $failed
