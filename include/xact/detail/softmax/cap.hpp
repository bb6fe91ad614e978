#pragma once

/// @file
/// Softcaps: cap * tanh(x / cap), twice. Constants: tests/sollya/softmax.py.

#include <xact/detail/sigmoid/double.hpp>
#include <xact/detail/softmax/term.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// Sums of two parts where the second says nothing of an infinite one.
template <class V> XACT_INLINE inline double_double<V> sound(const double_double<V> &x) noexcept {
  return {x.hi, V(select(abs(x.hi) < V(infinity_of<double>), x.lo, V(0.0)))};
}

/// cap * tanh(x / cap), with a relative error below 2^-55.5.
template <class V>
[[gnu::noinline, gnu::cold]] double_double<V> capped(const double_double<V> &x, double cap) noexcept {
  const double_double<V> u = quotient(x, double_double<V>{V(cap), V(0.0)});
  const V a = at_most(abs(u.hi), V(40.0));
  const V a_lo = select(a < V(40.0), mul_sign(u.lo, u.hi), V(0.0));
  const double_double<V> y = product(V(-cap), minus_tanh(double_double<V>{a, a_lo}));
  const auto tiny = a < V(0x1p-30); // tanh(u) = u, and x / cap may be subnormal
  return sound(double_double<V>{unless_nan(x.hi, V(select(tiny, x.hi, mul_sign(y.hi, x.hi)))),
                                V(select(tiny, x.lo, mul_sign(y.lo, x.hi)))});
}

inline constexpr double tanh_of_eighths[] = {0,
                                             0x1.fd5992bc4b835p-4,
                                             0x1.f597ea69a1c86p-3,
                                             0x1.6ef53de8c8fbp-2,
                                             0x1.d9353d7568af3p-2,
                                             0x1.1bf47eabb8f95p-1,
                                             0x1.45323e552f228p-1,
                                             0x1.686650b8c2015p-1,
                                             0x1.85efab514f394p-1,
                                             0x1.9e5cb5ba44d69p-1,
                                             0x1.b2523bb6b2deep-1,
                                             0x1.c278a52a4e478p-1,
                                             0x1.cf6f9786df577p-1,
                                             0x1.d9c6fafe61c78p-1,
                                             0x1.e1fbf97e33527p-1,
                                             0x1.e8789ecec0ddap-1};

/// The same in base 2 and floats, for caps of at most 64, up to `end`: by tanh(b + t) = T + (1 - T^2)*tanh(t)/(1 +
/// T*tanh(t)), b the multiple of 1/8 near x / cap and T its tanh. Error: 2^-26.
struct float_cap {
  static constexpr float end = 1.9375f - 0x1p-20f; // at which 15.5 eighths would be rounded to 16
  static bool takes(double cap) noexcept { return cap >= 0x1p-20 && cap <= 64; }

  /// cap * T, in whole eighths and a rest; cap * (1 - T^2), in two parts; T.
  table<float, 16> whole, rest, slope, slope_rest, tangent;

  [[gnu::noinline]] void set(double cap) noexcept {
    for (std::size_t j = 0; j < 16; ++j) {
      const double t = tanh_of_eighths[j], y = rounded(cap * log2_e[0], t), n = (y + 0x1.8p49) - 0x1.8p49;
      const double s = rounded(cap * log2_e[0], 1 - rounded(t, t));
      whole.entry[j] = static_cast<float>(n);
      rest.entry[j] = static_cast<float>(y - n);
      slope.entry[j] = static_cast<float>(s);
      slope_rest.entry[j] = static_cast<float>(s - static_cast<double>(slope.entry[j]));
      tangent.entry[j] = static_cast<float>(t);
    }
  }

  /// whole + slope * t + rest
  template <class V> struct parts {
    V whole, rest, slope, t;
  };
  /// Of x = cap * (u + u_lo), u >= 0.
  template <class V> XACT_INLINE parts<V> of(const V &u, const V &u_lo) const noexcept {
    const V magic(0x1.8p20f), at = u + magic, t = u - V(at - magic), square = rounded(t, t);
    const auto j = as_integer(at);
    const V cubic = rounded(rounded(square, t), fused(square, V(0x1.10a40cp-3f), V(-0x1.555556p-2f)));
    const V w = V(t + u_lo) + cubic, t_w = rounded(lookup(tangent, j), w);
    const V bend = cubic - V(rounded(w, t_w) / V(V(1.0f) + t_w)), s = lookup(slope, j);
    const V low = fused(s, V(u_lo + bend), rounded(lookup(slope_rest, j), t));
    return {lookup(whole, j), V(lookup(rest, j) + low), s, t};
  }
};

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
