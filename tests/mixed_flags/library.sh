#!/bin/sh
# The objects of xact::dispatch: what one of a higher ISA has as a weak symbol, none of a lower one may have, or the linker
# gives the lower one's callers the code of the higher. Hidden visibility does not keep it from that.
#
# library.sh <ISAs> <object> ...: in folders dispatch/ISA/.
set -eu
isas=$1
shift
for tool in nm c++filt; do
  command -v $tool >/dev/null || { echo "skipped: symbols of xact::dispatch, because $tool is missing"; exit 77; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
touch "$work/lower"
count=0
failed=0
for isa in $isas; do
  touch "$work/own"
  for object in "$@"; do
    case $object in */dispatch/"$isa"/*)
      count=$((count + 1))
      nm --defined-only "$object" | awk '$2 ~ /^[WVu]$/ && $3 !~ /^DW[.]ref/ { print $3 }' >>"$work/own"
      ;;
    esac
  done
  sort -u "$work/own" -o "$work/own"
  if comm -12 "$work/lower" "$work/own" | c++filt | grep .; then
    echo "error: the above are in objects of $isa and of a lower ISA"
    failed=1
  fi
  sort -u "$work/lower" "$work/own" -o "$work/lower"
  rm "$work/own"
done
[ $count = $# ] || { echo "error: $count of $# objects are of an ISA"; failed=1; }
echo "$count objects of $isas"
exit $failed
