#pragma once

#include <xact/activation.hpp>
#include <xact/detail/numbers/rounding.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// The sigmoid of sparse_plus: sparse_sigmoid(x) = 0 for x <= -1, (x + 1) / 2 between, 1 for x >= 1.
///
/// *Accuracy*: correctly rounded, every tier and type: one addition. *Special*: NaN gives NaN, -inf gives 0, +inf gives
/// 1. *Source*: jax.nn.sparse_sigmoid; keras.activations.sparse_sigmoid.
///
/// @code
/// std::vector<float> layer{-3.0f, 0.5f, 3.0f};
/// xact::sparse_sigmoid(layer); // 0, 0.75, 1
/// @endcode
struct sparse_sigmoid_t : activation<sparse_sigmoid_t> {
  static constexpr facts about() { return {.rounded = true, .together = {1, 1, 1, 1}}; }
  constexpr double steepest() const { return 3; }

  template <class V> XACT_INLINE V standard(const V &x) const noexcept {
    using namespace detail;
    using T = scalar_t<V>;
    return V(at_most(at_least(x, V(T(-1))), V(T(1))) + V(T(1))) * V(T(0.5));
  }

  /// 1/2 for -1 < x < 1, else 0.
  struct derivative_t : activation<derivative_t> {
    static constexpr facts about() { return {.exact = true, .together = {1, 1, 1, 1}}; }

    template <class V> XACT_INLINE V standard(const V &x) const noexcept {
      using T = detail::scalar_t<V>;
      return detail::unless_nan(x, detail::select(detail::abs(x) < V(T(1)), V(T(0.5)), V(T(0))));
    }
  };
  constexpr derivative_t derivative() const { return {}; }
};
inline constexpr sparse_sigmoid_t sparse_sigmoid{};

/// A softplus that is 0 from -1 down: sparse_plus(x) = 0 for x <= -1, (x + 1)^2 / 4 between, x for x >= 1.
///
/// *Accuracy*: float, at every float (AVX-512): exact correctly rounded; default and
/// accurate at most 0.50001 ULP. double: at most 0.501 ULP (random and hard points against MPFR). *Special*: NaN gives
/// NaN, -inf gives 0, +inf gives +inf. *Method*: x + 1 in two parts, its square rounded once; in float itself where
/// there is FMA. *Source*: jax.nn.sparse_plus; keras.activations.sparse_plus.
///
/// @code
/// std::vector<float> layer{-3.0f, 0.0f, 3.0f};
/// xact::sparse_plus(layer); // 0, 0.25, 3
/// @endcode
struct sparse_plus_t : activation<sparse_plus_t> {
  static constexpr facts about() { return {.rational = true, .together = {1, 1, 1, 1}}; }
  constexpr double steepest() const { return 3; }

  template <detail::fused_floats V> XACT_INLINE V standard(const V &x) const noexcept { return accurate(x); }
  template <detail::fused_floats V> XACT_INLINE V accurate(const V &x) const noexcept {
    return formula(detail::tier::accurate{}, x);
  }
  template <class V> XACT_INLINE V nearly_rounded(const V &x) const noexcept { return in_double(x); }
  template <class V> XACT_INLINE V rounded(const V &x) const noexcept { return formula(detail::tier::exact{}, x); }
  template <class V> XACT_INLINE V in_double(const V &x) const noexcept { return formula(detail::tier::accurate{}, x); }

  /// sparse_sigmoid.
  using derivative_t = sparse_sigmoid_t;
  constexpr derivative_t derivative() const { return {}; }

private:
  template <class Tier, class V> XACT_INLINE static V formula(Tier, const V &x) noexcept {
    using namespace detail;
    using T = scalar_t<V>;
    const double_double<V> s = two_sum(at_most(at_least(x, V(T(-1))), V(T(1))), V(T(1)));
    const V y = round_result(Tier{}, product(s, s)) * V(T(0.25));
    return select(V(T(1)) < x, x, y);
  }
};
inline constexpr sparse_plus_t sparse_plus{};

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
