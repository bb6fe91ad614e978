#pragma once

#include <xact/activation.hpp>
#include <xact/detail/exp.hpp>
#include <xact/detail/sigmoid_double.hpp>
#include <xact/detail/widen.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// Hyperbolic tangent.
///
/// *Accuracy*: float, every tier: correctly rounded, every float.
/// double: at most 1 ULP; of 2.6 million inputs checked by MPFR the worst is 0.566, at -0x1.2c84aeff29ddp-3.
/// *Special*: NaN gives NaN, -0 gives -0, -inf gives -1, +inf gives 1.
/// *Method*: m / (m + 2) with m = e^(2*abs(x)) - 1 in double, rounded once, the sign put back.
/// *Source*: torch.nn.Tanh; ONNX Tanh. Coefficients: tests/sollya/exp.sollya.
struct tanh_t : activation<tanh_t> {
  template <class Tier, class V> [[gnu::always_inline]] V kernel(Tier, const V &x) const noexcept {
    if constexpr (sizeof(detail::scalar_t<V>) == 4) {
      return detail::to_float(for_float(detail::to_double(x)));
    } else if constexpr (std::is_same_v<Tier, tier::exact>) {
      return for_float(x);
    } else {
      return detail::tanh_double(x);
    }
  }

  /// Two batches of double together are 20 to 30 % faster.
  template <class Tier, class V> static constexpr std::size_t unroll() {
    return sizeof(detail::scalar_t<V>) == 8 ? 2 : 1;
  }

private:
  template <class V> [[gnu::always_inline]] static V for_float(const V &x) noexcept {
    using namespace detail;
    const V a = at_most(magnitude(x), V(20.0));
    const V m = expm1_for_float(V(a + a));
    return flip_sign(V(m / (m + V(2.0))), x);
  }
};
inline constexpr tanh_t tanh{};

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
