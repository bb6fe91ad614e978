#pragma once

#include <xact/activation.hpp>
#include <xact/detail/lanes/convert.hpp>
#include <xact/detail/math/exp.hpp>
#include <xact/detail/mish/derivative.hpp>
#include <xact/detail/mish/float.hpp>
#include <xact/detail/sigmoid/double.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// mish(x) = x * tanh(log(1 + e^x)).
///
/// *Accuracy*: float, over every float. exact: correctly rounded. Default: 0.600 ULP with 32 table entries (AVX-512),
/// at 0x1.aaaad8p-128; 0.862 with 8 (AVX2), at -0x1.0ceff6p+2; limit 1. fast: 3.248, at 0x1.fb5e5cp+1; limit 4.
/// double: at most 0.75 ULP (random and hard points against MPFR); 0.53 where the result is normal. The negative tail
/// keeps its relative accuracy down to the smallest subnormal.
/// *Special*: NaN gives NaN, -0 gives -0, -inf gives -0 (the limit), +inf gives +inf.
/// *Method*: fast and default with FMA: with v = e^-x, x * (1 + 2v) / (1 + 2v + 2v^2) in one or two floats, one
/// division (detail/mish/float.hpp). Else, and for lanes far out, x * n / (n + 2), n = w * (w + 2), w = e^x, in double,
/// rounded once; for double in two parts, with e^-abs(x).
/// *Source*: torch.nn.Mish; ONNX Mish. Coefficients:
/// tests/sollya/exp.sollya, exp_double.sollya, sigmoid_float.py.
///
/// @code
/// std::vector<float> layer{-1.0f, 2.0f};
/// xact::mish(layer); // -0.303..., 1.943...
/// @endcode
struct mish_t : activation<mish_t> {
  template <class Tier, class V> XACT_INLINE V kernel(Tier, const V &x) const noexcept {
    if constexpr (sizeof(detail::scalar_t<V>) == 4) {
      const auto wide = [](const V &z) XACT_INLINE { return detail::to_float(for_float(detail::to_double(z))); };
      if constexpr (detail::takes_float_kernel<Tier, V>) {
        return detail::float_mish<Tier>(x, wide);
      } else {
        return wide(x);
      }
    } else if constexpr (std::is_same_v<Tier, tier::exact>) {
      return for_float(x);
    } else {
      return for_double(x);
    }
  }

  /// detail/mish/derivative.hpp has the formula.
  template <class Tier, class V> XACT_INLINE V slope(Tier, const V &x) const noexcept {
    if constexpr (sizeof(detail::scalar_t<V>) == 4) {
      return detail::to_float(slope(detail::tier_in_double<Tier>{}, detail::to_double(x)));
    } else {
      return detail::mish_derivative(Tier{}, x);
    }
  }

  /// Batches that go through the kernel together: with AVX-512 four are 5 to 12 % faster than one, with AVX2 10 % in
  /// the fast tier; in the default one clang gains 8 % by two, and four are too many.
  template <class Tier, class V> static constexpr std::size_t unroll() {
    if constexpr (!detail::takes_float_kernel<Tier, V>) {
      return 1;
    } else {
      return std::is_same_v<Tier, tier::fast> || detail::has_32_entries<V> ? 4 : 2;
    }
  }

private:
  template <class V> XACT_INLINE static V for_float(const V &x) noexcept {
    using namespace detail;
    const V from_below = at_least(x, V(-700.0));
    const V w = exp_for_float(at_most(from_below, V(40.0)));
    const V n = mul_add(w, w + V(2.0), V(-0.0)); // g++ would fuse a bare product into the sum below in some places
    return (from_below * n) / (n + V(2.0));      // x * (n / (n + 2)) misrounds -0x1.4p-24
  }

  /// (2v + v^2) / (2v + v^2 + 2) for x < 0, (1 + 2v) / (1 + 2v + 2v^2) else, v = e^-abs(x). Below -760 the result
  /// rounds to -0, from 40 on to x.
  template <class V> XACT_INLINE static V for_double(const V &x) noexcept {
    using namespace detail;
    const V from_below = at_least(x, V(-760.0));
    const V clamped = at_most(from_below, V(40.0));
    const auto negative = clamped < V(0.0);
    const auto [mantissa, scale, deferred_scale] = exp_double_double(double_double<V>{minus_abs(clamped), V(0.0)});
    const double_double<V> v{mantissa.hi * scale, mantissa.lo * scale};
    const double_double<V> square = product(v, v);
    const auto sum = [](const double_double<V> &a, const double_double<V> &b) XACT_INLINE {
      const double_double<V> s = two_sum(a.hi, b.hi);
      return double_double<V>{s.hi, V(s.lo + V(a.lo + b.lo))};
    };
    const double_double<V> first{select(negative, square.hi, V(1.0)), select(negative, square.lo, V(0.0))};
    const double_double<V> n = sum(double_double<V>{v.hi + v.hi, v.lo + v.lo}, first);
    const double_double<V> last{select(negative, V(2.0), V(square.hi + square.hi)),
                                select(negative, V(0.0), V(square.lo + square.lo))};
    const auto tiny = abs(x) < V(0x1p-900); // FTZ would cost 0.6 * x its low part
    const V y = rounded_product(V(from_below * select(tiny, V(0x1p100), V(1.0))), quotient(n, sum(n, last)));
    return select(V(40.0) < x, x, V(y * select(tiny, V(0x1p-100), deferred_scale)));
  }
};
inline constexpr mish_t mish{};

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
