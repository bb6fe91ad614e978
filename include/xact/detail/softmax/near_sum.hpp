#pragma once

/// @file
/// Sums of e^x in float lanes with a proven error, which mostly tell what the exact sum is rounded to.

#include <xact/detail/lanes/convert.hpp>
#include <xact/detail/lanes/reduce.hpp>
#include <xact/detail/softmax/exp.hpp>
#include <xact/detail/softmax/sum.hpp>
#include <xact/detail/types/freestanding.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// A row's sum is rounded to so many bits, so that a sum with a small error is enough to know the rounded one, whatever
/// the order of its terms; where it is not, the exact sum decides (Ziv's strategy).
template <class Tier> inline constexpr int sum_bits = is_fast<Tier> ? 22 : 25;

/// A positive x rounded to `bits` bits, up from a little above the middle on: a sum of few floats often is the middle,
/// and would have to be known exactly.
template <int bits, class W> XACT_INLINE inline W round_to(const W &x) noexcept {
  using I = integer_t<W>;
  constexpr std::int64_t last = std::int64_t{1} << (53 - bits);
  return as_float(I(I(as_integer(x) + I(last / 2 - last / 77)) & I(-last)));
}

/// Sums terms given as packs of two, from 0 to 1.42 * 2^64. `upper` starts at S, a power of two above 1.4 * 2^L times
/// each of a lane's terms, so that what it takes of a term is a whole number of S/2^23, added without error; the rest,
/// at most S/2^24, is added to `lower` as floats. After 2^L terms a lane, both go to doubles. The j-th sum in `lower`
/// errs by j * S/2^48 at most.
///
/// A row's sum is at least the sum of the largest terms of the lanes. So where S follows these (`begin`), the error,
/// relative to the sum, grows with the terms of one lane only, whatever the logits: of rows of 1,024 to 3 * 2^20
/// logits N(0, 0.5) to N(0, 60), at most 12 in 2,000 were left open. Where S was one for the row, half of the rows of
/// 32,768 logits N(0, 20) were, and all of 262,144.
template <class Tier, class V> class near_sum {
public:
  static constexpr std::size_t most = is_fast<Tier> ? 16 : 8; ///< 2^L: `add` between two `flush`

  /// A power of two for each lane, from here on at least 1.4 times each of its terms. Nothing was added since the last
  /// `flush`.
  XACT_INLINE void begin(const V &above) noexcept {
    start = above * V(static_cast<float>(most));
    upper = pack<V, 2>(start);
  }

  XACT_INLINE void add(const pack<V, 2> &term) noexcept {
    const pack<V, 2> next = upper + term;
    lower = lower + (term - (next - upper));
    upper = next;
  }

  /// Terms in double lanes, less cheaply.
  XACT_INLINE void add(const wide_t<V> &term) noexcept { sum = sum + term; }

  XACT_INLINE void flush() noexcept {
    const V whole_part = (upper.part[0] - start) + (upper.part[1] - start);
    sum = sum + to_double(whole_part);
    sum = sum + to_double(V(lower.part[0] + lower.part[1]));
    starts = starts + start;
    upper = pack<V, 2>(start);
    lower = pack<V, 2>(0.0f);
  }

  XACT_INLINE auto lanes() const noexcept { return sum.part[0] + sum.part[1]; }
  double total() const noexcept { return sum_of_lanes(sum); }

  /// The most by which the total of n terms can be wrong.
  double error(std::size_t n) const noexcept { return error(n, total(), static_cast<double>(sum_of_lanes(starts))); }
  /// The same without a `begin`.
  template <class W> XACT_INLINE static W error(std::size_t n, const W &total) noexcept {
    return error(n, total, 0x1p64 * static_cast<double>(n));
  }

private:
  /// By `lower`, and by two sums in double for each 64 terms or more.
  template <class W> XACT_INLINE static W error(std::size_t n, const W &total, double starts) noexcept {
    return mul_add(total, W(static_cast<double>(n) * 0x1p-58 + 0x1p-48), W(starts * (0x1.8p-48 * most * most)));
  }

  V start{0x1p65f * most};
  pack<V, 2> upper{0x1p65f * most};
  pack<V, 2> lower{0.0f};
  V starts{0.0f}; ///< their sum over all `flush`
  wide_t<V> sum{0.0};
};

/// The relative error of the sum of n positive numbers in double lanes.
template <class W> constexpr double error_of_sum(std::size_t n) noexcept {
  return static_cast<double>(n / lane_traits<W>::size + 16) * 0x1p-53;
}

/// Whether a sum with this error leaves open what the exact sum is rounded to. Not of NaN.
template <class Tier, class W> XACT_INLINE inline auto is_undecided(const W &sum, const W &error) noexcept {
  return round_to<sum_bits<Tier>>(W(sum - error)) < round_to<sum_bits<Tier>>(W(sum + error));
}
template <class Tier> XACT_INLINE inline bool is_decided(double sum, double error) noexcept {
  return !is_undecided<Tier>(sum, error);
}

/// The sum of the n terms e^x * 2^(64 - exponent) at `terms`, rounded: in double, and where that is not enough,
/// exactly.
template <class Tier, class V>
[[gnu::noinline, gnu::cold]] double decided_sum(std::size_t n, const float *terms, float exponent) noexcept {
  using W = wide_t<V>;
  constexpr std::size_t step = lane_traits<V>::size;
  const auto each_term = [&](auto f) XACT_INLINE {
    std::size_t i = 0;
    for (; n - i >= step; i += step) {
      f(to_double(V::load_unaligned(terms + i)));
    }
    float rest[step] = {};
    detail::copy_n(terms + i, n - i, rest);
    f(to_double(V::load_unaligned(rest)));
  };
  W sum(0.0);
  each_term([&](const W &x) XACT_INLINE { sum = sum + x; });
  const double nearby = sum_of_lanes(sum);
  if (is_decided<Tier>(nearby, nearby * error_of_sum<W>(n))) {
    return round_to<sum_bits<Tier>>(nearby);
  }
  binned_lanes<W> exact(binned_sum::top_of(static_cast<double>(exponent)));
  const W scale(static_cast<double>(exponent) - 64);
  each_term([&](const W &x) XACT_INLINE { exact.add({x, scale}); });
  const power<double> total = exact.total().total();
  return round_to<sum_bits<Tier>>(times_power(total.significand, total.exponent - static_cast<double>(exponent) + 64));
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
