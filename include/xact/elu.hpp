#pragma once

#include <xact/activation.hpp>
#include <xact/detail/elu/double.hpp>
#include <xact/detail/elu/float.hpp>
#include <xact/detail/elu/float_without_fma.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// Exponential linear unit: x for x > 0, alpha * (e^x - 1) else.
///
/// *Parameter*: `alpha`, any finite number (for the derivative of double at most 1e190 in magnitude). It is a
/// factor only, as in PyTorch, ONNX, Keras and JAX; celu's divides x too.
/// *Accuracy*: float, over every float. exact: correctly rounded. accurate: 0.808 ULP with 32 table entries (AVX-512),
/// at -0x1.f4e4dap-8; 0.742 with 8 (AVX2), at -0x1.03f11ap-5; limit 1. Default: 1.736, at -0x1.8b866ap-7; 1.724, at
/// -0x1.6eb746p-5; limit 4. With another alpha (1.673, every 12th block of 8192 floats) 0.808 and 2.413.
/// double: at most 4 ULP, accurate 0.56 (random and hard points against MPFR), 1.03 where alpha is not 1.
/// *Special*: NaN gives NaN, -0 gives -0, -inf gives -alpha, +inf gives +inf.
/// *Method*: e^x - 1 with its relative accuracy kept near 0: default and accurate with FMA in one or two floats, 2^n
/// from a table in registers (detail/elu/float.hpp). Else, and for an alpha beyond 2^-60 and 2^60, in double, rounded
/// once; for `exact` and double in two parts. *Source*: torch.nn.ELU; ONNX Elu. Coefficients: tests/sollya/exp.sollya,
/// exp_double.sollya, sigmoid_float.py.
///
/// @code
/// std::vector<float> layer{-1.0f, 2.0f};
/// xact::elu(layer);                       // -0.632..., 2
/// xact::elu_t{.alpha = 0.5}(layer, layer);
/// @endcode
struct elu_t {
  double alpha = 1;

  static constexpr facts about() { return {.together = detail::expm1_together}; }
  constexpr detail::refusal refusal() const { return detail::refusal_unless_finite("xact::elu: alpha is %g", alpha); }
  constexpr double steepest() const { return 2 + (alpha < 0 ? -alpha : alpha); }

  template <detail::float_lanes V> XACT_INLINE V standard(const V &x) const noexcept {
    if constexpr (detail::has_fma<V>) {
      return of_floats(detail::tier::standard{}, x);
    } else {
      using namespace detail;
      if (!is_moderate(alpha)) [[unlikely]] {
        return fallback(x);
      }
      const V below = expm1_without_fma(x) * V(static_cast<float>(alpha));
      return select(x < V(0.0f), below, alpha == 1 ? x : positive_part(x));
    }
  }
  template <detail::fused_floats V> XACT_INLINE V accurate(const V &x) const noexcept {
    return of_floats(detail::tier::accurate{}, x);
  }
  template <class V> XACT_INLINE V nearly_rounded(const V &x) const noexcept {
    return of_doubles(detail::nearly_exact{}, x);
  }
  template <class V> XACT_INLINE V rounded(const V &x) const noexcept { return of_doubles(detail::tier::exact{}, x); }
  template <class V> XACT_INLINE V in_double(const V &x) const noexcept {
    return detail::is_moderate(alpha) ? detail::elu_in_double(x, alpha) : accurate_in_double(x);
  }
  template <class V> XACT_INLINE V accurate_in_double(const V &x) const noexcept {
    return of_doubles(detail::tier::accurate{}, x);
  }

  template <class V> XACT_INLINE V side_of_midpoint(const V &x, const V &y) const noexcept {
    return detail::select(V(0.0) < x, V(0.0), detail::mul_sign(V(-1.0), y));
  }

  /// 1 for x > 0, alpha * e^x else.
  struct derivative_t : activation<derivative_t> {
    double alpha = 1;

    static constexpr facts about() { return {.loose = true, .together = {4, 1, 1, 1}}; }
    constexpr detail::refusal refusal() const { return elu_t{alpha}.refusal(); }

    template <detail::float_lanes V> XACT_INLINE V standard(const V &x) const noexcept {
      if constexpr (detail::has_fma<V>) {
        if (!detail::falls_in_float(alpha)) [[unlikely]] {
          return fallback(x);
        }
        return detail::standard_elu_derivative(x, static_cast<float>(alpha), 1.0f);
      } else {
        using namespace detail;
        if (!(0x1p-20 <= alpha && alpha <= 0x1p20)) [[unlikely]] {
          return fallback(x);
        }
        return select(V(0.0f) < x, V(1.0f), times_exp_without_fma(x, static_cast<float>(alpha)));
      }
    }
    template <class V> XACT_INLINE V nearly_rounded(const V &x) const noexcept {
      return formula(detail::nearly_exact{}, x);
    }
    template <class V> XACT_INLINE V rounded(const V &x) const noexcept { return formula(detail::tier::exact{}, x); }
    template <class V> XACT_INLINE V in_double(const V &x) const noexcept {
      return detail::is_moderate(alpha) ? detail::elu_derivative_in_double(x, alpha) : accurate_in_double(x);
    }
    template <class V> XACT_INLINE V accurate_in_double(const V &x) const noexcept {
      return formula(detail::tier::accurate{}, x);
    }

  private:
    template <class Tier, class V> XACT_INLINE V formula(Tier, const V &x) const noexcept {
      using namespace detail;
      using N = derivative_number<Tier, V>;
      return select(V(0.0) < x, V(1.0), times_exp(Tier{}, lanes<N>(at_most(x, V(0.0))), number<N>(alpha)));
    }
    /// As in elu_t.
    template <class V> [[gnu::noinline, gnu::cold]] V fallback(V x) const noexcept {
      return detail::through_double_of(*this)(x);
    }
  };
  constexpr derivative_t derivative() const { return {{}, alpha}; }
  /// y + alpha for y <= 0.
  template <class V> XACT_INLINE V derivative_from_output(const V &y) const noexcept {
    using T = detail::scalar_t<V>;
    return detail::select(V(T(0)) < y, V(T(1)), V(y + V(static_cast<T>(alpha))));
  }
  constexpr detail::refusal refusal_of_output() const {
    return detail::refusal_unless(alpha >= 0, "xact::backward_from_output: two inputs have one result, as alpha is %g",
                                  alpha);
  }

  XACT_CALL_FORMS(elu_t)

private:
  template <class Tier, class V> XACT_INLINE V of_floats(Tier, const V &x) const noexcept {
    using namespace detail;
    if (!is_moderate(alpha)) [[unlikely]] {
      return fallback(x);
    }
    // With DAZ a subnormal is not below 0, and must not come out as it is.
    return select(x < V(0.0f), float_expm1(Tier{}, x, {alpha, 0}), alpha == 1 ? x : positive_part(x));
  }
  template <class Tier, class V> XACT_INLINE V of_doubles(Tier, const V &x) const noexcept {
    using namespace detail;
    const double_double<V> below{at_most(x, V(0.0)), V(0.0)};
    const V y = scaled_expm1(Tier{}, below, double_double<double>{alpha, 0.0});
    return select(V(0.0) < x, x, mul_sign(mul_sign(abs(y), x), V(alpha))); // -0 for -0
  }
  /// float by double, not in the loop: its constants would take the registers.
  template <class V> [[gnu::noinline, gnu::cold]] V fallback(V x) const noexcept {
    return detail::through_double_of(*this)(x);
  }
};
inline constexpr elu_t elu{};

/// Scaled ELU, which keeps mean and variance: lambda * x for x > 0, lambda * alpha * (e^x - 1) else, with the real
/// numbers lambda = 1.0507009873554804934193349852946 and alpha = 1.6732632423543772848170429916717.
///
/// *Accuracy*: float, over every float. exact: correctly rounded. accurate: 0.803 ULP with 32 table entries (AVX-512),
/// at -0x1.231feap-8; 0.759 with 8 (AVX2), at -0x1.258986p-5; limit 1. Default: 2.486, at -0x1.6d25e4p-1; 2.531, at
/// -0x1.7c510cp-1; limit 4.
/// double: at most 4 ULP, accurate 1.11 (random and hard points against MPFR).
/// *Special*: NaN gives NaN, -0 gives -0, -inf gives -1.758..., +inf gives +inf, and x above 3.2386e38 too (double:
/// 1.7109e308), whose result is beyond the type's range.
/// *Method*: as elu; for `exact` and in float, lambda and lambda * alpha in two parts.
/// *Source*: G. Klambauer et al., Self-normalizing neural networks, 2017, with the digits of torch.nn.SELU (ONNX Selu
/// rounds both numbers to float). Constants: tests/sollya/decimals.py.
///
/// @code
/// std::vector<float> layer{-1.0f, 2.0f};
/// xact::selu(layer); // -1.111..., 2.101...
/// @endcode
struct selu_t : activation<selu_t> {
  static constexpr facts about() { return {.together = detail::expm1_together}; }
  constexpr double steepest() const { return 3; }

  template <detail::float_lanes V> XACT_INLINE V standard(const V &x) const noexcept {
    if constexpr (detail::has_fma<V>) {
      return of_floats(detail::tier::standard{}, x);
    } else {
      using namespace detail;
      const V below = expm1_without_fma(x) * V(static_cast<float>(lambda_alpha.hi));
      return select(x < V(0.0f), below, V(x * V(static_cast<float>(lambda.hi)))); // of small parts FTZ makes 0
    }
  }
  template <detail::fused_floats V> XACT_INLINE V accurate(const V &x) const noexcept {
    return of_floats(detail::tier::accurate{}, x);
  }
  template <class V> XACT_INLINE V nearly_rounded(const V &x) const noexcept {
    return of_doubles(detail::nearly_exact{}, x);
  }
  template <class V> XACT_INLINE V rounded(const V &x) const noexcept { return of_doubles(detail::tier::exact{}, x); }
  template <class V> XACT_INLINE V in_double(const V &x) const noexcept {
    return detail::selu_in_double(x, lambda.hi, lambda_alpha.hi);
  }
  template <class V> XACT_INLINE V accurate_in_double(const V &x) const noexcept {
    return of_doubles(detail::tier::accurate{}, x);
  }

  /// lambda for x > 0, lambda * alpha * e^x else.
  struct derivative_t : activation<derivative_t> {
    static constexpr facts about() { return {.loose = true, .together = {4, 1, 1, 1}}; }

    template <detail::float_lanes V> XACT_INLINE V standard(const V &x) const noexcept {
      if constexpr (detail::has_fma<V>) {
        return detail::standard_elu_derivative(x, static_cast<float>(lambda_alpha.hi), static_cast<float>(lambda.hi));
      } else {
        using namespace detail;
        const V below = times_exp_without_fma(x, static_cast<float>(lambda_alpha.hi));
        return select(V(0.0f) < x, V(static_cast<float>(lambda.hi)), below);
      }
    }
    template <class V> XACT_INLINE V nearly_rounded(const V &x) const noexcept {
      return formula(detail::nearly_exact{}, x);
    }
    template <class V> XACT_INLINE V rounded(const V &x) const noexcept { return formula(detail::tier::exact{}, x); }
    template <class V> XACT_INLINE V in_double(const V &x) const noexcept {
      return detail::selu_derivative_in_double(x, lambda.hi, lambda_alpha.hi);
    }
    template <class V> XACT_INLINE V accurate_in_double(const V &x) const noexcept {
      return formula(detail::tier::accurate{}, x);
    }

  private:
    template <class Tier, class V> XACT_INLINE static V formula(Tier, const V &x) noexcept {
      using namespace detail;
      using N = derivative_number<Tier, V>;
      const N factor = number<N>(lambda_alpha.hi, lambda_alpha.lo);
      return select(V(0.0) < x, V(lambda.hi), times_exp(Tier{}, lanes<N>(at_most(x, V(0.0))), factor));
    }
  };
  constexpr derivative_t derivative() const { return {}; }

private:
  static constexpr detail::double_double<double> lambda{0x1.0cfabd6a91132p+0, 0x1.6fc7d272f2695p-55};
  static constexpr detail::double_double<double> lambda_alpha{0x1.c212cc640f031p+0, 0x1.05161b045a1fep-56};
  // x + x * this is rounded once, and errs by 0.02 ULP more.
  static constexpr float lambda_less_1 = static_cast<float>(lambda.hi - 1);

  template <class Tier, class V> XACT_INLINE static V of_floats(Tier, const V &x) noexcept {
    using namespace detail;
    const V scaled = mul_add(x, V(lambda_less_1), x);
    return select(x < V(0.0f), float_expm1(Tier{}, x, lambda_alpha), scaled);
  }
  template <class Tier, class V> XACT_INLINE static V of_doubles(Tier, const V &x) noexcept {
    using namespace detail;
    const double_double<V> below{at_most(x, V(0.0)), V(0.0)};
    const V y = scaled_expm1(Tier{}, below, lambda_alpha);
    return select(V(0.0) < x, above(Tier{}, x), mul_sign(abs(y), x));
  }
  /// lambda * x for x > 0; one double for lambda costs a third of an ULP.
  template <class Tier, class V> XACT_INLINE static V above(Tier, const V &x) noexcept {
    using namespace detail;
    if constexpr (std::is_same_v<Tier, tier::exact>) {
      return round_to_odd(product(at_most(x, V(0x1p500)), double_double<V>{V(lambda.hi), V(lambda.lo)}));
    } else {
      return x * V(lambda.hi);
    }
  }
};
inline constexpr selu_t selu{};

/// Continuously differentiable ELU: x for x > 0, alpha * (e^(x/alpha) - 1) else.
///
/// *Parameter*: `alpha`, any positive number, normal: the factor and what x is divided by, in PyTorch, ONNX and JAX
/// alike. With alpha = 1 it is elu. *Accuracy*: float: exact correctly rounded; with alpha = 1 as elu, else default and
/// accurate at most 0.84 ULP (1.3, every 12th block of 8192 floats). double: at most 4 ULP, accurate 0.56 (random and
/// hard points against MPFR), 1.0 where alpha is not 1. *Special*: NaN gives NaN, -0 gives -0, -inf gives -alpha, +inf
/// gives +inf. *Method*: as elu, with x / alpha in two parts. Near 0 the result is x. *Source*: torch.nn.CELU; ONNX
/// Celu. Coefficients: tests/sollya/exp.sollya, exp_double.sollya.
///
/// @code
/// std::vector<float> layer{-1.0f, 2.0f};
/// xact::celu_t{.alpha = 2.0}(layer); // -0.786..., 2
/// @endcode
struct celu_t {
  double alpha = 1;

  static constexpr facts about() { return {.together = detail::expm1_together}; }
  constexpr detail::refusal refusal() const {
    return detail::refusal_unless(0x1p-1022 <= alpha && alpha < detail::infinity_of<double>, "xact::celu: alpha is %g",
                                  alpha);
  }
  constexpr double steepest() const { return 2 + (alpha < 0 ? -alpha : alpha); }

  template <detail::float_lanes V> XACT_INLINE V standard(const V &x) const noexcept {
    if constexpr (detail::has_fma<V>) {
      return of_floats(detail::tier::standard{}, x);
    } else {
      using namespace detail;
      if (!(0x1p-20 <= alpha && alpha <= 0x1p20)) [[unlikely]] {
        return fallback(x);
      }
      return select(x < V(0.0f), expm1_without_fma(x, exp_rate(1 / alpha)), x);
    }
  }
  template <detail::fused_floats V> XACT_INLINE V accurate(const V &x) const noexcept {
    return of_floats(detail::tier::accurate{}, x);
  }
  template <class V> XACT_INLINE V nearly_rounded(const V &x) const noexcept {
    return of_doubles(detail::nearly_exact{}, x);
  }
  template <class V> XACT_INLINE V rounded(const V &x) const noexcept { return of_doubles(detail::tier::exact{}, x); }
  template <class V> XACT_INLINE V in_double(const V &x) const noexcept {
    return detail::is_moderate(alpha) ? detail::celu_in_double(x, alpha) : accurate_in_double(x);
  }
  template <class V> XACT_INLINE V accurate_in_double(const V &x) const noexcept {
    return of_doubles(detail::tier::accurate{}, x);
  }

  template <class V> XACT_INLINE V side_of_midpoint(const V &x, const V &y) const noexcept {
    return detail::select(V(0.0) < x, V(0.0), detail::mul_sign(V(-1.0), y));
  }

  /// 1 for x > 0, e^(x/alpha) else.
  struct derivative_t : activation<derivative_t> {
    double alpha = 1;

    static constexpr facts about() { return {.loose = true, .together = {4, 1, 1, 1}}; }
    constexpr detail::refusal refusal() const { return celu_t{alpha}.refusal(); }

    template <detail::float_lanes V> XACT_INLINE V standard(const V &x) const noexcept {
      if constexpr (detail::has_fma<V>) {
        if (alpha == 1) {
          return detail::standard_elu_derivative(x, 1.0f, 1.0f);
        }
        if (!detail::is_moderate(alpha)) [[unlikely]] {
          return fallback(x);
        }
        return detail::standard_celu_derivative(x, alpha);
      } else {
        using namespace detail;
        if (!(0x1p-20 <= alpha && alpha <= 0x1p20)) [[unlikely]] {
          return fallback(x);
        }
        return select(V(0.0f) < x, V(1.0f), times_exp_without_fma(x, 1.0f, exp_rate(1 / alpha)));
      }
    }
    template <class V> XACT_INLINE V nearly_rounded(const V &x) const noexcept {
      return formula(detail::nearly_exact{}, x);
    }
    template <class V> XACT_INLINE V rounded(const V &x) const noexcept { return formula(detail::tier::exact{}, x); }
    template <class V> XACT_INLINE V in_double(const V &x) const noexcept {
      return detail::is_moderate(alpha) ? detail::celu_derivative_in_double(x, alpha) : accurate_in_double(x);
    }
    template <class V> XACT_INLINE V accurate_in_double(const V &x) const noexcept {
      return formula(detail::tier::accurate{}, x);
    }

  private:
    template <class Tier, class V> XACT_INLINE V formula(Tier, const V &x) const noexcept {
      using namespace detail;
      using N = derivative_number<Tier, V>;
      const N u = quotient(lanes<N>(at_most(x, V(0.0))), number<N>(alpha));
      return select(V(0.0) < x, V(1.0), times_exp(Tier{}, u, number<N>(1.0)));
    }
    /// As in elu_t.
    template <class V> [[gnu::noinline, gnu::cold]] V fallback(V x) const noexcept {
      return detail::through_double_of(*this)(x);
    }
  };
  constexpr derivative_t derivative() const { return {{}, alpha}; }

  XACT_CALL_FORMS(celu_t)

private:
  template <class Tier, class V> XACT_INLINE V of_floats(Tier, const V &x) const noexcept {
    using namespace detail;
    if (alpha == 1) {
      return select(x < V(0.0f), float_expm1(Tier{}, x, {1, 0}), x);
    }
    if (!is_moderate(alpha)) [[unlikely]] {
      return fallback(x);
    }
    return select(x < V(static_cast<float>(alpha * -0x1p-26)), float_celu(x, alpha), x);
  }
  template <class Tier, class V> XACT_INLINE V of_doubles(Tier, const V &x) const noexcept {
    using namespace detail;
    const double_double<V> u =
        quotient(double_double<V>{at_most(x, V(0.0)), V(0.0)}, double_double<V>{V(alpha), V(0.0)});
    return select(V(-0x1p-54) < u.hi, x, scaled_expm1(Tier{}, u, double_double<double>{alpha, 0.0}));
  }
  /// float by double, not in the loop: its constants would take the registers.
  template <class V> [[gnu::noinline, gnu::cold]] V fallback(V x) const noexcept {
    return detail::through_double_of(*this)(x);
  }
};
inline constexpr celu_t celu{};

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
