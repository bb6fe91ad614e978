#pragma once

/// @file
/// The logits of a row: what softmax_options make of its elements.

#include <xact/detail/softmax/exp.hpp>
#include <xact/detail/softmax/term.hpp>
#include <xact/detail/types/freestanding.hpp>
#include <xact/softmax_options.hpp>

#include <algorithm>
#include <bit>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

template <class V> XACT_INLINE inline auto widened(const V &x) noexcept {
  if constexpr (sizeof(scalar_t<V>) == 4) {
    return to_double(x);
  } else {
    return x;
  }
}
template <class T, class W> XACT_INLINE inline auto narrowed(const W &x) noexcept {
  if constexpr (sizeof(T) == 4) {
    return to_float(x);
  } else {
    return x;
  }
}
/// The double lanes that go with lanes of T.
template <class T> using logit_lanes = decltype(widened(native<T>(T(0))));

/// Beyond this, logits are kept in double: two floats would not resolve them.
inline constexpr float float_logits = 65536;

/// A logit as two floats: hi is the float nearest to the sum, lo a multiple of 2^-29. Both are functions of the sum
/// alone, which is a double. Beyond `float_logits`, infinities and NaN included, lo is 0.
template <class V> XACT_INLINE inline double_double<V> as_logit(const double_double<V> &x) noexcept {
  const auto nearby = V(float_logits) >= abs(x.hi);
  const V lo = V(select(nearby, x.lo, V(0.0f)) + V(0x1.8p-6f)) - V(0x1.8p-6f);
  const V hi = x.hi + lo;
  return {hi, select(nearby, V(lo - V(hi - x.hi)), V(0.0f))};
}
template <class V, class W> XACT_INLINE inline double_double<V> two_floats(const W &x) noexcept {
  const V hi = to_float(x);
  return {hi, to_float(W(x - to_double(hi)))};
}
inline double_double<float> as_logit(double x) noexcept { return as_logit(two_floats<float>(x)); }

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

/// Elements as lanes; where there are less than a lane's, padded.
template <class V, class E> XACT_INLINE inline V some_lanes(const E *from, std::size_t n) noexcept {
  constexpr std::size_t step = lane_traits<V>::size;
  if (n >= step) [[likely]] {
    return load_lanes<V>(from);
  }
  scalar_t<V> padded[step];
  for (std::size_t i = 0; i < step; ++i) {
    padded[i] = i < n ? static_cast<scalar_t<V>>(from[i]) : scalar_t<V>(0);
  }
  return load_each<V>(padded);
}

/// Bytes as lanes: 0 where the byte is 0, else not.
template <class V> XACT_INLINE inline V some_bytes(const unsigned char *from, std::size_t n) noexcept {
  constexpr std::size_t step = lane_traits<V>::size;
  if constexpr (sizeof(scalar_t<V>) == 4) {
    if (n >= step) [[likely]] {
      return as_float(integer_t<V>(lanes_of_codes<integer_t<V>>(from) << 23)); // no subnormals, which DAZ takes for 0
    }
  }
  scalar_t<V> padded[step];
  for (std::size_t i = 0; i < step; ++i) {
    padded[i] = i < n ? static_cast<scalar_t<V>>(from[i]) : scalar_t<V>(0);
  }
  return load_each<V>(padded);
}

/// What options make of a row's elements, lane by lane. Nothing here depends on how the row is stored.
struct logit_options {
  const softmax_options options;
  std::size_t mask_from; ///< the mask's element for the first one

  /// n elements at hi, which become logits in two floats each.
  [[gnu::noinline]] void in_floats(std::size_t n, float *hi, float *lo) const noexcept {
    using V = native<float>;
    for (std::size_t i = 0; i < n; i += lane_traits<V>::size) {
      const double_double<V> x = in_two_floats(load_each<V>(hi + i), i, n - i);
      store_each(x.hi, hi + i);
      store_each(x.lo, lo + i);
    }
  }

  /// n elements as logits in double, `exactly` or as the sums of two floats.
  template <bool exactly, class T>
  [[gnu::noinline]] void in_doubles(std::size_t n, const T *elements, double *to) const noexcept {
    using V = native<T>;
    using W = logit_lanes<T>;
    for (std::size_t i = 0; i < n; i += lane_traits<V>::size) {
      const V element = load_each<V>(elements + i);
      W x = in_double<V>(widened(element), i, n - i);
      if constexpr (!exactly) {
        const double_double<V> two = in_two_floats(element, i, n - i);
        const W hi = to_double(two.hi);
        x = select(W(static_cast<double>(float_logits)) >= abs(hi), W(hi + to_double(two.lo)), x);
      }
      store_each(x, to + i);
    }
  }

private:
  template <class V, class W> XACT_INLINE W in_double(W x, std::size_t i, std::size_t n) const noexcept {
    if (options.scale != 1) {
      x = rounded(x, W(options.scale));
    }
    if (options.softcap != 0) {
      x = capped(x, W(options.softcap));
    }
    if (const auto *mask = options.mask.as<unsigned char>()) {
      x = select(widened(some_bytes<V>(mask + mask_from + i, n)) == W(0.0), W(-detail::infinity_of<double>), x);
    } else if (const auto *floats = options.mask.as<float>()) {
      x = x + widened(some_lanes<V>(floats + mask_from + i, n));
    } else if (const auto *doubles = options.mask.as<double>()) {
      x = x + some_doubles<W>(doubles + mask_from + i, n);
    }
    return x;
  }

  template <class V>
  XACT_INLINE double_double<V> in_two_floats(const V &element, std::size_t i, std::size_t n) const noexcept {
    using W = wide_t<V>;
    double_double<V> x = {element, V(0.0f)};
    if (options.softcap != 0) { // from the double product: a float one may overflow, and infinity less itself is NaN
      const W wide = to_double(element);
      const W scaled = options.scale != 1 ? rounded(wide, W(options.scale)) : wide;
      x = two_floats<V>(capped(scaled, W(options.softcap)));
    } else if (options.scale != 1) {
      const double_double<float> scale = two_floats<float>(options.scale);
      const V product = mul_add(x.hi, V(scale.hi), V(-0.0f));
      x = {product, fused(x.hi, V(scale.lo), fused(x.hi, V(scale.hi), V(-product)))};
    }
    if (const auto *mask = options.mask.as<unsigned char>()) {
      x.hi = select(some_bytes<V>(mask + mask_from + i, n) == V(0.0f), V(-detail::infinity_of<float>), x.hi);
    } else if (const auto *floats = options.mask.as<float>()) {
      const double_double<V> sum = two_sum(x.hi, some_lanes<V>(floats + mask_from + i, n));
      x = {sum.hi, V(x.lo + sum.lo)};
    } else if (const auto *doubles = options.mask.as<double>()) {
      const double_double<V> term = two_floats<V>(some_doubles<W>(doubles + mask_from + i, n));
      const double_double<V> sum = two_sum(x.hi, term.hi);
      x = {sum.hi, V(x.lo + V(sum.lo + term.lo))};
    }
    return as_logit(x);
  }

  template <class W> XACT_INLINE static W some_doubles(const double *from, std::size_t n) noexcept {
    constexpr std::size_t step = lane_traits<W>::size;
    if (n >= step) [[likely]] {
      return load_each<W>(from);
    }
    double padded[step] = {};
    detail::copy_n(from, n, padded);
    return load_each<W>(padded);
  }

  /// cap * tanh(x / cap), within 2^-51 * cap, which is what counts in a logit.
  template <class W> [[gnu::noinline]] static W capped(const W &x, const W &cap) noexcept {
    const W u = abs(W(x / cap));
    const power<W> e = exp_power(at_most(W(u + u), W(80.0)));
    const W tanh = W(1.0) - W(2.0) / (times_power(e.significand, e.exponent) + W(1.0));
    return mul_sign(rounded(tanh, abs(cap)), x);
  }
};

/// Whether options make each logit of float elements a float: they add nothing, and scale by 2^-k, k in [0, 64], so
/// that the product is the nearest float already.
inline bool are_floats(const softmax_options &options) noexcept {
  const auto scale = std::bit_cast<std::uint64_t>(options.scale);
  const std::uint64_t below_one = (std::uint64_t{1023} << 52) - scale;
  return below_one % (std::uint64_t{1} << 52) == 0 && below_one >> 52 <= 64 && options.softcap == 0 && !options.sink &&
         (options.mask.empty() || options.mask.as<unsigned char>());
}

/// The most logits that `row_logits::read` takes at a time.
inline constexpr std::size_t logits_read = 512;

/// One row's elements and how they become logits.
template <class T, class E> struct row_logits {
  const E *in;
  std::size_t size; ///< visible elements
  const softmax_options &options;
  std::size_t mask_from = 0;

  /// Whether the logits are the elements.
  bool is_plain() const noexcept { return options.scale == 1 && options.softcap == 0 && options.mask.empty(); }

  /// The logits of the n elements from `from` on, in two floats each, padded with -inf to `padding` lanes.
  void stage(std::size_t from, std::size_t n, std::size_t padding, float *hi, float *lo) const noexcept {
    elements(from, n, hi);
    logit_options{options, mask_from + from}.in_floats(n, hi, lo);
    for (std::size_t i = n; i % padding != 0; ++i) {
      hi[i] = -detail::infinity_of<float>;
      lo[i] = 0;
    }
  }

  /// The same in double, `exactly` or as the sums of two floats. Returns the padded number.
  template <bool exactly> std::size_t read(std::size_t from, std::size_t n, double *to) const noexcept {
    constexpr std::size_t step = lane_traits<native<T>>::size;
    T element[logits_read + step];
    elements(from, n, element);
    logit_options{options, mask_from + from}.template in_doubles<exactly>(n, element, to);
    const std::size_t padded = (n + step - 1) / step * step;
    detail::fill_n(to + n, padded - n, -detail::infinity_of<double>);
    return padded;
  }

  /// All logits of a row of `columns`, where they `are_floats`; -inf for those that are not visible.
  [[gnu::noinline]] void write(std::size_t columns, float *to) const noexcept {
    using V = native<float>;
    constexpr std::size_t step = lane_traits<V>::size;
    const V scale(static_cast<float>(options.scale));
    const auto *mask = options.mask.template as<unsigned char>();
    const V none(-detail::infinity_of<float>);
    const auto logits = [&](std::size_t i) XACT_INLINE {
      const V x = some_lanes<V>(in + i, size - i) * scale;
      return mask ? V(select(some_bytes<V>(mask + mask_from + i, size - i) == V(0.0f), none, x)) : x;
    };
    std::size_t i = 0;
    for (; size - i >= step; i += step) {
      store_each(logits(i), to + i);
    }
    if (i < size) {
      float rest[step];
      store_each(logits(i), rest);
      detail::copy_n(rest, size - i, to + i);
    }
    detail::fill_n(to + size, columns - size, -detail::infinity_of<float>);
  }

private:
  /// Elements as T, with zeros up to a whole lane.
  [[gnu::noinline]] void elements(std::size_t from, std::size_t n, T *to) const noexcept {
    using V = native<T>;
    constexpr std::size_t step = lane_traits<V>::size;
    std::size_t i = 0;
    for (; n - i >= step; i += step) {
      store_each(load_lanes<V>(in + from + i), to + i);
    }
    if (i < n) {
      store_each(some_lanes<V>(in + from + i, n - i), to + i);
    }
  }
};

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
