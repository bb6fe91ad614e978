#pragma once

#include <xact/activation.hpp>
#include <xact/detail/math/exp.hpp>
#include <xact/detail/math/exp_double.hpp>
#include <xact/detail/math/log1p.hpp>
#include <xact/detail/sigmoid/derivative.hpp>
#include <xact/detail/softplus/float.hpp>
#include <xact/sigmoid.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

namespace detail {

/// log(1 + e^(beta x)) / beta of double lanes: (max(t, 0) + log(1 + e^-abs(t))) / beta with t = beta * x in two parts.
/// Tier exact is for rounding to float, with a relative error below 2^-50; else the result is within 0.7 ULP. From t =
/// 40 on it is x.
template <class Tier, class V> XACT_INLINE inline V softplus(Tier, const V &x, double beta) noexcept {
  constexpr bool for_float = std::is_same_v<Tier, nearly_exact>;
  const V lowest(for_float ? -700.0 : -1200.0);
  const double_double<V> t = two_product(at_most(at_least(x, V(-0x1p600)), V(0x1p600)), V(beta));
  const V minus_t = mul_sign(t.hi, V(-0.0));
  const V minus_a = mul_sign(abs(t.hi), V(-0.0));
  const double_double<V> from_below{at_least(minus_a, lowest),
                                    select(minus_a < lowest, V(0.0), mul_sign(t.lo, minus_t))};
  double_double<V> e;
  V deferred_scale(1.0);
  if constexpr (for_float) {
    e.hi = exp_for_float(from_below.hi);
    e.lo = mul_add(e.hi, from_below.lo, V(-0.0));
  } else {
    const auto [mantissa, scale, last] = exp_double_double(from_below);
    e = {mantissa.hi * scale, mantissa.lo * scale};
    deferred_scale = last;
  }
  const double_double<V> log = log1p_double_double(e);
  double_double<V> sum = two_sum(at_least(t.hi, V(0.0)), log.hi);
  sum.lo = sum.lo + V(log.lo + select(V(0.0) < t.hi, t.lo, V(0.0)));
  V y = round_result(Tier{}, sum);
  if (beta != 1) {
    const double_double<V> q = quotient(sum, double_double<V>{V(beta), V(0.0)});
    y = round_result(Tier{}, q);
  }
  return select(V(40.0) >= t.hi, V(y * deferred_scale), x); // a NaN too: see gelu_quick
}

} // namespace detail

namespace detail {

/// 1 / (1 + e^-(beta x)) of double lanes: the derivative of softplus.
template <class Tier, class V> XACT_INLINE inline V softplus_derivative(Tier, const V &x, double beta) noexcept {
  using N = derivative_number<Tier, V>;
  const N t = product(lanes<N>(at_most(at_least(x, V(-0x1p600)), V(0x1p600))), number<N>(beta));
  const V high = high_part(t);
  const N from_below = select(V(underflow<Tier>) < abs(high), lanes<N>(mul_sign(V(underflow<Tier>), high)), t);
  const auto negative = high < V(0.0);
  const auto [e, deferred_scale] = exp_deferred(select(negative, from_below, negated(from_below)));
  const N one = number<N>(1.0);
  return round_result(Tier{}, quotient(select(negative, e, one), sum(one, e))) *
         select(negative, deferred_scale, V(1.0));
}

} // namespace detail

/// softplus(x) = log(1 + e^(beta x)) / beta.
///
/// *Parameter*: `beta`, from 1e-100 to 1e100. There is no threshold: the true function everywhere.
/// *Accuracy*: float with beta = 1, over every float. exact: correctly rounded. Default: 0.788 ULP with 32 table
/// entries (AVX-512), at -0x1.5d8cc6p+6; 0.877 with 8 (AVX2), at -0x1.22666cp+3; limit 1. fast: 3.029, at
/// -0x1.4cc8f6p+3; 3.534, at -0x1.5eea6cp+1; limit 4. Other betas, and all without FMA: within 0.51 at strided floats
/// and hard cases. double: at most 0.77 ULP (random and hard points against MPFR); 0.61 where the result is normal.
/// The negative tail keeps its relative accuracy down to the smallest subnormal.
/// *Special*: NaN gives NaN, -inf gives 0 (the limit), +inf gives +inf.
/// *Method*: max(t, 0) + log(1 + e^-abs(t)), t = beta * x. fast and default with FMA and beta = 1: the logarithm or
/// its root from polynomials in pieces, in float (detail/softplus/float.hpp). Else in double: the logarithm in two
/// parts, for `exact` and double the exponential too; rounded once.
/// *Source*: torch.nn.Softplus; ONNX Softplus. Coefficients: tests/sollya/softplus_float.py, log1p.sollya, exp.sollya,
/// exp_double.sollya.
///
/// @code
/// std::vector<float> layer{-1.0f, 2.0f};
/// xact::softplus(layer);                      // 0.313..., 2.126...
/// xact::softplus_t{.beta = 2.0}(layer, layer);
/// @endcode
struct softplus_t {
  double beta = 1;

  template <class Tier, class V> XACT_INLINE V kernel(Tier, const V &x) const noexcept {
    if constexpr (detail::takes_float_kernel<Tier, V>) {
      if (beta == 1) {
        return detail::float_softplus<Tier>(x);
      }
    }
    if constexpr (sizeof(detail::scalar_t<V>) == 4) {
      return detail::to_float(detail::softplus(detail::tier_in_double<Tier>{}, detail::to_double(x), beta));
    } else {
      return detail::softplus(Tier{}, x, beta);
    }
  }

  /// sigmoid(beta * x).
  template <class Tier, class V> XACT_INLINE V slope(Tier, const V &x) const noexcept {
    if (beta == 1) {
      return sigmoid.kernel(Tier{}, x);
    }
    if constexpr (sizeof(detail::scalar_t<V>) == 4) {
      return detail::to_float(slope(detail::tier_in_double<Tier>{}, detail::to_double(x)));
    } else {
      return detail::softplus_derivative(Tier{}, x, beta);
    }
  }

  /// Batches that go through the kernel together: three, up to 18 % faster than one by one; in double two, 10 to 25 %.
  template <class Tier, class V> static constexpr std::size_t unroll() {
    return detail::takes_float_kernel<Tier, V> ? 3 : 2;
  }

  /// softplus(x) alone: see detail::with_constants.
  struct unit {
    using usual_of = softplus_t;
    template <class Tier, class V> XACT_INLINE V kernel(Tier, const V &x) const noexcept {
      return softplus_t{}.kernel(Tier{}, x);
    }
    template <class Tier, class V> static constexpr std::size_t unroll() { return softplus_t::unroll<Tier, V>(); }
  };
  constexpr bool is_usual() const { return beta == 1; }
  constexpr unit usual() const { return {}; }

  // As in leaky_relu_t.
  XACT_INLINE auto operator()(auto &&...args) const noexcept(detail::is_value_call<decltype(args)...>)
    requires callable_with<softplus_t, decltype(args)...>
  {
    return detail::call(*this, args...);
  }
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
  template <class Tier, class V> XACT_INLINE V kernel(Tier, const V &x) const noexcept {
    const V minus_zero(detail::scalar_t<V>(-0.0));
    return detail::mul_sign(softplus.kernel(Tier{}, detail::mul_sign(x, minus_zero)), minus_zero);
  }

  template <class Tier, class V> static constexpr std::size_t unroll() { return softplus_t::unroll<Tier, V>(); }

  /// sigmoid(-x).
  template <class Tier, class V> XACT_INLINE V slope(Tier, const V &x) const noexcept {
    return sigmoid.kernel(Tier{}, detail::mul_sign(x, V(detail::scalar_t<V>(-0.0))));
  }
};
inline constexpr log_sigmoid_t log_sigmoid{};

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
