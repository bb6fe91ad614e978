#pragma once

/// @file
/// Rows of a few registers: terms stay in registers from the first pass to the last.

#include <xact/detail/softmax/logits.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// Rows that go through each pass before the next, so that they do not wait for each other's reductions.
inline constexpr std::size_t most_rows = 16;

/// The most registers of such a row.
inline constexpr std::size_t most_registers = 8;

/// softmax of rows of n elements, at most `most_registers`, without options but a scale that the kernel takes. Bit g of
/// the result is set where row g needs more than this, and is untouched. (g++ 12, AVX2, Zen 4: 512 rows of 8 take a
/// third of what they take by the passes over memory.)
template <class K, class T>
[[gnu::noinline]] unsigned short_rows(const T *in, std::size_t in_stride, T *out, std::size_t out_stride, std::size_t n,
                                      std::size_t count, double scale) noexcept {
  using V = native<T>;
  constexpr std::size_t step = lane_traits<V>::size;
  const scale_in_base_2<T> c = K::in_base_2(scale);
  const T sign = scale < 0 ? T(-1) : T(1), hidden = sign * -infinity_of<T>;
  const double to_base_2 = __builtin_fabs(scale) * log2_e[0];
  const T half_to_base_2 = static_cast<T>(0.5 * to_base_2);
  const std::size_t last = (n - 1) / step, left = n - last * step; // the last register, and its elements
  unsigned odd = 0;
  T shift[most_rows];
  V t[most_rows][most_registers];
  for (std::size_t g = 0; g < count; ++g) {
    const T *const x = in + g * in_stride;
    V most = load_part<V>(x + last * step, left, hidden) * V(sign);
    for (std::size_t k = 0; k < last; ++k) {
      most = at_least(most, V(load_lanes<V>(x + k * step) * V(sign)));
    }
    const T largest = reduce(most, larger_of_two());
    const double peak = static_cast<double>(largest) * to_base_2;
    odd |= unsigned(!(peak <= K::limit && peak >= 200 - K::limit)) << g;
    // As shift_of(even_near(peak)), or two off: a lone row waits for it, and for floats half as long.
    const T half = (largest * half_to_base_2 + T(0x1.8p23)) - T(0x1.8p23);
    shift[g] = T(K::magic + K::top) - (half + half);
  }
  for (std::size_t g = 0; g < count; ++g) {
    const T *const x = in + g * in_stride;
    const V by(shift[g]);
    for (std::size_t k = 0; k < last; ++k) {
      t[g][k] = term_of<K>(K::of(load_lanes<V>(x + k * step), c, by));
    }
    t[g][last] = term_of<K>(K::of(load_part<V>(x + last * step, left, hidden), c, by));
  }
  const double error = sum_error<K>(n);
  for (std::size_t g = 0; g < count; ++g) {
    running_sum total;
    wide_t<V> s = to_double(t[g][last]);
    for (std::size_t k = 0; k < last; ++k) {
      s = s + to_double(t[g][k]);
    }
    total.hi = sum_of_lanes(s);
    const double sum = round_sum<K::sum_bits>(total, total.hi * error);
    if (!(sum == round_sum<K::sum_bits>(total, total.hi * -error))) [[unlikely]] {
      odd |= 1u << g;
    }
    if (odd >> g & 1) [[unlikely]] {
      continue;
    }
    const V inverse(static_cast<T>(1 / sum));
    T *const to = out + g * out_stride;
    for (std::size_t k = 0; k < last; ++k) {
      store_lanes(V(t[g][k] * inverse), to + k * step);
    }
    store_part(V(t[g][last] * inverse), to + last * step, left);
  }
  return odd;
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
