#pragma once

#include <xact/activation.hpp>
#include <xact/detail/lanes/convert.hpp>
#include <xact/detail/numbers/rounding.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// The piecewise quadratic swish: hard_swish(x) = x * min(max(x + 3, 0), 6) / 6.
///
/// *Accuracy*: float, every float: exact correctly rounded; default and fast at most 0.50001 ULP, 8.4 million ties and
/// near ties misrounded, such as 0x1.fbfbf8p-20. double: at most 0.501 ULP (random and hard points against MPFR).
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
  template <class Tier, class V> XACT_INLINE V kernel(Tier, const V &x) const noexcept {
    using namespace detail;
    using T = scalar_t<V>;
    if constexpr (leaves_float<Tier, V>) {
      return to_float(kernel(Tier{}, to_double(x)));
    } else {
      const V inside = at_most(at_least(x, V(T(-3))), V(T(3)));
      const double_double<V> sum = two_sum(inside, V(T(3)));
      const double_double<V> six{V(T(6)), V(T(0))};
      V y;
      if constexpr (std::is_same_v<Tier, tier::exact>) {
        y = mul_sign(abs(round_to_odd(quotient(product(inside, sum), six))), x); // keeps what is a tie
      } else {
        y = rounded_product(inside, quotient(sum, six)); // keeps the low part of tiny products from being flushed
      }
      return select(V(T(3)) < x, x, y);
    }
  }

  /// 0 for x <= -3, 1 for x >= 3, (2x + 3) / 6 between.
  template <class Tier, class V> XACT_INLINE V slope(Tier, const V &x) const noexcept {
    using namespace detail;
    using T = scalar_t<V>;
    if constexpr (leaves_float<Tier, V>) {
      return to_float(slope(Tier{}, to_double(x)));
    } else {
      const V inside = at_most(at_least(x, V(T(-3))), V(T(3)));
      const V y =
          round_result(Tier{}, quotient(two_sum(V(inside + inside), V(T(3))), double_double<V>{V(T(6)), V(T(0))}));
      return select(x >= V(T(3)), V(T(1)), select(V(T(-3)) >= x, V(T(0)), y));
    }
  }
};
inline constexpr hard_swish_t hard_swish{};

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
