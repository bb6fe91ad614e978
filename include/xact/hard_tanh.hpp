#pragma once

#include <xact/activation.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// The piecewise linear tanh: hard_tanh(x) = min(max(x, min_val), max_val).
///
/// *Parameters*: `min_val` and `max_val`, min_val <= max_val; each is rounded once to the type of the result.
/// *Accuracy*: exact apart from that, every tier and type. *Special*: NaN gives NaN, -0 gives -0, -inf gives min_val,
/// +inf gives max_val. *Source*: torch.nn.Hardtanh.
///
/// @code
/// std::vector<float> layer{-3.0f, 0.5f, 2.0f};
/// xact::hard_tanh(layer);                                    // -1, 0.5, 1
/// xact::hard_tanh_t{.min_val = -0.25, .max_val = 0.25}(layer); // -0.25, 0.25, 0.25
/// @endcode
struct hard_tanh_t {
  double min_val = -1;
  double max_val = 1;

  static constexpr facts about() { return {.rounded = true, .together = {4, 4, 4, 4}}; }
  constexpr detail::refusal refusal() const {
    return detail::refusal_unless(min_val <= max_val, "xact::hard_tanh: min_val is %g and not below max_val", min_val);
  }
  constexpr double steepest() const { return 3; }

  template <class V> XACT_INLINE V standard(const V &x) const noexcept {
    using T = detail::scalar_t<V>;
    return detail::at_most(detail::at_least(x, V(static_cast<T>(min_val))), V(static_cast<T>(max_val)));
  }

  /// 1 between the two, 0 at and beyond them.
  struct derivative_t : activation<derivative_t> {
    double min_val = -1;
    double max_val = 1;

    static constexpr facts about() { return {.exact = true, .together = {1, 1, 1, 1}}; }
    constexpr detail::refusal refusal() const { return hard_tanh_t{min_val, max_val}.refusal(); }

    template <class V> XACT_INLINE V standard(const V &x) const noexcept {
      using T = detail::scalar_t<V>;
      const auto inside = (V(static_cast<T>(min_val)) < x) & (x < V(static_cast<T>(max_val)));
      return detail::unless_nan(x, detail::select(inside, V(T(1)), V(T(0))));
    }
  };
  constexpr derivative_t derivative() const { return {{}, min_val, max_val}; }

  XACT_CALL_FORMS(hard_tanh_t)
};
inline constexpr hard_tanh_t hard_tanh{};

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
