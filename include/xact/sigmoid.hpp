#pragma once

#include <xact/activation.hpp>
#include <xact/detail/sigmoid/derivative.hpp>
#include <xact/detail/sigmoid/derivative_float.hpp>
#include <xact/detail/sigmoid/double.hpp>
#include <xact/detail/sigmoid/float.hpp>
#include <xact/detail/sigmoid/float_without_fma.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// Logistic sigmoid: sigmoid(x) = 1 / (1 + e^-x).
///
/// *Accuracy*: float, over every float. exact, and accurate without FMA: correctly rounded. accurate: 0.533 ULP with
/// 32 table entries (AVX-512), at -0x1.90f09p+3; 0.619 with 8 (AVX2), at -0x1.5c619p+1; limit 1. Default: 3.628, at
/// -0x1.658116p+2; 3.190, at -0x1.0a3c28p+4; without FMA sampled; limit 4.
/// double: at most 4 ULP, accurate 1; of 2.7 million inputs checked by MPFR the worst is 0.752, at
/// -0x1.626481b71c7e1p+9, whose result is subnormal, and 0.532, at -0x1.0446447821dbep+4, where it is normal.
/// *Special*: NaN gives NaN, -inf gives 0, +inf gives 1.
/// *Method*: default and accurate with FMA: 2^n from a table in registers, 1 + e^-x in one or two floats, one division;
/// in the accurate tier its residual corrects it (detail/sigmoid/float.hpp). Else, and for lanes far out, the
/// definition in double, rounded once. Near 0.5 the inputs odd * 2^-23 lie within 2^-70 of a tie, far below double's
/// last bit: the numerator is 1 -+ 2^-52, against the sign of x. *Source*: torch.nn.Sigmoid; ONNX Sigmoid.
/// Coefficients: tests/sollya/exp.sollya, tests/sollya/sigmoid_float.py.
///
/// @code
/// std::vector<float> layer{-1.0f, 2.0f};
/// xact::sigmoid(layer); // 0.2689..., 0.8807...
/// @endcode
struct sigmoid_t : activation<sigmoid_t> {
  static constexpr facts about() { return {.midpoints = midpoints::near_half, .together = detail::sigmoid_together}; }
  constexpr double steepest() const { return 3; }

  template <detail::float_lanes V> XACT_INLINE V standard(const V &x) const noexcept {
    if constexpr (detail::has_fma<V>) {
      return detail::float_sigmoid<detail::tier::standard, detail::plain_scale, false>(
          x, detail::through_double_of(*this));
    } else {
      return detail::sigmoid_without_fma(x);
    }
  }
  /// With a table that rounds every float16 right: the value of one lies next to a midpoint.
  template <detail::fused_floats V> XACT_INLINE V standard_for_16_bits(const V &x) const noexcept {
    using namespace detail;
    return float_sigmoid<tier::standard, plain_scale, false, narrow_powers_32>(x, through_double_of(*this));
  }
  template <detail::fused_floats V> XACT_INLINE V accurate(const V &x) const noexcept {
    return detail::float_sigmoid<detail::tier::accurate, detail::plain_scale, false>(x,
                                                                                     detail::through_double_of(*this));
  }
  template <class V> XACT_INLINE V rounded(const V &x) const noexcept {
    using namespace detail;
    const V z = at_most(at_least(x, V(-110.0)), V(110.0)); // sigmoid(-110) rounds to 0
    return V(V(1.0) - mul_sign(V(0x1p-52), z)) / exp_parts<-1>(z).plus_one();
  }
  template <class V> XACT_INLINE V in_double(const V &x) const noexcept { return detail::sigmoid_in_double(x); }
  template <class V> XACT_INLINE V accurate_in_double(const V &x) const noexcept { return detail::sigmoid_double(x); }

  template <class V> XACT_INLINE V side_of_midpoint(const V &x, const V &y) const noexcept {
    using namespace detail; // 1 less a little, 1/2 + x/4 less a little of x
    return select(V(1.0) < x, V(-1.0), select(y == V(0.5), mul_sign(V(1.0), x), mul_sign(V(-1.0), x)));
  }

  /// e / (1 + e)^2 with e = e^-abs(x).
  struct derivative_t : activation<derivative_t> {
    static constexpr facts about() { return {.loose = true, .together = detail::derivative_together}; }

    template <detail::float_lanes V> XACT_INLINE V standard(const V &x) const noexcept {
      if constexpr (detail::has_fma<V>) {
        return detail::standard_sigmoid_derivative(x);
      } else {
        return detail::sigmoid_derivative_without_fma(x);
      }
    }
    template <detail::fused_floats V> XACT_INLINE V accurate(const V &x) const noexcept {
      return detail::accurate_logistic_derivative<1, 1>(x, detail::through_double_of(*this));
    }
    template <class V> XACT_INLINE V nearly_rounded(const V &x) const noexcept {
      return detail::sigmoid_derivative(detail::nearly_exact{}, x);
    }
    template <class V> XACT_INLINE V rounded(const V &x) const noexcept {
      return detail::sigmoid_derivative(detail::tier::exact{}, x);
    }
    template <class V> XACT_INLINE V in_double(const V &x) const noexcept {
      return detail::sigmoid_derivative_in_double(x);
    }
    template <class V> XACT_INLINE V accurate_in_double(const V &x) const noexcept {
      return detail::sigmoid_derivative(detail::tier::accurate{}, x);
    }
  };
  /// With the derivative: the gradients of a gated unit take one exponential for both.
  template <detail::fused_floats V> XACT_INLINE auto with_derivative(const V &x) const noexcept {
    return detail::standard_sigmoid_and_derivative(x);
  }
  constexpr derivative_t derivative() const { return {}; }
  /// y * (1 - y).
  template <class V> XACT_INLINE V derivative_from_output(const V &y) const noexcept {
    return y * V(V(detail::scalar_t<V>(1)) - y);
  }
};
inline constexpr sigmoid_t sigmoid{};

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
