#pragma once

/// @file
/// Sums of e^x in float lanes with a proven error, which mostly tell what the exact sum is rounded to.

#include <xact/detail/plain.hpp>
#include <xact/detail/reduce.hpp>
#include <xact/detail/softmax_exp.hpp>
#include <xact/detail/softmax_sum.hpp>
#include <xact/detail/widen.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// A row's sum is rounded to so many bits, so that a sum with a small error is enough to know the rounded one, whatever
/// the order of its terms; where it is not, the exact sum decides (Ziv's strategy).
/// That is a row in some hundred by blocks; but, as the error grows with the number of terms and not with the sum, in
/// softmax_rows half of the rows of 32,768 logits N(0, 20), and all of 262,144.
template <class Tier> inline constexpr int sum_bits = is_fast<Tier> ? 22 : 25;

/// A positive x rounded to `bits` bits, up from a little above the middle on: a sum of few floats often is the middle,
/// and would have to be known exactly.
template <int bits, class W> [[gnu::always_inline]] inline W round_to(const W &x) noexcept {
  using I = integer_t<W>;
  constexpr std::int64_t last = std::int64_t{1} << (53 - bits);
  return as_float(I(I(as_integer(x) + I(last / 2 - last / 77)) & I(-last)));
}

/// Sums terms of at most 1.42 * 2^64, given as packs of two. `upper` starts at 2^(65+L), so that what it takes of a
/// term is a whole number of 2^(42+L), added without error; the rest, at most 2^(41+L), is added to `lower` as floats.
/// After 2^L terms a lane, both go to doubles. The j-th sum in `lower` errs by j * 2^(17+L) at most.
template <class Tier, class V> class near_sum {
public:
  static constexpr std::size_t most = is_fast<Tier> ? 16 : 8; ///< 2^L: `add` between two `flush`

  [[gnu::always_inline]] void add(const pack<V, 2> &term) noexcept {
    const pack<V, 2> next = upper + term;
    lower = lower + (term - (next - upper));
    upper = next;
  }

  /// Terms in double lanes, less cheaply.
  [[gnu::always_inline]] void add(const wide_t<V> &term) noexcept { sum = sum + term; }

  [[gnu::always_inline]] void flush() noexcept {
    const pack<V, 2> whole_part = upper - pack<V, 2>(start);
    sum = sum + to_double(V(whole_part.part[0] + whole_part.part[1]));
    sum = sum + to_double(V(lower.part[0] + lower.part[1]));
    upper = pack<V, 2>(start);
    lower = pack<V, 2>(0.0f);
  }

  [[gnu::always_inline]] auto lanes() const noexcept { return sum.part[0] + sum.part[1]; }
  double total() const noexcept { return sum_of_lanes(sum); }

  /// The most by which the total of n terms can be wrong: by `lower`, and by two sums in double for each 64 terms or
  /// more.
  template <class W> [[gnu::always_inline]] static W error(std::size_t n, const W &total) noexcept {
    const auto count = static_cast<double>(n);
    return mul_add(total, W(count * 0x1p-58 + 0x1p-48), W(count * (0x1.8p16 * most * most)));
  }

private:
  static constexpr float start = 0x1p65f * most;

  pack<V, 2> upper{start};
  pack<V, 2> lower{0.0f};
  wide_t<V> sum{0.0};
};

/// Whether a sum with this error leaves open what the exact sum is rounded to. Not of NaN.
template <class Tier, class W> [[gnu::always_inline]] inline auto is_undecided(const W &sum, const W &error) noexcept {
  return round_to<sum_bits<Tier>>(W(sum - error)) < round_to<sum_bits<Tier>>(W(sum + error));
}
template <class Tier> [[gnu::always_inline]] inline bool is_decided(double sum, double error) noexcept {
  return !is_undecided<Tier>(sum, error);
}

/// The sum of the n terms e^x * 2^(64 - exponent) at `terms`, rounded: in double, and where that is not enough,
/// exactly.
template <class Tier, class V>
[[gnu::noinline, gnu::cold]] double decided_sum(std::size_t n, const float *terms, float exponent) noexcept {
  using W = wide_t<V>;
  constexpr std::size_t step = lane_traits<V>::size;
  const auto each_term = [&](auto f) __attribute__((always_inline)) {
    std::size_t i = 0;
    for (; n - i >= step; i += step) {
      f(to_double(V::load_unaligned(terms + i)));
    }
    float rest[step] = {};
    detail::copy_n(terms + i, n - i, rest);
    f(to_double(V::load_unaligned(rest)));
  };
  W sum(0.0);
  each_term([&](const W &x) __attribute__((always_inline)) { sum = sum + x; });
  const double near = sum_of_lanes(sum);
  if (is_decided<Tier>(near, near * static_cast<double>(n) * 0x1p-53)) {
    return round_to<sum_bits<Tier>>(near);
  }
  binned_lanes<W> exact(binned_sum::top_of(static_cast<double>(exponent)));
  const W scale(static_cast<double>(exponent) - 64);
  each_term([&](const W &x) __attribute__((always_inline)) { exact.add({x, scale}); });
  const power<double> total = exact.total().total();
  return round_to<sum_bits<Tier>>(times_power(total.significand, total.exponent - static_cast<double>(exponent) + 64));
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
