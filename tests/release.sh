#!/bin/sh
# sh tests/release.sh: whether this commit can be released, and what a release is made of, in build/release: the source
# archive, the amalgamated header, and their SHA-256. It says all that is missing, tags nothing, and uploads nothing.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
. "$root/tests/dependencies.sh"
cd "$root"
tools cmake:cmake git:git python3:python3 gzip:gzip

missing=0
need() { # need <what> <command> ...
  what=$1
  shift
  if "$@" >/dev/null 2>&1; then say "as it should be: $what"; else say "MISSING: $what"; missing=$((missing + 1)); fi
}
part() { sed -n "s/^#define XACT_VERSION_$1 \([0-9]*\)$/\1/p" include/xact/detail/config.hpp; }
version=$(part MAJOR).$(part MINOR).$(part PATCH)

is_clean() { [ -z "$(git status --porcelain)" ]; }
is_new() { ! git rev-parse -q --verify "refs/tags/v$version"; }
# Every activation, every tier, on the three ISAs, since its header last changed.
proofs=tests/exhaustive/results.tsv
is_proven() {
  since=$(git log -1 --format=%cs -- "include/xact/$1.hpp" "include/xact/detail/$1")
  for isa in sse2 avx2 avx512; do
    for tier in default accurate exact; do
      date=$(awk -F '\t' -v f="$1" -v t=$tier -v i=$isa '$1 == f && $2 == t && $3 == i { print $5 }' $proofs | sort | tail -n 1)
      [ -n "$date" ] && [ "$(printf '%s\n%s\n' "$since" "$date" | sort | head -n 1)" = "$since" ] || return 1
    done
  done
}
need "no change that is not committed" is_clean
need "no tag v$version yet" is_new
need "v$version in README's snippet" grep -qw "GIT_TAG v$version" README.md
need "$version in .github/RELEASES.md" grep -q "^## $version" .github/RELEASES.md
need "figures in headers as in $proofs" python3 tests/figures.py include $proofs
for name in $(activations); do
  need "$name over every float on SSE2, AVX2, AVX-512 since it changed" is_proven "$name"
done

made=build/release
rm -rf $made
mkdir -p $made
git archive --prefix="xact-$version/" HEAD | gzip -n9 >"$made/xact-$version.tar.gz"
python3 tests/amalgamate.py include "$made/xact.hpp"
for file in "xact-$version.tar.gz" xact.hpp; do
  (cd $made && cmake -E sha256sum $file) | tee -a "$made/SHA256SUMS"
done
[ $missing = 0 ] || fail "not to be released: $missing of the above are missing"
say "to release: git tag v$version"
