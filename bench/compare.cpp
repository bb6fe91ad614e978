// compare-<isa> [seconds]: every contender, for `seconds` (2 if not given) per length and sigma. bench/run.sh runs it
// for each ISA, and table.cpp makes the tables. Lines of fields with tabs between them:
//   machine  isa cpu  compiler  date
//   peer     isa name version
//   speed    isa function type by n sigma ns-per-call
//   error    isa function type by ULP:abs(x)<=1 ULP:0<x<=100 ULP:everywhere worst-input; -1 where it has no meaning

#include "speeds.hpp"
#include "truth.hpp"

#include <cstdlib>
#include <ctime>
#include <fstream>

namespace {

using namespace bench;

constexpr const char *isa_text = XACT_BENCH_ISA;

/// Rows take the same time whatever sigma.
template <class T> void speeds(std::size_t n, double sigma, double seconds) {
  bench::speeds<T>(n, sigma, seconds, [sigma](const contender<T> &c) {
    return sigma == 2 || truth_of(c.function) || c.function == "memcpy";
  });
}

template <class T> void all_speeds(double seconds) {
  for (const std::size_t n : short_lengths)
    speeds<T>(n, 2, seconds / 2);
  speeds<T>(in_level_1<T>, 2, seconds);
  for (const double sigma : {2.0, 1.0, 5.0})
    speeds<T>(in_level_2<T>, sigma, seconds);
}

void all_errors() {
  const std::vector<float> inputs = sample();
  const auto print = [](const contender<float> &c, double near_zero, double positive, double everywhere, float worst) {
    std::printf("error\t%s\t%s\tfloat\t%s\t%.3g\t%.3g\t%.3g\t%a\n", isa_text, c.function.c_str(), c.by.c_str(),
                near_zero, positive, everywhere, static_cast<double>(worst));
  };
  for (const contender<float> &c : contenders<float>()) {
    if (const true_function truth = truth_of(c.function)) {
      const errors e = measure_errors(c, truth, inputs);
      print(c, e.near_zero, e.positive, e.everywhere, e.worst);
    } else if (const true_element of_row = true_element_of(c.function)) {
      print(c, -1, -1, measure_row_error(c, of_row), 0);
    }
  }
}

std::string cpu_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("model name"))
      return line.substr(line.find(':') + 2);
  }
  return "unknown CPU";
}

std::string today() {
  const std::time_t now = std::time(nullptr);
  char text[16];
  std::strftime(text, sizeof text, "%Y-%m-%d", std::gmtime(&now));
  return text;
}

#if defined(__clang__)
constexpr const char *compiler = __VERSION__;
#else
constexpr const char *compiler = "g++ " __VERSION__;
#endif

} // namespace

int main(int argc, char **argv) {
  const double seconds = argc > 1 ? std::atof(argv[1]) : 2;
  std::printf("machine\t%s\t%s\t%s\t%s\n", isa_text, cpu_name().c_str(), compiler, today().c_str());
  for (const auto &[name, version] : peers())
    std::printf("peer\t%s\t%s\t%s\n", isa_text, name.c_str(), version.c_str());
  all_speeds<float>(seconds);
  all_speeds<double>(seconds);
  speeds<xact::float16>(in_level_2<xact::float16>, 2, seconds);
  speeds<xact::bfloat16>(in_level_2<xact::bfloat16>, 2, seconds);
  speeds<std::int8_t>(in_level_2<std::int8_t>, 2, seconds / 2);
  speeds<float>(in_memory<float>, 2, 3 * seconds);
  all_errors();
}
