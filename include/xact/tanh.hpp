#pragma once

#include <xact/activation.hpp>
#include <xact/detail/sigmoid/derivative.hpp>
#include <xact/detail/sigmoid/derivative_float.hpp>
#include <xact/detail/sigmoid/double.hpp>
#include <xact/detail/sigmoid/float_without_fma.hpp>
#include <xact/detail/tanh/float.hpp>
#include <xact/detail/tanh/float_without_fma.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// Hyperbolic tangent.
///
/// *Accuracy*: float, over every float. exact, and accurate without FMA: correctly rounded. accurate: 0.834 ULP with
/// 32 table entries (AVX-512), at 0x1.182b48p+3; 0.795 with 8 (AVX2), at 0x1.020676p-1; limit 1. Default: 2.927, at
/// 0x1.054d26p-2; 2.809, at 0x1.6ad1ccp+0; without FMA sampled; limit 4.
/// double: at most 4 ULP, accurate 1; of 2.6 million inputs checked by MPFR the worst is 0.566, at
/// -0x1.2c84aeff29ddp-3. *Special*: NaN gives NaN, -0 gives -0, -inf gives -1, +inf gives 1. *Method*: default and
/// accurate with FMA: the addition formula about the points of a table in registers, one division; in the accurate tier
/// its residual corrects it (detail/tanh/float.hpp). Else (e - 1) / (e + 1) with e = e^(2x) = s*(1 + t) in double, s*t
/// + (s - 1) over s*t + (s + 1), rounded once; nothing cancels near 0, where s = 1. *Source*: torch.nn.Tanh; ONNX Tanh.
/// Coefficients: tests/sollya/exp.sollya, tests/sollya/tanh_float.py.
///
/// @code
/// std::vector<float> layer{-1.0f, 2.0f};
/// xact::tanh(layer); // -0.7615..., 0.9640...
/// @endcode
struct tanh_t : activation<tanh_t> {
  static constexpr facts about() { return {.midpoints = midpoints::none, .together = detail::tanh_together}; }
  constexpr double steepest() const { return 3; }

  template <detail::float_lanes V> XACT_INLINE V standard(const V &x) const noexcept {
    if constexpr (detail::has_fma<V>) {
      return detail::standard_tanh(x);
    } else {
      return detail::tanh_without_fma(x);
    }
  }
  template <detail::fused_floats V> XACT_INLINE V accurate(const V &x) const noexcept {
    return detail::accurate_tanh(x);
  }
  template <class V> XACT_INLINE V rounded(const V &x) const noexcept {
    using namespace detail;
    const auto e = exp_parts<2>(at_most(at_least(x, V(-20.0)), V(20.0))); // tanh(20) rounds to 1
    const V rest = e.r * e.q;
    return copy_sign(x, V(mul_add(e.scale, rest, V(e.scale - V(1.0))) / mul_add(e.scale, rest, V(e.scale + V(1.0)))));
  }
  template <class V> XACT_INLINE V in_double(const V &x) const noexcept { return detail::tanh_in_double(x); }
  template <class V> XACT_INLINE V accurate_in_double(const V &x) const noexcept { return detail::tanh_double(x); }

  template <class V> XACT_INLINE V side_of_midpoint(const V &x, const V &) const noexcept {
    return detail::mul_sign(V(-1.0), x);
  }

  /// 4e / (1 + e)^2 with e = e^(-2 abs(x)).
  struct derivative_t : activation<derivative_t> {
    static constexpr facts about() { return {.loose = true, .together = detail::derivative_together}; }

    template <detail::float_lanes V> XACT_INLINE V standard(const V &x) const noexcept {
      if constexpr (detail::has_fma<V>) {
        return detail::standard_tanh_derivative(x);
      } else {
        return detail::tanh_derivative_without_fma(x);
      }
    }
    template <detail::fused_floats V> XACT_INLINE V accurate(const V &x) const noexcept {
      return detail::accurate_logistic_derivative<2, 4>(x, detail::through_double_of(*this));
    }
    template <class V> XACT_INLINE V nearly_rounded(const V &x) const noexcept {
      return detail::tanh_derivative(detail::nearly_exact{}, x);
    }
    template <class V> XACT_INLINE V rounded(const V &x) const noexcept {
      return detail::tanh_derivative(detail::tier::exact{}, x);
    }
    template <class V> XACT_INLINE V in_double(const V &x) const noexcept {
      return detail::tanh_derivative_in_double(x);
    }
    template <class V> XACT_INLINE V accurate_in_double(const V &x) const noexcept {
      return detail::tanh_derivative(detail::tier::accurate{}, x);
    }
  };
  constexpr derivative_t derivative() const { return {}; }
  /// (1 - y) * (1 + y).
  template <class V> XACT_INLINE V derivative_from_output(const V &y) const noexcept {
    const V one(detail::scalar_t<V>(1));
    return V(one - y) * V(one + y);
  }
};
inline constexpr tanh_t tanh{};

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
