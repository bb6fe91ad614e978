#pragma once

#include <xact/activation.hpp>
#include <xact/detail/math/sine.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// The periodic activation with its own height: snake_beta(x) = x + sin(alpha x)^2 / beta.
///
/// *Parameters*: `alpha`, any number up to 1e100 in magnitude, and `beta`, from 1e-100 to 1e100 in magnitude. Both
/// count as they are; where a model stores logarithms of them, take the exponentials.
/// *Accuracy*: float, over every float (AVX-512, the default parameters, with which it is snake): exact correctly
/// rounded; default and accurate 0.5001 ULP, 232 floats misrounded. double: at most 1.5 ULP with the default parameters
/// (random and hard points against MPFR). With others, where x and the sine cancel, and for f', double errs by that
/// much of the larger term. *Special*: NaN gives NaN, -0 gives -0, infinities themselves; f' of an infinity is NaN, as
/// it has no limit there. *Method*: in double, alpha * x in two parts modulo pi: up to 2^24 in one step, beyond by
/// Payne and Hanek's method; then Taylor's series. *Source*: BigVGAN, 2022, after L. Ziyin et al., Neural networks fail
/// to learn periodic functions, 2020. Constants: tests/sollya/inverse_pi.py.
///
/// @code
/// std::vector<float> layer{-1.0f, 2.0f};
/// xact::snake_beta_t{.alpha = 1, .beta = 2}(layer); // -0.6459..., 2.4134...
/// @endcode
struct snake_beta_t {
  double alpha = 1;
  double beta = 1;

  constexpr detail::refusal refusal() const {
    const detail::refusal of_alpha =
        detail::refusal_unless(-1e100 <= alpha && alpha <= 1e100, "xact::snake_beta: alpha is %g", alpha);
    return of_alpha.format ? of_alpha
                           : detail::refusal_unless(detail::is_usual(beta), "xact::snake_beta: beta is %g", beta);
  }

  template <class V> XACT_INLINE V rounded(const V &x) const noexcept { return formula(detail::tier::exact{}, x); }
  template <class V> XACT_INLINE V nearly_rounded(const V &x) const noexcept { return in_double(x); }
  template <class V> XACT_INLINE V in_double(const V &x) const noexcept { return formula(detail::tier::accurate{}, x); }

  /// Above x, for beta > 0.
  template <class V> XACT_INLINE V side_of_midpoint(const V &, const V &) const noexcept {
    return V(alpha == 0 ? 0.0 : beta < 0 ? -1.0 : 1.0);
  }

  /// 1 + alpha / beta * sin(2 alpha x).
  struct derivative_t : activation<derivative_t> {
    double alpha = 1;
    double beta = 1;

    constexpr detail::refusal refusal() const { return snake_beta_t{alpha, beta}.refusal(); }

    template <class V> XACT_INLINE V rounded(const V &x) const noexcept { return formula(detail::tier::exact{}, x); }
    template <class V> XACT_INLINE V nearly_rounded(const V &x) const noexcept { return in_double(x); }
    template <class V> XACT_INLINE V in_double(const V &x) const noexcept {
      return formula(detail::tier::accurate{}, x);
    }

  private:
    template <class Tier, class V> XACT_INLINE V formula(Tier, const V &x) const noexcept {
      using namespace detail;
      const double_double<V> r = reduce_by_pi(two_product(V(alpha), x));
      const double_double<V> pi{V(pi_in_two.hi), V(pi_in_two.lo)};
      double_double<V> y;
      if (alpha == beta) { // 2 sin(r + pi/4)^2: right up to the roots, which it shares
        const double_double<V> shifted = sum(r, double_double<V>{V(pi.hi * V(0.25)), V(pi.lo * V(0.25))});
        const double_double<V> s = square_of_sine(select(V(1.6) < shifted.hi, sum(shifted, negated(pi)), shifted));
        y = {s.hi + s.hi, s.lo + s.lo};
      } else {
        const double_double<double> height = quotient(double_double<double>{alpha, 0}, double_double<double>{beta, 0});
        y = sum(double_double<V>{V(1.0), V(0.0)},
                product(sine_of_twice(r), double_double<V>{V(height.hi), V(height.lo)}));
      }
      return select(x == V(0.0), V(1.0), round_result(Tier{}, y));
    }
  };
  constexpr derivative_t derivative() const { return {{}, alpha, beta}; }

  XACT_CALL_FORMS(snake_beta_t)

private:
  template <class Tier, class V> XACT_INLINE V formula(Tier, const V &x) const noexcept {
    using namespace detail;
    const double_double<V> s = square_of_sine(reduce_by_pi(two_product(V(alpha), x)));
    const double_double<V> term = quotient(s, double_double<V>{V(beta), V(0.0)});
    const double_double<V> y = two_sum(x, term.hi);
    const auto alone = (x == V(0.0)) | (V(0x1p600) < abs(x)); // where the sine is lost in x
    return select(alone, x, round_result(Tier{}, fast_two_sum(y.hi, V(y.lo + term.lo))));
  }
};
inline constexpr snake_beta_t snake_beta{};

/// The periodic activation: snake(x) = x + sin(alpha x)^2 / alpha.
///
/// *Parameter*: `alpha`, from 1e-100 to 1e100 in magnitude. *Accuracy*, *Special*, *Method*: those of snake_beta with
/// beta = alpha; nothing cancels. f' keeps its relative accuracy near its roots.
/// *Source*: L. Ziyin et al., Neural networks fail to learn periodic functions, 2020.
///
/// @code
/// std::vector<float> layer{-1.0f, 2.0f};
/// xact::snake(layer); // -0.2919..., 2.8268...
/// @endcode
struct snake_t {
  double alpha = 1;

  constexpr detail::refusal refusal() const {
    return detail::refusal_unless(detail::is_usual(alpha), "xact::snake: alpha is %g", alpha);
  }

  template <class V> XACT_INLINE V rounded(const V &x) const noexcept { return snake_beta_t{alpha, alpha}.rounded(x); }
  template <class V> XACT_INLINE V nearly_rounded(const V &x) const noexcept { return in_double(x); }
  template <class V> XACT_INLINE V in_double(const V &x) const noexcept {
    return snake_beta_t{alpha, alpha}.in_double(x);
  }
  template <class V> XACT_INLINE V side_of_midpoint(const V &x, const V &y) const noexcept {
    return snake_beta_t{alpha, alpha}.side_of_midpoint(x, y);
  }

  /// 1 + sin(2 alpha x).
  struct derivative_t : activation<derivative_t> {
    double alpha = 1;

    constexpr detail::refusal refusal() const { return snake_t{alpha}.refusal(); }

    template <class V> XACT_INLINE V rounded(const V &x) const noexcept {
      return snake_beta_t{alpha, alpha}.derivative().rounded(x);
    }
    template <class V> XACT_INLINE V nearly_rounded(const V &x) const noexcept { return in_double(x); }
    template <class V> XACT_INLINE V in_double(const V &x) const noexcept {
      return snake_beta_t{alpha, alpha}.derivative().in_double(x);
    }
  };
  constexpr derivative_t derivative() const { return {{}, alpha}; }

  XACT_CALL_FORMS(snake_t)
};
inline constexpr snake_t snake{};

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
