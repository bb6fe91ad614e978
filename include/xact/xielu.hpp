#pragma once

#include <xact/activation.hpp>
#include <xact/detail/math/derivative_number.hpp>
#include <xact/detail/math/expm1_double.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// Expanded integral of ELU: xielu(x) = alpha_p * x^2 + beta * x for x > 0, alpha_n * (e^min(x, eps) - 1 - x) + beta *
/// x else.
///
/// *Parameters*: `alpha_p`, `alpha_n` and `beta`, 0 or from 1e-100 to 1e100 in magnitude, and `eps`, not positive. The
/// alphas are those that count: a model that stores others (Transformers: log(e^alpha_p - 1) and log(e^(alpha_n - beta)
/// - 1)) has them by softplus. eps is part of the definition: xielu(0) is alpha_n * (e^eps - 1), as it is there.
/// *Accuracy*: float, over every float (AVX-512, the default parameters): exact correctly rounded, the other
/// tiers at most 0.5001 ULP. double: at most 1 ULP (random and hard points against MPFR); near the root, where terms
/// cancel, of the larger term. *Special*: NaN gives NaN, +inf gives +inf (for alpha_p > 0), -inf an infinity with the
/// sign of alpha_n - beta. *Method*: in double, e^x - 1, products and sums in two parts, rounded once. *Source*: A.
/// Huang, I. Schlag, Deriving activation functions using integration, 2024; Transformers' xielu (Apertus).
/// Coefficients: tests/sollya/exp_double.sollya.
///
/// @code
/// std::vector<float> layer{-1.0f, 2.0f};
/// xact::xielu(layer); // -0.2056..., 4.2
/// @endcode
struct xielu_t {
  double alpha_p = 0.8;
  double alpha_n = 0.8;
  double beta = 0.5;
  double eps = -1e-6;

  static constexpr facts about() { return {.rational = true, .together = {0, 0, 1, 1}}; }
  constexpr detail::refusal refusal() const {
    for (const detail::refusal r : {detail::refusal_unless_usual_or_0("xact::xielu: alpha_p is %g", alpha_p),
                                    detail::refusal_unless_usual_or_0("xact::xielu: alpha_n is %g", alpha_n),
                                    detail::refusal_unless_usual_or_0("xact::xielu: beta is %g", beta)}) {
      if (r.format) {
        return r;
      }
    }
    return detail::refusal_unless(eps <= 0, "xact::xielu: eps is %g", eps);
  }

  template <class V> XACT_INLINE V nearly_rounded(const V &x) const noexcept { return in_double(x); }
  template <class V> XACT_INLINE V rounded(const V &x) const noexcept { return formula(detail::tier::exact{}, x); }
  template <class V> XACT_INLINE V in_double(const V &x) const noexcept {
    using namespace detail;
    const V y = formula(tier::accurate{}, x);
    if constexpr (has_fma<V>) {
      return y;
    } else { // the parts of a product, which FTZ would make 0
      return select(V(0.0) < x, select(x < V(0x1p-900), V(x * V(beta)), y), y);
    }
  }

  /// 2 * alpha_p * x + beta for x > 0, alpha_n * (e^min(x, eps) - 1) + beta else.
  ///
  /// *Accuracy* of double: accurate at most 2 ULP, default 8, up to the root too (-0.98 by default), where beta cancels
  /// e^x - 1 (1.25 and 6.5 at 280,000 points about the roots of random parameters). At the two doubles on either side
  /// of the root an error of 2^-103 * beta may be more than that: with the default parameters it is 0.54 ULP.
  struct derivative_t : activation<derivative_t> {
    double alpha_p = 0.8;
    double alpha_n = 0.8;
    double beta = 0.5;
    double eps = -1e-6;

    static constexpr facts about() { return {.rational = true, .together = {0, 0, 1, 1}}; }
    constexpr detail::refusal refusal() const { return xielu_t{alpha_p, alpha_n, beta, eps}.refusal(); }

    template <class V> XACT_INLINE V nearly_rounded(const V &x) const noexcept {
      return far_out_or(formula(detail::nearly_exact{}, x), x);
    }
    template <class V> XACT_INLINE V rounded(const V &x) const noexcept {
      return far_out_or(formula(detail::tier::exact{}, x), x);
    }
    template <class V> XACT_INLINE V in_double(const V &x) const noexcept {
      return far_out_or(formula(detail::tier::standard{}, x), x);
    }
    template <class V> XACT_INLINE V accurate_in_double(const V &x) const noexcept {
      return far_out_or(formula(detail::tier::accurate{}, x), x);
    }

  private:
    template <class V> XACT_INLINE V far_out_or(const V &y, const V &x) const noexcept {
      using namespace detail;
      const V above = alpha_p == 0 ? V(beta) : mul_add(x, V(2 * alpha_p), V(beta));
      const V far_out = select(V(0.0) < x, above, V(beta - alpha_n));
      return select((x < V(-700.0)) | (V(0x1p400) < x), far_out, y);
    }
    /// For x <= 0 alpha_n * 2^n * (e^r - 1) + (alpha_n * 2^n - alpha_n + beta), the last three in two parts. The short
    /// e^r - 1 errs by 2^-52 * r^3 + 2^-85: a long one takes its place where that counts.
    template <class Tier, class V> XACT_INLINE V formula(Tier, const V &x) const noexcept {
      using namespace detail;
      using N = double_double<V>;
      const auto positive = V(0.0) < x;
      const N above = two_product(V(2 * alpha_p), at_most(x, V(0x1p400)));
      const V bounded = at_least(at_most(x, V(eps)), V(-700.0));
      if constexpr (std::is_same_v<Tier, nearly_exact>) {
        const N below = product(V(alpha_n), expm1_double_double(lanes<N>(bounded)));
        return round_result(Tier{}, sum(select(positive, above, below), lanes<N>(V(beta))));
      } else {
        const auto [r, shifted] = reduce_by_ln2(lanes<N>(bounded));
        const V scaled = V(alpha_n) * power_of_two(shifted);
        const N rest = select(positive, lanes<N>(V(beta)), sum(two_sum(scaled, V(-alpha_n)), lanes<N>(V(beta))));
        N y = sum(select(positive, above, product(scaled, expm1_reduced(r))), rest);
        constexpr double least = std::is_same_v<Tier, tier::accurate> ? 2 : 0.25;
        const V error = abs(V(scaled * mul_add(abs(V(r.hi * r.hi * r.hi)), V(least), V(0x1p-31))));
        const auto cancelled = abs(y.hi) < select(positive, V(0.0), error);
        if (any_lane(cancelled)) [[unlikely]] {
          const N e = long_expm1_reduced(long_rest_of_ln2(bounded, shifted));
          y = select(cancelled, sum(product(scaled, e), rest), y);
        }
        return round_result(Tier{}, y);
      }
    }
  };
  constexpr derivative_t derivative() const { return {{}, alpha_p, alpha_n, beta, eps}; }

  XACT_CALL_FORMS(xielu_t)

private:
  template <class V> XACT_INLINE detail::double_double<V> expm1_of(const V &x) const noexcept {
    using namespace detail;
    return expm1_double_double(double_double<V>{at_least(at_most(x, V(eps)), V(-200.0)), V(0.0)});
  }
  template <class Tier, class V> XACT_INLINE V formula(Tier, const V &x) const noexcept {
    using namespace detail;
    // Beyond, powers of e are nothing, and low parts might overflow.
    const V largest(0x1p340);
    const double slope = beta - alpha_n;
    const V far_below = slope == 0 ? V(-alpha_n) : V(x * V(slope));
    const V far_above = alpha_p != 0 ? V(mul_add(x, V(alpha_p), V(beta)) * x) : beta != 0 ? V(x * V(beta)) : V(0.0);
    const V bounded = at_most(at_least(x, mul_sign(largest, V(-0.0))), largest);
    const double_double<V> above = product(V(alpha_p), two_product(bounded, bounded));
    const double_double<V> m = expm1_of(bounded);
    const double_double<V> below = product(V(alpha_n), sum(m, double_double<V>{negated(bounded), V(0.0)}));
    const V y = round_result(Tier{}, sum(select(V(0.0) < x, above, below), two_product(V(beta), bounded)));
    return select(largest < abs(x), select(V(0.0) < x, far_above, far_below), y);
  }
};
inline constexpr xielu_t xielu{};

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
