#pragma once

#include <xact/activation.hpp>
#include <xact/detail/math/derivative_number.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// squareplus(x) = (x + sqrt(x^2 + b)) / 2: softplus's shape without an exponential.
///
/// *Parameter*: `b`, from 2^-20 to 2^20 in float's own arithmetic, by double for any other positive number that is
/// normal.
/// *Accuracy*: float with b = 4, at every float (AVX-512): 2.749 ULP, worst at -0x1.94effep-11; accurate and exact
/// correctly rounded, the negative tail, which is b / (4 abs(x)), included; limits 4 and 1, sampled elsewhere. double:
/// at most 4 ULP, sampled. *Special*: NaN gives NaN, -inf gives 0, +inf gives +inf. *Method*: with a = abs(x), s =
/// sqrt(a^2 + b): (a + s) / 2 for x >= 0, b / (2 (a + s)) below, so that nothing cancels; from a = 2^30 on s is a, so
/// that no square overflows. *Source*: J. T. Barron, Squareplus: a softplus-like algebraic rectifier, 2021;
/// jax.nn.squareplus.
///
/// @code
/// std::vector<float> layer{-1.0f, 0.0f, 2.0f};
/// xact::squareplus(layer); // 0.618..., 1, 2.414...
/// @endcode
struct squareplus_t {
  double b = 4;

  constexpr detail::refusal refusal() const {
    return detail::refusal_unless(0x1p-1022 <= b && b < detail::infinity_of<double>, "xact::squareplus: b is %g", b);
  }
  constexpr double steepest() const { return 3; }

  template <detail::float_lanes V> XACT_INLINE V standard(const V &x) const noexcept {
    if (0x1p-20 <= b && b <= 0x1p20) {
      return formula(x);
    }
    return detail::through_double_of(*this)(x);
  }
  template <class V> XACT_INLINE V rounded(const V &x) const noexcept { return formula(x); }
  template <class V> XACT_INLINE V in_double(const V &x) const noexcept { return formula(x); }
  template <class V> XACT_INLINE V accurate_in_double(const V &x) const noexcept {
    using namespace detail;
    const auto [root, sum] = in_two_parts(x, b);
    const double_double<V> y = quotient(double_double<V>{V(b * 0.5), V(0.0)}, sum);
    const V below = y.hi + y.lo;
    const V above = V(sum.hi + sum.lo) * V(0.5);
    return select(V(0x1p400) < abs(x), formula(x), select(x < V(0.0), below, above));
  }

  /// sqrt(x^2 + b) is above 2y - x where b is above 4 y (y - x). Few numbers make that 0, such as x = 1.5 and y = 2.
  template <class V> XACT_INLINE V side_of_midpoint(const V &x, const V &y) const noexcept {
    using namespace detail;
    const double_double<V> p = product(V(y * V(4.0)), two_sum(y, negated(x)));
    const V rest = V(V(b) - p.hi) - p.lo;
    return select(V(0.0) < rest, V(1.0), select(rest < V(0.0), V(-1.0), V(0.0)));
  }

  /// (1 + x / sqrt(x^2 + b)) / 2.
  struct derivative_t : activation<derivative_t> {
    double b = 4;

    constexpr detail::refusal refusal() const { return squareplus_t{b}.refusal(); }

    template <class V> XACT_INLINE V nearly_rounded(const V &x) const noexcept { return in_double(x); }
    template <class V> XACT_INLINE V rounded(const V &x) const noexcept { return accurate_in_double(x); }
    template <class V> XACT_INLINE V accurate_in_double(const V &x) const noexcept {
      using namespace detail;
      const auto [root, sum] = in_two_parts(x, b);
      const double_double<V> half_b{V(b * 0.5), V(0.0)};
      const double_double<V> below = quotient(half_b, product(root, sum));
      const double_double<V> above = quotient(sum, double_double<V>{V(root.hi + root.hi), V(root.lo + root.lo)});
      const V y = select(x < V(0.0), V(below.hi + below.lo), V(above.hi + above.lo));
      return select(V(0x1p400) < abs(x), in_double(x), y);
    }
    template <class V> XACT_INLINE V in_double(const V &x) const noexcept {
      using namespace detail;
      const auto [half, root] = half_sum(at_most(abs(x), V(0x1p1000)), b); // at infinity too their quotient is 1
      return select(x < V(0.0), V(V(V(b * 0.25) / root) / half), V(half / root));
    }
  };
  constexpr derivative_t derivative() const { return {{}, b}; }

  XACT_CALL_FORMS(squareplus_t)

private:
  template <class V> struct halves {
    V half; ///< (a + s) / 2
    V root; ///< s
  };
  template <class V> XACT_INLINE static halves<V> half_sum(const V &x, double b) noexcept {
    using namespace detail;
    using T = scalar_t<V>;
    const V a = abs(x);
    const V largest(T(sizeof(T) == 8 ? 0x1p500 : 0x1p30)); // b is nothing beside its square
    const V bounded = at_most(a, largest);
    const V root = xsimd::sqrt(mul_add(bounded, bounded, V(static_cast<T>(b))));
    const V s = select(largest < a, a, root);
    return {V(a * V(T(0.5)) + s * V(T(0.5))), s};
  }
  /// s and abs(x) + s in two parts; abs(x) up to 2^400, beyond any numbers.
  template <class V> struct parts {
    detail::double_double<V> root, sum;
  };
  template <class V> XACT_INLINE static parts<V> in_two_parts(const V &x, double b) noexcept {
    using namespace detail;
    const V a = at_most(abs(x), V(0x1p400));
    const double_double<V> square = detail::sum(two_product(a, a), double_double<V>{V(b), V(0.0)});
    const V r = xsimd::sqrt(square.hi);
    const double_double<V> back = two_product(r, r);
    const V rest = V(V(square.hi - back.hi) - back.lo) + square.lo;
    const double_double<V> root{r, V(rest / V(r + r))};
    return {root, detail::sum(root, double_double<V>{a, V(0.0)})};
  }
  template <class V> XACT_INLINE V formula(const V &x) const noexcept {
    using namespace detail;
    using T = scalar_t<V>;
    const V half = half_sum(x, b).half;
    return select(x < V(T(0)), divide(V(static_cast<T>(b * 0.25)), half), half);
  }
};
inline constexpr squareplus_t squareplus{};

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
