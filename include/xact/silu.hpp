#pragma once

#include <xact/activation.hpp>
#include <xact/detail/sigmoid/derivative.hpp>
#include <xact/detail/sigmoid/derivative_float.hpp>
#include <xact/detail/sigmoid/double.hpp>
#include <xact/detail/sigmoid/float.hpp>
#include <xact/detail/sigmoid/float_without_fma.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// Sigmoid linear unit, also called swish: silu(x) = x / (1 + e^-x).
///
/// *Accuracy*: float, over every float. exact, and accurate without FMA: correctly rounded. accurate: 0.531 ULP with
/// 32 table entries (AVX-512), at -0x1.9bdafap+1; 0.640 with 8 (AVX2), at -0x1.86dc0cp+2; limit 1. Default: 3.923, at
/// -0x1.0d08dap+2; 3.315, at -0x1.173908p+2; without FMA 3.788, at -0x1.47209ep+2; limit 4.
/// double: at most 4 ULP, accurate 1; of 2.7 million inputs checked by MPFR the worst is 0.751, at
/// -0x1.65b5c26d64ed8p+9, whose result is subnormal, and 0.542, at -0x1.491080bc954fep+9, where it is normal.
/// *Special*: NaN gives NaN, -0 gives -0, -inf gives -0 (the limit), +inf gives +inf.
/// *Method*: default and accurate with FMA: 2^n from a table in registers, 1 + e^-x in one or two floats, one division;
/// in the accurate tier its residual corrects it (detail/sigmoid/float.hpp). Else, and for lanes far out, the
/// definition in double, rounded once. *Source*: torch.nn.SiLU; ONNX Swish with its
/// default alpha, 1: another's is silu(alpha * x) / alpha, and that of 1.702 gelu_quick. Coefficients:
/// tests/sollya/exp.sollya, tests/sollya/sigmoid_float.py.
///
/// @code
/// std::vector<float> layer{-1.0f, 2.0f};
/// xact::silu(layer); // -0.2689..., 1.7615...
/// @endcode
struct silu_t : activation<silu_t> {
  static constexpr facts about() { return {.midpoints = midpoints::near_zero, .together = detail::sigmoid_together}; }
  constexpr double steepest() const { return 3; }

  template <detail::float_lanes V> XACT_INLINE V standard(const V &x) const noexcept {
    if constexpr (detail::has_fma<V>) {
      return detail::float_sigmoid<detail::tier::standard, detail::plain_scale, true>(x,
                                                                                      detail::through_double_of(*this));
    } else {
      return detail::silu_without_fma(x);
    }
  }
  /// With a table that rounds every float16 right: the value of one lies next to a midpoint.
  template <detail::fused_floats V> XACT_INLINE V standard_for_16_bits(const V &x) const noexcept {
    using namespace detail;
    return float_sigmoid<tier::standard, plain_scale, true, narrow_powers_32>(x, through_double_of(*this));
  }
  template <detail::fused_floats V> XACT_INLINE V accurate(const V &x) const noexcept {
    return detail::float_sigmoid<detail::tier::accurate, detail::plain_scale, true>(x,
                                                                                    detail::through_double_of(*this));
  }
  template <class V> XACT_INLINE V rounded(const V &x) const noexcept {
    using namespace detail;
    const V z = at_least(x, V(-110.0)); // silu(-110) rounds to -0
    const V y = nudge_off_midpoint(V(z / exp_parts<-1>(z).plus_one()));
    return select(V(110.0) < x, x, copy_sign(x, y));
  }
  template <class V> XACT_INLINE V in_double(const V &x) const noexcept { return detail::silu_in_double(x); }
  template <class V> XACT_INLINE V accurate_in_double(const V &x) const noexcept { return detail::silu_double(x); }

  template <class V> XACT_INLINE V side_of_midpoint(const V &x, const V &) const noexcept {
    return detail::side_of_gated(x);
  }

  /// s * (1 + x * (1 - s)) with s = sigmoid(x).
  struct derivative_t : activation<derivative_t> {
    static constexpr facts about() { return {.loose = true, .together = detail::derivative_together}; }

    template <detail::float_lanes V> XACT_INLINE V standard(const V &x) const noexcept {
      if constexpr (detail::has_fma<V>) {
        return detail::standard_silu_derivative(x);
      } else {
        return detail::silu_derivative_without_fma(x);
      }
    }
    template <detail::fused_floats V> XACT_INLINE V accurate(const V &x) const noexcept {
      return detail::accurate_silu_derivative(x, detail::through_double_of(*this));
    }
    template <class V> XACT_INLINE V nearly_rounded(const V &x) const noexcept {
      return detail::silu_derivative(detail::nearly_exact{}, x);
    }
    template <class V> XACT_INLINE V rounded(const V &x) const noexcept {
      return detail::silu_derivative(detail::tier::exact{}, x);
    }
    template <class V> XACT_INLINE V in_double(const V &x) const noexcept {
      return detail::silu_derivative_in_double(x);
    }
    template <class V> XACT_INLINE V accurate_in_double(const V &x) const noexcept {
      return detail::silu_derivative(detail::tier::accurate{}, x);
    }
  };
  /// With the derivative: the gradients of a gated unit take one exponential for both.
  template <detail::fused_floats V> XACT_INLINE auto with_derivative(const V &x) const noexcept {
    return detail::standard_silu_and_derivative(x);
  }
  constexpr derivative_t derivative() const { return {}; }
};
inline constexpr silu_t silu{};
/// Another name of silu.
///
/// @code
/// const float y = xact::swish(2.0f); // 1.7615...
/// @endcode
inline constexpr silu_t swish{};
/// The type of `swish`, which is that of `silu`.
///
/// @code
/// static_assert(std::is_same_v<xact::swish_t, xact::silu_t>);
/// @endcode
using swish_t = silu_t;

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
