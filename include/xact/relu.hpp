#pragma once

#include <xact/activation.hpp>
#include <xact/detail/numbers/rounding.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// Rectified linear unit: relu(x) = max(x, 0).
///
/// *Accuracy*: exact, every tier and type. *Special*: NaN gives NaN, -0 gives -0, +inf gives +inf, -inf gives 0.
/// *Method*: one comparison and one selection, because `max` drops NaN or the sign of zero on some ISAs.
/// *Source*: torch.nn.ReLU; ONNX Relu.
///
/// @code
/// std::vector<float> layer{-1.0f, 2.0f};
/// xact::relu(layer); // 0, 2
/// @endcode
struct relu_t : activation<relu_t> {
  static constexpr facts about() { return {.exact = true, .together = {4, 4, 4, 4}}; }
  constexpr double steepest() const { return 3; }

  template <class V> XACT_INLINE V standard(const V &x) const noexcept { return detail::positive_part(x); }

  /// 1 for x > 0, 0 for x < 0; 0 and NaN stay what they are.
  struct derivative_t : activation<derivative_t> {
    static constexpr facts about() { return {.exact = true, .together = {4, 4, 4, 4}}; }

    template <class V> XACT_INLINE V standard(const V &x) const noexcept {
      using T = detail::scalar_t<V>;
      return detail::select(V(T(0)) < x, V(T(1)), detail::zero_like(x)); // x itself may be subnormal, under DAZ
    }
  };
  constexpr derivative_t derivative() const { return {}; }
  template <class V> XACT_INLINE V derivative_from_output(const V &y) const noexcept {
    return derivative().standard(y);
  }
};
inline constexpr relu_t relu{};

/// ReLU with a ceiling: relu6(x) = min(max(x, 0), 6).
///
/// *Accuracy*: exact, every tier and type. *Special*: NaN gives NaN, -0 gives -0, +inf gives 6, -inf gives 0.
/// *Source*: torch.nn.ReLU6.
///
/// @code
/// std::vector<float> layer{-1.0f, 2.0f, 9.0f};
/// xact::relu6(layer); // 0, 2, 6
/// @endcode
struct relu6_t : activation<relu6_t> {
  static constexpr facts about() { return {.exact = true, .together = {4, 4, 4, 4}}; }
  constexpr double steepest() const { return 3; }

  template <class V> XACT_INLINE V standard(const V &x) const noexcept {
    return detail::at_most(detail::positive_part(x), V(detail::scalar_t<V>(6)));
  }

  /// 1 for 0 < x < 6, else 0; 0 and NaN stay what they are.
  struct derivative_t : activation<derivative_t> {
    static constexpr facts about() { return {.exact = true, .together = {4, 4, 4, 4}}; }

    template <class V> XACT_INLINE V standard(const V &x) const noexcept {
      using T = detail::scalar_t<V>;
      return detail::select(x >= V(T(6)), V(T(0)), relu.derivative().standard(x));
    }
  };
  constexpr derivative_t derivative() const { return {}; }
};
inline constexpr relu6_t relu6{};

/// Squared ReLU: relu_squared(x) = max(x, 0)^2.
///
/// *Accuracy*: correctly rounded, every tier and type: one multiplication. *Special*: NaN gives NaN, -0 gives -0, +inf
/// and squares beyond the type's range give +inf, -inf gives 0.
/// *Source*: D. So et al., Primer: searching for efficient transformers for language modeling, 2021.
///
/// @code
/// std::vector<float> layer{-1.0f, 3.0f};
/// xact::relu_squared(layer); // 0, 9
/// @endcode
struct relu_squared_t : activation<relu_squared_t> {
  static constexpr facts about() { return {.rounded = true, .together = {4, 4, 4, 4}}; }

  template <class V> XACT_INLINE V standard(const V &x) const noexcept {
    const V positive = detail::at_least(x, V(detail::scalar_t<V>(0)));
    return positive * detail::abs(positive); // the sign of -0 stays
  }
  template <class V> XACT_INLINE V side_of_midpoint(const V &x, const V &) const noexcept {
    using namespace detail;
    const V positive = at_least(x, V(0.0));
    const V rest = two_product(positive, positive).lo;
    return select(V(0.0) < rest, V(1.0), select(rest < V(0.0), V(-1.0), V(0.0)));
  }

  /// 2x for x > 0, else 0.
  struct derivative_t : activation<derivative_t> {
    static constexpr facts about() { return {.rounded = true, .together = {4, 4, 4, 4}}; }

    template <class V> XACT_INLINE V standard(const V &x) const noexcept {
      const V positive = detail::at_least(x, V(detail::scalar_t<V>(0)));
      return positive + positive;
    }
  };
  constexpr derivative_t derivative() const { return {}; }
};
inline constexpr relu_squared_t relu_squared{};

/// Leaky rectified linear unit: x for x > 0, negative_slope * x else.
///
/// *Parameter*: `negative_slope`, any finite number. The default is that of PyTorch, ONNX (its `alpha`) and JAX; Keras
/// has 0.2, its layer 0.3. float kernels round it to float first, as PyTorch does; `exact`
/// multiplies by the double and rounds once.
/// *Accuracy*: one rounding of the product (0.5 ULP for a slope that is a float; 0.87 ULP of 0.01 * x for the default
/// slope), every float; `exact` 0.5 ULP. *Special*: NaN gives NaN, -0 gives -0 (of a negative slope, as in PyTorch, the
/// other zero), infinities follow the definition.
/// *Source*: torch.nn.LeakyReLU; ONNX LeakyRelu.
///
/// @code
/// std::vector<float> layer{-1.0f, 2.0f};
/// xact::leaky_relu_t{.negative_slope = 0.25f}(layer); // -0.25, 2
/// @endcode
struct leaky_relu_t {
  double negative_slope = 0.01;

  static constexpr facts about() { return {.rational = true, .together = {4, 4, 1, 4}}; }
  constexpr detail::refusal refusal() const {
    return detail::refusal_unless_finite("xact::leaky_relu: negative_slope is %g", negative_slope);
  }
  constexpr double steepest() const { return 2 + (negative_slope < 0 ? -negative_slope : negative_slope); }

  template <class V> XACT_INLINE V standard(const V &x) const noexcept {
    using T = detail::scalar_t<V>;
    const V slope(static_cast<T>(negative_slope));
    if (0x1p-126 <= negative_slope && negative_slope <= 1) { // one operation, not two: 0.6 of the time in L1 (Zen 4,
      return detail::at_least(V(x * slope), x);              // AVX-512)
    }
    if constexpr (sizeof(T) == 4) {
      if (!is_normal_float()) [[unlikely]] {
        return by_double(x);
      }
    }
    return detail::select(V(T(0)) < x, x, V(finite_for_0(x) * slope));
  }
  template <class V> XACT_INLINE V accurate(const V &x) const noexcept { return standard(x); }
  template <class V> XACT_INLINE V in_double(const V &x) const noexcept { return standard(x); }
  template <class V> XACT_INLINE V rounded(const V &x) const noexcept {
    using namespace detail; // 0.01 times a subnormal is now and then within 2^-55 of a midpoint
    const V product = finite_for_0(x) * V(negative_slope);
    const V y = round_to_odd(two_product(at_least(x, V(-0x1p500)), V(negative_slope)));
    const auto far_out = (x < V(-0x1p500)) | (V(0x1p1000) < abs(product)); // no two parts there
    return select(x < V(0.0), select(far_out, product, y), x);
  }

  /// 1 for x > 0, the slope else.
  struct derivative_t : activation<derivative_t> {
    double negative_slope = 0.01;

    static constexpr facts about() { return {.together = {1, 1, 1, 1}}; }
    constexpr detail::refusal refusal() const { return leaky_relu_t{negative_slope}.refusal(); }

    template <class V> XACT_INLINE V standard(const V &x) const noexcept {
      using T = detail::scalar_t<V>;
      const V below(static_cast<T>(negative_slope));
      return detail::select(V(T(0)) < x, V(T(1)), detail::unless_nan(x, below));
    }
    template <class V> XACT_INLINE V in_double(const V &x) const noexcept { return standard(x); }
  };
  constexpr derivative_t derivative() const { return {{}, negative_slope}; }
  template <class V> XACT_INLINE V derivative_from_output(const V &y) const noexcept {
    return derivative().standard(y);
  }
  constexpr detail::refusal refusal_of_output() const {
    return detail::refusal_unless(negative_slope >= 0,
                                  "xact::backward_from_output: two inputs have one result, as negative_slope is %g",
                                  negative_slope);
  }

  XACT_CALL_FORMS(leaky_relu_t)

private:
  constexpr bool is_normal_float() const {
    const double size = negative_slope < 0 ? -negative_slope : negative_slope;
    return size == 0 || (0x1p-126 <= size && size <= 0x1.fffffep127);
  }
  /// x, which a slope of 0 makes 0 at -infinity too.
  template <class V> XACT_INLINE V finite_for_0(const V &x) const noexcept {
    return negative_slope == 0 ? detail::at_least(x, V(detail::scalar_t<V>(-1))) : x;
  }
  /// As in elu_t.
  template <class V> [[gnu::noinline, gnu::cold]] V by_double(V x) const noexcept {
    return detail::through_double_of(*this)(x);
  }
};
inline constexpr leaky_relu_t leaky_relu{};

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
