#pragma once

/// @file
/// sparsemax of a row. With z = x - largest <= 0 the results are max(reach + z, 0), and `reach` is where they add up to
/// 1: reach = (1 - the sum of z over the support) / (the size of the support). Newton's method finds it from above, in
/// passes over the row that each leave out what is no longer within reach (C. Michelot, A finite algorithm for finding
/// the projection of a point onto the canonical simplex, 1986). In each pass the excess of the results' sum times the
/// size of the support falls to a quarter or less, so there are at most about 50 + log2(n) passes; four to eight are
/// usual. The first are rough, the last exact, and all go over those registers alone, where they are few enough to be
/// copied, that hold something within 1 of the largest.

#include <xact/detail/numbers/rounding.hpp>
#include <xact/detail/softmax/results.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// A column of a matrix, read and written as a row is.
template <class E> struct strided {
  E *first;
  std::size_t stride;
  strided operator+(std::size_t i) const noexcept { return {first + i * stride, stride}; }
  E &operator[](std::size_t i) const noexcept { return first[i * stride]; }
};
template <class V, class E> inline V load_part(const strided<E> &from, std::size_t n, scalar_t<V> rest) noexcept {
  scalar_t<V> lane[lane_traits<V>::size];
  for (std::size_t k = 0; k < lane_traits<V>::size; ++k) {
    lane[k] = k < n ? static_cast<scalar_t<V>>(from[k]) : rest;
  }
  return load_lanes<V>(static_cast<const scalar_t<V> *>(lane));
}

/// What passes add up: numbers from -1 to 0, each cut to a multiple of 2^-96, and how many they are. The sum is exact,
/// in three columns of 32 bits, so that it depends neither on the numbers' order nor on the ISA.
struct support_sum {
  std::int64_t column[3] = {};
  std::size_t count = 0;

  /// (1 - the sum) / count.
  double_double<double> reach() const noexcept {
    double_double<double> s{1, 0};
    double unit = 1;
    for (const std::int64_t whole : column) {
      unit *= 0x1p-32;
      const std::int64_t low = whole & 0xffffffff;
      const std::int64_t parts[] = {whole - low, low}; // each exact as a double
      for (const std::int64_t part : parts) {
        const double_double<double> sum = two_sum(s.hi, static_cast<double>(-part) * unit);
        s = fast_two_sum(sum.hi, sum.lo + s.lo);
      }
    }
    return quotient(s, double_double<double>{static_cast<double>(count), 0});
  }
};

template <class T> struct sparsemax_of_row {
  using V = native<T>;
  using W = std::conditional_t<sizeof(T) == 8, V, wide_t<V>>;

  double largest;
  double_double<double> reach;
  T below; ///< what is not above is out of reach; what is, may be

  XACT_INLINE void set_reach(const double_double<double> &r) noexcept {
    reach = r;
    below = static_cast<T>(largest - r.hi - (__builtin_fabs(largest) + 2) * (sizeof(T) == 4 ? 0x1p-22 : 0x1p-50));
  }

  XACT_INLINE bool may_reach(const V &x) const noexcept { return any_lane(V(below) < x); }
  /// x - largest, exactly; of -inf and where it is beyond all doubles, `lo` is NaN.
  XACT_INLINE double_double<W> distance(const V &x) const noexcept {
    if constexpr (sizeof(T) == 8) {
      return two_sum(x, W(-largest));
    } else {
      return two_sum(to_double(x), W(-largest));
    }
  }
  /// The result, where `hi` is above 0.
  XACT_INLINE double_double<W> result(const double_double<W> &z) const noexcept {
    const double_double<W> y = two_sum(W(reach.hi), z.hi);
    return fast_two_sum(y.hi, W(y.lo + W(W(reach.lo) + z.lo)));
  }

  /// One pass: the sum over what is within reach, or, to see soon who may be, one with the first column alone.
  template <bool Exact, class E> [[gnu::noinline]] support_sum sum(E from, std::size_t n) const noexcept {
    constexpr std::size_t step = lane_traits<V>::size;
    constexpr std::size_t together = std::size_t{1} << 20; // these add up to 2^52 units at most
    const auto cut = [](const W &z, double unit) XACT_INLINE {
      const W magic(unit * 0x1.8p52);
      return W(W(z + magic) - magic);
    };
    const W zero(0.0);
    support_sum total;
    for (std::size_t begin = 0; begin < n; begin += together) {
      const std::size_t end = n - begin < together ? n : begin + together;
      W a(0.0), b(0.0), c(0.0), count(0.0);
      for (std::size_t i = begin; i < end; i += step) {
        const V x = load_part<V>(from + i, end - i, -infinity_of<T>);
        if (!may_reach(x)) {
          continue;
        }
        const double_double<W> z = distance(x);
        const W first = cut(z.hi, 0x1p-32);
        auto is_within = W(-reach.hi) < z.hi;
        if constexpr (Exact) {
          is_within = zero < result(z).hi;
          const double_double<W> rest = two_sum(W(z.hi - first), z.lo);
          const W second = cut(rest.hi, 0x1p-64);
          const W third = cut(W(W(rest.hi - second) + rest.lo), 0x1p-96);
          b = b + select(is_within, second, zero);
          c = c + select(is_within, third, zero);
        }
        a = a + select(is_within, first, zero);
        count = count + select(is_within, W(1.0), zero);
      }
      total.column[0] += static_cast<std::int64_t>(sum_of_lanes(a) * 0x1p32);
      if constexpr (Exact) {
        total.column[1] += static_cast<std::int64_t>(sum_of_lanes(b) * 0x1p64);
        total.column[2] += static_cast<std::int64_t>(sum_of_lanes(c) * 0x1p96);
      }
      total.count += static_cast<std::size_t>(sum_of_lanes(count));
    }
    return total;
  }

  /// All passes. The quotient of any part of a row is at least its reach, so that the first column's with what it may
  /// lack is too.
  template <class E> void find_reach(E from, std::size_t n) noexcept {
    std::size_t within = n + 1;
    for (support_sum s; (s = sum<false>(from, n)).count < within; within = s.count) {
      set_reach({(1 - static_cast<double>(s.column[0]) * 0x1p-32) / static_cast<double>(s.count) + 0x1p-31, 0});
    }
    within = n + 1;
    for (support_sum s; (s = sum<true>(from, n)).count < within; within = s.count) {
      set_reach(s.reach());
    }
  }

  /// Results for elements of type Out, rounded once.
  template <class Out> XACT_INLINE V results(const V &x) const noexcept {
    if (!may_reach(x)) {
      return V(T(0));
    }
    const double_double<W> y = result(distance(x));
    const auto is_within = W(0.0) < y.hi;
    if constexpr (std::is_same_v<Out, double>) {
      return select(is_within, y.hi, W(0.0));
    } else {
      W odd = round_to_odd(y);
      if constexpr (sizeof(T) == 8) {
        return select(is_within, odd, W(0.0));
      } else {
        if constexpr (narrow_element<Out>) { // rounded to odd as a float too
          using Int = integer_t<W>;
          const Int bits = as_integer(odd), cut(std::int64_t{0x1fffffff});
          odd = as_float(Int((bits | Int(Int(bits & cut) + cut)) & Int(~std::int64_t{0x1fffffff})));
        }
        return to_float(W(select(is_within, odd, W(0.0))));
      }
    }
  }
};

template <class E> void fill_with(E *to, std::size_t n, E x) noexcept { fill_n(to, n, x); }
template <class E> void fill_with(const strided<E> &to, std::size_t n, E x) noexcept {
  for (std::size_t i = 0; i < n; ++i) {
    to[i] = x;
  }
}
template <class T, class E, class F>
XACT_INLINE inline void write_lanes(const strided<E> &to, std::size_t n, const F &lanes_at) noexcept {
  constexpr std::size_t step = lane_traits<native<T>>::size;
  for (std::size_t i = 0; i < n; i += step) {
    E lane[2 * step]; // a register of doubles may make half of one of floats
    write_lanes<T>(lane, n - i < step ? n - i : step, [&](std::size_t) XACT_INLINE { return lanes_at(i); });
    for (std::size_t k = 0; k < step && i + k < n; ++k) {
      to[i + k] = lane[k];
    }
  }
}

/// NaN anywhere, or nothing but -inf: all NaN. Of k times +inf each gets 1/k. From and to pointers or `strided`.
template <class From, class To> [[gnu::noinline]] void sparsemax_row(From in, To out, std::size_t n) noexcept {
  using In = std::remove_cvref_t<decltype(in[0])>;
  using Out = std::remove_cvref_t<decltype(out[0])>;
  using T = compute_t<In, Out>;
  using V = native<T>;
  constexpr std::size_t step = lane_traits<V>::size;
  V most(-infinity_of<T>), odd(T(0));
  for (std::size_t i = 0; i < n; i += step) {
    const V x = load_part<V>(in + i, n - i, -infinity_of<T>);
    most = at_least(most, x);
    odd = select(x == x, odd, V(T(1)));
  }
  const T largest = largest_lane(most);
  if (!(largest > -infinity_of<T>) || largest_lane(odd) != T(0)) {
    fill_with(out, n, static_cast<Out>(nan_of<double>));
    return;
  }
  if (largest == infinity_of<T>) {
    double count = 0;
    for (std::size_t i = 0; i < n; ++i) {
      count += static_cast<T>(in[i]) == largest ? 1 : 0;
    }
    for (std::size_t i = 0; i < n; ++i) {
      out[i] = static_cast<Out>(static_cast<T>(in[i]) == largest ? 1 / count : 0.0);
    }
    return;
  }
  sparsemax_of_row<T> row;
  row.largest = static_cast<double>(largest);
  row.set_reach({1, 0});
  // Registers that have anything within reach of the first pass are few, as a rule: the passes are over them.
  constexpr std::size_t room = 4096 / sizeof(T);
  alignas(64) T kept[room];
  kept[0] = largest; // that its register is always kept is what g++ cannot see, and warns of for NEON
  std::size_t size = 0;
  for (std::size_t i = 0; i < n && size <= room; i += step) {
    const V x = load_part<V>(in + i, n - i, -infinity_of<T>);
    if (row.may_reach(x)) {
      if (size < room) {
        store_lanes(x, kept + size);
      }
      size += step;
    }
  }
  if (size <= room) {
    row.find_reach(static_cast<const T *>(kept), size);
  } else {
    row.find_reach(in, n);
  }
  write_lanes<T>(out, n, [&](std::size_t i) XACT_INLINE {
    return row.template results<Out>(load_part<V>(in + i, n - i, -infinity_of<T>));
  });
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
