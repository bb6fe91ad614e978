#pragma once

#include <xact/activation.hpp>
#include <xact/detail/math/exp_double.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// exponential(x) = e^x.
///
/// *Accuracy*: float, over every float (AVX-512): correctly rounded, every tier.
/// double: at most 1 ULP (random and hard points against MPFR). Results are right down to the smallest subnormal and up
/// to the largest number. *Special*: NaN gives NaN, -inf gives 0, +inf gives +inf. *Method*: in double, rounded once;
/// of double in two parts. Coefficients: tests/sollya/exp.sollya, exp_double.sollya. *Source*:
/// keras.activations.exponential; ONNX Exp.
///
/// @code
/// std::vector<float> layer{-1.0f, 0.0f, 1.0f};
/// xact::exponential(layer); // 0.3678..., 1, 2.7182...
/// @endcode
struct exponential_t : activation<exponential_t> {
  static constexpr facts about() { return {.together = {0, 0, 3, 1}}; }

  template <class V> XACT_INLINE V rounded(const V &x) const noexcept {
    using namespace detail;
    const auto e = exp_parts<1, 1, 2>(at_most(at_least(x, V(-110.0)), V(90.0))); // 0 and infinity as floats
    return e.scale * e.mantissa();
  }
  template <class V> XACT_INLINE V in_double(const V &x) const noexcept {
    using namespace detail;
    const V clamped = at_most(at_least(x, V(-1200.0)), V(710.0));
    const auto high = V(700.0) < clamped; // there 2 * e^(x - ln2), so that no scale overflows before the result does
    const double_double<V> u{clamped - select(high, V(0x1.62e42fefa4p-1), V(0.0)),
                             select(high, V(0x1.8432a1b0e2634p-43), V(0.0))};
    const auto [m, scale, deferred_scale] = exp_double_double(u);
    return V(V(V(m.hi + m.lo) * scale) * deferred_scale) * select(high, V(2.0), V(1.0));
  }
  template <class V> XACT_INLINE V side_of_midpoint(const V &x, const V &) const noexcept {
    return detail::mul_sign(V(1.0), x); // beside 1
  }

  /// Itself.
  constexpr exponential_t derivative() const { return {}; }
};
inline constexpr exponential_t exponential{};

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
