// What few bits do to activations, and what to do about it: where the mass of ReLU, GELU and SiLU goes that int8 and
// int4 clip, and a softmax of float16 over up to a million columns whose probabilities still add up to 1.

#include <xact/xact.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <random>
#include <type_traits>
#include <vector>

namespace {

/// Part of the sum of abs(y), in percent: beyond the lowest and the highest code, and moved by rounding in between.
struct account {
  double below = 0;
  double above = 0;
  double rounded = 0;
  double naive = 0; // moved in all, by the usual code: truncated, and around the corner where it does not fit
};

/// T's codes as numbers: each byte holds one, or two of int4.
std::vector<int> codes(const std::vector<std::int8_t> &bytes) { return {bytes.begin(), bytes.end()}; }
std::vector<int> codes(const std::vector<xact::int4_pair> &bytes) {
  std::vector<int> result;
  for (const xact::int4_pair pair : bytes) {
    result.push_back(pair.first());
    result.push_back(pair.second());
  }
  return result;
}

std::vector<std::int8_t> packed(const std::vector<int> &q, std::int8_t) { return {q.begin(), q.end()}; }
std::vector<xact::int4_pair> packed(const std::vector<int> &q, xact::int4_pair) {
  std::vector<xact::int4_pair> result;
  for (std::size_t i = 0; i < q.size(); i += 2) {
    result.push_back(xact::int4_pair::of(q[i], q[i + 1]));
  }
  return result;
}

/// x ~ N(0, 1), quantized to cover [-3, 3], through f to results in [from, to].
template <class T, class F> account through(const F &f, double from, double to) {
  constexpr int lowest = std::is_same_v<T, xact::int4_pair> ? -8 : -128;
  constexpr int highest = -lowest - 1;
  const xact::quantization in{.scale = static_cast<float>(3.0 / highest)};
  const auto step = static_cast<float>((to - from) / (highest - lowest));
  const xact::quantization out{
      .scale = step, .zero_point = lowest - static_cast<int>(std::lround(from / (to - from) * (highest - lowest)))};

  std::mt19937 random(1);
  std::normal_distribution<double> normal;
  std::vector<int> q(100'000);
  for (int &code : q) {
    const double steps = std::nearbyint(normal(random) / static_cast<double>(in.scale));
    code = static_cast<int>(std::min<double>(std::max<double>(steps, lowest), highest));
  }

  auto data = packed(q, T());
  xact::tabulate<T>(f, in, out)(data);
  const std::vector<int> result = codes(data);

  account sums;
  double all = 0;
  for (std::size_t i = 0; i < q.size(); ++i) {
    const double y = f(static_cast<double>(q[i]) * static_cast<double>(in.scale));
    const double off = std::abs(y - (result[i] - out.zero_point) * static_cast<double>(step));
    (off <= static_cast<double>(step) * 0.500001 ? sums.rounded : result[i] == lowest ? sums.below : sums.above) += off;
    const int wrapped =
        (static_cast<int>(y / static_cast<double>(step)) + out.zero_point - lowest) & (highest - lowest);
    sums.naive += std::abs(y - (wrapped + lowest - out.zero_point) * static_cast<double>(step));
    all += std::abs(y);
  }
  for (double *part : {&sums.below, &sums.above, &sums.rounded, &sums.naive}) {
    *part *= 100 / all;
  }
  return sums;
}

bool show(const char *name, const account &a) {
  std::printf("%-30s %8.3f %8.3f %8.3f %12.2f\n", name, a.below, a.above, a.rounded, a.naive);
  return a.below + a.above + a.rounded <= a.naive;
}

double sum(const auto &probabilities) {
  double total = 0;
  for (const auto p : probabilities) {
    total += static_cast<double>(p);
  }
  return total;
}

/// Softmax as it is often written: every step in float16.
double naive_sum(const std::vector<xact::float16> &logits, bool less_maximum) {
  float largest = less_maximum ? -INFINITY : 0;
  for (const float x : logits) {
    largest = less_maximum ? std::fmax(largest, x) : 0;
  }
  std::vector<xact::float16> e(logits.size());
  xact::float16 total = 0.0f;
  for (std::size_t i = 0; i < e.size(); ++i) {
    e[i] = xact::float16(std::exp(static_cast<float>(xact::float16(logits[i] - largest))));
    total = xact::float16(total + e[i]);
  }
  for (xact::float16 &p : e) {
    p = xact::float16(p / total);
  }
  return sum(e);
}

bool softmax_of(const char *name, std::size_t columns, double spread, double offset) {
  std::mt19937 random(2);
  std::normal_distribution<double> normal(offset, spread > 0 ? spread : 1);
  std::vector<xact::float16> logits(columns);
  for (xact::float16 &x : logits) {
    x = xact::float16(spread > 0 ? normal(random) : offset);
  }
  std::vector<float> wide(columns);
  std::vector<xact::float16> narrow(columns);
  xact::softmax(logits, wide);
  xact::softmax(logits, narrow);
  std::printf("%8zu  %-12s %13.9f %11.5f %12.4g %14.4g\n", columns, name, sum(wide), sum(narrow),
              naive_sum(logits, true), naive_sum(logits, false));
  // Each float16 is within half of its unit, 2^-24 at the least: nothing else may be missing.
  return std::abs(sum(wide) - 1) < 1e-6 && std::abs(sum(narrow) - 1) <= std::ldexp(static_cast<double>(columns), -25);
}

} // namespace

int main() {
  bool good = true;
  std::printf("percent of abs(y), x ~ N(0,1)     below    above  rounded   naive code\n");
  good = show("relu  int8 [0, 3]", through<std::int8_t>(xact::relu, 0, 3)) && good;
  good = show("relu  int8 [0, 2]: clips", through<std::int8_t>(xact::relu, 0, 2)) && good;
  good = show("gelu  int8 [0, 3]: no lobe", through<std::int8_t>(xact::gelu, 0, 3)) && good;
  good = show("gelu  int8 [-0.17, 3]", through<std::int8_t>(xact::gelu, -0.17, 3)) && good;
  good = show("silu  int8 [0, 3]: no lobe", through<std::int8_t>(xact::silu, 0, 3)) && good;
  good = show("silu  int8 [-0.28, 3]", through<std::int8_t>(xact::silu, -0.28, 3)) && good;
  good = show("relu  int4 [0, 3]", through<xact::int4_pair>(xact::relu, 0, 3)) && good;
  good = show("gelu  int4 [-0.17, 3]", through<xact::int4_pair>(xact::gelu, -0.17, 3)) && good;
  good = show("silu  int4 [-0.28, 3]", through<xact::int4_pair>(xact::silu, -0.28, 3)) && good;

  std::printf("\nsum of softmax of float16; true: 1\n");
  std::printf(" columns  logits        xact: float      float16   naive: max   naive: no max\n");
  for (const std::size_t columns : {65'536u, 1'000'000u}) {
    good = softmax_of("all 0", columns, 0, 0) && good;
    good = softmax_of("N(0,1)", columns, 1, 0) && good;
    good = softmax_of("N(0,4)", columns, 4, 0) && good;
    good = softmax_of("N(-20,1)", columns, 1, -20) && good;
  }
  return good ? 0 : 1;
}
