#pragma once

/// @file
/// The logits of a row: what softmax_options make of its elements.

#include <xact/detail/plain.hpp>
#include <xact/detail/softmax_term.hpp>
#include <xact/detail/widen.hpp>
#include <xact/softmax_options.hpp>

#include <algorithm>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

template <class V> [[gnu::always_inline]] inline auto widened(const V &x) noexcept {
  if constexpr (sizeof(scalar_t<V>) == 4) {
    return to_double(x);
  } else {
    return x;
  }
}
template <class T, class W> [[gnu::always_inline]] inline auto narrowed(const W &x) noexcept {
  if constexpr (sizeof(T) == 4) {
    return to_float(x);
  } else {
    return x;
  }
}
/// The double lanes that go with lanes of T.
template <class T> using logit_lanes = decltype(widened(native<T>(T(0))));

/// x[i] = f(x[i]) for whole lanes.
template <class W, class F> void each_lane(std::size_t n, double *x, const F &f) noexcept {
  for (std::size_t i = 0; i < n; i += lane_traits<W>::size) {
    store_each(f(load_each<W>(x + i)), x + i);
  }
}

/// How many columns row i sees.
inline std::size_t visible(const softmax_options &options, std::size_t i, std::size_t columns) noexcept {
  if (!options.causal) {
    return columns;
  }
  const auto offset = static_cast<std::size_t>(*options.causal);
  if (*options.causal < 0) {
    return i < -offset ? 0 : std::min(i + offset + 1, columns);
  }
  return offset >= columns || i >= columns - offset ? columns : i + offset + 1;
}

/// One row's elements and how they become logits, computed in T and kept in double.
template <class T, class E> struct row_logits {
  const E *in;
  std::size_t size; ///< visible elements
  const softmax_options &options;
  std::size_t mask_from = 0;

  /// The logits of the elements from `from` on, n of them, padded with -inf to whole lanes. Returns the padded number.
  std::size_t read(std::size_t from, std::size_t n, double *to) const noexcept {
    using V = native<T>;
    constexpr std::size_t step = lane_traits<V>::size;
    std::size_t i = 0;
    for (; n - i >= step; i += step) {
      store_each(widened(load_lanes<V>(in + from + i)), to + i);
    }
    for (; i < n; ++i) {
      to[i] = static_cast<double>(static_cast<T>(in[from + i]));
    }
    for (; i % step != 0; ++i) {
      to[i] = -detail::infinity_of<double>;
    }
    if (options.scale != 1) {
      const logit_lanes<T> scale(options.scale);
      each_lane<logit_lanes<T>>(i, to, [&](const auto &x) noexcept { return rounded(x, scale); });
    }
    if (options.softcap != 0) {
      const logit_lanes<T> cap(options.softcap);
      each_lane<logit_lanes<T>>(i, to, [&](const auto &x) noexcept { return capped(x, cap); });
    }
    options.mask.apply(mask_from + from, n, to);
    detail::fill_n(to + n, i - n, -detail::infinity_of<double>);
    return i;
  }

private:
  /// cap * tanh(x / cap), within 2^-51 * cap, which is what counts in a logit.
  template <class W> static W capped(const W &x, const W &cap) noexcept {
    const W u = magnitude(W(x / cap));
    const power<W> e = exp_power(at_most(W(u + u), W(80.0)));
    const W tanh = W(1.0) - W(2.0) / (times_power(e.significand, e.exponent) + W(1.0));
    return flip_sign(rounded(tanh, magnitude(cap)), x);
  }
};

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
