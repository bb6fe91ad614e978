#pragma once

#include <xact/activation.hpp>
#include <xact/detail/hard_swish/float.hpp>
#include <xact/detail/numbers/rounding.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// The piecewise linear sigmoid: hard_sigmoid(x) = min(max(alpha * x + beta, 0), 1).
///
/// *Parameters*: `alpha` and `beta`, 0 or from 1e-100 to 1e100 in magnitude. The default, that of PyTorch, JAX
/// and Keras 3, means the real number 1/6: the result is min(max(x + 3, 0), 6) / 6, and 0 at -3. ONNX's default, and
/// Keras 2's function, is hard_sigmoid_t{.alpha = 0.2}.
/// *Accuracy*: float: at most 0.5 ULP, none misrounded in any tier (every float). double: at most 0.501 ULP (random and
/// hard points against MPFR).
/// *Special*: NaN gives NaN, -inf gives 0, +inf gives 1 (for alpha > 0).
/// *Method*: a product, a sum and a quotient by 6 or 1 in two parts; only their sum is rounded. In float itself with
/// the default parameters where there is FMA.
/// *Source*: torch.nn.Hardsigmoid; ONNX HardSigmoid.
///
/// @code
/// std::vector<float> layer{-1.5f, 3.0f};
/// xact::hard_sigmoid(layer);                         // 0.25, 1
/// xact::hard_sigmoid_t{.alpha = 0.2}(layer, layer); // ONNX's
/// @endcode
struct hard_sigmoid_t {
  double alpha = 1.0 / 6;
  double beta = 0.5;

  static constexpr facts about() { return {.rational = true, .together = {1, 1, 1, 1}}; }
  constexpr detail::refusal refusal() const {
    const detail::refusal of_alpha = detail::refusal_unless_usual_or_0("xact::hard_sigmoid: alpha is %g", alpha);
    return of_alpha.format ? of_alpha : detail::refusal_unless_usual_or_0("xact::hard_sigmoid: beta is %g", beta);
  }
  constexpr double steepest() const { return 2 + (alpha < 0 ? -alpha : alpha); }

  template <detail::float_lanes V> XACT_INLINE V standard(const V &x) const noexcept {
    return has_default_values() ? detail::float_hard_sigmoid(x) : detail::to_float(in_double(detail::to_double(x)));
  }
  template <detail::fused_floats V> XACT_INLINE V accurate(const V &x) const noexcept {
    using namespace detail;
    if (has_default_values()) {
      return ramp(tier::accurate{}, x, V(1.0f), double_double<V>{V(3.0f), V(0.0f)}, V(6.0f));
    }
    return to_float(in_double(to_double(x)));
  }
  template <class V> XACT_INLINE V rounded(const V &x) const noexcept { return of_doubles(detail::tier::exact{}, x); }
  template <class V> XACT_INLINE V nearly_rounded(const V &x) const noexcept { return in_double(x); }
  template <class V> XACT_INLINE V in_double(const V &x) const noexcept {
    return of_doubles(detail::tier::accurate{}, x);
  }

  /// alpha where 0 < alpha * x + beta < 1, else 0.
  struct derivative_t : activation<derivative_t> {
    double alpha = 1.0 / 6;
    double beta = 0.5;

    static constexpr facts about() { return {.together = {1, 1, 1, 1}}; }
    constexpr detail::refusal refusal() const { return hard_sigmoid_t{alpha, beta}.refusal(); }

    template <class V> XACT_INLINE V standard(const V &x) const noexcept {
      using namespace detail;
      using T = scalar_t<V>;
      if (alpha == 1.0 / 6 && beta == 0.5) {
        return unless_nan(x, select(abs(x) < V(T(3)), V(static_cast<T>(1.0 / 6)), V(T(0))));
      } else if constexpr (sizeof(T) == 4) {
        return to_float(standard(to_double(x)));
      } else {
        const double_double<V> p = two_product(at_most(at_least(x, V(-0x1p680)), V(0x1p680)), V(alpha));
        double_double<V> y = two_sum(p.hi, V(beta));
        y = fast_two_sum(y.hi, V(y.lo + p.lo));
        const auto inside = (V(0.0) < y.hi) & ((y.hi < V(1.0)) | ((y.hi == V(1.0)) & (y.lo < V(0.0))));
        return unless_nan(x, select(inside, V(alpha), V(0.0)));
      }
    }
    template <class V> XACT_INLINE V in_double(const V &x) const noexcept { return standard(x); }
  };
  constexpr derivative_t derivative() const { return {{}, alpha, beta}; }

  XACT_CALL_FORMS(hard_sigmoid_t)

private:
  constexpr bool has_default_values() const { return alpha == 1.0 / 6 && beta == 0.5; }

  template <class Tier, class V> XACT_INLINE V of_doubles(Tier, const V &x) const noexcept {
    using namespace detail;
    const bool sixths = alpha == 1.0 / 6;
    const double divisor = sixths ? 6.0 : 1.0;
    const double_double<double> shift = two_product(beta, divisor);
    return ramp(Tier{}, x, V(sixths ? 1.0 : alpha), double_double<V>{V(shift.hi), V(shift.lo)}, V(divisor));
  }

  /// (slope * x + shift) / divisor, between 0 and 1.
  template <class Tier, class V>
  XACT_INLINE static V ramp(Tier, const V &x, const V &slope, const detail::double_double<V> &shift,
                            const V &divisor) noexcept {
    using namespace detail;
    using T = scalar_t<V>;
    const V bound(T(sizeof(T) == 8 ? 0x1p680 : 0x1p100));
    const double_double<V> p = two_product(at_most(at_least(x, mul_sign(bound, V(T(-0.0)))), bound), slope);
    double_double<V> sum = two_sum(p.hi, shift.hi);
    sum.lo = sum.lo + V(p.lo + shift.lo);
    const V y = round_result(Tier{}, quotient(sum, double_double<V>{divisor, V(T(0))}));
    return at_most(at_least(y, V(T(0))), V(T(1)));
  }
};
inline constexpr hard_sigmoid_t hard_sigmoid{};

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
