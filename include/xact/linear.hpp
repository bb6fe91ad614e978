#pragma once

#include <xact/activation.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// The identity: linear(x) = x.
///
/// *Accuracy*: exact, every tier and type. *Special*: everything comes out as it went in; NaN gives NaN.
/// *Source*: keras.activations.linear; torch.nn.Identity; ONNX Identity.
///
/// @code
/// std::vector<float> layer{-1.0f, 2.0f};
/// xact::linear(layer); // -1, 2
/// @endcode
struct linear_t : activation<linear_t> {
  static constexpr facts about() { return {.exact = true, .together = {1, 1, 1, 1}}; }
  constexpr double steepest() const { return 3; }

  template <class V> XACT_INLINE V standard(const V &x) const noexcept { return x; }

  /// 1.
  struct derivative_t : activation<derivative_t> {
    static constexpr facts about() { return {.exact = true, .together = {1, 1, 1, 1}}; }

    template <class V> XACT_INLINE V standard(const V &x) const noexcept {
      return detail::unless_nan(x, V(detail::scalar_t<V>(1)));
    }
  };
  constexpr derivative_t derivative() const { return {}; }
};
inline constexpr linear_t linear{};

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
