#pragma once
// Times contenders: all in turn, memcpy among them, again and again, and of each the least counts. On a machine that
// others use too that is the honest figure: they can only add to it.

#include <bench.hpp> // of the version that is measured: run.sh --against

#include <chrono>
#include <cstdio>

namespace bench {

using clock_type = std::chrono::steady_clock;

template <class T> double time_calls(const contender<T> &c, const buffers<T> &data, std::size_t n, std::size_t calls) {
  const auto start = clock_type::now();
  for (std::size_t i = 0; i < calls; ++i)
    c.run(data.in(), data.out(), n);
  return std::chrono::duration<double, std::nano>(clock_type::now() - start).count() / static_cast<double>(calls);
}

/// Prints a line for each contender of T that `wanted` says yes to; see compare.cpp.
template <class T, class Wanted> void speeds(std::size_t n, double sigma, double seconds, const Wanted &wanted) {
  constexpr double sample = 20e3; // ns: long beside a clock reading, short beside a time slice
  const buffers<T> data(n, sigma);
  struct runner {
    const contender<T> &c;
    std::size_t calls;
    double least;
  };
  std::vector<runner> runners;
  for (const contender<T> &c : contenders<T>()) {
    if (n % c.columns != 0 || !wanted(c))
      continue;
    time_calls(c, data, n, 1);
    const double once = time_calls(c, data, n, 1);
    runners.push_back({c, once < sample ? static_cast<std::size_t>(sample / std::max(once, 1.0)) : 1, once});
  }
  const auto end = clock_type::now() + std::chrono::duration<double>(seconds);
  for (int round = 0; round < 5 || clock_type::now() < end; ++round) {
    for (runner &r : runners) {
      if (round >= 5 && r.least > 15e6)
        continue; // the slow ones, from memory, would take all the time
      r.least = std::min(r.least, time_calls(r.c, data, n, r.calls));
    }
  }
  for (const runner &r : runners) {
    std::printf("speed\t%s\t%s\t%s\t%s\t%zu\t%g\t%.6g\n", XACT_BENCH_ISA, r.c.function.c_str(), type_name<T>.data(),
                r.c.by.c_str(), n, sigma, r.least);
  }
  std::fflush(stdout);
}

} // namespace bench
