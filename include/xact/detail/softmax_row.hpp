#pragma once

/// @file
/// What softmax needs to know of a row, gathered in any order and pieces.

#include <xact/detail/softmax_sum.hpp>
#include <xact/detail/widen.hpp>
#include <xact/softmax_options.hpp>
#include <xact/transform.hpp>

#include <algorithm>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

template <class V> [[gnu::always_inline]] inline auto widened(const V &x) noexcept {
  if constexpr (sizeof(scalar_t<V>) == 4) {
    return to_double(x);
  } else {
    return x;
  }
}
template <class T, class W> [[gnu::always_inline]] inline auto narrowed(const W &x) noexcept {
  if constexpr (sizeof(T) == 4) {
    return to_float(x);
  } else {
    return x;
  }
}

/// log(count + x) for count >= 1 and x >= 0, within 2^-51, with the same bits everywhere (a libm does not promise
/// that).
inline double log_of_sum(double count, double x) noexcept {
  const auto twice_atanh = [](double s) noexcept { // abs(s) <= 0.2
    const double t = rounded(s, s);
    return rounded(2 * s, rounded_polynomial(t, 1.0, 1.0 / 3, 1.0 / 5, 1.0 / 7, 1.0 / 9, 1.0 / 11, 1.0 / 13, 1.0 / 15,
                                             1.0 / 17, 1.0 / 19, 1.0 / 21, 1.0 / 23, 1.0 / 25));
  };
  if (count == 1 && x < 0.5) {
    return twice_atanh(x / (2 + x));
  }
  int exponent = 0;
  double m = std::frexp(count + x, &exponent);
  if (m < 0x1.6a09e6p-1) {
    m *= 2;
    --exponent;
  }
  const double e = exponent;
  return rounded(e, 0x1.62e42p-1) + (rounded(e, 0x1.fdf473de6af28p-22) + twice_atanh((m - 1) / (m + 1)));
}

/// The largest logit of a row, how many equal it, and the sum of e^x over the others. Kept apart, so that log_softmax
/// keeps its relative accuracy where one logit dominates. Equal for equal sets of logits, in whatever order and pieces.
struct row_sum {
  double maximum = -std::numeric_limits<double>::infinity(); ///< NaN once a logit was NaN
  std::int64_t count = 0;
  binned_sum others = {};

  bool is_nan() const noexcept { return maximum != maximum; }
  bool is_empty() const noexcept { return maximum == -std::numeric_limits<double>::infinity(); }
  bool is_infinite() const noexcept { return maximum == std::numeric_limits<double>::infinity(); }

  void merge(const row_sum &piece) noexcept {
    if (is_nan() || piece.is_nan()) {
      *this = {.maximum = std::numeric_limits<double>::quiet_NaN()};
      return;
    }
    row_sum lower = piece;
    if (maximum < piece.maximum) {
      std::swap(*this, lower);
    }
    if (lower.maximum == maximum) {
      count += lower.count;
    }
    if (is_infinite()) {
      return; // what the others are is lost in it
    }
    others.add(lower.others);
    if (lower.maximum != maximum && !lower.is_empty()) {
      others.add(terms(lower.maximum, lower.count));
    }
  }

  /// The sum over the significand of e^maximum, so at least 1; without the count: over the others.
  double relative_sum(bool with_maximum = true) const noexcept {
    const power<double> one = exp_power(maximum);
    const power<double> sum = others.total();
    const double rest = times_power(sum.significand / one.significand, sum.exponent - one.exponent);
    return with_maximum ? static_cast<double>(count) + rest : rest;
  }

  double log_of_relative_sum() const noexcept { return log_of_sum(static_cast<double>(count), relative_sum(false)); }

private:
  static binned_sum terms(double x, std::int64_t n) noexcept {
    const power<double> one = exp_power(x);
    binned_lanes<double> lanes(binned_sum::top_of(one.exponent));
    lanes.add(one);
    binned_sum result = lanes.total();
    for (std::int64_t &bin : result.bin) {
      bin *= n;
    }
    return result;
  }
};

/// A logit as softmax sees it.
struct to_logit {
  double scale;
  explicit to_logit(const softmax_options &options) noexcept : scale(options.scale) {}
  template <class W> [[gnu::always_inline]] W operator()(const W &x) const noexcept { return rounded(x, W(scale)); }
};

/// n logits, n <= 512, gathered.
template <class T, class E> row_sum sum_of_block(std::size_t n, const E *in, const to_logit &logit) noexcept {
  using V = native<T>;
  using W = decltype(widened(V(T(0))));
  constexpr std::size_t step = lane_traits<V>::size;
  constexpr double infinity = std::numeric_limits<double>::infinity();
  double x[512 + step];
  row_sum result;
  std::size_t i = 0;
  for (; n - i >= step; i += step) {
    store_each(logit(widened(load_lanes<V>(in + i))), x + i);
  }
  for (; i < n; ++i) {
    x[i] = logit(static_cast<double>(static_cast<T>(in[i])));
  }
  for (; i % step != 0; ++i) {
    x[i] = -infinity;
  }
  n = i;

  double lane[step];
  W highest(-infinity);
  W nan(0.0); // stays 0, or becomes NaN
  for (i = 0; i < n; i += step) {
    const W z = load_each<W>(x + i);
    highest = blend(highest < z, z, highest);
    nan = nan + blend(z == z, W(0.0), z);
  }
  store_each(nan, lane);
  for (const double z : lane) {
    if (z != z) {
      result.maximum = z;
      return result;
    }
  }
  store_each(highest, lane);
  result.maximum = *std::max_element(lane, lane + step);
  if (result.is_empty()) {
    return result;
  }

  const W maximum(result.maximum);
  highest = W(-infinity);
  W equal(0.0);
  for (i = 0; i < n; i += step) {
    const W z = load_each<W>(x + i);
    const auto is_maximum = z == maximum;
    equal = equal + blend(is_maximum, W(1.0), W(0.0));
    highest = blend(is_maximum, highest, blend(highest < z, z, highest));
  }
  store_each(equal, lane);
  for (const double z : lane) {
    result.count += static_cast<std::int64_t>(z);
  }
  store_each(highest, lane);
  const double second = *std::max_element(lane, lane + step);
  if (second == -infinity || result.is_infinite()) {
    return result;
  }

  binned_lanes<W> sum(binned_sum::top_of(exp_power(second).exponent));
  for (i = 0; i < n; i += step) {
    const W z = load_each<W>(x + i);
    sum.add(exp_power(W(blend(z == maximum, W(-infinity), z))));
  }
  result.others = sum.total();
  return result;
}

template <class T, class E> row_sum sum_of_row(std::size_t n, const E *in, const to_logit &logit) noexcept {
  row_sum result;
  for (std::size_t i = 0; i < n; i += 512) {
    result.merge(sum_of_block<T>(std::min<std::size_t>(n - i, 512), in + i, logit));
  }
  return result;
}

/// out[i] = f(logit of in[i]), where f takes and gives double lanes.
template <class T, class F, class In, class Out>
void map_logits(std::size_t n, const In *in, Out *out, const to_logit &logit, const F &f) noexcept {
  map<native<T>>([&](const native<T> &x) noexcept { return narrowed<T>(f(logit(widened(x)))); }, n, out, in);
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
