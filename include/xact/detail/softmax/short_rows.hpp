#pragma once

/// @file
/// Softmax and log_softmax of short plain rows, as many at a time as a register has lanes.

#include <xact/detail/softmax/short_row.hpp>
#include <xact/rows.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// The maxima and sums of a group of rows, one for each lane of a register: the rows' own lanes are added up for all
/// rows at once, as 5 steps for each would wait for one another. `Which` is `all_logits` or `largest_apart`.
template <class Tier, class Which> struct row_group {
  using V = native<float>;
  using W = wide_t<V>;
  static constexpr bool splits = std::is_same_v<Which, largest_apart>;
  static constexpr std::size_t width = lane_traits<V>::size;

  two_largest<V> largest;
  V apart;   ///< 1 where the sum is that of the others, else 0
  V counted; ///< 0 where these count nothing
  V scale;   ///< the logit in whose unit the sum is
  W nearby;  ///< 2^66 in lanes without a row
  float maxima[width];
  double sum[width];
  bool tiny[width];

  /// Of row(r) for r < count. Row r has its terms at terms + r * padded(), unless that is null.
  template <bool keeps, class Row>
  XACT_INLINE void take(const short_row<Tier> &shape, const Row &row, std::size_t count, float *terms) noexcept {
    two_largest<V> of[width];
    V first[width];
    for (std::size_t r = 0; r < count; ++r) {
      of[r] = shape.template largest<Which>(row(r));
      first[r] = of[r].first;
    }
    for (std::size_t r = count; r < width; ++r) {
      first[r] = V(0.0f);
    }
    largest.first = reduce_each(first, count, larger_of_two());
    store_each(largest.first, maxima);
    scale = largest.first;
    float left_out[width];
    if constexpr (splits) {
      find_second(of, count);
      const auto is_split = is_apart(largest);
      apart = select(is_split, V(1.0f), V(0.0f));
      counted = select(others_count(largest), V(1.0f), V(0.0f));
      scale = select(is_split & others_count(largest), largest.second, scale);
      store_each(V(select(is_split, largest.first, V(detail::nan_of<float>))), left_out);
    }

    const double_double<V> bounds = scaled_exp<Tier, V, V>(scale).bounds();
    float lowest[width];
    float magic[width];
    store_each(bounds.hi, lowest);
    store_each(bounds.lo, magic);
    native<double> lanes[width];
    for (std::size_t r = 0; r < count; ++r) {
      const double_double<float> of_row{lowest[r], magic[r]};
      float *to = keeps ? terms + r * shape.padded() : nullptr;
      if constexpr (splits) {
        lanes[r] = shape.template sum<keeps>(row(r), all_logits_but{{left_out[r], 0}}, of_row, to, tiny[r]);
      } else {
        lanes[r] = shape.template sum<keeps>(row(r), all_logits{}, of_row, to, tiny[r]);
      }
    }
    for (std::size_t r = count; r < width; ++r) {
      lanes[r] = native<double>(0.0);
    }
    constexpr std::size_t upper = width / 2;
    nearby.part[0] = reduce_each(lanes, std::min(count, upper), sum_of_two());
    nearby.part[1] = reduce_each(lanes + upper, count - std::min(count, upper), sum_of_two());
    static constexpr auto number = [] {
      table<double, width> t{};
      for (std::size_t i = 0; i < width; ++i) {
        t.entry[i] = static_cast<double>(i);
      }
      return t;
    }();
    nearby = select(load_each<W>(number.entry) < W(static_cast<double>(count)), nearby, W(0x1p66));
    store_each(nearby, sum);
  }

private:
  /// The second largest of each row, from its lanes' and the largest of all.
  XACT_INLINE void find_second(const two_largest<V> *of, std::size_t count) noexcept {
    V below[width];
    V equal[width];
    for (std::size_t r = 0; r < width; ++r) {
      const auto is_largest = of[r].first == V(maxima[r]);
      below[r] = r < count ? V(select(is_largest, of[r].second, of[r].first)) : V(0.0f);
      equal[r] = r < count ? V(select(is_largest, V(1.0f), V(0.0f))) : V(0.0f);
    }
    const V second = reduce_each(below, count, larger_of_two());
    largest.second = select(V(1.0f) < reduce_each(equal, count, sum_of_two()), largest.first, second);
  }
};

/// Rows in groups: what all rows of a group need is done for all at once. `Results` is as in softmax_rows, which takes
/// 25 % longer for log_softmax of 128 columns, four times as long for softmax of 16.
template <class Results, class Tier, class In, class Out> class softmax_short_rows {
  static constexpr bool of_terms = Results::of_terms;
  using group = row_group<Tier, std::conditional_t<of_terms, all_logits, largest_apart>>;
  using V = typename group::V;
  using W = typename group::W;
  static constexpr std::size_t width = group::width;

public:
  static constexpr std::size_t longest = of_terms ? 128 : 256;

  softmax_short_rows(const row_view<const In> &from, const row_view<Out> &to) noexcept
      : in(from), out(to), n(in.columns), shape(n) {}

  /// `other(i)` writes row i where the terms cannot be floats: a maximum that is infinite or huge, or all NaN.
  template <class Other> void run(const Other &other) const noexcept {
    for (std::size_t i = 0; i < in.count; i += width) {
      run_group(i, std::min(in.count - i, width), other);
    }
  }

private:
  template <class Other> void run_group(std::size_t first, std::size_t count, const Other &other) const noexcept {
    float terms[of_terms ? width * (longest + width) : 1];
    group rows;
    rows.template take<of_terms>(
        shape, [&](std::size_t r) XACT_INLINE { return in[first + r]; }, count, terms);
    double_double<V> results;
    double open[width]; // not 0 where the sum's error leaves open what it is rounded to
    if constexpr (of_terms) {
      results = Results::of_rows(W(round_to<sum_bits<Tier>>(rows.nearby)));
      store_each(W(select(is_open(rows.nearby), W(1.0), W(0.0))), open);
    } else {
      results = {rows.largest.first, to_float(logs(rows, open))};
    }
    float hi[width];
    float lo[width];
    store_each(results.hi, hi);
    store_each(results.lo, lo);
    for (std::size_t r = 0; r < count; ++r) {
      const In *from = in[first + r];
      const float maximum = rows.maxima[r];
      if (maximum == maximum && !scaled_exp<Tier, V>::suits(maximum)) [[unlikely]] {
        other(first + r);
      } else if (rows.sum[r] != rows.sum[r]) [[unlikely]] {
        detail::fill_n(out[first + r], n, Out(detail::nan_of<float>));
      } else {
        Results f({hi[r], lo[r]});
        if (open[r] != 0) [[unlikely]] {
          if constexpr (of_terms) {
            f = Results(decided_sum<Tier>(n, from));
          } else {
            f = Results::of_row(n, from, maximum);
          }
        }
        write(from, terms + (of_terms ? r * shape.padded() : 0), rows.tiny[r], f, out[first + r]);
      }
    }
  }

  XACT_INLINE auto is_open(const W &sum) const noexcept {
    return is_undecided<Tier>(sum, near_sum<Tier, V>::error(n, sum));
  }

  /// `near_log` of the rows; `open` is not 0 where there is none.
  XACT_INLINE W logs(const group &rows, double *open) const noexcept {
    using exp = scaled_exp<Tier, V, V>;
    const two_largest<V> &largest = rows.largest;
    const V unit = exp::exponent(largest.first) - exp::exponent(rows.scale);
    const W one = times_power(W(to_double(exp(largest.first)(largest.first))), W(to_double(unit)));
    const W nearby = rows.nearby + one * W(to_double(rows.apart));
    const W all = round_to<sum_bits<Tier>>(nearby);
    const auto dominated = is_dominated(all, one);
    const auto none = W(to_double(rows.counted)) == W(0.0);
    const W others = select(none, W(0.0), rows.nearby);
    const auto is_one = [](const auto &mask) XACT_INLINE { return W(select(mask, W(1.0), W(0.0))); };
    const W below_unit = is_one(W(to_double(rows.scale)) < W(static_cast<double>(256 - scaled_exp<Tier, V>::limit)));
    const W others_open = select(dominated, is_one(is_open(W(select(none, nearby, others)))), W(0.0));
    store_each(W(W(is_one(is_open(nearby)) + others_open) + below_unit), open);
    return select(dominated, log_of_one_and(W(select(none, W(0.0), W(round_to<sum_bits<Tier>>(others)))), one),
                  log_of_ratio(all, one));
  }

  XACT_INLINE void write([[maybe_unused]] const In *from, [[maybe_unused]] const float *terms,
                         [[maybe_unused]] bool tiny, const Results &f, Out *to) const noexcept {
    if constexpr (!of_terms) {
      shape.write(to, [&](std::size_t i) XACT_INLINE { return f(shape.load(from, i)); });
    } else if (tiny) {
      shape.write(to, [&](std::size_t i) XACT_INLINE { return f.by_integers(load_each<V>(terms + i)); });
    } else {
      shape.write(to, [&](std::size_t i) XACT_INLINE { return f(load_each<V>(terms + i)); });
    }
  }

  const row_view<const In> &in;
  const row_view<Out> &out;
  std::size_t n;
  short_row<Tier> shape;
};

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
