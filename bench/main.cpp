// bench-<isa>: every contender under Google Benchmark, as function/type/tier or peer/isa/n:length[/sigma:s].
// Counters: bytes/s (read and written), ns/element, and the time beside that of a memcpy of the same arrays, which runs
// right after, as often. Run it as `run-on-isa <isa> bench-<isa>`: that says "skipped" where the CPU lacks the ISA.

#include "bench.hpp"

#include <benchmark/benchmark.h>

#include <chrono>

namespace {

using bench::contender;

/// The arrays of the benchmark that runs; the next one often wants the same.
template <class T> const bench::buffers<T> &shared_buffers(std::size_t n, double sigma) {
  static std::pair<std::size_t, double> held;
  static std::unique_ptr<const bench::buffers<T>> data;
  if (!data || held != std::pair(n, sigma)) {
    data.reset();
    data = std::make_unique<const bench::buffers<T>>(n, sigma);
    held = {n, sigma};
  }
  return *data;
}

template <class T> void run(benchmark::State &state, const contender<T> &c, std::size_t n, double sigma) {
  using clock = std::chrono::steady_clock;
  const bench::buffers<T> &data = shared_buffers<T>(n, sigma);
  const contender<T> &copy = bench::contenders<T>().front();
  c.run(data.in(), data.out(), n);
  const auto start = clock::now();
  for (auto _ : state) {
    c.run(data.in(), data.out(), n);
    benchmark::ClobberMemory();
  }
  const auto middle = clock::now();
  for (benchmark::IterationCount i = 0; i < state.iterations(); ++i) {
    copy.run(data.in(), data.out(), n);
    benchmark::ClobberMemory();
  }
  const auto end = clock::now();
  const std::chrono::duration<double, std::nano> time = middle - start;
  state.SetBytesProcessed(static_cast<std::int64_t>(2 * n * sizeof(T)) * state.iterations());
  state.counters["ns/element"] = time.count() / static_cast<double>(n) / static_cast<double>(state.iterations());
  state.counters["x_memcpy"] = time / (end - middle);
}

template <class T> void declare(std::size_t n, double sigma) {
  for (const contender<T> &c : bench::contenders<T>()) {
    if (n % c.columns != 0)
      continue;
    std::string name = c.function;
    for (const std::string_view part : {bench::type_name<T>, std::string_view(c.by), bench::isa}) {
      name.append("/").append(part);
    }
    name += "/n:" + std::to_string(n);
    if (sigma != 2)
      name += "/sigma:" + std::to_string(static_cast<int>(sigma));
    benchmark::RegisterBenchmark(name, [&c, n, sigma](benchmark::State &state) { run(state, c, n, sigma); });
  }
}

template <class T> void declare_all() {
  for (const std::size_t n : bench::short_lengths)
    declare<T>(n, 2);
  declare<T>(bench::in_level_1<T>, 2);
  for (const double sigma : {2.0, 1.0, 5.0})
    declare<T>(bench::in_level_2<T>, sigma);
  declare<T>(bench::in_memory<T>, 2);
}

} // namespace

int main(int argc, char **argv) {
  declare_all<float>();
  declare_all<double>();
  declare_all<xact::float16>();
  declare_all<xact::bfloat16>();
  declare_all<std::int8_t>();
  for (const auto &[name, version] : bench::peers())
    benchmark::AddCustomContext(name, version);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv))
    return 1;
  benchmark::RunSpecifiedBenchmarks();
}
