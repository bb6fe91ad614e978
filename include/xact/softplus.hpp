#pragma once

#include <xact/activation.hpp>
#include <xact/detail/elu/float.hpp>
#include <xact/detail/softplus/double.hpp>
#include <xact/detail/softplus/float.hpp>
#include <xact/detail/softplus/float_without_fma.hpp>
#include <xact/sigmoid.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// softplus(x) = log(1 + e^(beta x)) / beta.
///
/// *Parameter*: `beta`, from 1e-100 to 1e100. There is no threshold: the true function everywhere. PyTorch's gives
/// x from beta * x = 20 on, which for beta = 1 is less than 2.1e-9 too little; ONNX, Keras and JAX have neither.
/// *Accuracy*: float with beta = 1, over every float. exact: correctly rounded. accurate: 0.789 ULP with 32 table
/// entries (AVX-512), at -0x1.5d8cc6p+6; 0.878 with 8 (AVX2), at -0x1.22666cp+3; limit 1. Default: 3.029, at
/// -0x1.4cc8f6p+3; 3.535, at -0x1.5eea6cp+1; limit 4. Other betas, and accurate without FMA: within 0.51 at strided
/// floats and hard cases. double: at most 4 ULP, accurate 0.77 (random and hard points against MPFR); 0.61 where the
/// result is normal. The negative tail keeps its relative accuracy down to the smallest subnormal. *Special*: NaN gives
/// NaN, -inf gives 0 (the limit), +inf gives +inf. *Method*: max(t, 0) + log(1 + e^-abs(t)), t = beta * x. default and
/// accurate with FMA and beta = 1: the logarithm or its root from polynomials in pieces, in float
/// (detail/softplus/float.hpp). Else in double: the logarithm in two parts, for `exact` and double the exponential too;
/// rounded once. *Source*: torch.nn.Softplus; ONNX Softplus. Coefficients: tests/sollya/softplus_float.py,
/// log1p.sollya, exp.sollya, exp_double.sollya.
///
/// @code
/// std::vector<float> layer{-1.0f, 2.0f};
/// xact::softplus(layer);                      // 0.313..., 2.126...
/// xact::softplus_t{.beta = 2.0}(layer, layer);
/// @endcode
struct softplus_t {
  double beta = 1;

  /// Three batches are up to 18 % faster than one by one; in double four, with
  /// AVX-512 two.
  static constexpr facts about() { return {.together = {3, 3, 2, detail::by_width(4, 4, 2)}}; }
  constexpr detail::refusal refusal() const {
    return detail::refusal_unless(beta > 0 && detail::is_usual(beta), "xact::softplus: beta is %g", beta);
  }
  constexpr double steepest() const { return 3; }

  template <detail::float_lanes V> XACT_INLINE V standard(const V &x) const noexcept {
    if (beta != 1) {
      return detail::through_double_of(*this)(x);
    }
    if constexpr (detail::has_fma<V>) {
      return detail::float_softplus<detail::tier::standard>(x);
    } else {
      return detail::softplus_without_fma(x);
    }
  }
  template <detail::fused_floats V> XACT_INLINE V accurate(const V &x) const noexcept {
    return beta == 1 ? detail::float_softplus<detail::tier::accurate>(x) : detail::through_double_of(*this)(x);
  }
  template <class V> XACT_INLINE V nearly_rounded(const V &x) const noexcept {
    return detail::softplus(detail::nearly_exact{}, x, beta);
  }
  template <class V> XACT_INLINE V rounded(const V &x) const noexcept {
    return detail::softplus(detail::tier::exact{}, x, beta);
  }
  template <class V> XACT_INLINE V in_double(const V &x) const noexcept {
    // Divided by a smaller beta, what lies below e^-760 counts.
    return beta >= 0x1p-20 ? detail::softplus_in_double(x, beta) : accurate_in_double(x);
  }
  template <class V> XACT_INLINE V accurate_in_double(const V &x) const noexcept {
    return detail::softplus(detail::tier::accurate{}, x, beta);
  }

  /// More than max(x, 0).
  template <class V> XACT_INLINE V side_of_midpoint(const V &, const V &) const noexcept { return V(1.0); }

  /// sigmoid(beta * x).
  struct derivative_t : activation<derivative_t> {
    double beta = 1;

    static constexpr facts about() { return {.together = {1, 1, 1, 1}}; }
    constexpr detail::refusal refusal() const { return softplus_t{beta}.refusal(); }

    template <detail::float_lanes V> XACT_INLINE V standard(const V &x) const noexcept {
      return beta == 1 ? sigmoid.standard(x) : detail::through_double_of(*this)(x);
    }
    template <detail::fused_floats V> XACT_INLINE V accurate(const V &x) const noexcept {
      return beta == 1 ? sigmoid.accurate(x) : detail::through_double_of(*this)(x);
    }
    template <class V> XACT_INLINE V nearly_rounded(const V &x) const noexcept {
      return beta == 1 ? sigmoid.rounded(x) : detail::softplus_derivative(detail::nearly_exact{}, x, beta);
    }
    template <class V> XACT_INLINE V rounded(const V &x) const noexcept {
      return beta == 1 ? sigmoid.rounded(x) : detail::softplus_derivative(detail::tier::exact{}, x, beta);
    }
    template <class V> XACT_INLINE V in_double(const V &x) const noexcept {
      return detail::softplus_derivative_in_double(x, beta);
    }
    template <class V> XACT_INLINE V accurate_in_double(const V &x) const noexcept {
      return beta == 1 ? sigmoid.accurate_in_double(x) : detail::softplus_derivative(detail::tier::accurate{}, x, beta);
    }
  };
  constexpr derivative_t derivative() const { return {{}, beta}; }
  /// 1 - e^-(beta y).
  template <class V> XACT_INLINE V derivative_from_output(const V &y) const noexcept {
    using namespace detail;
    using T = scalar_t<V>;
    const V t = at_most(mul_add(y, V(static_cast<T>(beta)), V(T(-0.0))), V(T(sizeof(T) == 4 ? 20 : 37)));
    const V minus_zero(T(-0.0));
    if constexpr (fused_floats<V>) {
      return mul_sign(standard_expm1(t), minus_zero);
    } else if constexpr (sizeof(T) == 4) {
      return to_float(softplus_t{}.derivative_from_output(to_double(t)));
    } else {
      return mul_sign(expm1_for_float(mul_sign(t, minus_zero)), minus_zero);
    }
  }

  /// softplus(x) alone.
  struct defaults_t {
    static constexpr facts about() { return softplus_t::about(); }
    template <detail::float_lanes V> XACT_INLINE V standard(const V &x) const noexcept {
      return softplus_t{}.standard(x);
    }
    template <detail::fused_floats V> XACT_INLINE V accurate(const V &x) const noexcept {
      return softplus_t{}.accurate(x);
    }
    template <class V> XACT_INLINE V nearly_rounded(const V &x) const noexcept {
      return softplus_t{}.nearly_rounded(x);
    }
    template <class V> XACT_INLINE V rounded(const V &x) const noexcept { return softplus_t{}.rounded(x); }
    template <class V> XACT_INLINE V in_double(const V &x) const noexcept { return softplus_t{}.in_double(x); }
    template <class V> XACT_INLINE V accurate_in_double(const V &x) const noexcept {
      return softplus_t{}.accurate_in_double(x);
    }
    template <class V> XACT_INLINE V side_of_midpoint(const V &, const V &) const noexcept { return V(1.0); }
  };
  constexpr bool has_defaults() const { return beta == 1; }
  constexpr defaults_t defaults() const { return {}; }

  XACT_CALL_FORMS(softplus_t)
};
inline constexpr softplus_t softplus{};

/// The logarithm of the sigmoid: log_sigmoid(x) = log(1 / (1 + e^-x)) = -softplus(-x).
///
/// *Accuracy*: that of softplus at -x, so for x > 0 too, where the result is near 0.
/// *Special*: NaN gives NaN, -inf gives -inf, +inf gives -0 (the limit).
/// *Source*: torch.nn.LogSigmoid.
///
/// @code
/// std::vector<float> layer{-1.0f, 2.0f};
/// xact::log_sigmoid(layer); // -1.313..., -0.126...
/// @endcode
struct log_sigmoid_t : activation<log_sigmoid_t> {
  static constexpr facts about() { return softplus_t::about(); }
  constexpr double steepest() const { return 3; }

  template <detail::float_lanes V> XACT_INLINE V standard(const V &x) const noexcept {
    return minus(softplus.standard(minus(x)));
  }
  template <detail::fused_floats V> XACT_INLINE V accurate(const V &x) const noexcept {
    return minus(softplus.accurate(minus(x)));
  }
  template <class V> XACT_INLINE V nearly_rounded(const V &x) const noexcept {
    return minus(softplus.nearly_rounded(minus(x)));
  }
  template <class V> XACT_INLINE V rounded(const V &x) const noexcept { return minus(softplus.rounded(minus(x))); }
  template <class V> XACT_INLINE V in_double(const V &x) const noexcept { return detail::log_sigmoid_in_double(x); }
  template <class V> XACT_INLINE V accurate_in_double(const V &x) const noexcept {
    return minus(softplus.accurate_in_double(minus(x)));
  }

  /// Less than min(x, 0).
  template <class V> XACT_INLINE V side_of_midpoint(const V &, const V &) const noexcept { return V(-1.0); }

  /// sigmoid(-x).
  struct derivative_t : activation<derivative_t> {
    static constexpr facts about() { return {.together = {1, 1, 1, 1}}; }

    template <detail::float_lanes V> XACT_INLINE V standard(const V &x) const noexcept {
      return sigmoid.standard(minus(x));
    }
    template <detail::fused_floats V> XACT_INLINE V accurate(const V &x) const noexcept {
      return sigmoid.accurate(minus(x));
    }
    template <class V> XACT_INLINE V rounded(const V &x) const noexcept { return sigmoid.rounded(minus(x)); }
    template <class V> XACT_INLINE V in_double(const V &x) const noexcept { return sigmoid.in_double(minus(x)); }
    template <class V> XACT_INLINE V accurate_in_double(const V &x) const noexcept {
      return sigmoid.accurate_in_double(minus(x));
    }
  };
  constexpr derivative_t derivative() const { return {}; }

private:
  template <class V> XACT_INLINE static V minus(const V &x) noexcept {
    return detail::mul_sign(x, V(detail::scalar_t<V>(-0.0)));
  }
};
inline constexpr log_sigmoid_t log_sigmoid{};

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
