#pragma once

/// @file
/// The two largest of many numbers.

#include <xact/detail/lanes/reduce.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// The largest of the numbers that were added, lane by lane, and the largest of the others: equal to it if it came
/// twice. A NaN is passed over, and numbers before it may be.
template <class V> struct two_largest {
  V first = V(-infinity_of<scalar_t<V>>);
  V second = V(-infinity_of<scalar_t<V>>);

  XACT_INLINE void add(const V &x) noexcept {
    second = at_least(at_most(x, first), second);
    first = at_least(x, first);
  }
  XACT_INLINE void add(const two_largest &x) noexcept {
    second = at_least(at_most(x.first, first), at_least(x.second, second));
    first = at_least(x.first, first);
  }
};

template <class T>
  requires std::is_arithmetic_v<T>
XACT_INLINE inline two_largest<T> over_lanes(const two_largest<T> &x) noexcept {
  return x;
}
template <int width, class V> XACT_INLINE inline two_largest<scalar_t<V>> over_lanes_from(two_largest<V> x) noexcept {
  if constexpr (width == 0) {
    return {first_lane(x.first), first_lane(x.second)};
  } else {
    x.add(two_largest<V>{with_lanes_swapped<width>(x.first), with_lanes_swapped<width>(x.second)});
    return over_lanes_from<width / 2>(x);
  }
}
/// Those of all lanes; NaN in a lane is left out.
template <class T, class A>
XACT_INLINE inline two_largest<T> over_lanes(const two_largest<xsimd::batch<T, A>> &x) noexcept {
  using V = xsimd::batch<T, A>;
  const two_largest<V> numbers{without_nan(x.first), without_nan(x.second)};
  if constexpr (permutable<V>) {
    return over_lanes_from<int(V::size / 2)>(numbers);
  } else {
    T first[V::size];
    T second[V::size];
    store_each(numbers.first, first);
    store_each(numbers.second, second);
    two_largest<T> result;
    for (std::size_t i = 0; i < V::size; ++i) {
      result.add(two_largest<T>{first[i], second[i]});
    }
    return result;
  }
}
template <class V> XACT_INLINE inline two_largest<scalar_t<V>> over_lanes(const two_largest<pack<V, 2>> &x) noexcept {
  two_largest<V> all{x.first.part[0], x.second.part[0]};
  all.add(two_largest<V>{x.first.part[1], x.second.part[1]});
  return over_lanes(all);
}

/// Whether the term of a row's largest logit is summed apart from the others. It is wherever it may dominate them
/// (`is_dominated`): the others' sum, which the logarithm then follows, has a unit of its own.
template <class V> XACT_INLINE inline auto is_apart(const two_largest<V> &x) noexcept {
  return x.second < V(x.first - V(0.43f)); // e^-0.43 = 0.6505
}
/// Whether the others count at all.
template <class V> XACT_INLINE inline auto others_count(const two_largest<V> &x) noexcept {
  return V(x.first - V(200.0f)) <= x.second;
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
