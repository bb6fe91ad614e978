#pragma once

#include <xact/activation.hpp>
#include <xact/detail/numbers/rounding.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// threshold(x) = x for x > threshold, value else.
///
/// *Parameters*: `threshold` and `value`, any numbers (PyTorch has no default for either). `threshold` is compared with
/// as the double it is; `value` is rounded once to the type of the result.
/// *Accuracy*: exact apart from that, every tier and type. *Special*: NaN gives NaN, +inf gives +inf, -inf gives value;
/// -0 gives -0 where 0 gives 0. *Source*: torch.nn.Threshold.
///
/// @code
/// std::vector<float> layer{-1.0f, 0.5f, 2.0f};
/// xact::threshold_t{.threshold = 1, .value = 0.25}(layer); // 0.25, 0.25, 2
/// @endcode
struct threshold_t {
  double threshold = 0;
  double value = 0;

  static constexpr facts about() { return {.rounded = true, .together = {1, 1, 1, 1}}; }
  constexpr detail::refusal refusal() const {
    return threshold != threshold ? detail::refusal{"xact::threshold: threshold is %g", threshold}
                                  : detail::refusal_unless(value == value, "xact::threshold: value is %g", value);
  }

  template <class V> XACT_INLINE V standard(const V &x) const noexcept {
    using namespace detail;
    using T = scalar_t<V>;
    const V below = value == 0 ? zero_like(x) : V(static_cast<T>(value));
    return select(V(rounded_down<T>(threshold)) >= x, below, x);
  }

  /// 1 for x > threshold, 0 else.
  struct derivative_t : activation<derivative_t> {
    double threshold = 0;
    double value = 0;

    static constexpr facts about() { return {.exact = true, .together = {1, 1, 1, 1}}; }
    constexpr detail::refusal refusal() const { return threshold_t{threshold, value}.refusal(); }

    template <class V> XACT_INLINE V standard(const V &x) const noexcept {
      using namespace detail;
      using T = scalar_t<V>;
      return select(V(rounded_down<T>(threshold)) >= x, zero_like(x), unless_nan(x, V(T(1))));
    }
  };
  constexpr derivative_t derivative() const { return {{}, threshold, value}; }

  XACT_CALL_FORMS(threshold_t)
};
inline constexpr threshold_t threshold{};

/// thresholded_relu(x) = x for x > alpha, 0 else.
///
/// *Parameter*: `alpha`, any number, compared with as the double it is.
/// *Accuracy*: exact, every tier and type. *Special*: NaN gives NaN, -0 gives -0, +inf gives +inf, -inf gives 0.
/// *Source*: ONNX ThresholdedRelu; Keras ThresholdedReLU, whose `theta` it is.
///
/// @code
/// std::vector<float> layer{-1.0f, 0.5f, 2.0f};
/// xact::thresholded_relu(layer); // 0, 0, 2
/// @endcode
struct thresholded_relu_t {
  double alpha = 1;

  static constexpr facts about() { return {.exact = true, .together = {1, 1, 1, 1}}; }
  constexpr detail::refusal refusal() const {
    return detail::refusal_unless(alpha == alpha, "xact::thresholded_relu: alpha is %g", alpha);
  }

  template <class V> XACT_INLINE V standard(const V &x) const noexcept { return threshold_t{alpha, 0}.standard(x); }

  /// 1 for x > alpha, 0 else.
  struct derivative_t : activation<derivative_t> {
    double alpha = 1;

    static constexpr facts about() { return {.exact = true, .together = {1, 1, 1, 1}}; }
    constexpr detail::refusal refusal() const { return thresholded_relu_t{alpha}.refusal(); }

    template <class V> XACT_INLINE V standard(const V &x) const noexcept {
      return threshold_t{alpha, 0}.derivative().standard(x);
    }
  };
  constexpr derivative_t derivative() const { return {{}, alpha}; }

  XACT_CALL_FORMS(thresholded_relu_t)
};
inline constexpr thresholded_relu_t thresholded_relu{};

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
