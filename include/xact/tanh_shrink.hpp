#pragma once

#include <xact/activation.hpp>
#include <xact/detail/tanh/double.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// tanh_shrink(x) = x - tanh(x).
///
/// *Accuracy*: float, over every float (AVX-512): exact correctly rounded, the other tiers at most 0.5001 ULP, near 0
/// too, where it is x^3/3. double: at most 1 ULP (random and hard points against MPFR). *Special*: NaN gives NaN, -0
/// gives -0, infinities themselves. *Method*: below 2 Lambert's continued fraction of tanh, by which x - tanh(x) = x^3
/// / (x^2 + 3 + x^2/(5 + x^2/(7 +
/// ...))): nothing cancels, and ten levels err by 2^-59. Above, x less tanh(x) in two parts.
/// *Source*: torch.nn.Tanhshrink; keras.activations.tanh_shrink. Coefficients: tests/sollya/tanh_shrink.py.
///
/// @code
/// std::vector<float> layer{-2.0f, 0.5f};
/// xact::tanh_shrink(layer); // -1.0359..., 0.0378...
/// @endcode
struct tanh_shrink_t : activation<tanh_shrink_t> {
  static constexpr facts about() { return {.together = {0, 0, 1, 1}}; }
  constexpr double steepest() const { return 3; }

  template <class V> XACT_INLINE V rounded(const V &x) const noexcept { return formula(detail::tier::exact{}, x); }
  template <class V> XACT_INLINE V nearly_rounded(const V &x) const noexcept { return in_double(x); }
  template <class V> XACT_INLINE V in_double(const V &x) const noexcept { return formula(detail::tier::accurate{}, x); }

  /// Nearer to 0 than x^3/3 and than x, farther than x - 1.
  template <class V> XACT_INLINE V side_of_midpoint(const V &x, const V &) const noexcept {
    using namespace detail;
    return mul_sign(select(V(1.0) < abs(x), V(1.0), V(-1.0)), x);
  }

  /// tanh(x)^2.
  struct derivative_t : activation<derivative_t> {
    static constexpr facts about() { return {.together = {0, 0, 1, 1}}; }

    template <class V> XACT_INLINE V rounded(const V &x) const noexcept { return formula(detail::tier::exact{}, x); }
    template <class V> XACT_INLINE V nearly_rounded(const V &x) const noexcept { return in_double(x); }
    template <class V> XACT_INLINE V in_double(const V &x) const noexcept {
      return formula(detail::tier::accurate{}, x);
    }

  private:
    template <class Tier, class V> XACT_INLINE static V formula(Tier, const V &x) noexcept {
      using namespace detail;
      const auto tiny = abs(x) < V(0x1p-400); // scaled, so that no low part is flushed
      const V up = select(tiny, V(0x1p300), V(1.0)), down = select(tiny, V(0x1p-300), V(1.0));
      const double_double<V> t = tanh_double_double(double_double<V>{abs(x), V(0.0)});
      const double_double<V> scaled{t.hi * up, t.lo * up};
      const V y = V(round_result(Tier{}, product(scaled, scaled)) * down) * down;
      return select(x == V(0.0), zero_like(x), y);
    }
  };
  constexpr derivative_t derivative() const { return {}; }

private:
  template <class Tier, class V> XACT_INLINE static V formula(Tier, const V &x) noexcept {
    using namespace detail;
    const V a = at_most(abs(x), V(0x1p1000));
    const auto tiny = a < V(0x1p-300); // scaled, so that no part of the cube is lost
    const V s = at_most(V(a * select(tiny, V(0x1p200), V(1.0))), V(2.0));
    const double_double<V> t = two_product(s, s);
    const V fraction = polynomial(t.hi, 21082276215.0, 1047566520.0, 14549535.0, 66300.0, 75.0) /
                       polynomial(t.hi, 105411381075.0, 8249586345.0, 174594420.0, 1276275.0, 2925.0, 1.0);
    const double_double<V> start = two_sum(V(3.0), t.hi);
    const double_double<V> below = fast_two_sum(start.hi, mul_add(t.hi, fraction, V(-0.0)));
    const double_double<V> inner =
        quotient(product(s, t), double_double<V>{below.hi, V(below.lo + V(start.lo + t.lo))});

    const double_double<V> tanh_of_a = tanh_double_double(double_double<V>{at_least(a, V(1.0)), V(0.0)});
    const double_double<V> rest = two_sum(a, V(mul_sign(tanh_of_a.hi, V(-0.0))));
    const double_double<V> outer{rest.hi, V(rest.lo - tanh_of_a.lo)};

    const V scale = select(tiny, V(0x1p-300), V(1.0));
    const V y = V(round_result(Tier{}, select(a < V(2.0), inner, outer)) * scale) * scale;
    return select(V(0x1p1000) < abs(x), x, mul_sign(abs(y), x));
  }
};
inline constexpr tanh_shrink_t tanh_shrink{};

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
