X=/work/main/build/deps/xsimd-14.3.0/usr/include
I="-I/tmp/wt/dispatch/include -isystem $X"
t() { TIMEFORMAT=%U; local s=$( { time nice ${CXX:-g++} -std=c++20 -O2 "$@" $I -c slice.cpp -o s.o 2>err.txt ; } 2>&1 | tail -1); head -5 err.txt; echo "$s s $(size s.o | awk 'END{print $1}') $*"; }
