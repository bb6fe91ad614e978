// The main of bench-<isa>-NAME: bench/NAME.cpp alone, in every type that it has, at a few lengths, in a few seconds.
// Lines as of compare.cpp.

#include "speeds.hpp"

template <class T> static void all_lengths() {
  if (bench::contenders<T>().size() == 1) // memcpy
    return;
  for (const std::size_t n : {std::size_t(1), std::size_t(17), std::size_t(100), bench::in_level_2<T>})
    bench::speeds<T>(n, 2, 0.1, [](auto &) { return true; });
}

int main() {
  all_lengths<float>();
  all_lengths<double>();
  all_lengths<xact::float16>();
  all_lengths<xact::bfloat16>();
  all_lengths<std::int8_t>();
}
