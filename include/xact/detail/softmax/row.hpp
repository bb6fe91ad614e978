#pragma once

/// @file
/// What softmax needs to know of a row, gathered in any order and pieces.

#include <xact/detail/softmax/terms.hpp>
#include <xact/detail/types/freestanding.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

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

/// 2 * atanh(s) for abs(s) <= 0.25, within 2^-31 of itself, with the same bits everywhere.
template <class W> XACT_INLINE inline W short_twice_atanh(const W &s) noexcept {
  const W t = rounded(s, s);
  const W u = rounded(t, t);
  const W p = rounded_polynomial(u, 1.0 / 9, 1.0 / 13) + rounded(t, W(1.0 / 11));
  const W q = rounded_polynomial(t, 1.0 / 5, 1.0 / 7) + rounded(u, p);
  return rounded(W(s + s), W(rounded_polynomial(t, 1.0, 1.0 / 3) + rounded(u, q)));
}

/// Whether one term makes up more than 1/1.65 of a sum: then the others have to be summed apart. The logarithm of the
/// sum over the term is below 0.501 then; there the rounding of the whole sum would be 3.3 ULP of it together with
/// those of the terms.
template <class W> XACT_INLINE inline auto is_dominated(const W &all, const W &one) noexcept {
  return all < W(one * W(1.65));
}

/// log(all / one) where `all` is at least 1.65 * one and at most 2^40 times it, within 2^-30 of itself.
template <class W> XACT_INLINE inline W log_of_ratio(const W &all, const W &one) noexcept {
  using I = integer_t<W>;
  const I middle(std::int64_t{1} << 51);
  const I k = I(I(as_integer(all) - as_integer(one)) + middle) >> 52; // near log2 of the ratio
  const W whole = as_float(I(k + as_integer(W(0x1p52)))) - W(0x1p52);
  const W nearby = as_float(I(as_integer(all) - I(k << 52)));
  return rounded(whole, W(0x1.62e42fefa39efp-1)) + short_twice_atanh(W(W(nearby - one) / W(nearby + one)));
}

/// log(1 + others / one) where `others` is at most 0.66 * one, within 2^-31 of itself.
template <class W> XACT_INLINE inline W log_of_one_and(const W &others, const W &one) noexcept {
  return short_twice_atanh(W(others / W(W(one + one) + others)));
}

/// The largest logit of a row, how many equal it, and the sum of e^x over the others. Kept apart, so that log_softmax
/// keeps its relative accuracy where one logit dominates. Equal for equal sets of logits, in whatever order and pieces.
template <class T, class Tier> struct row_sum {
  using terms = softmax_terms<T, Tier>;

  double maximum = -detail::infinity_of<double>; ///< NaN once a logit was NaN
  std::int64_t count = 0;
  binned_sum others = {};

  bool is_nan() const noexcept { return maximum != maximum; }
  bool is_empty() const noexcept { return maximum == -detail::infinity_of<double>; }
  bool is_infinite() const noexcept { return maximum == detail::infinity_of<double>; }

  void merge(const row_sum &piece) noexcept {
    if (is_nan() || piece.is_nan()) {
      *this = {.maximum = detail::nan_of<double>};
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
      others.add(of_equal(lower.maximum, lower.count));
    }
  }

  /// The sum of all terms.
  power<double> total() const noexcept {
    binned_sum sum = others;
    sum.add(of_equal(maximum, count));
    return terms::rounded(sum.total());
  }

  /// The logarithm of the sum over the term of the maximum. Where terms are floats, from the sum of all, rounded,
  /// unless one dominates.
  double log_of_relative_sum() const noexcept {
    const power<double> one = terms::of(maximum);
    const auto in_unit = [&](const power<double> &sum) noexcept {
      return times_power(sum.significand, sum.exponent - one.exponent);
    };
    if constexpr (has_float_terms<T, Tier>) {
      const double all = in_unit(total());
      return is_dominated(all, one.significand)
                 ? log_of_one_and(in_unit(terms::rounded(others.total())), one.significand)
                 : log_of_ratio(all, one.significand);
    } else {
      return log_of_sum(static_cast<double>(count), in_unit(others.total()) / one.significand);
    }
  }

  /// The logarithm of the sum.
  double log() const noexcept {
    return is_nan() || is_empty() || is_infinite() ? maximum : maximum + log_of_relative_sum();
  }

private:
  /// n times e^x.
  static binned_sum of_equal(double x, std::int64_t n) noexcept {
    binned_lanes<double> lanes(binned_sum::top_of(terms::exponent(x)));
    lanes.add(terms::of(x));
    binned_sum result = lanes.total();
    for (std::int64_t &bin : result.bin) {
      bin *= n;
    }
    return result;
  }
};

/// The sum over one block: n logits, whole lanes.
template <class T, class Tier>
[[gnu::noinline]] row_sum<T, Tier> sum_of_block(std::size_t n, const double *x) noexcept {
  using W = logit_lanes<T>;
  constexpr std::size_t step = lane_traits<W>::size;
  constexpr double infinity = detail::infinity_of<double>;
  double lane[step];
  row_sum<T, Tier> result;
  W highest(-infinity);
  W nan(0.0); // stays 0, or becomes NaN
  for (std::size_t i = 0; i < n; i += step) {
    const W z = load_each<W>(x + i);
    highest = select(highest < z, z, highest);
    nan = nan + select(z == z, W(0.0), z);
  }
  store_each(nan, lane);
  for (const double z : lane) {
    if (z != z) {
      result.maximum = z;
      return result;
    }
  }
  store_each(highest, lane);
  result.maximum = detail::largest_of(lane, step);
  if (result.is_empty()) {
    return result;
  }

  const W maximum(result.maximum);
  highest = W(-infinity);
  W equal(0.0);
  for (std::size_t i = 0; i < n; i += step) {
    const W z = load_each<W>(x + i);
    const auto is_maximum = z == maximum;
    equal = equal + select(is_maximum, W(1.0), W(0.0));
    highest = select(is_maximum, highest, select(highest < z, z, highest));
  }
  store_each(equal, lane);
  for (const double z : lane) {
    result.count += static_cast<std::int64_t>(z);
  }
  store_each(highest, lane);
  const double second = detail::largest_of(lane, step);
  if (second == -infinity || result.is_infinite()) {
    return result;
  }

  const softmax_terms<T, Tier> e(second);
  binned_lanes<W> sum(binned_sum::top_of(e.exponent(second)));
  for (std::size_t i = 0; i < n; i += step) {
    const W z = load_each<W>(x + i);
    sum.add(e(W(select(z == maximum, W(-infinity), z))));
  }
  result.others = sum.total();
  return result;
}

template <class Tier, class T, class E> row_sum<T, Tier> sum_of_row(const row_logits<T, E> &row) noexcept {
  constexpr std::size_t step = lane_traits<logit_lanes<T>>::size;
  double x[logits_read + step];
  row_sum<T, Tier> result;
  for (std::size_t i = 0; i < row.size; i += logits_read) {
    const std::size_t n = row.template read<!has_float_terms<T, Tier>>(i, std::min(row.size - i, logits_read), x);
    result.merge(sum_of_block<T, Tier>(n, x));
  }
  return result;
}

/// The same with the sink.
template <class Tier, class T, class E> row_sum<T, Tier> sum_with_sink(const row_logits<T, E> &row) noexcept {
  row_sum<T, Tier> result = sum_of_row<Tier>(row);
  if (row.options.sink) {
    using W = logit_lanes<T>;
    double x[lane_traits<W>::size];
    store_each(W(-detail::infinity_of<double>), x);
    x[0] = *row.options.sink;
    if constexpr (has_float_terms<T, Tier>) {
      const double_double<float> sink = as_logit(x[0]);
      if (__builtin_fabsf(sink.hi) <= float_logits) {
        x[0] = static_cast<double>(sink.hi) + static_cast<double>(sink.lo);
      }
    }
    result.merge(sum_of_block<T, Tier>(lane_traits<W>::size, x));
  }
  return result;
}

/// x[i] = f(x[i]) for whole lanes.
template <class W, class F> [[gnu::noinline]] void map_lanes(std::size_t n, double *x, const F &f) noexcept {
  for (std::size_t i = 0; i < n; i += lane_traits<W>::size) {
    store_each(f(load_each<W>(x + i)), x + i);
  }
}

/// out[i] = f(logit i), where f takes and gives double lanes.
template <class Tier, class T, class F, class E, class Out>
void map_logits(const row_logits<T, E> &row, Out *out, const F &f) noexcept {
  using W = logit_lanes<T>;
  double x[logits_read + lane_traits<W>::size];
  for (std::size_t i = 0; i < row.size; i += logits_read) {
    const std::size_t n = std::min(row.size - i, logits_read);
    const std::size_t padded = row.template read<!has_float_terms<T, Tier>>(i, n, x);
    map_lanes<W>(padded, x, f);
    for (std::size_t k = 0; k < n; ++k) {
      out[i + k] = static_cast<Out>(x[k]);
    }
  }
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
