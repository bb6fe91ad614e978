#pragma once

#include <xact/activation.hpp>
#include <xact/detail/mish/derivative.hpp>
#include <xact/detail/mish/double.hpp>
#include <xact/detail/mish/float.hpp>
#include <xact/detail/mish/float_without_fma.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// mish(x) = x * tanh(log(1 + e^x)).
///
/// *Accuracy*: float, over every float. exact: correctly rounded. accurate: 0.600 ULP with 32 table entries (AVX-512),
/// at 0x1.aaaad8p-128; 0.862 with 8 (AVX2), at -0x1.0ceff6p+2; limit 1. Default: 3.248, at 0x1.fb5e5cp+1; limit 4.
/// double: at most 4 ULP, accurate 0.75 (random and hard points against MPFR); 0.53 where the result is normal. The
/// negative tail keeps its relative accuracy down to the smallest subnormal. *Special*: NaN gives NaN, -0 gives -0,
/// -inf gives -0 (the limit), +inf gives +inf. *Method*: default and accurate with FMA: with v = e^-x, x * (1 + 2v) /
/// (1 + 2v + 2v^2) in one or two floats, one division (detail/mish/float.hpp). Else, and for lanes far out, x * n / (n
/// + 2), n = w * (w + 2), w = e^x, in double, rounded once; for double in two parts, with e^-abs(x). *Source*:
/// torch.nn.Mish; ONNX Mish. Coefficients: tests/sollya/exp.sollya, exp_double.sollya, sigmoid_float.py.
///
/// @code
/// std::vector<float> layer{-1.0f, 2.0f};
/// xact::mish(layer); // -0.303..., 1.943...
/// @endcode
struct mish_t : activation<mish_t> {
  static constexpr facts about() { return {.together = detail::mish_together}; }
  constexpr double steepest() const { return 3; }

  template <detail::float_lanes V> XACT_INLINE V standard(const V &x) const noexcept {
    if constexpr (detail::has_fma<V>) {
      return detail::float_mish<detail::tier::standard>(x, detail::through_double_of(*this));
    } else {
      return detail::mish_without_fma(x);
    }
  }
  template <detail::fused_floats V> XACT_INLINE V accurate(const V &x) const noexcept {
    return detail::float_mish<detail::tier::accurate>(x, detail::through_double_of(*this));
  }
  template <class V> XACT_INLINE V rounded(const V &x) const noexcept {
    using namespace detail;
    const V from_below = at_least(x, V(-700.0));
    const V w = exp_for_float(at_most(from_below, V(40.0)));
    const V n = mul_add(w, w + V(2.0), V(-0.0)); // g++ would fuse a bare product into the sum below in some places
    return (from_below * n) / (n + V(2.0));      // x * (n / (n + 2)) misrounds -0x1.4p-24
  }
  template <class V> XACT_INLINE V in_double(const V &x) const noexcept { return detail::mish_in_double(x); }
  template <class V> XACT_INLINE V accurate_in_double(const V &x) const noexcept { return detail::mish_double(x); }

  template <class V> XACT_INLINE V side_of_midpoint(const V &x, const V &) const noexcept {
    return detail::side_of_gated(x);
  }

  /// detail/mish/derivative.hpp has the formula.
  struct derivative_t : activation<derivative_t> {
    static constexpr facts about() { return {.loose = true, .together = detail::derivative_together}; }

    template <detail::float_lanes V> XACT_INLINE V standard(const V &x) const noexcept {
      if constexpr (detail::has_fma<V>) {
        return detail::standard_mish_derivative(x);
      } else {
        return detail::mish_derivative_without_fma(x);
      }
    }
    template <class V> XACT_INLINE V nearly_rounded(const V &x) const noexcept {
      return detail::mish_derivative(detail::nearly_exact{}, x);
    }
    template <class V> XACT_INLINE V rounded(const V &x) const noexcept {
      return detail::mish_derivative(detail::tier::exact{}, x);
    }
    template <class V> XACT_INLINE V in_double(const V &x) const noexcept {
      return detail::mish_derivative_in_double(x);
    }
    template <class V> XACT_INLINE V accurate_in_double(const V &x) const noexcept {
      return detail::mish_derivative(detail::tier::accurate{}, x);
    }
  };
  constexpr derivative_t derivative() const { return {}; }
};
inline constexpr mish_t mish{};

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
