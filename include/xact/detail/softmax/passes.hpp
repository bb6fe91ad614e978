#pragma once

/// @file
/// The passes over memory: the largest element, and terms of elements or of logits in pairs.

#include <xact/detail/lanes/reduce.hpp>
#include <xact/detail/softmax/part.hpp>
#include <xact/detail/softmax/term.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// The largest of n elements, times sign; not NaN.
template <class E, class T> [[gnu::noinline]] T largest_element(const E *x, std::size_t n, T sign) noexcept {
  using V = native<T>;
  constexpr std::size_t step = lane_traits<V>::size;
  const V s(sign);
  V a(-infinity_of<T>), b = a, c = a, d = a;
  std::size_t i = 0;
  for (; n - i >= 4 * step; i += 4 * step) {
    a = at_least(a, V(load_lanes<V>(x + i) * s));
    b = at_least(b, V(load_lanes<V>(x + i + step) * s));
    c = at_least(c, V(load_lanes<V>(x + i + 2 * step) * s));
    d = at_least(d, V(load_lanes<V>(x + i + 3 * step) * s));
  }
  for (; i < n; i += step) {
    a = at_least(a, V(load_part<V>(x + i, n - i, sign * -infinity_of<T>) * s));
  }
  return reduce(at_least(at_least(a, b), at_least(c, d)), larger_of_two());
}

/// How many elements there are before the first that is aligned as a register.
template <class V, class T> XACT_INLINE inline std::size_t unaligned(const T *to) noexcept {
  constexpr std::size_t step = lane_traits<V>::size;
  return -(reinterpret_cast<std::uintptr_t>(to) / sizeof(T)) % step;
}

/// Memory for logits and terms of rows that go together: two rows of 1,024 floats, so that one does not wait for
/// the other's sum. (g++ 12, Zen 4, AVX-512: with a sink .92, with a boolean mask .94 of the time in 4 KB.)
template <class T> struct row_buffers {
  static constexpr std::size_t size = 8192 / sizeof(T);
  alignas(64) T whole[size];
  alignas(64) T rest[size];
  alignas(64) T terms[size];
};
/// Where the second parts of terms lie behind the first.
template <class T> inline constexpr std::size_t low_parts = row_buffers<T>::size / 2;

template <class K, class V, class T>
XACT_INLINE inline void store_term(const logit<V> &z, T *to, std::size_t n) noexcept {
  if constexpr (has_parts<K>) {
    const double_double<V> t = term_parts_of<K>(z);
    store_part(t.hi, to, n);
    store_part(t.lo, to + low_parts<T>, n);
  } else {
    store_part(term_of<K>(z), to, n);
  }
}

/// Terms of n elements.
template <class K, class E, class T>
[[gnu::noinline]] void terms_of_elements(const E *x, std::size_t n, scale_in_base_2<T> c, T shift, T hidden,
                                         T *to) noexcept {
  using V = native<T>;
  constexpr std::size_t step = lane_traits<V>::size;
  const auto logit_of = [&](const V &v) XACT_INLINE { return K::of(v, c, V(shift)); };
  std::size_t i = 0;
  if (n >= 16 * step) { // up to an aligned register: of stores of 64 bytes each would lie in two lines
    i = unaligned<V>(to);
    if (i != 0) {
      store_term<K>(logit_of(load_part<V>(x, i, hidden)), to, i);
    }
  }
  if constexpr (!has_parts<K>) {
    for (; n - i >= 2 * step; i += 2 * step) {
      const V t = term_of<K>(logit_of(load_lanes<V>(x + i))), u = term_of<K>(logit_of(load_lanes<V>(x + i + step)));
      store_lanes(t, to + i);
      store_lanes(u, to + i + step);
    }
  }
  for (; i < n; i += step) {
    store_term<K>(logit_of(load_part<V>(x + i, n - i, hidden)), to + i, n - i);
  }
}

/// The same of logits in pairs, padded; the terms are padded too if there is room.
template <class K, class T>
[[gnu::noinline]] void terms_of_pairs(const T *whole, const T *rest, std::size_t n, T shift, T *to) noexcept {
  using V = native<T>;
  constexpr std::size_t step = lane_traits<V>::size;
  for (std::size_t i = 0; i < n; i += step) {
    const V w = load_lanes<V>(whole + i);
    store_term<K>(logit<V>{V(w + V(shift)), load_lanes<V>(rest + i)}, to + i, n - i);
  }
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
