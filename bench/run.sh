#!/bin/sh
# Measures xact, set-up included:
#
#   sh bench/run.sh gelu --isa avx2            bench/gelu.cpp alone, in seconds
#   sh bench/run.sh gelu --against main~1      beside another version, in turns: A B A B, the least of each
#   sh bench/run.sh [--table peers]            all functions and the peers that are installed, each ISA: half an hour
#   sh bench/run.sh --table plain              beside loops that a user would write: std, xsimd, Eigen
#   sh bench/run.sh --table softmax            softmax: options, types, lengths
#   sh bench/run.sh --table cost               seconds to compile, and bytes of code
#
# The best ISA of this CPU, or --isa X; tables are in Markdown. Of each time the least counts, and a memcpy of the same
# arrays runs beside. On a machine with other users run it again.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
. "$root/tests/dependencies.sh"
cd "$root"

usage() { refuse "usage: sh bench/run.sh [NAME ...] [--isa X] [--table plain|softmax|peers|cost] [--against COMMIT]"; }
all_names="$(stems bench | tr ' ' '\n' | grep -vxE 'alone|compare|plain|table|softmax_table|peer_.*|' | tr '\n' ' ')$(activations)"

names='' isa='' table='' commit=''
while [ $# -gt 0 ]; do
  case $1 in
  --isa | --table | --against) [ $# -gt 1 ] || usage ;;
  esac
  case $1 in
  --isa) isa=$2; shift ;;
  --table) table=$2; shift ;;
  --against) commit=$2; shift ;;
  -*) usage ;;
  *) among "$1" "$all_names" || refuse "bench has no '$1'; there are: $all_names"; names="$names $1" ;;
  esac
  shift
done
[ -n "$names$table$commit" ] || table=peers
[ -z "$isa" ] || among "$isa" "$isas" || refuse "no ISA is called '$isa' here; there are: $isas"
among "$table" " plain softmax peers cost" || [ -z "$table" ] || usage

tools cmake:cmake ninja:ninja-build "${CXX:-c++}:g++" >&2
dependencies xsimd >&2

against=
if [ -n "$commit" ]; then
  commit=$(git rev-parse --verify --short "$commit^{commit}") || refuse "git knows no commit of that name"
  against=$root/build/against/$commit
  if [ ! -d "$against" ]; then
    mkdir -p "$against.part"
    git archive "$commit" include bench tests | tar -x -C "$against.part"
    mv "$against.part" "$against"
  fi
fi

log=build/bench.log
cmake --preset bench -C "$found" -DXACT_BENCH_AGAINST="$against" >$log 2>&1 || { cat $log; fail "CMake fails"; }
build() { cmake --build build/bench --target "$@" >$log 2>&1 || { cat $log; fail "the build fails"; }; }

if among sse2 "$isas"; then build run-on-isa; fi

pin="taskset -c $(($(nproc) - 1))"
$pin true 2>/dev/null || pin=
run() { # run <program> <isa> [arguments]: build/bench/bench/<program>; 4 where this CPU lacks the ISA
  program=build/bench/bench/$1 check=
  [ ! -x build/bench/run-on-isa ] || check="build/bench/run-on-isa $2"
  shift 2
  $pin $check "$program" "$@"
}

results=build/bench/$table.tsv
measure() { # measure <program> <isa> ...: <program>-<isa> twice, into $results, which keeps the times of earlier runs
  program=$1
  shift
  build table $(for isa in "$@"; do say "$program-$isa"; done)
  for pass in 1 2; do
    for isa in "$@"; do
      status=0
      run "$program-$isa" "$isa" "${XACT_BENCH_SECONDS:-1}" >build/bench/pass.tsv || status=$?
      case $status in
      0) cat build/bench/pass.tsv >>"$results" && say "pass $pass: $isa is measured" >&2 ;;
      4) cat build/bench/pass.tsv >&2 ;; # skipped, and why
      *) fail "$program-$isa ended with $status" ;;
      esac
    done
  done
}

# Of lines "bench speed ..." and "against speed ..." (see compare.cpp), with tabs: the least times, and ratios.
ratios() {
  awk -F '\t' -v commit="$commit" '
    function by(line_of, tier) { # before version 0.2 the tiers "default" and "accurate" were called "fast" and "default"
      if (line_of == "against" && old && !new) return tier == "fast" ? "default" : tier == "default" ? "accurate" : tier
      return tier
    }
    $2 == "speed" { line[++lines] = $0; if ($6 == "fast") { if ($1 == "against") old = 1; else new = 1 } }
    END {
      if (!lines) exit 4
      for (i = 1; i <= lines; ++i) {
        split(line[i], f, "\t")
        row = sprintf("| %s | %s | %s | %s |", f[4], f[5], by(f[1], f[6]), f[7])
        if (!((f[1], row) in least) || f[9] + 0 < least[f[1], row]) least[f[1], row] = f[9] + 0
        if (!(row in known)) { known[row] = 1; order[++rows] = row; n[row] = f[7]; copy[row] = "| memcpy | " f[5] " | libc | " f[7] " |" }
      }
      print "| function | type | by | n | ns | ns an element | beside memcpy |" (commit ? " " commit ": ns | now / then |" : "")
      print "|---|---|---|---|---|---|---|" (commit ? "---|---|" : "")
      for (i = 1; i <= rows; ++i) {
        row = order[i]; now = least["bench", row]; then_ = least["against", row]
        if (now) printf "%s %.4g | %.4g | %.2f |", row, now, now / n[row], now / least["bench", copy[row]]
        else printf "%s - | - | - |", row
        if (commit) printf then_ ? now ? " %.4g | %.3f |" : " %.4g | - |" : " - | - |", then_, now / (then_ ? then_ : 1)
        print ""
      }
    }'
}

# The seconds to compile one file, and the bytes of its code.
cost() {
  flags="-std=c++20 -O2 -I$root/include -isystem $(sed -n 's/.*_XSIMD "\([^"]*\)".*/\1/p' "$found")"
  flags="$flags/usr/include -isystem $(sed -n 's/.*_XSIMD "\([^"]*\)".*/\1/p' "$found")/include"
  work=build/bench/cost
  mkdir -p $work
  say "$(${CXX:-c++} --version | head -n 1), -O2, the least of three, CPU time"
  say "| file | x86-64-v3: s | bytes | native: s | bytes |"
  say "|---|---|---|---|---|"
  one() { # one <what> <lines>
    printf '#include <span>\n%b\n' "$2" >$work/file.cpp
    row="| $1 |"
    for march in x86-64-v3 native; do
      least=$(for pass in 1 2 3; do
        rm -f $work/file.o
        (${CXX:-c++} $flags -march=$march -c $work/file.cpp -o $work/file.o 2>/dev/null || fail "$1 does not compile"; times) |
          tail -n 1 | awk '{ s = 0; for (i = 1; i <= 2; ++i) { split($i, t, /[ms]/); s += 60 * t[1] + t[2] } print s }'
      done | sort -n | head -n 1)
      row="$row $least | $(size $work/file.o | awk 'NR == 2 { print $1 }') |"
    done
    say "$row"
  }
  call() { # call <what> <call> [includes]
    one "$1" "#include <xact/xact.hpp>\nvoid f(std::span<const float> x, std::span<float> y) { $2; }"
  }
  one 'nothing' ''
  one 'xsimd.hpp' '#include <xsimd/xsimd.hpp>'
  one 'gelu.hpp' '#include <xact/gelu.hpp>'
  one 'softmax.hpp' '#include <xact/softmax.hpp>'
  one 'xact.hpp' '#include <xact/xact.hpp>'
  call 'gelu(x, y)' 'xact::gelu(x, y)'
  call 'softmax(x, y)' 'xact::softmax(x, y)'
  call 'softmax(rows, rows)' 'xact::softmax(xact::rows(x, 128), xact::rows(y, 128))'
  call 'log_softmax(x, y)' 'xact::log_softmax(x, y)'
  call 'softmax, boolean mask' 'static const unsigned char mask[128] = {}; xact::softmax(xact::rows(x, 128), xact::rows(y, 128), {.mask = mask})'
  call 'softmax, additive mask' 'static const float mask[128] = {}; xact::softmax(xact::rows(x, 128), xact::rows(y, 128), {.mask = mask})'
}

case $table in
cost)
  cost
  ;;
softmax)
  isa=${isa:-$(best_isa build/bench)}
  build "softmax_table-$isa"
  run "softmax_table-$isa" "$isa"
  ;;
plain)
  measure plain ${isa:-$(for isa in sse2 avx2 avx512 neon baseline; do ! among $isa "$isas" || say $isa; done)}
  build/bench/bench/table plain "$results"
  ;;
peers)
  measure compare ${isa:-$isas}
  proven=tests/exhaustive/results.tsv
  build/bench/bench/table peers "$results" $proven
  if has python3; then
    python3 bench/picture.py "$results" $proven >build/bench/speed.svg
    say "build/bench/speed.svg: the picture" >&2
  fi
  ;;
*)
  isa=${isa:-$(best_isa build/bench)}
  for name in ${names:-$all_names}; do
    set -- "bench-$isa-$name"
    [ -z "$against" ] || set -- "$@" "against-$isa-$name"
    if [ $# = 2 ] && ! cmake --build build/bench --target help | grep -q "against-$isa-$name:"; then
      say "$name: it is not in $commit"
      continue
    fi
    build "$@"
    for pass in 1 2 3; do
      for program in "$@"; do
        run "$program" "$isa" | sed "s/^/${program%%-*}	/"
      done
    done | ratios
  done
  ;;
esac
