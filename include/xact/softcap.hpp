#pragma once

#include <xact/detail/tanh/double.hpp>
#include <xact/tanh.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// A soft limit: softcap(x) = cap * tanh(x / cap).
///
/// *Parameter*: `cap`, from 1e-100 to 1e100. The default is that of Gemma 2's final logits (its attention has 50).
/// *Accuracy*: float, over every float (AVX-512, the default cap): exact correctly rounded, the other
/// tiers at most 0.501 ULP. double: at most 1 ULP (random and hard points against MPFR). *Special*: NaN gives NaN, -0
/// gives -0, infinities cap with their sign. *Method*: tanh in double, rounded once; for `exact` and double all of it
/// in two parts. *Source*: Gemma 2, 2024; ggml's and ONNX Attention's softcap.
///
/// @code
/// std::vector<float> logits{-100.0f, 1.0f};
/// xact::softcap_t{.cap = 50}(logits); // -48.20..., 0.9998...
/// @endcode
struct softcap_t {
  double cap = 30;

  static constexpr facts about() { return {.together = {0, 0, 3, 1}}; }
  constexpr double steepest() const { return 3; }
  constexpr detail::refusal refusal() const {
    return detail::refusal_unless(cap > 0 && detail::is_usual(cap), "xact::softcap: cap is %g", cap);
  }

  template <class V> XACT_INLINE V nearly_rounded(const V &x) const noexcept {
    return V(cap) * tanh.rounded(V(x * V(1 / cap)));
  }
  template <class V> XACT_INLINE V rounded(const V &x) const noexcept { return formula(detail::tier::exact{}, x); }
  template <class V> XACT_INLINE V in_double(const V &x) const noexcept { return formula(detail::tier::accurate{}, x); }

  /// Nearer to 0 than x and than cap, unless x is infinite.
  template <class V> XACT_INLINE V side_of_midpoint(const V &x, const V &) const noexcept {
    return detail::select(is_infinite(x), V(0.0), detail::mul_sign(V(-1.0), x));
  }

  /// 4e / (1 + e)^2 with e = e^(-2 abs(x) / cap).
  struct derivative_t : activation<derivative_t> {
    double cap = 30;

    static constexpr facts about() { return {.together = {0, 0, 1, 1}}; }
    constexpr detail::refusal refusal() const { return softcap_t{cap}.refusal(); }

    template <class V> XACT_INLINE V nearly_rounded(const V &x) const noexcept {
      return formula(detail::nearly_exact{}, x);
    }
    template <class V> XACT_INLINE V rounded(const V &x) const noexcept { return formula(detail::tier::exact{}, x); }
    template <class V> XACT_INLINE V in_double(const V &x) const noexcept {
      return formula(detail::tier::accurate{}, x);
    }

  private:
    template <class Tier, class V> XACT_INLINE V formula(Tier, const V &x) const noexcept {
      using namespace detail;
      using N = derivative_number<Tier, V>;
      const N u = quotient(lanes<N>(minus_abs(x)), number<N>(cap / 2)); // its half is exact
      const auto beyond = high_part(u) < V(-underflow<Tier>);
      const auto [e, deferred_scale] = exp_deferred(select(beyond, number<N>(-underflow<Tier>), u));
      const N s = sum(number<N>(1.0), e);
      return V(round_result(Tier{}, quotient(e, product(s, s))) * V(deferred_scale * V(4.0)));
    }
  };
  constexpr derivative_t derivative() const { return {{}, cap}; }

  XACT_CALL_FORMS(softcap_t)

private:
  template <class V> XACT_INLINE static auto is_infinite(const V &x) noexcept {
    return detail::abs(x) == V(std::numeric_limits<double>::infinity());
  }
  template <class Tier, class V> XACT_INLINE V formula(Tier, const V &x) const noexcept {
    using namespace detail;
    const V a = abs(x);
    const double_double<V> u = quotient(double_double<V>{a, V(0.0)}, double_double<V>{V(cap), V(0.0)});
    const double_double<V> beside_x{a, V(a * V(u.hi * u.hi)) * V(-1.0 / 3)};
    const double_double<V> y = product(V(cap), tanh_double_double(u));
    const V finite = round_result(Tier{}, select(u.hi < V(0x1p-28), beside_x, y));
    return mul_sign(abs(select(is_infinite(x), V(cap), finite)), x);
  }
};
inline constexpr softcap_t softcap{};

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
