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

/// Logistic sigmoid: sigmoid(x) = 1 / (1 + e^-x).
///
/// *Accuracy*: float, over every float. exact, and every tier without FMA: correctly rounded. Default: 0.533 ULP with
/// 32 table entries (AVX-512), at -0x1.90f09p+3; 0.619 with 8 (AVX2), at -0x1.5c619p+1; limit 1. fast: 3.628, at
/// -0x1.658116p+2; 3.190, at -0x1.0a3c28p+4; limit 4.
/// double: at most 1 ULP; of 2.7 million inputs checked by MPFR the worst is 0.752, at
/// -0x1.626481b71c7e1p+9, whose result is subnormal, and 0.532, at -0x1.0446447821dbep+4, where it is normal.
/// *Special*: NaN gives NaN, -inf gives 0, +inf gives 1.
/// *Method*: fast and default with FMA: 2^n from a table in registers, 1 + e^-x in one or two floats, one division; in
/// the default its residual corrects it (detail/sigmoid/float.hpp). Else, and for lanes far out, the definition in
/// double, rounded once. Near 0.5 the inputs odd * 2^-23 lie within 2^-70 of a tie, far below double's last bit:
/// the numerator is 1 -+ 2^-52, against the sign of x. *Source*: torch.nn.Sigmoid; ONNX Sigmoid. Coefficients:
/// tests/sollya/exp.sollya, tests/sollya/sigmoid_float.py.
///
/// @code
/// std::vector<float> layer{-1.0f, 2.0f};
/// xact::sigmoid(layer); // 0.2689..., 0.8807...
/// @endcode
struct sigmoid_t : activation<sigmoid_t> {
  static constexpr auto ties = detail::near_midpoints::around_half;

  template <class Tier, class V> XACT_INLINE V kernel(Tier, const V &x) const noexcept {
    if constexpr (sizeof(detail::scalar_t<V>) == 4) {
      return for_floats(Tier{}, x);
    } else if constexpr (std::is_same_v<Tier, tier::exact>) {
      return for_float(x);
    } else {
      return detail::sigmoid_double(x);
    }
  }

  /// e / (1 + e)^2 with e = e^-abs(x).
  template <class Tier, class V> XACT_INLINE V slope(Tier, const V &x) const noexcept {
    using namespace detail;
    if constexpr (sizeof(scalar_t<V>) == 8) {
      return sigmoid_derivative(Tier{}, x);
    } else {
      const auto wide = [](const V &z)
                            XACT_INLINE { return to_float(sigmoid_derivative(tier_in_double<Tier>{}, to_double(z))); };
      if constexpr (takes_float_kernel<Tier, V>) {
        return float_logistic_derivative<1, 1>(Tier{}, x, wide);
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
      return float_sigmoid<Tier, plain_scale, false, Powers>(x, [](const V &z) XACT_INLINE { return for_float(z); });
    } else {
      return for_float(x);
    }
  }

  // Of float or double lanes. Limits are cheaper in float, which has half the registers.
  template <class V> XACT_INLINE static V for_float(const V &x) noexcept {
    using namespace detail;
    const auto wide = [](const auto &z) XACT_INLINE {
      using W = std::remove_cvref_t<decltype(z)>;
      return W(W(1.0) - mul_sign(W(0x1p-52), z)) / exp_parts<-1>(z).plus_one();
    };
    constexpr scalar_t<V> limit = 110; // sigmoid(-110) rounds to 0
    return in_double(at_most(at_least(x, V(-limit)), V(limit)), wide);
  }
};
inline constexpr sigmoid_t sigmoid{};

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
