#pragma once

#include <xact/activation.hpp>
#include <xact/detail/numbers/rounding.hpp>
#include <xact/detail/softsign/float.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// softsign(x) = x / (1 + abs(x)).
///
/// *Accuracy*: float, every float: exact correctly rounded; default and accurate at most 0.50001 ULP, 26 near ties
/// misrounded, such as 0x1.c2fa7ep-7. double: at most 0.501 ULP (random and hard points against MPFR).
/// *Special*: NaN gives NaN, -0 gives -0, -inf gives -1, +inf gives 1.
/// *Method*: 1 + abs(x) in two parts, a quotient with its remainder; only their sum is rounded. In float itself where
/// there is FMA.
/// *Source*: torch.nn.Softsign; ONNX Softsign.
///
/// @code
/// std::vector<float> layer{-1.0f, 3.0f};
/// xact::softsign(layer); // -0.5, 0.75
/// @endcode
struct softsign_t : activation<softsign_t> {
  static constexpr facts about() { return {.rational = true, .together = {1, 1, 1, 1}}; }
  constexpr double steepest() const { return 3; }

  template <detail::float_lanes V> XACT_INLINE V standard(const V &x) const noexcept {
    return detail::float_softsign(x);
  }
  template <detail::fused_floats V> XACT_INLINE V accurate(const V &x) const noexcept {
    return formula(detail::tier::accurate{}, x);
  }
  template <class V> XACT_INLINE V rounded(const V &x) const noexcept { return formula(detail::tier::exact{}, x); }
  template <class V> XACT_INLINE V nearly_rounded(const V &x) const noexcept { return in_double(x); }
  template <class V> XACT_INLINE V in_double(const V &x) const noexcept { return formula(detail::tier::accurate{}, x); }

  /// 1 / (1 + abs(x))^2.
  struct derivative_t : activation<derivative_t> {
    static constexpr facts about() { return {.loose = true, .together = {1, 1, 1, 1}}; }

    template <detail::float_lanes V> XACT_INLINE V standard(const V &x) const noexcept {
      return detail::float_softsign_derivative(x);
    }
    template <class V> XACT_INLINE V rounded(const V &x) const noexcept { return formula(detail::tier::exact{}, x); }
    template <class V> XACT_INLINE V in_double(const V &x) const noexcept {
      return formula(detail::tier::accurate{}, x);
    }

  private:
    template <class Tier, class V> XACT_INLINE static V formula(Tier, const V &x) noexcept {
      using namespace detail;
      const V a = at_most(abs(x), V(0x1p540));
      const V scale = select(V(0x1p400) < a, V(0x1p200), V(1.0)); // so that no low part is lost in the square
      const double_double<V> inverse = quotient(double_double<V>{scale, V(0.0)}, two_sum(V(1.0), a));
      const V deferred_scale = select(V(0x1p400) < a, V(0x1p-400), V(1.0));
      return round_result(Tier{}, product(inverse, inverse)) * deferred_scale;
    }
  };
  constexpr derivative_t derivative() const { return {}; }

private:
  template <class Tier, class V> XACT_INLINE static V formula(Tier, const V &x) noexcept {
    using namespace detail;
    using T = scalar_t<V>;
    const V a = at_most(abs(x), V(T(0x1p60))); // from there on it rounds to 1
    const double_double<V> y = quotient(double_double<V>{a, V(T(0))}, two_sum(V(T(1)), a));
    return mul_sign(abs(round_result(Tier{}, y)), x);
  }
};
inline constexpr softsign_t softsign{};

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
