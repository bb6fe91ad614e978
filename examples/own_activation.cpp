// An activation of your own: one kernel, written once, gets every call form of a built-in one.

#include <xact/xact.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdio>

/// StarReLU(x) = scale * relu(x)^2 + bias (Yu et al. 2022, "MetaFormer Baselines for Vision").
struct star_relu_t : xact::activation<star_relu_t> {
  float scale = 0.8944f;
  float bias = -0.4472f;

  template <class V> V standard(const V &x) const {
    const V r = xact::relu(x);
    return V(scale) * (r * r) + V(bias);
  }
};
inline constexpr star_relu_t star_relu{};

int main() {
  const std::array<float, 4> x = {-1.0f, 0.0f, 0.5f, 4.0f};
  const std::array<float, 4> expected = {-0.4472f, -0.4472f, -0.2236f, 13.8632f};
  std::array<float, 4> y{};
  star_relu(x, y); // a range, vectorised

  bool good = true;
  for (std::size_t k = 0; k < x.size(); ++k) {
    std::printf("star_relu(%g) = %g\n", static_cast<double>(x[k]), static_cast<double>(y[k]));
    good = good && std::abs(y[k] - expected[k]) <= 1e-6f * std::abs(expected[k]);
    good = good && y[k] == star_relu(x[k]); // one value: the same bits
  }

  const std::array<float, 4> shift = {1.0f, -2.0f, 0.25f, 3.0f};
  xact::transform([](auto v, auto s) { return star_relu(v + s); }, x, shift, y); // fused, in one pass
  for (std::size_t k = 0; k < x.size(); ++k) {
    good = good && y[k] == star_relu(x[k] + shift[k]);
  }
  return good ? 0 : 1;
}
