#pragma once

#include <xact/activation.hpp>
#include <xact/detail/hard_swish/float.hpp>
#include <xact/detail/numbers/rounding.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// The piecewise quadratic swish: hard_swish(x) = x * min(max(x + 3, 0), 6) / 6.
///
/// *Accuracy*: float, every float: exact correctly rounded; default and accurate at most 0.50001 ULP, 8.4 million ties
/// and near ties misrounded, such as 0x1.fbfbf8p-20. double: at most 0.501 ULP (random and hard points against MPFR).
/// *Special*: NaN gives NaN, -0 gives -0, x <= -3 gives -0, x >= 3 gives x.
/// *Method*: (x + 3) / 6 in two parts, times x, rounded once; in float itself where there is FMA. `exact` divides the
/// product, so that ties stay ties.
/// *Source*: torch.nn.Hardswish; ONNX HardSwish.
///
/// @code
/// std::vector<float> layer{-1.0f, 1.0f, 4.0f};
/// xact::hard_swish(layer); // -1/3, 2/3, 4
/// @endcode
struct hard_swish_t : activation<hard_swish_t> {
  static constexpr facts about() { return {.rational = true, .together = {1, 1, 1, 1}}; }
  constexpr double steepest() const { return 3; }

  template <detail::float_lanes V> XACT_INLINE V standard(const V &x) const noexcept {
    return detail::float_hard_swish(x);
  }
  template <detail::fused_floats V> XACT_INLINE V accurate(const V &x) const noexcept { return of_product(x); }
  template <class V> XACT_INLINE V rounded(const V &x) const noexcept {
    using namespace detail;
    const V inside = at_most(at_least(x, V(-3.0)), V(3.0));
    const auto product_of = product(inside, two_sum(inside, V(3.0)));
    const V y = mul_sign(abs(round_to_odd(quotient(product_of, double_double<V>{V(6.0), V(0.0)}))), x);
    return select(V(3.0) < x, x, y);
  }
  template <class V> XACT_INLINE V nearly_rounded(const V &x) const noexcept { return of_product(x); }
  template <class V> XACT_INLINE V in_double(const V &x) const noexcept { return of_product(x); }

  /// 0 for x <= -3, 1 for x >= 3, (2x + 3) / 6 between.
  struct derivative_t : activation<derivative_t> {
    static constexpr facts about() { return {.loose = true, .together = {1, 1, 1, 1}}; }

    template <detail::float_lanes V> XACT_INLINE V standard(const V &x) const noexcept {
      return detail::float_hard_swish_derivative(x);
    }
    template <detail::fused_floats V> XACT_INLINE V accurate(const V &x) const noexcept {
      return formula(detail::tier::accurate{}, x);
    }
    template <class V> XACT_INLINE V rounded(const V &x) const noexcept { return formula(detail::tier::exact{}, x); }
    template <class V> XACT_INLINE V nearly_rounded(const V &x) const noexcept { return in_double(x); }
    template <class V> XACT_INLINE V in_double(const V &x) const noexcept {
      return formula(detail::tier::accurate{}, x);
    }

  private:
    template <class Tier, class V> XACT_INLINE static V formula(Tier, const V &x) noexcept {
      using namespace detail;
      using T = scalar_t<V>;
      const V inside = at_most(at_least(x, V(T(-3))), V(T(3)));
      const double_double<V> six{V(T(6)), V(T(0))};
      const V y = round_result(Tier{}, quotient(two_sum(V(inside + inside), V(T(3))), six));
      return select(x >= V(T(3)), V(T(1)), select(V(T(-3)) >= x, V(T(0)), y));
    }
  };
  constexpr derivative_t derivative() const { return {}; }

private:
  /// x times (x + 3) / 6 in two parts, which keeps the low part of tiny products from being flushed.
  template <class V> XACT_INLINE static V of_product(const V &x) noexcept {
    using namespace detail;
    using T = scalar_t<V>;
    const V inside = at_most(at_least(x, V(T(-3))), V(T(3)));
    const double_double<V> six{V(T(6)), V(T(0))};
    return select(V(T(3)) < x, x, rounded_product(inside, quotient(two_sum(inside, V(T(3))), six)));
  }
};
inline constexpr hard_swish_t hard_swish{};

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
