#pragma once

/// @file
/// Softmax and log_softmax of many plain rows: the passes over one row run beside those over its neighbours.

#include <xact/detail/call/rows.hpp>
#include <xact/detail/softmax/float_row.hpp>
#include <xact/detail/softmax/short_rows.hpp>
#include <xact/detail/types/freestanding.hpp>

#include <algorithm>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// Row by row. While the terms of a row are summed, an earlier row is written, and the maximum of a later one is found:
/// three loops in one, which hides memory, latency and the ends of the rows. `Results` is what an element becomes once
/// the row's sum is known: a function of its term, which is kept in the place of the result until then (where that has
/// not the room, aside), or of its logit.
template <class Results, class Tier, class In, class Out> class softmax_rows {
  static constexpr bool of_terms = Results::of_terms;
  static constexpr bool in_place = std::is_same_v<Out, float>;
  static constexpr bool aside = of_terms && !in_place;

public:
  /// The longest row of which terms are kept, or the logits read again: a longer one leaves the cache in between, of
  /// the second level or the last. (Softmax of 2^20: 0.31 and 0.23 ns an element, by blocks 0.49 and 0.37; log_softmax
  /// is faster by blocks.)
  static constexpr std::size_t longest = aside ? 4096 : of_terms ? 1 << 20 : 65536;

  /// `other(i)` writes row i where the terms cannot be floats: a maximum that is infinite or huge, or all NaN.
  template <class Other>
  static void run(const row_view<const In> &in, const row_view<Out> &out, const Other &other) noexcept {
    const std::size_t n = in.columns;
    if (in.count == 0) {
      return;
    }
    float kept[2][aside ? longest : 1];
    V of_pieces[2][most_pieces];
    waiting last;
    two_largest<float> largest = largest_of(n, {in[0], of_pieces[0]});
    for (std::size_t i = 0; i < in.count; ++i) {
      const row now{in[i], of_pieces[i % 2]};
      const row next{in[std::min(i + 1, in.count - 1)], of_pieces[(i + 1) % 2]};
      const float maximum = largest.first;
      const bool apart = !of_terms && is_apart(largest);
      const bool counts = apart && others_count(largest);
      if (!suits(maximum) || (counts && !suits(largest.second))) [[unlikely]] {
        write(n, last);
        last.from = nullptr;
        largest = largest_of(n, next);
        other(i);
        continue;
      }
      const float most = counts ? largest.second : maximum;
      const terms_of e{scaled_exp<Tier, P>(most), most};
      float *terms = kept[i % 2];
      if constexpr (in_place && of_terms) {
        terms = out[i];
      }
      const result found = last.from == nullptr ? pass<beside::nothing>(n, next, now, terms, last, e)
                           : last.tiny          ? pass<beside::tiny>(n, next, now, terms, last, e)
                                                : pass<beside::results>(n, next, now, terms, last, e);
      last.from = nullptr;
      if (found.sum != found.sum) [[unlikely]] {
        detail::fill_n(out[i], n, Out(detail::nan_of<float>));
      } else if constexpr (of_terms) {
        const double sum = is_decided<Tier>(found.sum, found.error)
                               ? round_to<sum_bits<Tier>>(found.sum)
                               : decided_sum<Tier, V>(n, terms, scaled_exp<Tier, V>::exponent(maximum));
        last = {terms, out[i], Results(sum), found.tiny};
      } else {
        running_sum sum{found.sum, found.error, e.exp.scale()};
        if (counts) {
          sum.sum -= float_row<Tier>::of_one({largest.second, 0}).sum; // in the place of the largest
        } else if (apart) {
          sum.sum = sum.error = 0;
        }
        const running_sum one = float_row<Tier>::of_one({maximum, 0});
        const float log = near_log<Tier>(sum, times_power(one.sum, sum.scale - one.scale), apart);
        last = {in[i], out[i], log == log ? Results({maximum, log}) : Results::of_row(n, in[i], maximum)};
      }
      largest = found.next;
    }
    write(n, last);
  }

private:
  using V = native<float>;
  using P = pack<V, 2>;
  static constexpr std::size_t step = lane_traits<P>::size;

  static bool suits(float maximum) noexcept { return scaled_exp<Tier, V>::suits(maximum); }

  static constexpr std::size_t most_pieces = 8192 / sizeof(V);
  /// How many of a row's n logits are summed as one piece; a multiple of what near_sum takes between two `flush`.
  static std::size_t piece_of(std::size_t n) noexcept {
    constexpr std::size_t least = 64 * step;
    return (n + most_pieces * least - 1) / (most_pieces * least) * least;
  }

  struct row {
    const In *in;
    V *of_pieces; ///< the largest logit of each piece, lane by lane
  };
  struct result {
    double sum;
    double error;
    bool tiny; ///< whether quotients may be subnormal, or what leads to them in the default tier
    two_largest<float> next;
  };
  struct terms_of {
    scaled_exp<Tier, P> exp;
    float most; ///< taken in the place of a larger logit, of which there is one at most
    XACT_INLINE P operator()(const P &x) const noexcept {
      if constexpr (of_terms) {
        return exp(x);
      } else {
        return exp(at_most(x, P(most)));
      }
    }
  };
  using which = std::conditional_t<of_terms, all_logits, largest_apart>;
  using kept_t = std::conditional_t<of_terms, float, const In>;
  /// A row that waits to be written.
  struct waiting {
    kept_t *from = nullptr;
    Out *out = nullptr;
    Results results = {};
    bool tiny = false; ///< whether results may be subnormal

    template <bool may_be_tiny, class X> XACT_INLINE X result(const X &x) const noexcept {
      if constexpr (of_terms && may_be_tiny) {
        return results.by_integers(x);
      } else {
        return results(x);
      }
    }
  };
  enum class beside { nothing, results, tiny }; ///< what is written while a row is summed

  static two_largest<float> largest_of(std::size_t n, const row &x) noexcept {
    two_largest<P> largest;
    std::size_t i = 0;
    for (V *piece = x.of_pieces; i < n; ++piece) {
      two_largest<P> of_piece;
      for (const std::size_t end = std::min(i + piece_of(n), n); i < end; i += step) {
        add_largest<which>(of_piece, i + step < n ? load_step<P>(x.in + i) : last_of(n, x.in, i));
      }
      *piece = end_piece(of_piece, largest);
    }
    return over_lanes(largest);
  }
  /// The largest logits of a piece, which is also added to what is known of the row.
  XACT_INLINE static V end_piece(const two_largest<P> &piece, two_largest<P> &row) noexcept {
    row.add(piece);
    return at_least(piece.first.part[0], piece.first.part[1]);
  }

  /// The last lanes of a row of which the first i were seen, with -inf for those among them.
  XACT_INLINE static P last_of(std::size_t n, const In *x, std::size_t i) noexcept {
    return with_first(load_step<P>(x + n - step), i - (n - step), -detail::infinity_of<float>);
  }

  static void write(std::size_t n, const waiting &row) noexcept {
    if (row.from == nullptr) {
      return;
    }
    if (row.tiny) {
      map<V>([&](const V &x) noexcept { return row.template result<true>(x); }, n, row.out, row.from);
    } else {
      map<V>([&](const V &x) noexcept { return row.template result<false>(x); }, n, row.out, row.from);
    }
  }

  template <beside Beside>
  XACT_INLINE static result pass(std::size_t n, row next, row now, float *terms, const waiting last,
                                 const terms_of e) noexcept {
    constexpr bool writes = Beside != beside::nothing;
    constexpr bool writes_tiny = Beside == beside::tiny;
    near_sum<Tier, V> sum;
    two_largest<P> largest;
    two_largest<P> of_piece;
    P smallest(detail::infinity_of<float>);
    // Bits do not depend on `tiny` in the fast tier, so that samples do there (all of them cost 6 %).
    constexpr bool samples = is_fast<Tier>;
    const auto one = [&](std::size_t i) XACT_INLINE {
      add_largest<which>(of_piece, load_step<P>(next.in + i));
      const P term = e(load_step<P>(now.in + i));
      sum.add(term);
      if (of_terms && !samples) {
        smallest = at_most(term, smallest);
      }
      if constexpr (writes) {
        store_step(last.template result<writes_tiny>(load_step<P>(last.from + i)), last.out + i);
      }
      if constexpr (of_terms) {
        store_each(term, terms + i);
      }
    };
    // The last step overlaps the one before it: what it reads is read before anything is written in its place.
    const std::size_t end = n - step;
    const P in_end = load_step<P>(now.in + end);
    const P last_end = writes ? load_step<P>(last.from + end) : in_end;
    std::size_t i = 0;
    const auto begin = [&]() XACT_INLINE {
      sum.begin(e.exp.power_above(at_most(*now.of_pieces++, V(e.most))));
      of_piece = {};
    };
    const auto groups = [&](std::size_t stop) XACT_INLINE {
      constexpr std::size_t group = near_sum<Tier, V>::most * step;
      for (; i + group <= stop; sum.flush()) {
        for (const std::size_t last_of_group = i + group; i < last_of_group; i += step) {
          one(i);
        }
      }
    };
    const std::size_t piece = piece_of(n);
    while (i + piece < n) {
      begin();
      groups(i + piece);
      *next.of_pieces++ = end_piece(of_piece, largest);
    }
    begin();
    groups(end);
    for (; i < end; i += step) {
      one(i);
    }
    add_largest<which>(of_piece, last_of(n, next.in, i));
    const P term = e(in_end);
    smallest = at_most(term, smallest);
    sum.add(with_first(term, i - end, 0.0f));
    if constexpr (writes) {
      store_step(last.template result<writes_tiny>(last_end), last.out + end);
    }
    if constexpr (of_terms) {
      store_each(term, terms + end);
    }
    sum.flush();
    *next.of_pieces = end_piece(of_piece, largest);
    return {sum.total(), sum.error(n), may_be_tiny<Tier>(smallest), over_lanes(largest)};
  }
};

/// All rows of `Function` by softmax_rows, if they are such. Where options make floats of floats, these are first
/// written in the place of the results, some rows at a time. (64 x 1024 with a boolean mask, AVX-512, Zen 4: 0.37 ns an
/// element; row by row 1.05, without a mask 0.26.)
template <class Function, class Results, class T, class Tier, class E, class In, class Out>
bool rows_together(const row_view<In> &in, const row_view<Out> &out, const softmax_options &options) noexcept {
  if constexpr (has_float_terms<T, Tier> && !std::is_arithmetic_v<native<float>>) {
    using long_rows = softmax_rows<Results, Tier, E, Out>;
    if (in.columns > long_rows::longest || options.sink) {
      return false;
    }
    const auto row = [&](std::size_t i) noexcept { return row_at<T>(in, i, options); };
    if (!options.causal && options.scale == 1 && options.softcap == 0 && options.mask.empty()) {
      const row_view<const E> from{in.data, in.count, in.columns, in.stride};
      const auto other = [&](std::size_t i) noexcept { Function::row(row(i), in.columns, out[i]); };
      using short_rows = softmax_short_rows<Results, Tier, E, Out>;
      in.columns <= short_rows::longest ? short_rows(from, out).run(other) : long_rows::run(from, out, other);
      return true;
    }
    if constexpr (std::is_same_v<Out, float>) {
      if (are_floats(options)) {
        const std::size_t most = std::max<std::size_t>(1, 32768 / in.columns); // rows that stay in the cache
        for (std::size_t i = 0; i < in.count; i += most) {
          const std::size_t count = std::min(most, in.count - i);
          const std::size_t columns = std::max<std::size_t>(1, visible(options, i + count - 1, in.columns));
          const row_view<float> some{out[i], count, columns, out.stride};
          for (std::size_t k = 0; k < count; ++k) {
            row(i + k).write(columns, some[k]);
          }
          rows_together<Function, Results, T, Tier, float>(some, some, {.on_empty_row = options.on_empty_row});
          for (std::size_t k = 0; k < count; ++k) {
            const bool is_nan = some[k][0] != some[k][0];
            const float rest = is_nan ? detail::nan_of<float> : Results::of_terms ? 0 : -detail::infinity_of<float>;
            detail::fill_n(some[k] + columns, in.columns - columns, rest);
          }
        }
        return true;
      }
    }
  }
  return false;
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
