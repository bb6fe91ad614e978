#pragma once

/// @file
/// Sums of terms. The sum of a row is *defined* as the exact sum of its terms, cut far below the largest, rounded to
/// few bits: the same in whatever order and pieces they come. It is *computed* by plain additions in double with an
/// error that is known beforehand; only where that leaves open how the sum is rounded, exactly, by whole numbers.

#include <xact/detail/lanes/reduce.hpp>
#include <xact/detail/softmax/part.hpp>
#include <xact/detail/softmax/term.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// The sum hi + lo of doubles, each addition exact up to the rounding of lo.
struct running_sum {
  double hi = 0, lo = 0;
  XACT_INLINE void add(double x) noexcept {
    const double_double<double> s = two_sum(hi, x);
    hi = s.hi, lo += s.lo;
  }
};

/// Terms are made and added in blocks of at most so many: elements and terms of one fit into the first-level cache.
inline constexpr std::size_t summed_together = 2048;

/// The bound of the relative error with which `add_terms` sums n terms. (Floats: in double lanes, `summed_together` to
/// a lane's sum; doubles: in pairs. Both leave out what terms below 2^(top - depth) come to.)
template <class K> XACT_INLINE inline double sum_error(std::size_t n) noexcept {
  const auto count = static_cast<double>(n);
  if constexpr (sizeof(typename K::scalar) == 4) {
    constexpr auto lanes = static_cast<double>(lane_traits<native<float>>::size);
    return (static_cast<double>(n < summed_together ? n : summed_together) / lanes + 16) * 0x1p-53;
  } else {
    return count * 0x1p-93 + count * count * 0x1p-106 + 0x1p-90;
  }
}

template <class V> XACT_INLINE inline void add_two_sum(V &hi, V &lo, const V &x) noexcept {
  const double_double<V> s = two_sum(hi, x);
  hi = s.hi, lo = lo + s.lo;
}

/// Adds n terms, at most `summed_together`.
template <class T> [[gnu::noinline]] void add_terms(running_sum &total, const T *t, std::size_t n) noexcept {
  using V = native<T>;
  constexpr std::size_t step = lane_traits<V>::size;
  std::size_t i = 0;
  if constexpr (sizeof(T) == 4) {
    using W = wide_t<V>;
    W a(0.0), b(0.0);
    for (; n - i >= 2 * step; i += 2 * step) {
      a = a + to_double(load_lanes<V>(t + i));
      b = b + to_double(load_lanes<V>(t + i + step));
    }
    for (; i < n; i += step) {
      a = a + to_double(load_part<V>(t + i, n - i));
    }
    total.add(sum_of_lanes(W(a + b)));
  } else {
    V a(0.0), a_lo(0.0), b(0.0), b_lo(0.0);
    for (; n - i >= 2 * step; i += 2 * step) {
      add_two_sum(a, a_lo, load_lanes<V>(t + i));
      add_two_sum(b, b_lo, load_lanes<V>(t + i + step));
    }
    for (; i < n; i += step) {
      add_two_sum(a, a_lo, load_part<V>(t + i, n - i));
    }
    add_two_sum(a, a_lo, b);
    T lane[step];
    store_lanes(a, lane);
    for (const T x : lane) {
      total.add(x);
    }
    total.lo += sum_of_lanes(V(a_lo + b_lo));
  }
}

/// hi + lo + error, to so many bits, up from a little above the middle: sums of few numbers often are the middle.
template <int bits> XACT_INLINE inline double round_sum(const running_sum &s, double error) noexcept {
  if constexpr (bits == 53) {
    return s.hi + (s.lo + error + s.hi * (0x1p-53 / 77));
  } else {
    constexpr std::int64_t step = std::int64_t{1} << (53 - bits);
    return as_float((as_integer(s.hi + (s.lo + error)) + (step / 2 - step / 77)) & -step);
  }
}

/// What round_sum leaves, to 10 bits, for results within 2 ULP of double; the other kernels do without.
template <bool wanted> XACT_INLINE inline double round_rest(const running_sum &s, double error, double sum) noexcept {
  if constexpr (wanted) {
    constexpr std::int64_t step = std::int64_t{1} << 43;
    return as_float((as_integer((s.hi - sum) + (s.lo + error)) + (step / 2 - step / 77)) & -step);
  } else {
    return 0;
  }
}

/// The exact sum of numbers. Each is cut along fixed lines, 2^(32*k) for whole k, and the pieces of each bin
/// are summed as integers; of the bins, the four from the highest one that a number can reach are kept, more than 93
/// bits below the largest number. So the state depends on the set of numbers alone. Room for 2^30 numbers. J. Demmel
/// and H. D. Nguyen, Parallel reproducible summation, 2015, cut and drop in this way.
struct binned_sum {
  static constexpr int bins = 4;
  double top = -infinity_of<double>; ///< bin[0] counts in units of 2^(32*top)
  std::int64_t bin[bins] = {};

  /// The highest bin in which a number below 2^(exponent + 2) has a piece.
  static double top_of(double exponent) noexcept { return __builtin_floor((exponent + 2) / 32); }

  /// Drops the bins below those that belong to the highest bin k.
  void raise(double k) noexcept {
    if (k > top) {
      const double by = k - top;
      for (int i = bins; i-- > 0;) {
        bin[i] = i >= by ? bin[i - static_cast<int>(by)] : 0;
      }
      top = k;
    }
  }

  void add(const binned_sum &other) noexcept {
    raise(other.top);
    for (int i = 0; i < bins; ++i) {
      if (const double j = i + (other.top - top); j >= 0 && j < bins) {
        bin[i] += other.bin[static_cast<int>(j)];
      }
    }
  }

  /// Adds n numbers t * 2^exponent, for which `top` is high enough.
  template <class T> void add(const T *t, std::size_t n, double exponent) noexcept {
    const double offset = exponent - 32 * (top - (bins - 1)) - 1075;
    if (!(offset > -5000 &&
          offset < 5000)) { // too small to count; or infinite, where `top` is of no number and all are 0
      return;
    }
    for (std::size_t i = 0; i < n; ++i) {
      const std::int64_t all = as_integer(static_cast<double>(t[i])), sign = all < 0 ? -1 : 1;
      const auto bits = static_cast<std::uint64_t>(all) & 0x7fffffffffffffff;
      std::uint64_t m = (bits & 0xfffffffffffff) | 0x10000000000000;
      int at = static_cast<int>(bits >> 52) + static_cast<int>(offset);
      if (bits == 0 || at <= -53) {
        continue;
      }
      if (at < 0) {
        m >>= -at;
        at = 0;
      }
      const int k = bins - 1 - at / 32, shift = at % 32;
      const std::uint64_t low = m << shift, high = m >> 1 >> (63 - shift);
      bin[k] += sign * static_cast<std::int64_t>(low & 0xffffffff);
      if (k > 0) {
        bin[k - 1] += sign * static_cast<std::int64_t>(low >> 32);
      }
      if (k > 1) {
        bin[k - 2] += sign * static_cast<std::int64_t>(high);
      }
    }
  }

  /// The same for any n numbers that are not negative.
  template <class T> void add_terms(const T *t, std::size_t n, double exponent) noexcept {
    T most = 0;
    for (std::size_t i = 0; i < n; ++i) {
      most = t[i] > most ? t[i] : most;
    }
    if (most > 0) {
      raise(top_of(exponent + __builtin_ilogb(static_cast<double>(most))));
      add(t, n, exponent);
    }
  }

  /// The same for a number in two parts.
  void add(const double_double<double> &t, double exponent) noexcept {
    add_terms(&t.hi, 1, exponent);
    add(&t.lo, 1, exponent);
  }

  /// The sum in units of 2^unit: a function of the bins.
  running_sum total(double unit) const noexcept {
    std::int64_t whole[bins];
    std::int64_t carry = 0;
    for (int i = bins; i-- > 0;) {
      whole[i] = bin[i] + carry;
      carry = i > 0 ? whole[i] >> 32 : 0;
      whole[i] -= carry << 32;
    }
    running_sum s;
    const double by = 32 * top - unit;
    const auto add = [&](std::int64_t x, int exponent) {
      s.add(__builtin_ldexp(static_cast<double>(x), static_cast<int>(by < -9000 ? -9000 : by) + exponent));
    };
    add(whole[0] >> 32, 32);
    add(whole[0] & 0xffffffff, 0);
    for (int i = 1; i < bins; ++i) {
      add(whole[i], -32 * i);
    }
    return s;
  }
};

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
