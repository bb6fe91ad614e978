// What few bits do to activations, and what to do about it: where the mass of ReLU, GELU and SiLU goes that int8 and
// int4 clip. Of softmax: long_context.cpp.

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

  return good ? 0 : 1;
}
