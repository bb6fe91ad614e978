#pragma once

/// @file
/// Results that are codes of a quantization.

#include <xact/detail/lanes/codes.hpp>
#include <xact/detail/softmax/part.hpp>
#include <xact/detail/softmax/term.hpp>
#include <xact/detail/types/quantization.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

template <byte_code Out> inline constexpr int first_code = std::is_same_v<Out, std::int8_t> ? -128 : 0;

/// A number as a result: rounded, or its code; NaN's is the zero point.
template <class Out> inline Out result_of(double x, const quantization &q) noexcept {
  if constexpr (byte_code<Out>) {
    const double steps = x / static_cast<double>(q.scale), most = first_code<Out> + 255 - q.zero_point;
    return static_cast<Out>((x != x ? 0 : steps > most ? most : __builtin_rint(steps)) + q.zero_point);
  } else {
    return static_cast<Out>(x);
  }
}

/// Whether registers are stored as bytes at once.
template <class Int>
inline constexpr bool stores_bytes = requires(const Int &x, std::uint8_t *to) { store_codes(x.data, to); };

/// The codes of up to 64 numbers of steps.
inline constexpr std::size_t steps_together = 64; // enough for the conversion to bytes to be in vectors
template <class Out, class F>
XACT_INLINE inline void write_codes_of(std::size_t n, int zero_point, Out *out, const F &steps_at) noexcept {
  using V = native<float>;
  using Int = integer_t<V>;
  constexpr std::size_t step = lane_traits<V>::size;
  const V most(static_cast<float>(first_code<Out> + 255 - zero_point));
  std::int32_t code[steps_together];
  for (std::size_t k = 0; k < steps_together && k < n; k += step) {
    const V shifted = at_most(steps_at(k), most) + V(0x1.8p23f);
    store_lanes(Int(as_integer(shifted) + Int(zero_point - 0x4b400000)), code + k);
  }
  if (n < steps_together) {
    for (std::size_t k = 0; k < n; ++k) {
      out[k] = static_cast<Out>(code[k]);
    }
  } else if constexpr (stores_bytes<Int>) {
    for (std::size_t k = 0; k < steps_together; k += step) {
      codes_of_lanes(load_lanes<Int>(code + k), reinterpret_cast<std::uint8_t *>(out + k));
    }
  } else {
    for (std::size_t k = 0; k < steps_together; ++k) {
      out[k] = static_cast<Out>(code[k]);
    }
  }
}

/// The codes of terms times a factor, which is over the quantization's scale.
template <class Out>
[[gnu::noinline]] void write_codes(const float *t, std::size_t n, float factor, int zero_point, Out *out) noexcept {
  using V = native<float>;
  for (std::size_t i = 0; i < n; i += steps_together) {
    write_codes_of(n - i, zero_point, out + i,
                   [&](std::size_t k) XACT_INLINE { return V(load_part<V>(t + i + k, n - i - k) * V(factor)); });
  }
}

/// The same of elements: of those from `least` times `sign` on, terms are made anew; all others' code is the zero
/// point. A row longer than 2 / scale has few of the former.
template <class K, class Out>
[[gnu::noinline]] void write_codes(const float *x, std::size_t n, scale_in_base_2<float> c, float shift, float hidden,
                                   float least, float factor, int zero_point, Out *out) noexcept {
  using V = native<float>;
  const V sign(hidden < 0 ? 1.0f : -1.0f);
  for (std::size_t i = 0; i < n; i += steps_together) {
    V most(-infinity_of<float>);
    for (std::size_t k = 0; k < steps_together && i + k < n; k += lane_traits<V>::size) {
      most = at_least(most, V(load_part<V>(x + i + k, n - i - k, hidden) * sign));
    }
    if (!any_lane(V(least) < most)) {
      fill_n(out + i, n - i < steps_together ? n - i : steps_together, static_cast<Out>(zero_point));
      continue;
    }
    write_codes_of(n - i, zero_point, out + i, [&](std::size_t k) XACT_INLINE {
      const logit<V> z = K::of(load_part<V>(x + i + k, n - i - k, hidden), c, V(shift));
      return V(term_of<K>(z) * V(factor));
    });
  }
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
