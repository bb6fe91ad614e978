#pragma once

/// @file
/// The sum of e^x over the elements of a row, the same to the bit in whatever order and pieces they come.

#include <xact/detail/softmax/term.hpp>
#include <xact/detail/types/freestanding.hpp>

#include <cmath>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// A sum of positive numbers p * 2^n. Each is cut along fixed lines, 2^(32*k) for whole k, and the pieces of
/// each bin are summed as integers; of the bins, the four from the highest one that a number can reach are kept, more
/// than 93 bits below the largest number. So the state depends on the set of numbers alone. Room for 2^32 numbers. J.
/// Demmel and H. D. Nguyen, Parallel reproducible summation, 2015, cut and drop in this way.
struct binned_sum {
  static constexpr int bins = 4;
  double top = -detail::infinity_of<double>; ///< bin[0] counts in units of 2^(32*top)
  std::int64_t bin[bins] = {};

  /// The highest bin in which p * 2^n, p <= 1.42, has a piece. Pieces are rounded, so it starts 3 bits below 2^(32*k).
  static double top_of(double n) noexcept { return std::floor((n + 2) / 32); }

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

  /// The sum, below 2^63 times the unit of the highest bin: a function of the bins.
  power<double> total() const noexcept {
    std::int64_t carry = 0;
    double low = 0;
    for (int i = bins - 1; i > 0; --i) {
      const std::int64_t sum = bin[i] + carry;
      carry = sum >> 32;
      low = (low + static_cast<double>(sum - (carry << 32))) * 0x1p-32;
    }
    return {static_cast<double>(bin[0] + carry) + low, 32 * top};
  }
};

/// Sums numbers to be added to a binned_sum, lane by lane. `top` has to suit each of them.
template <class V> class binned_lanes {
public:
  explicit binned_lanes(double top) noexcept : shift(-32 * top) {}

  XACT_INLINE void add(const power<V> &x) noexcept {
    const V n = at_least(V(x.exponent + V(shift)), V(-500.0));
    const V y = x.significand * as_float(integer_t<V>(as_integer(V(n + V(whole_number + 1023.0))) << 52));
    cut<0>(y);
  }

  binned_sum total() const noexcept {
    binned_sum result;
    result.top = -shift / 32;
    for (int i = 0; i < binned_sum::bins; ++i) {
      result.bin[i] = 0;
      std::int64_t lane[lane_traits<V>::size];
      store_each(bin[i], lane);
      for (const std::int64_t x : lane) {
        result.bin[i] += x;
      }
    }
    return result;
  }

private:
  using I = integer_t<V>;

  template <int i> XACT_INLINE void cut(const V &y) noexcept {
    constexpr double magic = i == 0 ? 0x1.8p52 : i == 1 ? 0x1.8p20 : i == 2 ? 0x1.8p-12 : 0x1.8p-44;
    const V sum = y + V(magic);
    bin[i] = bin[i] + (as_integer(sum) - as_integer(V(magic)));
    if constexpr (i + 1 < binned_sum::bins) {
      cut<i + 1>(V(y - V(sum - V(magic))));
    }
  }

  double shift;
  I bin[binned_sum::bins] = {I(0), I(0), I(0), I(0)};
};

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
