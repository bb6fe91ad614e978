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
/// *Accuracy*: float, at 400,000 strided and random floats, not yet at every one: exact correctly rounded, the other
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
    for (const detail::refusal r : {detail::refusal_unless_finite("xact::xielu: alpha_p is %g", alpha_p),
                                    detail::refusal_unless_finite("xact::xielu: alpha_n is %g", alpha_n),
                                    detail::refusal_unless_finite("xact::xielu: beta is %g", beta)}) {
      if (r.format) {
        return r;
      }
    }
    return eps <= 0 ? detail::refusal{} : detail::refusal{"xact::xielu: eps is %g", eps};
  }

  template <class V> XACT_INLINE V nearly_rounded(const V &x) const noexcept { return in_double(x); }
  template <class V> XACT_INLINE V rounded(const V &x) const noexcept { return formula(detail::tier::exact{}, x); }
  template <class V> XACT_INLINE V in_double(const V &x) const noexcept {
    using namespace detail;
    // So far out the leading term alone counts, and low parts might overflow.
    const double slope = beta - alpha_n;
    const V below = slope == 0 ? V(-alpha_n) : V(x * V(slope));
    const V far_out = select(V(0.0) < x, V(V(x * V(alpha_p)) * x), below);
    const V y = select(V(0x1p400) < abs(x), far_out, formula(tier::accurate{}, x));
    if constexpr (has_fma<V>) {
      return y;
    } else { // the parts of a product, which FTZ would make 0
      return select(V(0.0) < x, select(x < V(0x1p-900), V(x * V(beta)), y), y);
    }
  }

  /// 2 * alpha_p * x + beta for x > 0, alpha_n * (e^min(x, eps) - 1) + beta else.
  ///
  /// Near its root, -0.98 by default, `accurate` of double does not keep the 2 ULP of other derivatives: beta cancels
  /// e^x - 1, which is good to 2^-56 (2.13 ULP at -0.99226, of 100,000 random points; nearer the root more).
  struct derivative_t : activation<derivative_t> {
    double alpha_p = 0.8;
    double alpha_n = 0.8;
    double beta = 0.5;
    double eps = -1e-6;

    static constexpr facts about() { return {.rational = true, .together = {0, 0, 1, 1}}; }
    constexpr detail::refusal refusal() const { return xielu_t{alpha_p, alpha_n, beta, eps}.refusal(); }

    template <class V> XACT_INLINE V nearly_rounded(const V &x) const noexcept { return in_double(x); }
    template <class V> XACT_INLINE V rounded(const V &x) const noexcept { return formula(detail::tier::exact{}, x); }
    template <class V> XACT_INLINE V in_double(const V &x) const noexcept {
      const V far_out = x * V(2 * alpha_p);
      return detail::select(V(0x1p400) < x, far_out, formula(detail::tier::accurate{}, x));
    }

  private:
    template <class Tier, class V> XACT_INLINE V formula(Tier, const V &x) const noexcept {
      using namespace detail;
      const double_double<V> above = two_product(V(2 * alpha_p), at_most(x, V(0x1p400)));
      const double_double<V> below = product(V(alpha_n), xielu_t{alpha_p, alpha_n, beta, eps}.expm1_of(x));
      return round_result(Tier{}, sum(select(V(0.0) < x, above, below), double_double<V>{V(beta), V(0.0)}));
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
    const V bounded = at_most(at_least(x, V(-0x1p400)), V(0x1p400));
    const double_double<V> above = product(V(alpha_p), two_product(bounded, bounded));
    const double_double<V> m = expm1_of(bounded);
    const double_double<V> below = product(V(alpha_n), sum(m, double_double<V>{negated(bounded), V(0.0)}));
    return round_result(Tier{}, sum(select(V(0.0) < x, above, below), two_product(V(beta), bounded)));
  }
};
inline constexpr xielu_t xielu{};

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
