#pragma once

#include <xact/activation.hpp>
#include <xact/detail/lanes/convert.hpp>
#include <xact/detail/math/exp.hpp>
#include <xact/detail/sigmoid/derivative.hpp>
#include <xact/detail/sigmoid/derivative_float.hpp>
#include <xact/detail/sigmoid/double.hpp>
#include <xact/detail/sigmoid/float.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// Sigmoid linear unit, also called swish: silu(x) = x / (1 + e^-x).
///
/// *Accuracy*: float, over every float. exact, and every tier without FMA: correctly rounded. Default: 0.531 ULP with
/// 32 table entries (AVX-512), at -0x1.9bdafap+1; 0.640 with 8 (AVX2), at -0x1.86dc0cp+2; limit 1. fast: 3.923, at
/// -0x1.0d08dap+2; 3.314, at -0x1.173908p+2; limit 4.
/// double: at most 1 ULP; of 2.7 million inputs checked by MPFR the worst is 0.751, at
/// -0x1.65b5c26d64ed8p+9, whose result is subnormal, and 0.542, at -0x1.491080bc954fep+9, where it is normal.
/// *Special*: NaN gives NaN, -0 gives -0, -inf gives -0 (the limit), +inf gives +inf.
/// *Method*: fast and default with FMA: 2^n from a table in registers, 1 + e^-x in one or two floats, one division; in
/// the default its residual corrects it (detail/sigmoid/float.hpp). Else, and for lanes far out, the definition in
/// double, rounded once. *Source*: torch.nn.SiLU; ONNX Swish. Coefficients: tests/sollya/exp.sollya,
/// tests/sollya/sigmoid_float.py.
///
/// @code
/// std::vector<float> layer{-1.0f, 2.0f};
/// xact::silu(layer); // -0.2689..., 1.7615...
/// @endcode
struct silu_t : activation<silu_t> {
  static constexpr auto ties = detail::near_midpoints::halves;

  template <class Tier, class V> XACT_INLINE V kernel(Tier, const V &x) const noexcept {
    if constexpr (sizeof(detail::scalar_t<V>) == 4) {
      return for_floats(Tier{}, x);
    } else if constexpr (std::is_same_v<Tier, tier::exact>) {
      return for_float(x);
    } else {
      return detail::silu_double(x);
    }
  }

  /// s * (1 + x * (1 - s)) with s = sigmoid(x).
  template <class Tier, class V> XACT_INLINE V slope(Tier, const V &x) const noexcept {
    using namespace detail;
    if constexpr (sizeof(scalar_t<V>) == 8) {
      return silu_derivative(Tier{}, x);
    } else {
      const auto wide = [](const V &z)
                            XACT_INLINE { return to_float(silu_derivative(tier_in_double<Tier>{}, to_double(z))); };
      if constexpr (takes_float_kernel<Tier, V>) {
        return float_silu_derivative(Tier{}, x, wide);
      } else {
        return wide(x);
      }
    }
  }

  /// The fast kernel with a table that rounds every float16 right: an input of it lies beside a tie.
  template <class V> XACT_INLINE V kernel_for_16_bits(const V &x) const noexcept {
    return for_floats<detail::narrow_powers_32>(tier::fast{}, x);
  }

  /// Of the derivative's default tier two batches together: 5 to 10 % faster.
  template <class Tier, class V> static constexpr std::size_t slope_unroll() {
    return detail::takes_float_kernel<Tier, V> && !std::is_same_v<Tier, tier::fast> ? 2 : 1;
  }

  template <class Tier, class V> static constexpr std::size_t unroll() { return detail::sigmoid_batches<Tier, V>(); }

private:
  template <const auto &Powers = detail::fast_powers_32, class Tier, class V>
  XACT_INLINE static V for_floats(Tier, const V &x) noexcept {
    using namespace detail;
    if constexpr (takes_float_kernel<Tier, V>) {
      return float_sigmoid<Tier, plain_scale, true, Powers>(x, [](const V &z) XACT_INLINE { return for_float(z); });
    } else {
      return for_float(x);
    }
  }

  // Of float or double lanes. Limits and signs are cheaper in float, which has half the registers.
  template <class V> XACT_INLINE static V for_float(const V &x) noexcept {
    using namespace detail;
    constexpr scalar_t<V> limit = 110; // silu(-110) rounds to -0
    const auto wide = [](const auto &z) XACT_INLINE { return nudge_off_midpoint(z / exp_parts<-1>(z).plus_one()); };
    const V y = in_double(at_least(x, V(-limit)), wide);
    return select(V(limit) < x, x, copy_sign(x, y));
  }
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
