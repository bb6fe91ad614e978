#pragma once

/// @file
/// The float kernels of elu, selu and celu: factor * (e^-a - 1), its relative accuracy kept near 0. Constants:
/// tests/sollya/sigmoid_float.py.

#include <xact/detail/math/falling_power.hpp>
#include <xact/detail/math/piecewise.hpp>
#include <xact/detail/numbers/double_double.hpp>
#include <xact/detail/sigmoid/float.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

// sigmoid's powers, of which the last has more bits and its remainder fewer: just below x = 0, where most is lost
// when 1 is taken off, t is then exact.
template <const auto &Table> constexpr auto with_last(float last) {
  auto t = Table;
  t.entry[sizeof t.entry / sizeof t.entry[0] - 1] = last;
  return t;
}
inline constexpr auto elu_powers_32 = with_last<powers_32>(0x1.fd025ep-97f);
inline constexpr auto elu_remainders_32 = with_last<remainders_32>(0x1.48fcp-15f);
inline constexpr auto elu_powers_8 = with_last<powers_8>(0x1.f5a066p-97f);
inline constexpr auto elu_remainders_8 = with_last<remainders_8>(-0x1.0d0ep-12f);

/// A number, times a power of two, as two floats.
struct float_pair {
  float hi;
  float lo;

  constexpr explicit float_pair(const double_double<double> &x, double scale = 1)
      : hi(static_cast<float>(x.hi * scale)), lo(static_cast<float>(x.hi * scale - double(hi) + x.lo * scale)) {}
};

/// Whether the kernels here take a parameter: its products stay clear of the limits of float.
constexpr bool is_moderate(double alpha) {
  const double a = alpha < 0 ? -alpha : alpha;
  return 0x1p-60 <= a && a <= 0x1p60;
}

/// e^-a = power * e^-t for 0 <= a <= 25.
template <class V> struct elu_power {
  V power;
  V t;
};
template <class V> XACT_INLINE inline elu_power<V> elu_power_of(const V &a) noexcept {
  return split_power<plain_scale>(a, [&](const V &nearby, const V &, const integer_t<V> &shifted) XACT_INLINE {
    if constexpr (has_32_entries<V>) {
      return elu_power<V>{shifted_power(elu_powers_32, shifted), V(nearby - lookup(elu_remainders_32, shifted))};
    } else {
      return elu_power<V>{shifted_power(elu_powers_8, shifted), V(nearby - lookup(elu_remainders_8, shifted))};
    }
  });
}

/// e^-a - 1 within 2 ULP.
template <class V> XACT_INLINE inline V standard_expm1(const V &a) noexcept {
  const auto [power, t] = elu_power_of(a);
  const V slope = mul_add(exponential_rest<plain_scale>(t), t, V(-1.0f));
  return mul_add(power, V(t * slope), V(power - V(1.0f)));
}

/// e^-a - 1 in two parts: its rounding errors but those of the smallest terms are in `lo`.
template <class V> XACT_INLINE inline double_double<V> expm1_in_floats(const V &a) noexcept {
  const auto [power, t] = elu_power_of(a);
  const V below = power - V(1.0f);
  const V lost = power - (below + V(1.0f));
  const V y = neg_mul_add(power, t, below);
  const V error = neg_mul_add(power, t, V(below - y)) + lost;
  return {y, mul_add(V(power * t), V(t * exponential_rest<plain_scale>(t)), error)};
}

/// y * factor, rounded last. By 2^64 on the way: a product with the low part would be subnormal, and flushed.
template <class V> XACT_INLINE inline V times(const double_double<V> &y, const double_double<double> &factor) noexcept {
  const float_pair f(factor, 0x1p64);
  const V low = mul_add(V(f.hi), y.lo, V(V(f.lo) * y.hi));
  return mul_add(mul_add(V(f.hi), y.hi, low), V(0x1p-64f), V(-0.0f));
}

/// factor * (e^x - 1) for x <= 0 in a tier of float; for other x it is meaningless. The branches are on parameters: a
/// product with 1 costs 8 % of the accurate tier.
template <class Tier, class V>
XACT_INLINE inline V float_expm1(Tier, const V &x, const double_double<double> &factor) noexcept {
  const V a = bounded_abs(x, 20.0f);
  if constexpr (std::is_same_v<Tier, tier::standard>) {
    const V y = standard_expm1(a);
    return factor.hi == 1 ? y : mul_add(y, V(static_cast<float>(factor.hi)), V(-0.0f));
  } else {
    const double_double<V> y = expm1_in_floats(a);
    return factor.hi == 1 && factor.lo == 0 ? V(y.hi + y.lo) : times(y, factor);
  }
}

/// How many batches go through such a kernel together: at N(0, 2), against one by one, four with AVX-512 and three with
/// AVX2 are 2 to 15 % faster, the default tier among them.
inline constexpr facts::batches expm1_together =
    has_32_entries<native<float>> ? facts::batches{4, 4, 1, 4} : facts::batches{3, 3, 1, by_width(2, 4, 4)};

/// alpha * (e^(x/alpha) - 1) for x <= 0 within 1 ULP.
template <class V> XACT_INLINE inline V float_celu(const V &x, double alpha) noexcept {
  const float_pair inverse({1 / alpha, 0});
  const V a = bounded_abs(x, static_cast<float>(20 * alpha));
  const V u = mul_add(a, V(inverse.hi), V(-0.0f));
  const V u_lo = mul_add(a, V(inverse.lo), mul_sub(a, V(inverse.hi), u));
  double_double<V> y = expm1_in_floats(u);
  y.lo = neg_mul_add(V(y.hi + V(1.0f)), u_lo, y.lo);
  return times(y, {alpha, 0});
}

/// Whether `standard_elu_derivative` takes a factor: e^-125 of it is nothing, and its products are no subnormals.
constexpr bool falls_in_float(double factor) {
  const double a = factor < 0 ? -factor : factor;
  return 0x1p-50 <= a && a <= 0x1p30;
}

/// `above` for x > 0, factor * e^x else, with its subnormals, in the default tier.
template <class V> XACT_INLINE inline V standard_elu_derivative(const V &x, float factor, float above) noexcept {
  return select(V(0.0f) < x, V(above), fall<plain_rise>(at_least(x, V(-125.0f)), -factor));
}

/// 1 for x > 0, e^(x/alpha) else; `alpha` positive and moderate.
template <class V> XACT_INLINE inline V standard_celu_derivative(const V &x, double alpha) noexcept {
  const float_pair inverse({1 / alpha, 0});
  const V a = at_most(abs(x), V(static_cast<float>(125 * alpha)));
  const V u = mul_add(a, V(inverse.hi), V(-0.0f));
  const V u_lo = mul_add(a, V(inverse.lo), mul_sub(a, V(inverse.hi), u));
  return select(V(0.0f) < x, V(1.0f), fall<plain_fall>(u, u_lo, V(-1.0f)));
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
