#pragma once

/// @file
/// The options of a row, and logits in pairs of doubles: first in base e, then in base 2.

#include <xact/detail/softmax/cap.hpp>
#include <xact/detail/softmax/part.hpp>
#include <xact/detail/types/softmax_options.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// The options as they are for one row.
struct row_options {
  double scale = 1;
  double softcap = 0; ///< 0: none
  double mask_scale = 1;
  double sink = -infinity_of<double>;
  option_kind mask_kind = option_kind::none;
  const void *mask = nullptr; ///< the element for the row's first
  bool zero_if_empty = false;
};

/// Elements that are made into wide logits together.
inline constexpr std::size_t wide_block = 64;
using doubles = double[wide_block];
/// n elements as doubles; the buffer is filled up.
template <class E> inline void copy_as_doubles(const E *from, std::size_t n, doubles &to) noexcept {
  using V = native<std::conditional_t<sizeof(E) == 8, double, float>>;
  for (std::size_t i = 0; i < n; i += lane_traits<V>::size) {
    const V x = load_part<V>(from + i, n - i);
    if constexpr (sizeof(E) == 8) {
      store_lanes(x, to + i);
    } else {
      store_lanes(to_double(x), to + i);
    }
  }
}

/// Beyond this in base 2, only the differences from a row's largest logit count. There the doubles of a `whole` are
/// 2^11 apart, which leaves little enough of a logit for float lanes. (At 2^83 what was left became NaN.)
inline constexpr double only_order = 0x1p64;

/// Where the logits of a row that are wide are counted from: a whole number in base 2, or, beyond 2^64, where only
/// their order counts, the row's largest. Factors are made with half of `unit` each, where products would overflow.
/// What a mask adds is first counted from what it adds to the largest logit, if that is beyond `furthest_added`.
struct logit_origin {
  double whole = 0;
  double_double<double> largest = {0, 0};
  double half_unit = 1;
  double_double<double> added = {0, 0};
};

/// From here on in base 2, elements would be lost in pairs with what a mask adds to them. (Different masks of 24 bits
/// are then 2^26 apart, so that elements count only beside those with the same.)
inline constexpr double furthest_added = 0x1p50;

/// What a mask adds, in base e and times unit.
template <class V>
XACT_INLINE inline double_double<V> added_by(const V &mask, double mask_scale, double half_unit) noexcept {
  return sound(exact_product(V(mask * V(half_unit)), V(mask_scale * half_unit)));
}

/// Logits in base e, times unit, of elements without more than a scale.
template <class T>
[[gnu::noinline, gnu::cold]] void products_in_pairs(const T *x, double scale, double half_unit, doubles &hi,
                                                    doubles &lo) noexcept {
  using V = native<double>;
  doubles wide;
  copy_as_doubles(x, wide_block, wide);
  for (std::size_t i = 0; i < wide_block; i += lane_traits<V>::size) {
    const double_double<V> z = sound(exact_product(V(load_lanes<V>(wide + i) * V(half_unit)), V(scale * half_unit)));
    store_lanes(z.hi, hi + i);
    store_lanes(z.lo, lo + i);
  }
}

/// Logits in base e to logits in base 2, in steps of 1/`steps`, less the origin.
[[gnu::noinline, gnu::cold]] inline void to_base_2(const logit_origin &origin, int steps, doubles &hi,
                                                   doubles &lo) noexcept {
  using V = native<double>;
  const V whole_from(0x1p52 / steps); // from here on all doubles are whole steps
  for (std::size_t i = 0; i < wide_block; i += lane_traits<V>::size) {
    double_double<V> z{load_lanes<V>(hi + i), load_lanes<V>(lo + i)};
    if (origin.largest.hi != 0) {
      const double_double<V> difference = sound(two_sum(z.hi, V(-origin.largest.hi)));
      z.hi = difference.hi + V(difference.lo + V(z.lo - V(origin.largest.lo)));
      const V by(1 / origin.half_unit); // to -inf, if need be
      z = {V(V(z.hi * by) * by), V(0.0)};
    }
    // Products in full, each cut by itself: beside a logit of 2^57, their sum in two doubles would lose 2^-47.
    const double_double<V> b = exact_product(z.hi, V(log2_e[0])), c = exact_product(z.hi, V(log2_e[1])),
                           d = exact_product(z.lo, V(log2_e[0]));
    V whole = V(-origin.whole), left = V(V(c.lo + d.lo) + V(rounded(z.hi, V(log2_e[2])) + rounded(z.lo, V(log2_e[1]))));
    const auto cut = [&](const V &x, V &rest) XACT_INLINE {
      const V magic = mul_sign(whole_from, x), n = select(abs(x) < whole_from, V(V(x + magic) - magic), x);
      whole = whole + n;
      rest = x - n;
    };
    for (const V &part : {b.hi, b.lo, c.hi, d.hi}) {
      V rest;
      cut(part, rest);
      left = left + rest;
    }
    cut(V(left), left);
    const auto finite = abs(b.hi) < V(infinity_of<double>);
    store_lanes(V(select(finite, whole, b.hi)), hi + i);
    store_lanes(V(select(finite, left, V(select(b.hi == b.hi, V(0.0), b.hi)))), lo + i);
  }
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
