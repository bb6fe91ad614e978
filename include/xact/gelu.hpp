#pragma once

#include <xact/activation.hpp>
#include <xact/detail/gelu/derivative.hpp>
#include <xact/detail/gelu/double.hpp>
#include <xact/detail/gelu/float.hpp>
#include <xact/detail/gelu/float_without_fma.hpp>
#include <xact/detail/sigmoid/derivative.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// Gaussian error linear unit: gelu(x) = x * Phi(x), Phi the normal distribution function.
///
/// *Accuracy*: float, the negative tail down to the smallest subnormal, at x = -14.35, included: exact correctly
/// rounded; accurate at most 0.782 ULP, worst at -0x1.a558dp+3, default at most 3.823, at -0x1.886bp+0, with AVX2
/// 3.988, at -0x1.eae8ap+1 (every float).
/// double: at most 4 ULP, accurate 1, down to the smallest subnormal at x = -38.5; of 2.1 million inputs checked by
/// MPFR the worst is 0.754, at -0x1.2d11a9c53052cp+5, whose result is subnormal, and 0.729, at 0x1.eee58905c68fdp-27,
/// where it is normal. *Special*: NaN gives NaN, -0 gives -0, -inf gives -0 (the limit), +inf gives +inf. *Method*:
/// max(x, 0) - a * Phi(-a), a = abs(x), in double, rounded once. Phi(-a) = e^(-a*a/2) * P(a)/Q(a); the square of a
/// float is exact, P/Q errs by 2^-52.2 on [0, 14.4] and its coefficients are positive, so nothing cancels. Float
/// default and accurate, where there is FMA: Phi(-a) or its root in pieces, in float (detail/gelu/float.hpp). *Source*:
/// torch.nn.GELU; ONNX Gelu; keras.activations.gelu by default. gelu_10 of configuration files clips it:
/// hard_tanh_t{.min_val = -10, .max_val = 10} of the result. Coefficients: tests/sollya/gelu.py, exp.sollya.
///
/// @code
/// std::vector<float> layer{-1.0f, 2.0f};
/// xact::gelu(layer); // -0.1586..., 1.9544...
/// @endcode
struct gelu_t : activation<gelu_t> {
  static constexpr facts about() { return {.midpoints = midpoints::near_zero, .together = detail::gelu_together<2>}; }
  constexpr double steepest() const { return 3; }

  template <detail::float_lanes V> XACT_INLINE V standard(const V &x) const noexcept {
    using namespace detail;
    if constexpr (has_fma<V>) {
      const auto tail = [](const auto &z) XACT_INLINE { return standard_gelu_tail(z); };
      if constexpr (cheap_table<V> == 8) {
        return float_gelu<tier::standard, gelu_standard_8>(x, tail);
      } else {
        return float_gelu<tier::standard, gelu_standard_16>(x, tail);
      }
    } else {
      return gelu_without_fma(x);
    }
  }
  template <detail::fused_floats V> XACT_INLINE V accurate(const V &x) const noexcept {
    using namespace detail;
    return float_gelu<tier::accurate, gelu_16>(x, [](const auto &z) XACT_INLINE { return accurate_gelu_tail(z); });
  }
  template <class V> XACT_INLINE V rounded(const V &x) const noexcept {
    using namespace detail;
    const V a = at_most(abs(x), V(0x1.ccp3));
    const V p =
        polynomial(a, 0.5, 0x1.5eb9b95074a6fp-1, 0x1.dcec970e44502p-2, 0x1.974fcecc0f6bbp-3, 0x1.d8260e7a92997p-5,
                   0x1.7a8f1a767c491p-7, 0x1.9a382c8287a0ap-10, 0x1.141292ffff6f4p-13, 0x1.657d02edff603p-18);
    const V q = polynomial(a, 1.0, 0x1.157df1778b2cbp+1, 0x1.14a339c4335c5p+1, 0x1.4ddf3248a3286p+0,
                           0x1.0dbc0a106bf7ep-1, 0x1.2fda8cabbb247p-3, 0x1.dfdc1994a3eb6p-6, 0x1.01f125c609be1p-8,
                           0x1.5a0171a18ae59p-12, 0x1.c00b90620b196p-17);
    const auto e = exp_parts<-1, 2, 2>(V(a * a));
    const V tail = e.scale * e.mantissa() * p / q;
    return copy_sign(x, nudge_off_midpoint(neg_mul_add(a, tail, at_least(x, V(0.0)))));
  }
  template <class V> XACT_INLINE V in_double(const V &x) const noexcept { return detail::gelu_in_double(x); }
  template <class V> XACT_INLINE V accurate_in_double(const V &x) const noexcept { return detail::gelu_double(x); }

  template <class V> XACT_INLINE V side_of_midpoint(const V &x, const V &) const noexcept {
    return detail::side_of_gated(x);
  }

  /// Phi(x) + x * Phi'(x).
  struct derivative_t : activation<derivative_t> {
    static constexpr facts about() { return {.loose = true, .together = {4, 1, 1, 1}}; }

    template <detail::float_lanes V> XACT_INLINE V standard(const V &x) const noexcept {
      using namespace detail;
      if constexpr (has_fma<V>) {
        return standard_gelu_derivative<gelu_derivative_8, gelu_derivative_16, gelu_derivative_root>(
            x, [](const auto &z) XACT_INLINE { return gelu_derivative_tail(z); });
      } else {
        return gelu_derivative_without_fma(x);
      }
    }
    template <detail::fused_floats V> XACT_INLINE V accurate(const V &x) const noexcept {
      using namespace detail;
      return accurate_gelu_derivative<gelu_derivative_16, gelu_derivative_root>(x, through_double_of(*this));
    }
    template <class V> XACT_INLINE V nearly_rounded(const V &x) const noexcept {
      return detail::gelu_derivative(detail::nearly_exact{}, x);
    }
    template <class V> XACT_INLINE V rounded(const V &x) const noexcept {
      return detail::gelu_derivative(detail::tier::exact{}, x);
    }
    template <class V> XACT_INLINE V in_double(const V &x) const noexcept {
      return detail::gelu_derivative_in_double(x);
    }
    template <class V> XACT_INLINE V accurate_in_double(const V &x) const noexcept {
      return detail::gelu_derivative(detail::tier::accurate{}, x);
    }
  };
  constexpr derivative_t derivative() const { return {}; }
};
inline constexpr gelu_t gelu{};

/// GELU in its tanh form: gelu_tanh(x) = x/2 * (1 + tanh(u(x))), u(x) = sqrt(2/pi) * (x + 0.044715 x^3), sqrt(2/pi) and
/// 0.044715 being the real numbers.
///
/// *Accuracy*: float, the negative tail included, every float: exact correctly rounded; accurate at most 0.828 ULP, at
/// -0x1.324072p+2; default at most 3.961, at -0x1.90bdc2p+2, with AVX2 3.992, at -0x1.0b465ap+2.
/// double: at most 4 ULP, accurate 1; of 2.6 million inputs checked by MPFR the worst is 0.755, at
/// -0x1.52d7a233e57a1p+4, whose result is subnormal, and 0.536, at -0x1.52b5b6ed172dap+3, where it is normal.
/// *Special*: NaN gives NaN, -0 gives -0, -inf gives -0 (the limit), +inf gives +inf.
/// *Method*: max(x, 0) - a * e/(1 + e), e = e^(-2u(a)), a = abs(x), in double, rounded once. Float default and
/// accurate, where there is FMA: as gelu. *Source*: torch.nn.GELU(approximate="tanh"); ONNX Gelu;
/// jax.nn.gelu by default; gelu_new, gelu_fast, gelu_pytorch_tanh of configuration files, which are one function
/// (quick_gelu is another, `gelu_quick`); ggml's GELU. Coefficients:
/// tests/sollya/exp.sollya.
///
/// @code
/// std::vector<float> layer{-1.0f, 2.0f};
/// xact::gelu_tanh(layer); // -0.1588..., 1.9545...
/// @endcode
struct gelu_tanh_t : activation<gelu_tanh_t> {
  static constexpr facts about() { return {.midpoints = midpoints::near_zero, .together = detail::gelu_together<3>}; }
  constexpr double steepest() const { return 3; }

  template <detail::float_lanes V> XACT_INLINE V standard(const V &x) const noexcept {
    using namespace detail;
    if constexpr (has_fma<V>) {
      const auto tail = [](const auto &z) XACT_INLINE { return standard_gelu_tanh_tail(z); };
      if constexpr (cheap_table<V> == 8) {
        return float_gelu<tier::standard, gelu_tanh_standard_8>(x, tail);
      } else {
        return float_gelu<tier::standard, gelu_tanh_standard_16>(x, tail);
      }
    } else {
      return gelu_tanh_without_fma(x);
    }
  }
  /// Moved off a midpoint at the two float16 whose values lie next to one.
  template <detail::fused_floats V> XACT_INLINE V standard_for_16_bits(const V &x) const noexcept {
    using namespace detail;
    const V y = standard(x);
    return select(abs(x) == V(0x1.69cp-2f), V(y + V(0x1p-25f)), y);
  }
  template <detail::fused_floats V> XACT_INLINE V accurate(const V &x) const noexcept {
    using namespace detail;
    return float_gelu<tier::accurate, gelu_tanh_16>(x, [](const auto &z)
                                                           XACT_INLINE { return accurate_gelu_tanh_tail(z); });
  }
  template <class V> XACT_INLINE V rounded(const V &x) const noexcept {
    using namespace detail;
    const V a = at_most(abs(x), V(12.0));
    const auto e = exp_parts(V(a * mul_add(V(a * a), V(-0x1.2444f2a4d8b4bp-4), V(-0x1.9884533d43651p+0))));
    const V tail = e.scale * e.mantissa() / e.plus_one();
    return copy_sign(x, nudge_off_midpoint(neg_mul_add(a, tail, at_least(x, V(0.0)))));
  }
  template <class V> XACT_INLINE V in_double(const V &x) const noexcept { return detail::gelu_tanh_in_double(x); }
  template <class V> XACT_INLINE V accurate_in_double(const V &x) const noexcept { return detail::gelu_tanh_double(x); }

  template <class V> XACT_INLINE V side_of_midpoint(const V &x, const V &) const noexcept {
    return detail::side_of_gated(x);
  }

  /// s * (1 + x * (1 - s) * 2u'(x)) with s = sigmoid(2u(x)).
  struct derivative_t : activation<derivative_t> {
    static constexpr facts about() { return {.loose = true, .together = {4, 1, 1, 1}}; }

    template <detail::float_lanes V> XACT_INLINE V standard(const V &x) const noexcept {
      using namespace detail;
      if constexpr (has_fma<V>) {
        return standard_gelu_derivative<gelu_tanh_derivative_8, gelu_tanh_derivative_16, gelu_tanh_derivative_root>(
            x, [](const auto &z) XACT_INLINE { return gelu_tanh_derivative_tail(z); });
      } else {
        return gelu_tanh_derivative_without_fma(x);
      }
    }
    template <detail::fused_floats V> XACT_INLINE V accurate(const V &x) const noexcept {
      using namespace detail;
      return accurate_gelu_derivative<gelu_tanh_derivative_16, gelu_tanh_derivative_root>(x, through_double_of(*this));
    }
    template <class V> XACT_INLINE V nearly_rounded(const V &x) const noexcept {
      return detail::gelu_tanh_derivative(detail::nearly_exact{}, x);
    }
    template <class V> XACT_INLINE V rounded(const V &x) const noexcept {
      return detail::gelu_tanh_derivative(detail::tier::exact{}, x);
    }
    template <class V> XACT_INLINE V in_double(const V &x) const noexcept {
      return detail::gelu_tanh_derivative_in_double(x);
    }
    template <class V> XACT_INLINE V accurate_in_double(const V &x) const noexcept {
      return detail::gelu_tanh_derivative(detail::tier::accurate{}, x);
    }
  };
  constexpr derivative_t derivative() const { return {}; }
};
inline constexpr gelu_tanh_t gelu_tanh{};

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
