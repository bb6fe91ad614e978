#pragma once

/// @file
/// Columns: vectorised across the row, so that memory is read as it lies. Each lane is a column, with the same logits,
/// terms and rounded sum that it would have as a row, and so the same bits.

#include <xact/detail/softmax/rows.hpp>
#include <xact/detail/types/columns.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// Sums as round_sum rounds them.
template <class K, class W> XACT_INLINE inline W rounded_sums(const W &sums) noexcept {
  using Int = integer_t<W>;
  constexpr std::int64_t step = std::int64_t{1} << (53 - K::sum_bits);
  return as_float(Int(Int(as_integer(sums) + Int(step / 2 - step / 77)) & Int(-step)));
}

/// log(1 + others / one) of a register's columns, and its sign turned.
template <class V, class W> [[gnu::noinline]] V minus_logs(const W &others, const W &ones) noexcept {
  constexpr std::size_t step = lane_traits<V>::size;
  const auto store = [](const W &w, double *to) XACT_INLINE {
    if constexpr (requires { w.part; }) {
      for (const auto &part : w.part) {
        store_lanes(part, to);
        to += lane_traits<native<double>>::size;
      }
    } else {
      *to = w;
    }
  };
  double other[step], one[step];
  store(others, other);
  store(ones, one);
  scalar_t<V> less[step];
  for (std::size_t k = 0; k < step; ++k) {
    less[k] = static_cast<scalar_t<V>>(-log_of_sum({other[k], 0}, {one[k], 0}).hi);
  }
  return load_lanes<V>(static_cast<const scalar_t<V> *>(less));
}

/// Registers of columns that go together: so much of a row is read that it comes at the memory's speed.
inline constexpr std::size_t strip = lane_traits<native<float>>::size > 8 ? 4 : 8;

/// softmax or log_softmax of S registers of columns (of n columns, where S is 1), in three passes. Terms lie in `out`,
/// or, where that is `in`, are made again, so that `in` is as it was where this is not enough. False there.
template <row_operation Op, class K, std::size_t S, class In, class Out>
[[gnu::noinline]] bool columns_in_lanes(const In *in, Out *out, std::size_t width, std::size_t height, std::size_t n,
                                        double scale) noexcept {
  using T = typename K::scalar;
  using V = native<T>;
  using W = wide_t<V>;
  constexpr std::size_t step = lane_traits<V>::size;
  constexpr bool log = Op == row_operation::log_softmax;
  const scale_in_base_2<T> c = K::in_base_2(scale);
  const V sign(static_cast<T>(scale));
  const auto load = [&](std::size_t r, std::size_t s) XACT_INLINE {
    return S == 1 ? load_part<V>(in + r * width, n, T(0)) : load_lanes<V>(in + r * width + s * step);
  };
  const auto store = [&](const V &y, std::size_t r, std::size_t s)
                         XACT_INLINE { store_part(y, out + r * width + s * step, S == 1 ? n : step); };
  V most[S], shift[S], last[S];
  W sum[S];
  for (std::size_t s = 0; s < S; ++s) {
    most[s] = V(-infinity_of<T>);
    sum[s] = W(0.0);
  }
  for (std::size_t r = 0; r < height; ++r) {
    _Pragma("GCC unroll 8") for (std::size_t s = 0; s < S; ++s) { most[s] = at_least(most[s], V(load(r, s) * sign)); }
  }
  for (std::size_t s = 0; s < S; ++s) {
    const V peak = most[s] * V(static_cast<T>(log2_e[0])), magic(T(0x1.8p23));
    if (any_lane(V(T(K::limit)) < peak) || any_lane(peak < V(T(200 - K::limit)))) {
      return false;
    }
    const V half = V(peak * V(T(0.5)) + magic) - magic;
    shift[s] = V(K::magic + T(K::top)) - V(half + half);
    last[s] = V(T(0)); // log: whether the largest element has been left out
  }
  const auto term_at = [&](const V &x, std::size_t s) XACT_INLINE { return term_of<K>(K::of(x, c, shift[s])); };
  const bool keeps = !log && std::is_same_v<T, Out> && static_cast<const void *>(in) != static_cast<const void *>(out);
  for (std::size_t r = 0; r < height; ++r) {
    _Pragma("GCC unroll 8") for (std::size_t s = 0; s < S; ++s) {
      const V x = load(r, s);
      V t = term_at(x, s);
      if constexpr (log) {
        const V is_largest = select(V(x * sign) == most[s], V(T(1)), V(T(0)));
        t = select(last[s] < is_largest, V(T(0)), t);
        last[s] = at_least(last[s], is_largest);
      } else if (keeps) {
        store(t, r, s);
      }
      sum[s] = sum[s] + to_double(t);
    }
  }
  for (std::size_t s = 0; s < S; ++s) {
    const W error = sum[s] * W((static_cast<double>(height) + 16) * 0x1p-53);
    const W rounded = rounded_sums<K>(W(sum[s] + error));
    if (any_lane(W(0.0) < W(select(rounded == rounded_sums<K>(W(sum[s] - error)), W(0.0), W(1.0))))) {
      return false;
    }
    if constexpr (log) {
      last[s] = minus_logs<V>(rounded, W(to_double(term_at(V(most[s] * sign), s))));
    } else {
      last[s] = to_float(W(W(1.0) / rounded));
    }
  }
  for (std::size_t r = 0; r < height; ++r) {
    _Pragma("GCC unroll 8") for (std::size_t s = 0; s < S; ++s) {
      if constexpr (log) { // as write_logs
        const V d = V(load(r, s) * sign) - most[s];
        store(K::product_and(d, V(T(1)), K::product_and(at_least(d, V(T(-0x1p100))), V(T(0)), last[s])), r, s);
      } else if (keeps) {
        const Out *const t = out + r * width + s * step;
        store(V((S == 1 ? load_part<V>(t, n) : load_lanes<V>(t)) * last[s]), r, s);
      } else {
        store(V(term_at(load(r, s), s) * last[s]), r, s);
      }
    }
  }
  return true;
}

/// n columns as rows of a buffer.
template <row_operation Op, row_tier Tier, class In, class Out>
[[gnu::noinline]] void columns_as_rows(const In *in, Out *out, std::size_t width, std::size_t height, std::size_t n,
                                       const softmax_options &options) noexcept {
  constexpr std::size_t room = 4096;
  In from[room];
  Out to[room];
  const std::size_t together = room / height;
  for (std::size_t i = 0; i < n; i += together) {
    const std::size_t count = n - i < together ? n - i : together;
    for (std::size_t r = 0; r < height; ++r) {
      for (std::size_t k = 0; k < count; ++k) {
        from[k * height + r] = in[r * width + i + k];
      }
    }
    each_row<Op, Tier>(row_view<const In>{from, count, height, height}, row_view<Out>{to, count, height, height},
                       options);
    for (std::size_t r = 0; r < height; ++r) {
      for (std::size_t k = 0; k < count; ++k) {
        out[r * width + i + k] = to[k * height + r];
      }
    }
  }
}

/// The columns of all matrices; of the options, a scale of 1 or -1. Those higher than the buffer, where lanes are not
/// enough, go by `by_state(in, out, width, height)`, one by one.
template <row_operation Op, row_tier Tier, class In, class Out, class F>
void each_column(const column_view<const In> &in, const column_view<Out> &out, const softmax_options &options,
                 const F &by_state) noexcept {
  using K = row_kernel<Tier, In, Out>;
  using T = typename K::scalar;
  constexpr std::size_t step = lane_traits<native<T>>::size;
  constexpr bool in_lanes = sizeof(T) == 4;
  for (std::size_t m = 0; m < in.count; ++m) {
    const In *const from = in.data + m * in.width * in.height;
    Out *const to = out.data + m * in.width * in.height;
    for (std::size_t i = 0, n = 0; i < in.width; i += n) {
      const std::size_t left = in.width - i;
      n = in_lanes && left >= strip * step ? strip * step : left < step ? left : step;
      if constexpr (in_lanes) {
        if (n > step ? columns_in_lanes<Op, K, strip>(from + i, to + i, in.width, in.height, n, options.scale[0])
                     : columns_in_lanes<Op, K, 1>(from + i, to + i, in.width, in.height, n, options.scale[0])) {
          continue;
        }
      }
      if (in.height <= 4096) {
        columns_as_rows<Op, Tier>(from + i, to + i, in.width, in.height, n, options);
      } else {
        for (std::size_t k = 0; k < n; ++k) {
          by_state(from + i + k, to + i + k, in.width, in.height);
        }
      }
    }
  }
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
