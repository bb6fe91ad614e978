// A function of your own, written once over the lanes that it is given: an xsimd::batch of float or double, whatever
// the elements are (on machines without SIMD the scalar). It may be a lambda, a function template, a struct with a call
// operator, or a struct of xact::activation, which has every call form that a built-in one has.

#include <xact/xact.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdio>

/// silu(x) / sqrt(1 + x^2), four times.
constexpr auto by_lambda = [](const auto &x) {
  using V = std::remove_cvref_t<decltype(x)>;
  using std::sqrt; // of scalars; that of batches is found by their type
  return V(xact::silu(x) / sqrt(V(1) + x * x));
};

template <class V> V by_function(const V &x) {
  using std::sqrt;
  return xact::silu(x) / sqrt(V(1) + x * x);
}

struct by_struct {
  float one = 1; // what a kernel needs beside its lanes
  template <class V> V operator()(const V &x) const {
    using std::sqrt;
    return xact::silu(x) / sqrt(V(one) + x * x);
  }
};

struct soft_sign_t : xact::activation<soft_sign_t> {
  template <class V> V standard(const V &x) const {
    using std::sqrt;
    return xact::silu(x) / sqrt(V(1) + x * x);
  }
};
inline constexpr soft_sign_t soft_sign{};

template <class T> double number(T x) {
  if constexpr (std::is_same_v<T, double>) {
    return x;
  } else {
    return static_cast<double>(static_cast<float>(x));
  }
}

/// Each on elements T. A result is that of float (double of double), rounded once: it errs by what T cannot hold, and
/// by what the kernel's float does.
template <class T> bool check(const char *type) {
  constexpr std::size_t n = 21;
  std::array<T, n> x{};
  std::array<std::array<T, n>, 5> y{};
  for (std::size_t i = 0; i < n; ++i) {
    x[i] = T(static_cast<float>(i) * 0.7f - 7.5f);
  }
  xact::transform(by_lambda, x, y[0]);
  xact::transform([](const auto &v) { return by_function(v); }, x, y[1]);
  xact::transform(by_struct(), x, y[2]);
  soft_sign(x, y[3]); // a range; soft_sign(y) would be in place, soft_sign(rows(...), rows(...)) of rows
  for (std::size_t i = 0; i < n; ++i) {
    y[4][i] = soft_sign(x[i]); // one value: the same bits
  }
  constexpr double own = std::is_same_v<T, double> ? 1e-14 : 1e-6;
  bool good = true;
  for (std::size_t i = 0; i < n; ++i) {
    const double v = number(x[i]);
    const double exact = v / (1 + std::exp(-v)) / std::sqrt(1 + v * v);
    const double cannot_hold = std::abs(number(T(exact)) - exact);
    for (const auto &result : y) {
      const double error = std::abs(number(result[i]) - exact);
      good = good && error <= cannot_hold + own * std::abs(exact);
    }
    good = good && number(y[3][i]) == number(y[4][i]);
  }
  // Gated, fused, tabulated: what takes an activation takes yours.
  std::array<T, n> gated{}, fused{};
  xact::glu(soft_sign)(x, x, gated);
  xact::glu(by_lambda)(x, x, fused);
  for (std::size_t i = 0; i < n; ++i) {
    good = good && number(gated[i]) == number(fused[i]);
  }
  std::printf("%s: %s\n", type, good ? "good" : "wrong");
  return good;
}

int main() {
  bool good = check<float>("float");
  good = check<double>("double") && good;
  good = check<xact::float16>("float16") && good;
  good = check<xact::bfloat16>("bfloat16") && good;
  good = check<xact::float8_e4m3>("float8_e4m3") && good;
  good = check<xact::float8_e5m2>("float8_e5m2") && good;
  return good ? 0 : 1;
}
