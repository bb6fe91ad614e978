#pragma once

/// @file
/// What log_softmax takes off the logits of a row where terms are floats.

#include <xact/detail/softmax/float_row.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// What comes off a logit: the largest, where the difference is exact or at least rounded once, and then the logarithm
/// of the sum relative to its term. Both are terms of one sign, so that results near 0 keep their relative accuracy.
template <class Tier> struct log_of_floats {
  double_double<float> largest = {0, 0};
  float log = 0;

  template <class V> XACT_INLINE V operator()(const V &x) const noexcept {
    return V(V(x - V(largest.hi)) - V(largest.lo)) - V(log);
  }
  template <class V> XACT_INLINE V operator()(const double_double<V> &x) const noexcept {
    return V(V(x.hi - V(largest.hi)) + V(x.lo - V(largest.lo))) - V(log);
  }
};

/// log(sum of all / one), where `one`, the term of the largest logit, is in the unit of the sum, or is in the sum
/// unless `apart`; NaN where the sum's error leaves open how a sum is rounded.
template <class Tier> float near_log(const running_sum &sum, double one, bool apart) noexcept {
  const double nearby = apart ? sum.sum + one : sum.sum;
  if (!is_decided<Tier>(nearby, mul_add(nearby, 0x1p-52, sum.error))) [[unlikely]] {
    return detail::nan_of<float>;
  }
  const double all = round_to<sum_bits<Tier>>(nearby);
  if (!is_dominated(all, one)) {
    return static_cast<float>(log_of_ratio(all, one));
  }
  if (!apart || !is_decided<Tier>(sum.sum, sum.error)) [[unlikely]] {
    return detail::nan_of<float>;
  }
  return static_cast<float>(log_of_one_and(sum.sum > 0 ? round_to<sum_bits<Tier>>(sum.sum) : 0, one));
}
template <class Tier> float near_log(const float_row<Tier> &row) noexcept {
  const running_sum one = float_row<Tier>::of_one(row.maximum);
  return near_log<Tier>(row.sum, times_power(one.sum, row.sum.scale - one.scale), row.is_apart);
}

/// Of a row whose exact sum is known.
template <class Tier> log_of_floats<Tier> log_of(const row_sum<float, Tier> &sum) noexcept {
  const auto hi = static_cast<float>(sum.maximum);
  return {{hi, static_cast<float>(sum.maximum - static_cast<double>(hi))},
          static_cast<float>(sum.log_of_relative_sum())};
}
/// Of a row whose terms can be floats.
template <class Tier, class E>
log_of_floats<Tier> log_of(const row_logits<float, E> &row, const float_row<Tier> &sum) noexcept {
  const float log = near_log(sum);
  return log == log ? log_of_floats<Tier>{sum.maximum, log} : log_of<Tier>(sum_with_sink<Tier>(row));
}
template <class Tier, class E> float_row<Tier> sum_for_log(const row_logits<float, E> &row) noexcept {
  return sum_in_floats<Tier>(row, largest_apart{}, [](const float_row<Tier> &r) noexcept {
    const float log = near_log(r);
    return log == log;
  });
}

/// The same of a plain row.
template <class Tier> struct log_of_plain_row {
  static constexpr bool of_terms = false; // see softmax_rows

  float largest = 0;
  float log = 0;

  log_of_plain_row() = default;
  explicit log_of_plain_row(const double_double<float> &x) noexcept : largest(x.hi), log(x.lo) {}

  /// Of n logits, for where a cheaper sum leaves it open.
  template <class E>
  [[gnu::noinline, gnu::cold]] static log_of_plain_row of_row(std::size_t n, const E *in, float maximum) noexcept {
    const softmax_options plain;
    const row_logits<float, E> row{in, n, plain};
    const auto sum = sum_for_log<Tier>(row);
    const bool floats = sum.kind == float_row<Tier>::kinds::floats;
    return log_of_plain_row({maximum, (floats ? log_of(row, sum) : log_of<Tier>(sum_with_sink<Tier>(row))).log});
  }

  template <class V> XACT_INLINE V operator()(const V &x) const noexcept { return V(x - V(largest)) - V(log); }
};

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
