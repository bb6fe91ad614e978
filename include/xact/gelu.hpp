#pragma once

#include <xact/activation.hpp>
#include <xact/detail/gelu/derivative.hpp>
#include <xact/detail/gelu/double.hpp>
#include <xact/detail/gelu/float.hpp>
#include <xact/detail/lanes/convert.hpp>
#include <xact/detail/math/exp.hpp>
#include <xact/detail/sigmoid/derivative.hpp>
#include <xact/detail/sigmoid/float.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// Gaussian error linear unit: gelu(x) = x * Phi(x), Phi the normal distribution function.
///
/// *Accuracy*: float, the negative tail down to the smallest subnormal, at x = -14.35, included: exact correctly
/// rounded; default at most 0.782 ULP, worst at -0x1.a558dp+3, fast at most 3.823, at -0x1.886bp+0, with AVX2
/// 3.988, at -0x1.eae8ap+1 (every float).
/// double: at most 1 ULP, down to the smallest subnormal at x = -38.5; of 2.1 million inputs checked by MPFR the worst
/// is 0.754, at -0x1.2d11a9c53052cp+5, whose result is subnormal, and 0.729, at 0x1.eee58905c68fdp-27, where it is
/// normal.
/// *Special*: NaN gives NaN, -0 gives -0, -inf gives -0 (the limit), +inf gives +inf.
/// *Method*: max(x, 0) - a * Phi(-a), a = abs(x), in double, rounded once. Phi(-a) = e^(-a*a/2) * P(a)/Q(a); the square
/// of a float is exact, P/Q errs by 2^-52.2 on [0, 14.4] and its coefficients are positive, so nothing cancels. Float
/// default and fast, where there is FMA: Phi(-a) or its root in pieces, in float (detail/gelu/float.hpp). *Source*:
/// torch.nn.GELU; ONNX Gelu. Coefficients: tests/sollya/gelu.py, exp.sollya.
///
/// @code
/// std::vector<float> layer{-1.0f, 2.0f};
/// xact::gelu(layer); // -0.1586..., 1.9544...
/// @endcode
struct gelu_t : activation<gelu_t> {
  static constexpr auto ties = detail::near_midpoints::halves;

  template <class Tier, class V> XACT_INLINE V kernel(Tier, const V &x) const noexcept {
    if constexpr (sizeof(detail::scalar_t<V>) == 4) {
      return for_floats(Tier{}, x);
    } else if constexpr (std::is_same_v<Tier, tier::exact>) {
      return for_float(x);
    } else {
      return detail::gelu_double(x);
    }
  }

  /// Phi(x) + x * Phi'(x).
  template <class Tier, class V> XACT_INLINE V slope(Tier, const V &x) const noexcept {
    using namespace detail;
    if constexpr (sizeof(scalar_t<V>) == 8) {
      return gelu_derivative(Tier{}, x);
    } else {
      const auto wide = [](const V &z)
                            XACT_INLINE { return to_float(gelu_derivative(tier_in_double<Tier>{}, to_double(z))); };
      if constexpr (takes_float_kernel<Tier, V>) {
        return float_derivative<Tier, gelu_derivative_16, gelu_derivative_root>(x, wide);
      } else {
        return wide(x);
      }
    }
  }

  /// Two batches of double together are 20 to 30 % faster than one by one, of float in the exact tier 3 %.
  template <class Tier, class V> static constexpr std::size_t unroll() {
    if constexpr (detail::takes_float_kernel<Tier, V>) {
      return detail::gelu_batches<Tier, V>();
    } else {
      return 2;
    }
  }

private:
  template <class Tier, class V> XACT_INLINE static V for_floats(Tier, const V &x) noexcept {
    using namespace detail;
    const auto fallback = [](const auto &z) XACT_INLINE { return gelu_tail<Tier>(z); };
    if constexpr (!takes_float_kernel<Tier, V>) {
      return for_float(x);
    } else if constexpr (std::is_same_v<Tier, tier::fast> && cheap_table<V> == 8) {
      return float_gelu<Tier, gelu_fast_8>(x, fallback);
    } else if constexpr (std::is_same_v<Tier, tier::fast>) {
      return float_gelu<Tier, gelu_fast_16>(x, fallback);
    } else {
      return float_gelu<Tier, gelu_16>(x, fallback);
    }
  }

  // Of float or double lanes. Signs are cheaper in float, which has half the registers.
  template <class V> XACT_INLINE static V for_float(const V &x) noexcept {
    using namespace detail;
    const auto wide = [](const auto &z) XACT_INLINE {
      using W = std::remove_cvref_t<decltype(z)>;
      const W a = at_most(abs(z), W(0x1.ccp3));
      const W p =
          polynomial(a, 0.5, 0x1.5eb9b95074a6fp-1, 0x1.dcec970e44502p-2, 0x1.974fcecc0f6bbp-3, 0x1.d8260e7a92997p-5,
                     0x1.7a8f1a767c491p-7, 0x1.9a382c8287a0ap-10, 0x1.141292ffff6f4p-13, 0x1.657d02edff603p-18);
      const W q = polynomial(a, 1.0, 0x1.157df1778b2cbp+1, 0x1.14a339c4335c5p+1, 0x1.4ddf3248a3286p+0,
                             0x1.0dbc0a106bf7ep-1, 0x1.2fda8cabbb247p-3, 0x1.dfdc1994a3eb6p-6, 0x1.01f125c609be1p-8,
                             0x1.5a0171a18ae59p-12, 0x1.c00b90620b196p-17);
      const auto e = exp_parts<-1, 2, 2>(W(a * a));
      const W tail = e.scale * e.mantissa() * p / q;
      return nudge_off_midpoint(neg_mul_add(a, tail, at_least(z, W(0.0))));
    };
    return copy_sign(x, in_double(x, wide));
  }
};
inline constexpr gelu_t gelu{};

/// GELU in its tanh form: gelu_tanh(x) = x/2 * (1 + tanh(u(x))), u(x) = sqrt(2/pi) * (x + 0.044715 x^3), sqrt(2/pi) and
/// 0.044715 being the real numbers.
///
/// *Accuracy*: float, the negative tail included, every float: exact correctly rounded; default at most 0.828 ULP, at
/// -0x1.324072p+2; fast at most 3.961, at -0x1.90bdc2p+2, with AVX2 3.992, at -0x1.0b465ap+2.
/// double: at most 1 ULP; of 2.6 million inputs checked by MPFR the worst is 0.755, at -0x1.52d7a233e57a1p+4, whose
/// result is subnormal, and 0.536, at -0x1.52b5b6ed172dap+3, where it is normal.
/// *Special*: NaN gives NaN, -0 gives -0, -inf gives -0 (the limit), +inf gives +inf.
/// *Method*: max(x, 0) - a * e/(1 + e), e = e^(-2u(a)), a = abs(x), in double, rounded once. Float default and fast,
/// where there is FMA: as gelu.
/// *Source*: torch.nn.GELU(approximate="tanh"); ONNX Gelu. Coefficients: tests/sollya/exp.sollya.
///
/// @code
/// std::vector<float> layer{-1.0f, 2.0f};
/// xact::gelu_tanh(layer); // -0.1588..., 1.9545...
/// @endcode
struct gelu_tanh_t : activation<gelu_tanh_t> {
  static constexpr auto ties = detail::near_midpoints::halves;

  template <class Tier, class V> XACT_INLINE V kernel(Tier, const V &x) const noexcept {
    if constexpr (sizeof(detail::scalar_t<V>) == 4) {
      return for_floats(Tier{}, x);
    } else if constexpr (std::is_same_v<Tier, tier::exact>) {
      return for_float(x);
    } else {
      return detail::gelu_tanh_double(x);
    }
  }

  /// s * (1 + x * (1 - s) * 2u'(x)) with s = sigmoid(2u(x)).
  template <class Tier, class V> XACT_INLINE V slope(Tier, const V &x) const noexcept {
    using namespace detail;
    if constexpr (sizeof(scalar_t<V>) == 8) {
      return gelu_tanh_derivative(Tier{}, x);
    } else {
      const auto wide = [](const V &z) XACT_INLINE {
        return to_float(gelu_tanh_derivative(tier_in_double<Tier>{}, to_double(z)));
      };
      if constexpr (takes_float_kernel<Tier, V>) {
        return float_derivative<Tier, gelu_tanh_derivative_16, gelu_tanh_derivative_root>(x, wide);
      } else {
        return wide(x);
      }
    }
  }

  /// The fast kernel, moved off a tie at the two float16 whose values lie beside one.
  template <class V> XACT_INLINE V kernel_for_16_bits(const V &x) const noexcept {
    using namespace detail;
    const V y = kernel(tier::fast{}, x);
    return select(abs(x) == V(0x1.69cp-2f), V(y + V(0x1p-25f)), y);
  }

  /// Two batches of double together are 20 to 30 % faster than one by one, three of float in the exact tier 25 %.
  template <class Tier, class V> static constexpr std::size_t unroll() {
    if constexpr (detail::takes_float_kernel<Tier, V>) {
      return detail::gelu_batches<Tier, V>();
    } else {
      return sizeof(detail::scalar_t<V>) == 8 ? 2 : 3;
    }
  }

private:
  template <class Tier, class V> XACT_INLINE static V for_floats(Tier, const V &x) noexcept {
    using namespace detail;
    const auto fallback = [](const auto &z) XACT_INLINE { return gelu_tanh_tail<Tier>(z); };
    if constexpr (!takes_float_kernel<Tier, V>) {
      return for_float(x);
    } else if constexpr (std::is_same_v<Tier, tier::fast> && cheap_table<V> == 8) {
      return float_gelu<Tier, gelu_tanh_fast_8>(x, fallback);
    } else if constexpr (std::is_same_v<Tier, tier::fast>) {
      return float_gelu<Tier, gelu_tanh_fast_16>(x, fallback);
    } else {
      return float_gelu<Tier, gelu_tanh_16>(x, fallback);
    }
  }

  // Of float or double lanes. Signs are cheaper in float, which has half the registers.
  template <class V> XACT_INLINE static V for_float(const V &x) noexcept {
    using namespace detail;
    const auto wide = [](const auto &z) XACT_INLINE {
      using W = std::remove_cvref_t<decltype(z)>;
      const W a = at_most(abs(z), W(12.0));
      const auto e = exp_parts(W(a * mul_add(W(a * a), W(-0x1.2444f2a4d8b4bp-4), W(-0x1.9884533d43651p+0))));
      const W tail = e.scale * e.mantissa() / e.plus_one();
      return nudge_off_midpoint(neg_mul_add(a, tail, at_least(z, W(0.0))));
    };
    return copy_sign(x, in_double(x, wide));
  }
};
inline constexpr gelu_tanh_t gelu_tanh{};

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
