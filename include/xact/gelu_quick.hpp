#pragma once

#include <xact/activation.hpp>
#include <xact/detail/sigmoid/derivative.hpp>
#include <xact/detail/sigmoid/derivative_float.hpp>
#include <xact/detail/sigmoid/double.hpp>
#include <xact/detail/sigmoid/float.hpp>
#include <xact/detail/sigmoid/float_without_fma.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// The sigmoid approximation of GELU: gelu_quick(x) = x / (1 + e^(-1.702 x)), 1.702 being the real number.
///
/// *Accuracy*: float, over every float. exact: correctly rounded. accurate: 0.528 ULP with 32 table entries
/// (AVX-512), at -0x1.b86c02p+3; 0.641 with 8 (AVX2), at -0x1.b8951p+3; limit 1. Default: 3.843, at
/// -0x1.03d256p+1; 3.878, at -0x1.367518p+5; limit 4. double: at most 4 ULP, accurate 0.75 (random and hard points
/// against MPFR); 0.53 where the result is normal. The negative tail keeps its relative accuracy down to the smallest
/// subnormal. *Special*: NaN gives NaN, -0 gives -0, -inf gives -0 (the limit), +inf gives +inf. *Method*: default and
/// accurate with FMA: as silu, 1.702 being in the constants (detail/sigmoid/float.hpp). Else, and for lanes far out,
/// the definition in double, the exponent in two parts, rounded once; for double all in two parts. *Source*: D.
/// Hendrycks, K. Gimpel, Gaussian error linear units, 2016; the activation of OpenAI's CLIP; quick_gelu of
/// configuration files and ggml's GELU_QUICK (gelu_fast is another function, `gelu_tanh`). Constants:
/// tests/sollya/decimals.py, tests/sollya/sigmoid_float.py.
///
/// @code
/// std::vector<float> layer{-1.0f, 2.0f};
/// xact::gelu_quick(layer); // -0.154..., 1.935...
/// @endcode
struct gelu_quick_t : activation<gelu_quick_t> {
  /// Two batches are 4 % faster with AVX-512.
  static constexpr facts about() {
    return {.midpoints = midpoints::near_zero, .together = {2, 2, 1, detail::by_width(4, 1, 1)}};
  }
  constexpr double steepest() const { return 3; }

  template <detail::float_lanes V> XACT_INLINE V standard(const V &x) const noexcept {
    using namespace detail;
    if constexpr (has_fma<V>) {
      return float_sigmoid<tier::standard, quick_scale, true>(x, through_double_of(*this));
    } else {
      return gelu_quick_without_fma(x);
    }
  }
  /// Moved off a midpoint at the two float16 whose values lie beside one.
  template <detail::fused_floats V> XACT_INLINE V standard_for_16_bits(const V &x) const noexcept {
    using namespace detail;
    const V y = standard(x);
    return select(x == V(0x1.888p-12f), V(y + V(0x1p-36f)), select(x == V(-0x1.8e8p+2f), V(y - V(0x1p-36f)), y));
  }
  template <detail::fused_floats V> XACT_INLINE V accurate(const V &x) const noexcept {
    using namespace detail;
    return float_sigmoid<tier::accurate, quick_scale, true>(x, through_double_of(*this));
  }
  template <class V> XACT_INLINE V nearly_rounded(const V &x) const noexcept {
    using namespace detail;
    const V from_below = at_least(x, V(-400.0));
    const double_double<V> u = exponent(at_most(from_below, V(400.0)));
    const V e = exp_for_float(u.hi);
    return nudge_off_midpoint(V(from_below / (V(1.0) + mul_add(e, u.lo, e))), x);
  }
  /// In two parts: one double, as `nearly_rounded`, misrounds -0x1.e2fa4ep-9.
  template <class V> XACT_INLINE V rounded(const V &x) const noexcept {
    using namespace detail;
    const auto [from_below, s] = factors(x);
    return select(V(40.0) >= x, nudge_off_midpoint(round_to_odd(product(from_below, s.value)), x), x);
  }
  template <class V> XACT_INLINE V in_double(const V &x) const noexcept { return detail::gelu_quick_in_double(x); }
  template <class V> XACT_INLINE V accurate_in_double(const V &x) const noexcept {
    using namespace detail;
    const auto [from_below, s] = factors(x);
    return select(V(40.0) >= x, V(rounded_product(from_below, s.value) * s.deferred_scale), x);
  }

  template <class V> XACT_INLINE V side_of_midpoint(const V &x, const V &) const noexcept {
    return detail::side_of_gated(x);
  }

  /// The derivative of silu at 1.702 x.
  struct derivative_t : activation<derivative_t> {
    static constexpr facts about() { return {.loose = true, .together = detail::derivative_together}; }

    template <detail::float_lanes V> XACT_INLINE V standard(const V &x) const noexcept {
      if constexpr (detail::has_fma<V>) {
        return detail::standard_gelu_quick_derivative(x);
      } else {
        return detail::gelu_quick_derivative_without_fma(x);
      }
    }
    template <class V> XACT_INLINE V nearly_rounded(const V &x) const noexcept {
      return detail::gelu_quick_derivative(detail::nearly_exact{}, x);
    }
    template <class V> XACT_INLINE V rounded(const V &x) const noexcept {
      return detail::gelu_quick_derivative(detail::tier::exact{}, x);
    }
    template <class V> XACT_INLINE V in_double(const V &x) const noexcept {
      return detail::gelu_quick_derivative_in_double(x);
    }
    template <class V> XACT_INLINE V accurate_in_double(const V &x) const noexcept {
      return detail::gelu_quick_derivative(detail::tier::accurate{}, x);
    }
  };
  constexpr derivative_t derivative() const { return {}; }

private:
  /// -1.702 * x.
  template <class V> XACT_INLINE static detail::double_double<V> exponent(const V &x) noexcept {
    return detail::product(x, detail::double_double<V>{V(-0x1.b3b645a1cac08p+0), V(-0x1.89374bc6a7efap-55)});
  }

  template <class V> struct gated {
    V from_below;
    detail::deferred_double<V> s;
  };
  /// x and 1 / (1 + e^(-1.702 x)). Below -450 their product rounds to -0, from 40 on to x. A NaN is x too: of two NaNs
  /// in an addition a compiler may take either.
  template <class V> XACT_INLINE static gated<V> factors(const V &x) noexcept {
    using namespace detail;
    const V from_below = at_least(x, V(-450.0));
    const V clamped = at_most(from_below, V(40.0));
    return {from_below, logistic(exponent(abs(clamped)), clamped < V(0.0))};
  }
};
inline constexpr gelu_quick_t gelu_quick{};

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
