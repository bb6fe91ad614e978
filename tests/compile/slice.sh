#!/bin/sh
# Three operations of the whole matrix of cells, which ones, by which compiler and for which ISA the commit tells:
# slice.sh <compiler> <operations> <flags of each ISA> ... -- <other flags> <source>. Half a minute.
set -eu
compiler=$1 operations=$2
shift 2
folder=$(dirname -- "$0")
commit=$(git -C "$folder" rev-parse --short=7 HEAD 2>/dev/null || echo 0)
turn=$((0x$commit))
isas=0
for flags; do
  [ "$flags" != -- ] || break
  isas=$((isas + 1))
done
# g++ and clang++ for each ISA of this machine, and g++ for NEON.
which=$((turn % (2 * isas + 1)))
at=$((which % isas + 1))
[ $which -lt $isas ] || compiler=clang++
flags=
for each; do
  [ $at != 1 ] || flags=$each
  at=$((at - 1))
done
[ $which != $((2 * isas)) ] || { compiler=aarch64-linux-gnu-g++ flags=; }
command -v "$compiler" >/dev/null || { echo "skipped: the matrix by $compiler $flags, which is missing"; exit 77; }
shift $((isas + 1))
for k in 0 1 2; do
  operation=$(((turn / 16 + 13 * k) % operations))
  echo "matrix: operation $operation of $operations, $compiler $flags, commit $commit"
  # shellcheck disable=SC2086 # words
  "$compiler" -std=c++20 -fsyntax-only -Wno-psabi $flags -DOPERATION=$operation "$@"
done
