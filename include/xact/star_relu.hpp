#pragma once

#include <xact/activation.hpp>
#include <xact/detail/numbers/rounding.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// StarReLU: star_relu(x) = scale * max(x, 0)^2 + bias.
///
/// *Parameters*: `scale` and `bias`, 0 or from 1e-100 to 1e100 in magnitude. The defaults are the paper's, which give
/// mean 0 and variance 1 for normal x.
/// *Accuracy*: float, at every float (AVX-512): exact correctly rounded, the other
/// tiers at most 0.50001 ULP, near the root too. double: at most 0.51 ULP (random and hard points against MPFR).
/// *Special*: NaN gives NaN, x <= 0 gives bias, +inf gives +inf (for scale > 0). *Method*: in double, every product and
/// the sum in two parts, rounded once. *Source*: W. Yu et al., MetaFormer baselines for vision, 2022.
///
/// @code
/// std::vector<float> layer{-1.0f, 1.0f};
/// xact::star_relu(layer); // -0.4472, 0.4472
/// @endcode
struct star_relu_t {
  double scale = 0.8944;
  double bias = -0.4472;

  static constexpr facts about() { return {.rational = true, .together = {0, 0, 1, 1}}; }
  constexpr detail::refusal refusal() const {
    const detail::refusal of_scale = detail::refusal_unless_usual_or_0("xact::star_relu: scale is %g", scale);
    return of_scale.format ? of_scale : detail::refusal_unless_usual_or_0("xact::star_relu: bias is %g", bias);
  }

  template <class V> XACT_INLINE V nearly_rounded(const V &x) const noexcept { return in_double(x); }
  template <class V> XACT_INLINE V rounded(const V &x) const noexcept { return formula(detail::tier::exact{}, x); }
  template <class V> XACT_INLINE V in_double(const V &x) const noexcept {
    // Beyond 2^400 the bias is nothing, and low parts might overflow. A scale of 0 makes 0 of infinity too.
    const V far_out(scale == 0 ? detail::infinity_of<double> : 0x1p400);
    return detail::select(far_out < x, V(V(x * V(scale)) * x), formula(detail::tier::accurate{}, x));
  }

  /// 2 * scale * x for x > 0, 0 else.
  struct derivative_t : activation<derivative_t> {
    double scale = 0.8944;
    double bias = -0.4472;

    static constexpr facts about() { return {.rational = true, .together = {1, 1, 1, 1}}; }
    constexpr detail::refusal refusal() const { return star_relu_t{scale, bias}.refusal(); }

    template <class V> XACT_INLINE V standard(const V &x) const noexcept {
      using namespace detail;
      using T = scalar_t<V>;
      if constexpr (sizeof(T) == 4) {
        if (const double size = scale < 0 ? -scale : scale; !(1e-30 <= size && size <= 1e30)) [[unlikely]] {
          return through_double_of(*this)(x);
        }
      }
      const V finite_for_0 = scale == 0 ? at_most(x, V(T(1))) : x;
      return select(x < V(T(0)), V(T(0)), V(finite_for_0 * V(static_cast<T>(2 * scale))));
    }
    template <class V> XACT_INLINE V in_double(const V &x) const noexcept { return standard(x); }
  };
  constexpr derivative_t derivative() const { return {{}, scale, bias}; }

  XACT_CALL_FORMS(star_relu_t)

private:
  template <class Tier, class V> XACT_INLINE V formula(Tier, const V &x) const noexcept {
    using namespace detail;
    const V positive = at_most(at_least(x, V(0.0)), V(0x1p400));
    const double_double<V> p = product(V(scale), two_product(positive, positive));
    const double_double<V> y = two_sum(p.hi, V(bias));
    const V result = round_result(Tier{}, fast_two_sum(y.hi, V(y.lo + p.lo)));
    return select(abs(p.hi) < V(infinity_of<double>), result, p.hi);
  }
};
inline constexpr star_relu_t star_relu{};

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
