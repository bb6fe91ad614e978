#pragma once

#include <xact/activation.hpp>
#include <xact/detail/elu/double.hpp>
#include <xact/detail/gelu/double.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// The Laplace activation of MEGA: laplace(x) = (1 + erf((x - mu) / (sigma * sqrt(2)))) / 2, a normal distribution
/// function.
///
/// *Parameters*: `mu`, any number up to 1e100 in magnitude, and `sigma`, from 1e-100 to 1e100. The defaults are the
/// decimals of MEGA and of Transformers ("laplace"). *Accuracy*: float, over every float (AVX-512, the default
/// parameters): exact correctly rounded, the other tiers at most 0.50001 ULP; the left tail down to the smallest
/// subnormal. double: at most 1.5 ULP (random and hard points against MPFR). *Special*: NaN gives NaN, -inf gives 0,
/// +inf gives 1. *Method*: gelu's distribution function, in double, of (x - mu) / sigma in two parts. *Source*: X. Ma
/// et al., Mega: moving average equipped gated attention, 2022. Coefficients: tests/sollya/gelu_double.py, slopes.py.
///
/// @code
/// std::vector<float> layer{0.0f, 1.0f};
/// xact::laplace(layer); // 0.0060..., 0.8504...
/// @endcode
struct laplace_t {
  double mu = 0.707107;
  double sigma = 0.282095;

  static constexpr facts about() { return {.together = {0, 0, 1, 1}}; }
  constexpr detail::refusal refusal() const {
    const detail::refusal of_mu = detail::refusal_unless(-1e100 <= mu && mu <= 1e100, "xact::laplace: mu is %g", mu);
    return of_mu.format
               ? of_mu
               : detail::refusal_unless(sigma > 0 && detail::is_usual(sigma), "xact::laplace: sigma is %g", sigma);
  }

  template <class V> XACT_INLINE V rounded(const V &x) const noexcept { return formula(detail::tier::exact{}, x); }
  template <class V> XACT_INLINE V nearly_rounded(const V &x) const noexcept { return in_double(x); }
  template <class V> XACT_INLINE V in_double(const V &x) const noexcept { return formula(detail::tier::accurate{}, x); }

  /// The normal density at (x - mu) / sigma, divided by sigma.
  struct derivative_t : activation<derivative_t> {
    double mu = 0.707107;
    double sigma = 0.282095;

    static constexpr facts about() { return {.together = {0, 0, 1, 1}}; }
    constexpr detail::refusal refusal() const { return laplace_t{mu, sigma}.refusal(); }

    template <class V> XACT_INLINE V rounded(const V &x) const noexcept { return formula(detail::tier::exact{}, x); }
    template <class V> XACT_INLINE V nearly_rounded(const V &x) const noexcept { return in_double(x); }
    template <class V> XACT_INLINE V in_double(const V &x) const noexcept {
      return formula(detail::tier::accurate{}, x);
    }

  private:
    template <class Tier, class V> XACT_INLINE V formula(Tier, const V &x) const noexcept {
      using namespace detail;
      const double_double<V> z = laplace_t{mu, sigma}.standardized(x);
      const double_double<V> minus_half{z.hi * V(-0.5), z.lo * V(-0.5)};
      const double_double<double> height = quotient(double_double<double>{0x1.9884533d43651p-2, -0x1.cbc0d30ebfd15p-56},
                                                    double_double<double>{sigma, 0});
      return times_exp(Tier{}, product(z, minus_half), double_double<V>{V(height.hi), V(height.lo)});
    }
  };
  constexpr derivative_t derivative() const { return {{}, mu, sigma}; }

  XACT_CALL_FORMS(laplace_t)

private:
  /// (x - mu) / sigma, at most 2^700 or so.
  template <class V> XACT_INLINE detail::double_double<V> standardized(const V &x) const noexcept {
    using namespace detail;
    const V bounded = at_most(at_least(x, V(-0x1p350)), V(0x1p350));
    const double_double<V> z = quotient(two_sum(bounded, V(-mu)), double_double<V>{V(sigma), V(0.0)});
    const auto inside = abs(z.hi) < V(60.0);
    return {at_most(at_least(z.hi, V(-60.0)), V(60.0)), select(inside, z.lo, V(0.0))};
  }
  template <class Tier, class V> XACT_INLINE V formula(Tier, const V &x) const noexcept {
    using namespace detail;
    const double_double<V> z = standardized(x);
    const V clamped = at_most(at_least(z.hi, V(-39.0)), V(10.0));
    const V rest = select(clamped == z.hi, mul_sign(z.lo, z.hi), V(0.0));
    const auto [phi, deferred_scale] = normal_distribution(abs(clamped), clamped < V(0.0), rest);
    return V(round_result(Tier{}, phi) * deferred_scale);
  }
};
inline constexpr laplace_t laplace{};

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
