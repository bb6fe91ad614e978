#pragma once

/// @file
/// A row whose terms are floats: its sum, in blocks, and its results. Nothing is stored in between.

#include <xact/detail/softmax/blocks.hpp>
#include <xact/detail/softmax/inverse.hpp>
#include <xact/detail/softmax/row.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// The most elements of a row that are looked at more than once while they are near.
inline constexpr std::size_t longest_block = 2048;

/// f(from, logits, n) for each block of a row, the first of whose logits is `from`.
template <class E, class F> void each_block(const row_logits<float, E> &row, const F &f) noexcept {
  if (row.is_plain()) {
    for (std::size_t i = 0; i < row.size; i += longest_block) {
      f(i, direct_logits<E>{row.in + i}, std::min(row.size - i, longest_block));
    }
    return;
  }
  staged_logits block;
  for (std::size_t i = 0; i < row.size; i += block.most) {
    const std::size_t n = std::min(row.size - i, block.most);
    row.stage(i, n, lane_traits<float_step>::size, block.hi, block.lo);
    f(i, block, n);
  }
}

template <class E, class F> void each_block_and_sink(const row_logits<float, E> &row, const F &f) noexcept {
  each_block(row, f);
  if (row.options.sink) {
    constexpr std::size_t step = lane_traits<float_step>::size;
    const double_double<float> sink = as_logit(*row.options.sink);
    staged_logits block;
    detail::fill_n(block.hi, step, -detail::infinity_of<float>);
    detail::fill_n(block.lo, step, 0.0f);
    block.hi[0] = sink.hi;
    block.lo[0] = sink.lo;
    f(row.size, block, 1);
  }
}

/// What a row's logits come to, if their terms can be floats.
template <class Tier> struct float_row {
  enum class kinds { floats, nan, empty, other };
  kinds kind = kinds::other; ///< `empty`: no logit is above -inf; `other`: one that counts is infinite or huge
  double_double<float> maximum = {-detail::infinity_of<float>, 0};
  bool is_apart = false; ///< whether the sum is that of the others
  running_sum sum = {};

  /// `Precise`: summed in double. A block whose terms are below 2^-288 of the largest counts nothing.
  template <bool Precise, class E, class Which>
  static float_row of(const row_logits<float, E> &row, const Which &which) noexcept {
    float_row r;
    bool nan = false;
    bool huge = false;
    float passed_over = -detail::infinity_of<float>; // the largest of the blocks that count nothing
    two_largest<float_step> next;
    bool next_is_known = false;
    each_block_and_sink(row, [&](std::size_t from, const auto &x, std::size_t n) noexcept {
      const two_largest<float_step> lanes = next_is_known ? next : largest_of_block<Which>(x, n);
      const two_largest<float> m = over_lanes(lanes);
      next_is_known = false;
      if (!suits(m.first) || m.first < r.maximum.hi - 200) {
        huge = huge || m.first > float_logits;
        nan = nan || has_nan(x, n);
        passed_over = passed_over < m.first ? m.first : passed_over;
        return;
      }
      const auto sum_of = [&](const auto &kept, float scale) noexcept {
        if constexpr (requires { x.in; }) { // the next block comes from memory while this one is summed
          if (n == longest_block && row.size - from >= 2 * longest_block) {
            two_largest<float_step> largest;
            const auto s = sum_of_block<Tier, Precise>(kept, x, n, scale, lanes.first, [&](std::size_t i) XACT_INLINE {
              // Hides memory best of 64 to 16384 elements (a row of 16M, AVX-512, Zen 4: 0.26 ns an element; 0.30
              // by two blocks, 0.32 without); where results are written, it does harm.
              __builtin_prefetch(x.in + i + longest_block + 128);
              __builtin_prefetch(x.in + i + longest_block + 128 + 64 / sizeof(E));
              add_largest<Which>(largest, x.at(i + longest_block));
            });
            next = largest;
            next_is_known = true;
            return s;
          }
        }
        return sum_of_block<Tier, Precise>(kept, x, n, scale, lanes.first, nothing_beside{});
      };
      const double_double<float> largest{m.first, low_of_maximum(x, n, m.first)};
      bool apart = false;
      if constexpr (std::is_same_v<Which, largest_apart>) {
        apart = detail::is_apart(m);
      }
      if (apart) {
        const bool count = others_count(m);
        huge = huge || (count && !suits(m.second));
        const running_sum others = sum_of(all_logits_but{largest}, count ? m.second : m.first);
        r.sum.add(count || others.sum != others.sum ? others : running_sum{0, 0, others.scale});
      } else {
        r.sum.add(sum_of(which, m.first));
      }
      if (m.first > r.maximum.hi || (m.first == r.maximum.hi && largest.lo > r.maximum.lo)) {
        if (r.is_apart) {
          r.sum.add(of_one(r.maximum));
        }
        r.maximum = largest;
        r.is_apart = apart;
      } else if (apart) {
        r.sum.add(of_one(largest));
      }
    });
    constexpr float none = -detail::infinity_of<float>;
    if (nan || r.sum.sum != r.sum.sum) {
      r.kind = kinds::nan;
    } else if (r.maximum.hi == none) {
      // Else a logit may be finite as a double.
      r.kind = passed_over == none && !huge && are_floats(row.options) ? kinds::empty : kinds::other;
    } else if (!huge && !(passed_over > r.maximum.hi - 200)) {
      r.kind = kinds::floats;
    }
    return r;
  }

  /// The term of x.
  static running_sum of_one(const double_double<float> &x) noexcept {
    using V = native<float>;
    const scaled_exp<Tier, V> e(x.hi);
    return {static_cast<double>(first_lane(e(double_double<V>{V(x.hi), V(x.lo)}))), 0, e.scale()};
  }

  bool is_decided() const noexcept { return detail::is_decided<Tier>(sum.sum, sum.error); }

  /// The sum as it counts, times 2^sum.scale; `exact()` is the exact one, where it has to decide.
  template <class F> double rounded_sum(const F &exact) const noexcept {
    if (is_decided()) [[likely]] {
      return round_to<sum_bits<Tier>>(sum.sum);
    }
    const power<double> total = exact();
    return times_power(total.significand, total.exponent + sum.scale);
  }

private:
  static bool suits(float maximum) noexcept { return scaled_exp<Tier, float_step>::suits(maximum); }
};

/// What the logits of a row come to, from the cheapest sum for which `is_decided(row)`.
template <class Tier, class E, class Which, class F>
float_row<Tier> sum_in_floats(const row_logits<float, E> &row, const Which &which, const F &is_decided) noexcept {
  const auto r = float_row<Tier>::template of<false>(row, which);
  if (r.kind != float_row<Tier>::kinds::floats || is_decided(r)) [[likely]] {
    return r;
  }
  return float_row<Tier>::template of<true>(row, which);
}
template <class Tier, class E> float_row<Tier> sum_in_floats(const row_logits<float, E> &row) noexcept {
  return sum_in_floats<Tier>(row, all_logits{}, [](const float_row<Tier> &r) noexcept { return r.is_decided(); });
}

/// The sum over n plain logits as it counts, times 2^scale of the maximum: for where a cheaper sum leaves it open.
template <class Tier, class E> [[gnu::noinline, gnu::cold]] double decided_sum(std::size_t n, const E *in) noexcept {
  const softmax_options plain;
  const row_logits<float, E> row{in, n, plain};
  return float_row<Tier>::template of<true>(row, all_logits{}).rounded_sum([&] {
    return sum_with_sink<Tier>(row).total();
  });
}

/// out[i] = f(logits i) for a block, where f takes and gives lanes.
template <class L, class Out, class F>
[[gnu::noinline]] void map_block(const L &x, std::size_t n, Out *out, const F &f) noexcept {
  constexpr std::size_t step = lane_traits<float_step>::size;
  each_step(x, n, [&](std::size_t i, const auto &z) XACT_INLINE {
    const float_step y = f(z);
    if (n - i >= step) [[likely]] {
      store_step(y, out + i);
    } else {
      Out end[step];
      store_step(y, end);
      detail::copy_n(end, n - i, out + i);
    }
  });
}

/// map_block of whole P, to an aligned place. Four batches at once are 5 to 12 % faster than two.
template <class P, class E, class F>
[[gnu::noinline]] void stream_block(const E *in, std::size_t n, float *out, const F &f) noexcept {
  for (std::size_t i = 0; i < n; i += lane_traits<P>::size) {
    stream_lanes(f(load_step<P>(in + i)), out + i);
  }
}

/// What makes a row's softmax of its logits, once its sum is known.
template <class Tier> struct quotient_of_floats {
  double_double<float> bounds; ///< of scaled_exp
  float_inverse<Tier> inverse;
  template <class Z> XACT_INLINE auto operator()(const Z &z) const noexcept {
    using V = std::remove_cvref_t<decltype(upper_part(z))>;
    return inverse.by_integers(scaled_exp<Tier, V>(bounds)(z));
  }
};

/// out[i] = f(logits i) for a row.
template <class E, class Out, class F> void map_row(const row_logits<float, E> &row, Out *out, const F &f) noexcept {
  if constexpr (can_stream<float_step, Out>) {
    if (row.is_plain() && row.size * sizeof(Out) >= streamed_bytes && static_cast<const void *>(row.in) != out) {
      const std::size_t first = -reinterpret_cast<std::uintptr_t>(out) % 64 / sizeof(float);
      const std::size_t last = first + (row.size - first) / 64 * 64;
      map_block(direct_logits<E>{row.in}, first, out, f);
      each_page(first, last, out, [&](std::size_t from, std::size_t n) noexcept {
        stream_block<pack<native<float>, 4>>(row.in + from, n, out + from, f);
      });
      return map_block(direct_logits<E>{row.in + last}, row.size - last, out + last, f);
    }
  }
  each_block(row, [&](std::size_t from, const auto &x, std::size_t n) noexcept { map_block(x, n, out + from, f); });
}

template <class Tier, class E, class Out>
void write_softmax(const row_logits<float, E> &row, float maximum, double sum, Out *out) noexcept {
  map_row(row, out, quotient_of_floats<Tier>{scaled_exp<Tier, float_step>(maximum).bounds(), float_inverse<Tier>(sum)});
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
