#pragma once

/// @file
/// How far contiguous elements are apart, in double lanes; and rows of them as rankings and as probabilities.

#include <xact/detail/call/arguments.hpp>
#include <xact/detail/lanes/memory.hpp>
#include <xact/detail/lanes/reduce.hpp>
#include <xact/detail/types/drift.hpp>

#include <limits>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

template <class E> XACT_INLINE inline double number_of(const E &x) noexcept {
  return static_cast<double>(static_cast<compute_t<E>>(x));
}
XACT_INLINE inline bool is_finite(double x) noexcept { return x - x == 0; }
template <class F> XACT_INLINE inline double reduce_wide(double x, const F &) noexcept { return x; }
template <class V, std::size_t N, class F> XACT_INLINE inline double reduce_wide(pack<V, N> x, const F &f) noexcept {
  each_index<N - 1>([&](auto i) XACT_INLINE { x.part[0] = f(x.part[0], x.part[i + 1]); });
  return reduce(x.part[0], f);
}

/// The bin of an error: 0 for none, else one more than the error's exponent in units in the last place that E has at x,
/// all up to 1/2 in the first. From bits: powers of two are compared, nothing is rounded.
template <class E> XACT_INLINE inline std::size_t bin_of(double error, double x) noexcept {
  constexpr int mantissa = [] {
    if constexpr (computed_type<E>) {
      return sizeof(E) == 4 ? 23 : 52;
    } else {
      return format_t<E>::mantissa_bits;
    }
  }();
  constexpr int lowest = [] { // the exponent of the smallest normal number
    if constexpr (computed_type<E>) {
      return sizeof(E) == 4 ? -126 : -1022;
    } else {
      return 1 - format_t<E>::bias;
    }
  }();
  constexpr int last = 31;
  const auto bits = __builtin_bit_cast(std::uint64_t, error);
  if (bits == 0) {
    return 0;
  }
  const int of_x = static_cast<int>(__builtin_bit_cast(std::uint64_t, x) >> 52 & 0x7ff) - 1023;
  const int unit = (of_x < lowest ? lowest : of_x) - mantissa;
  // error is above 2^(above - 1), and at most 2^above
  const int above = bits >> 52 != 0 ? static_cast<int>((bits - 1) >> 52) - 1022
                    : bits == 1     ? -1074
                                    : 64 - __builtin_clzll(bits - 1) - 1074;
  const int bin = above - unit + 2;
  return static_cast<std::size_t>(bin < 1 ? 1 : bin > last ? last : bin);
}

/// Adds pairs of elements to a drift.
template <class A, class B> class comparer {
  using V = native<float>;
  using W = wide_t<V>;
  static constexpr std::size_t step = lane_traits<V>::size;
  static constexpr std::size_t block = 1024; ///< pairs whose sums are plain: 64 additions a lane, or fewer

public:
  explicit comparer(drift &to) : d(to) {}

  void operator()(const A *reference, const B *candidate, std::size_t n, std::size_t first) noexcept {
    d.count += n;
    for (std::size_t i = 0; i < n; i += block) {
      add_block(reference + i, candidate + i, n - i < block ? n - i : block, first + i);
    }
  }

private:
  drift &d;

  void add_block(const A *reference, const B *candidate, std::size_t n, std::size_t first) noexcept {
    W errors(0.0), squares(0.0), of_reference(0.0), of_candidate(0.0), products(0.0), largest(0.0);
    std::size_t i = 0;
    for (; n - i >= step; i += step) {
      const W a = load_wide<V>(reference + i), b = load_wide<V>(candidate + i);
      const W error = abs(W(b - a));
      if (!all_within(error, (std::numeric_limits<double>::max)())) [[unlikely]] {
        for (std::size_t k = i; k < i + step; ++k) {
          add_one(number_of(reference[k]), number_of(candidate[k]), first + k);
        }
        continue;
      }
      d.compared += step;
      errors = errors + error;
      squares = squares + error * error;
      of_reference = of_reference + a * a;
      of_candidate = of_candidate + b * b;
      products = products + a * b;
      largest = at_least(largest, error);
      if (any_lane(W(0.0) < error)) {
        double e[step], x[step];
        store_lanes(error, static_cast<double *>(e));
        store_lanes(a, static_cast<double *>(x));
        for (std::size_t k = 0; k < step; ++k) {
          ++d.ulps[bin_of<B>(e[k], x[k])];
        }
      } else {
        d.ulps[0] += step;
      }
    }
    d.errors.add(reduce_wide(errors, sum_of_two()));
    d.squared_errors.add(reduce_wide(squares, sum_of_two()));
    d.squared_reference.add(reduce_wide(of_reference, sum_of_two()));
    d.squared_candidate.add(reduce_wide(of_candidate, sum_of_two()));
    d.products.add(reduce_wide(products, sum_of_two()));
    if (const double most = reduce_wide(largest, larger_of_two()); most > d.max_error) {
      for (std::size_t k = 0;; ++k) {
        const double error = number_of(candidate[k]) - number_of(reference[k]);
        if (error == most || error == -most) {
          d.note_error(most, first + k);
          break;
        }
      }
    }
    for (; i < n; ++i) {
      add_one(number_of(reference[i]), number_of(candidate[i]), first + i);
    }
  }

  void add_one(double a, double b, std::size_t index) noexcept {
    if (a != a || b != b) {
      d.nan_mismatches += (a != a) != (b != b);
    } else if (!is_finite(a) || !is_finite(b)) {
      d.infinity_mismatches += a != b;
    } else {
      const double error = __builtin_fabs(b - a);
      ++d.compared;
      ++d.ulps[bin_of<B>(error, a)];
      d.note_error(error, index);
      d.errors.add(error);
      d.squared_errors.add(error * error);
      d.squared_reference.add(a * a);
      d.squared_candidate.add(b * b);
      d.products.add(a * b);
    }
  }
};

/// A row as a ranking: the largest first, of equal ones that of the lower index; NaN has no rank.
template <class E> class ranking {
public:
  ranking(const E *from, std::size_t n) noexcept : row(from), columns(n) {}

  /// The index of the largest; none: the number of columns.
  std::size_t top() const noexcept {
    std::size_t best = columns;
    for (std::size_t i = 0; i < columns; ++i) {
      const double x = number_of(row[i]);
      if (x == x && (best == columns || number_of(row[best]) < x)) {
        best = i;
      }
    }
    return best;
  }

  /// From now on `next` tells of one element after the other whether it is among the k largest. Their least is found by
  /// halving what it may be, as no memory is at hand to sort in. Returns how many there are: k, or all that are not
  /// NaN.
  std::size_t choose(std::size_t k) noexcept {
    const std::size_t numbers = at_least_as_large(order_of(-infinity_of<double>));
    const std::size_t wanted = k < numbers ? k : numbers;
    std::int64_t low = order_of(-infinity_of<double>), high = order_of(infinity_of<double>);
    while (low < high) {
      const auto span = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
      const auto middle = static_cast<std::int64_t>(static_cast<std::uint64_t>(low) + (span / 2 + span % 2));
      const std::size_t count = at_least_as_large(middle);
      low = count >= wanted ? middle : low;
      high = count >= wanted ? high : middle - 1;
      if (count == wanted) {
        break;
      }
    }
    least = low;
    equal_ones = wanted - at_least_as_large(low + 1);
    return wanted;
  }
  bool next(std::size_t i) noexcept {
    const double x = number_of(row[i]);
    const std::int64_t order = order_of(x);
    if (x != x || order < least || (order == least && equal_ones == 0)) {
      return false;
    }
    equal_ones -= order == least;
    return true;
  }

private:
  const E *row;
  std::size_t columns;
  std::int64_t least = 0;
  std::size_t equal_ones = 0;

  /// Integers in the order of the numbers; zeros are equal.
  static std::int64_t order_of(double x) noexcept {
    const auto bits = __builtin_bit_cast(std::int64_t, x + 0.0);
    return bits < 0 ? bits ^ (std::numeric_limits<std::int64_t>::max)() : bits;
  }
  std::size_t at_least_as_large(std::int64_t bound) const noexcept {
    std::size_t count = 0;
    for (std::size_t i = 0; i < columns; ++i) {
      const double x = number_of(row[i]);
      count += x == x && order_of(x) >= bound;
    }
    return count;
  }
};

/// Adds the divergence of a row, if both are of numbers from 0 on. The difference of near probabilities is exact, its
/// logarithm's relative error small.
template <class A, class B>
inline void add_divergence(drift &d, const A *reference, const B *candidate, std::size_t n) noexcept {
  drift::sum all;
  for (std::size_t i = 0; i < n; ++i) {
    const double p = number_of(reference[i]), q = number_of(candidate[i]);
    if (!(p >= 0 && q >= 0 && is_finite(p) && is_finite(q))) {
      return;
    }
    if (p > 0) {
      all.add(-p * __builtin_log1p((q - p) / p));
    }
  }
  d.divergences.add(all);
  ++d.divergent_rows;
}

template <class A, class B>
inline void compare_row(drift &d, const A *reference, const B *candidate, std::size_t n, std::size_t k) noexcept {
  ranking<A> a(reference, n);
  ranking<B> b(candidate, n);
  ++d.rows;
  d.top_1_agreements += a.top() == b.top();
  d.relevant += a.choose(k);
  b.choose(k);
  for (std::size_t i = 0; i < n; ++i) {
    const bool is_in_a = a.next(i), is_in_b = b.next(i);
    d.recalled += is_in_a && is_in_b;
  }
  add_divergence(d, reference, candidate, n);
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
