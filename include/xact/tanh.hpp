#pragma once

#include <xact/activation.hpp>
#include <xact/detail/lanes/convert.hpp>
#include <xact/detail/math/exp.hpp>
#include <xact/detail/sigmoid/derivative.hpp>
#include <xact/detail/sigmoid/derivative_float.hpp>
#include <xact/detail/sigmoid/double.hpp>
#include <xact/detail/tanh/float.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// Hyperbolic tangent.
///
/// *Accuracy*: float, over every float. exact, and every tier without FMA: correctly rounded. Default: 0.834 ULP with
/// 32 table entries (AVX-512), at 0x1.182b48p+3; 0.794 with 8 (AVX2), at 0x1.020676p-1; limit 1. fast: 2.927, at
/// 0x1.054d26p-2; 2.809, at 0x1.6ad1ccp+0; limit 4.
/// double: at most 1 ULP; of 2.6 million inputs checked by MPFR the worst is 0.566, at -0x1.2c84aeff29ddp-3.
/// *Special*: NaN gives NaN, -0 gives -0, -inf gives -1, +inf gives 1.
/// *Method*: fast and default with FMA: the addition formula about the points of a table in registers, one division; in
/// the default its residual corrects it (detail/tanh/float.hpp). Else (e - 1) / (e + 1) with e = e^(2x) = s*(1 + t)
/// in double, s*t + (s - 1) over s*t + (s + 1), rounded once; nothing cancels near 0, where s = 1.
/// *Source*: torch.nn.Tanh; ONNX Tanh. Coefficients: tests/sollya/exp.sollya, tests/sollya/tanh_float.py.
///
/// @code
/// std::vector<float> layer{-1.0f, 2.0f};
/// xact::tanh(layer); // -0.7615..., 0.9640...
/// @endcode
struct tanh_t : activation<tanh_t> {
  static constexpr auto ties = detail::near_midpoints::none;

  template <class Tier, class V> XACT_INLINE V kernel(Tier, const V &x) const noexcept {
    if constexpr (detail::takes_float_kernel<Tier, V> && std::is_same_v<Tier, tier::fast>) {
      return detail::fast_tanh(x);
    } else if constexpr (detail::takes_float_kernel<Tier, V>) {
      return detail::accurate_tanh(x);
    } else if constexpr (sizeof(detail::scalar_t<V>) == 4 || std::is_same_v<Tier, tier::exact>) {
      return for_float(x);
    } else {
      return detail::tanh_double(x);
    }
  }

  /// 4e / (1 + e)^2 with e = e^(-2 abs(x)).
  template <class Tier, class V> XACT_INLINE V slope(Tier, const V &x) const noexcept {
    using namespace detail;
    if constexpr (sizeof(scalar_t<V>) == 8) {
      return tanh_derivative(Tier{}, x);
    } else {
      const auto wide = [](const V &z)
                            XACT_INLINE { return to_float(tanh_derivative(tier_in_double<Tier>{}, to_double(z))); };
      if constexpr (takes_float_kernel<Tier, V>) {
        return float_logistic_derivative<2, 4>(Tier{}, x, wide);
      } else {
        return wide(x);
      }
    }
  }

  /// Of the derivative's default tier two batches together: 5 to 10 % faster.
  template <class Tier, class V> static constexpr std::size_t slope_unroll() {
    return detail::takes_float_kernel<Tier, V> && !std::is_same_v<Tier, tier::fast> ? 2 : 1;
  }

  /// Batches that go through the kernel together: of double two (20 to 30 % faster), of float in double three (as
  /// much), of float as many as the registers hold.
  template <class Tier, class V> static constexpr std::size_t unroll() {
    if constexpr (!detail::takes_float_kernel<Tier, V>) {
      return sizeof(detail::scalar_t<V>) == 8 ? 2 : 3;
    } else if constexpr (detail::cheap_table<V> >= 32) {
      return 4;
    } else {
      return std::is_same_v<Tier, tier::fast> ? 3 : 2;
    }
  }

private:
  // Of float or double lanes. Limits and signs are cheaper in float, which has half the registers.
  template <class V> XACT_INLINE static V for_float(const V &x) noexcept {
    using namespace detail;
    const auto wide = [](const auto &z) XACT_INLINE {
      using W = std::remove_cvref_t<decltype(z)>;
      const auto e = exp_parts<2>(z);
      const W rest = e.r * e.q;
      return mul_add(e.scale, rest, W(e.scale - W(1.0))) / mul_add(e.scale, rest, W(e.scale + W(1.0)));
    };
    constexpr scalar_t<V> limit = 20; // tanh(20) rounds to 1
    return copy_sign(x, in_double(at_most(at_least(x, V(-limit)), V(limit)), wide));
  }
};
inline constexpr tanh_t tanh{};

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
