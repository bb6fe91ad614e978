#pragma once

/// @file
/// How far two ranges are apart, as a type that may stand between files of different flags.

#include <xact/detail/config.hpp>

#include <cstddef>

namespace xact {
inline namespace XACT_TYPES_NAMESPACE {

/// The result of `compare`. Each pair of elements is counted in `count`; pairs of two finite numbers in `compared` too,
/// and they alone are in the sums, so that every mean says over how many elements it is.
///
/// Trivially copyable and of fixed size, as `census`; those of parts merge to that of the whole in any order: counts,
/// extremes and the histogram exactly, sums within 1e-12.
///
/// @code
/// xact::drift all;
/// all.merge(xact::compare(std::vector{1.0f, 2.0f}, std::vector{1.0f, 2.5f}));
/// const double off = all.mean_error(); // 0.25
/// @endcode
struct drift {
  /// A sum in two parts, whose rounding errors are kept.
  struct sum {
    double high = 0, low = 0;

    XACT_INLINE constexpr sum() noexcept {}
    XACT_INLINE constexpr void add(double x) noexcept {
      const double s = high + x;
      const double x_in_s = s - high;
      const double rest = (high - (s - x_in_s)) + (x - x_in_s);
      high = s;
      low += rest - rest == 0 ? rest : 0; // an infinite sum has none
    }
    XACT_INLINE constexpr void add(const sum &other) noexcept {
      add(other.high);
      low += other.low;
    }
    XACT_INLINE constexpr double value() const noexcept { return high + low; }
  };

  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  std::size_t count = 0;               ///< pairs
  std::size_t compared = 0;            ///< of two finite numbers
  std::size_t nan_mismatches = 0;      ///< of a NaN and something else
  std::size_t infinity_mismatches = 0; ///< of an infinity and another number
  double max_error = 0;                ///< the largest abs(candidate - reference)
  std::size_t at = none;               ///< the least index of it; where there is no error, the largest number
  /// How many errors are 0; at most 1/2; 1; 2; 4; and so on; beyond 2^28 units in the last place of the candidate's
  /// type at the reference.
  std::size_t ulps[32] = {};
  sum errors, squared_errors, squared_reference, squared_candidate, products;

  // Of rows.
  std::size_t rows = 0;
  std::size_t top_1_agreements = 0;       ///< rows whose largest element is in the same place
  std::size_t relevant = 0, recalled = 0; ///< of the reference's k largest elements: all, and those of the candidate
  std::size_t divergent_rows = 0;         ///< rows of probabilities without NaN: those of the mean divergence
  sum divergences;

  XACT_INLINE constexpr drift() noexcept {}

  /// The mean of abs(candidate - reference) over `compared` pairs; of none NaN.
  [[nodiscard]] XACT_INLINE constexpr double mean_error() const noexcept { return mean(errors, compared); }
  /// The cosine of the angle between the two; of two zero vectors 1, of one 0, of no pairs NaN.
  [[nodiscard]] XACT_INLINE double cosine() const noexcept {
    const double a = squared_reference.value(), b = squared_candidate.value();
    if (compared == 0) {
      return __builtin_nan("");
    }
    if (a == 0 || b == 0) {
      return a == b ? 1 : 0;
    }
    const double c = products.value() / (__builtin_sqrt(a) * __builtin_sqrt(b));
    return c > 1 ? 1 : c < -1 ? -1 : c;
  }
  /// The length of the difference in lengths of the reference; of no difference 0, of no pairs NaN.
  [[nodiscard]] XACT_INLINE double relative_l2() const noexcept {
    const double off = squared_errors.value();
    return compared == 0 ? __builtin_nan("") : off == 0 ? 0 : __builtin_sqrt(off / squared_reference.value());
  }
  /// The share of rows whose largest element is in the same place; of no rows NaN.
  [[nodiscard]] XACT_INLINE constexpr double top_1_agreement() const noexcept { return share(top_1_agreements, rows); }
  /// The share of the reference's k largest elements that are among the candidate's; of none NaN.
  [[nodiscard]] XACT_INLINE constexpr double recall() const noexcept { return share(recalled, relevant); }
  /// The mean Kullback-Leibler divergence of the candidate's rows from the reference's over `divergent_rows`, in nats;
  /// of none NaN.
  [[nodiscard]] XACT_INLINE constexpr double kl_divergence() const noexcept {
    return mean(divergences, divergent_rows);
  }

  /// Adds what another has found.
  XACT_INLINE constexpr void merge(const drift &other) noexcept {
    count += other.count;
    compared += other.compared;
    nan_mismatches += other.nan_mismatches;
    infinity_mismatches += other.infinity_mismatches;
    note_error(other.max_error, other.at);
    for (std::size_t i = 0; i < sizeof ulps / sizeof *ulps; ++i) {
      ulps[i] += other.ulps[i];
    }
    errors.add(other.errors);
    squared_errors.add(other.squared_errors);
    squared_reference.add(other.squared_reference);
    squared_candidate.add(other.squared_candidate);
    products.add(other.products);
    rows += other.rows;
    top_1_agreements += other.top_1_agreements;
    relevant += other.relevant;
    recalled += other.recalled;
    divergent_rows += other.divergent_rows;
    divergences.add(other.divergences);
  }

  /// The larger error, of equal ones that of the least index.
  XACT_INLINE constexpr void note_error(double error, std::size_t index) noexcept {
    if (error > max_error || (error == max_error && error > 0 && index < at)) {
      max_error = error;
      at = index;
    }
  }

private:
  XACT_INLINE static constexpr double share(std::size_t part, std::size_t all) noexcept {
    return all == 0 ? __builtin_nan("") : static_cast<double>(part) / static_cast<double>(all);
  }
  XACT_INLINE static constexpr double mean(const sum &all, std::size_t n) noexcept {
    return n == 0 ? __builtin_nan("") : all.value() / static_cast<double>(n);
  }
};

} // namespace XACT_TYPES_NAMESPACE
} // namespace xact
