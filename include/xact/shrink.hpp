#pragma once

#include <xact/activation.hpp>
#include <xact/detail/numbers/rounding.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

namespace detail {
/// A width: not negative, not NaN.
constexpr refusal refusal_of_width(const char *format, double width) {
  return refusal_unless(width >= 0, format, width);
}

/// y where abs(x) > width, else 0 with the sign of x, which an odd function has.
template <class V> XACT_INLINE inline V beyond_width(const V &x, double width, const V &y) noexcept {
  return select(V(rounded_down<scalar_t<V>>(width)) >= abs(x), as_float(sign_bit(x)), y);
}

/// 1 where abs(x) > lambda, else 0: the derivative of all that shrink.
struct shrink_derivative_t {
  const char *format;
  double lambda;

  static constexpr facts about() { return {.exact = true, .together = {1, 1, 1, 1}}; }
  constexpr detail::refusal refusal() const { return refusal_of_width(format, lambda); }

  template <class V> XACT_INLINE V standard(const V &x) const noexcept {
    using T = scalar_t<V>;
    return select(V(rounded_down<T>(lambda)) >= abs(x), zero_like(x), unless_nan(x, V(T(1))));
  }

  XACT_CALL_FORMS(shrink_derivative_t)
};
} // namespace detail

/// shrink(x) = x - bias for x > lambd, x + bias for x < -lambd, 0 else.
///
/// *Parameters*: `lambd`, at least 0, and `bias`, any number below 1e38 in magnitude; both count as the doubles they
/// are. *Accuracy*: float, over every float (AVX-512, the default parameters): correctly rounded where bias is
/// a float, else at most 2 ULP, `accurate` 0.51; `exact` correctly rounded always. double: correctly rounded.
/// *Special*: NaN gives NaN, infinities themselves, and what shrinks to 0 the zero of its own sign. *Method*: one
/// subtraction; of a bias that is no float, a second one for the rest. *Source*: ONNX Shrink.
///
/// @code
/// std::vector<float> layer{-2.0f, 0.5f, 2.0f};
/// xact::shrink_t{.lambd = 1, .bias = 0.5}(layer); // -1.5, 0, 1.5
/// @endcode
struct shrink_t {
  double lambd = 0.5;
  double bias = 0;

  static constexpr facts about() { return {.rational = true, .together = {1, 1, 1, 1}}; }
  constexpr detail::refusal refusal() const {
    const detail::refusal of_bias =
        detail::refusal_unless(-1e38 < bias && bias < 1e38, "xact::shrink: bias is %g", bias);
    return of_bias.format ? of_bias : detail::refusal_of_width("xact::shrink: lambd is %g", lambd);
  }

  template <class V> XACT_INLINE V standard(const V &x) const noexcept {
    using namespace detail;
    using T = scalar_t<V>;
    const T head = static_cast<T>(bias);
    const T rest = static_cast<T>(bias - static_cast<double>(head));
    return beyond_width(x, lambd, mul_sign(V(V(abs(x) - V(head)) - V(rest)), x));
  }
  template <class V> XACT_INLINE V accurate(const V &x) const noexcept {
    return static_cast<double>(static_cast<float>(bias)) == bias ? standard(x) : detail::through_double_of(*this)(x);
  }
  template <class V> XACT_INLINE V nearly_rounded(const V &x) const noexcept { return standard(x); }
  template <class V> XACT_INLINE V rounded(const V &x) const noexcept {
    using namespace detail;
    const V y = round_to_odd(two_sum(at_most(abs(x), V(0x1p500)), V(-bias)));
    return beyond_width(x, lambd, mul_sign(y, x));
  }
  template <class V> XACT_INLINE V in_double(const V &x) const noexcept { return standard(x); }

  /// 1 where abs(x) > lambd, 0 else.
  using derivative_t = detail::shrink_derivative_t;
  constexpr derivative_t derivative() const { return {"xact::shrink: lambd is %g", lambd}; }

  XACT_CALL_FORMS(shrink_t)
};
inline constexpr shrink_t shrink{};

/// soft_shrink(x) = x - lambda for x > lambda, x + lambda for x < -lambda, 0 else.
///
/// *Parameter*: `lambda`, at least 0 and below 1e38. *Accuracy* and *Method*: those of `shrink`, whose `lambd` and
/// `bias` are one here. *Special*: NaN gives NaN, infinities themselves, and what shrinks to 0 the zero of its own
/// sign. *Source*: torch.nn.Softshrink, which calls it lambd; keras.activations.soft_shrink.
///
/// @code
/// std::vector<float> layer{-2.0f, 0.25f, 2.0f};
/// xact::soft_shrink(layer); // -1.5, 0, 1.5
/// @endcode
struct soft_shrink_t {
  double lambda = 0.5;

  static constexpr facts about() { return shrink_t::about(); }
  constexpr double steepest() const { return 3; }
  constexpr detail::refusal refusal() const {
    return detail::refusal_unless(0 <= lambda && lambda < 1e38, "xact::soft_shrink: lambda is %g", lambda);
  }

  template <class V> XACT_INLINE V standard(const V &x) const noexcept { return shrink_t{lambda, lambda}.standard(x); }
  template <class V> XACT_INLINE V accurate(const V &x) const noexcept { return shrink_t{lambda, lambda}.accurate(x); }
  template <class V> XACT_INLINE V nearly_rounded(const V &x) const noexcept { return standard(x); }
  template <class V> XACT_INLINE V rounded(const V &x) const noexcept { return shrink_t{lambda, lambda}.rounded(x); }
  template <class V> XACT_INLINE V in_double(const V &x) const noexcept { return standard(x); }

  /// 1 where abs(x) > lambda, 0 else.
  using derivative_t = detail::shrink_derivative_t;
  constexpr derivative_t derivative() const { return {"xact::soft_shrink: lambda is %g", lambda}; }

  XACT_CALL_FORMS(soft_shrink_t)
};
inline constexpr soft_shrink_t soft_shrink{};

/// hard_shrink(x) = x where abs(x) > lambda, 0 else.
///
/// *Parameter*: `lambda`, at least 0, compared with as the double it is. *Accuracy*: exact, every tier and type.
/// *Special*: NaN gives NaN, infinities themselves, and what shrinks to 0 the zero of its own sign.
/// *Source*: torch.nn.Hardshrink, which calls it lambd; keras.activations.hard_shrink.
///
/// @code
/// std::vector<float> layer{-2.0f, 0.25f, 2.0f};
/// xact::hard_shrink(layer); // -2, 0, 2
/// @endcode
struct hard_shrink_t {
  double lambda = 0.5;

  static constexpr facts about() { return {.exact = true, .together = {1, 1, 1, 1}}; }
  constexpr detail::refusal refusal() const {
    return detail::refusal_of_width("xact::hard_shrink: lambda is %g", lambda);
  }

  template <class V> XACT_INLINE V standard(const V &x) const noexcept { return detail::beyond_width(x, lambda, x); }

  /// 1 where abs(x) > lambda, 0 else.
  using derivative_t = detail::shrink_derivative_t;
  constexpr derivative_t derivative() const { return {"xact::hard_shrink: lambda is %g", lambda}; }

  XACT_CALL_FORMS(hard_shrink_t)
};
inline constexpr hard_shrink_t hard_shrink{};

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
