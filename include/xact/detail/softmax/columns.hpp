#pragma once

/// @file
/// Columns: vectorised across the row, so that memory is read as it lies. Each lane is a column, with the same logits,
/// terms and rounded sum that it would have as a row, and so the same bits.

#include <xact/detail/softmax/rows.hpp>
#include <xact/detail/types/columns.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// softmax of n columns side by side, at most a register's, in three passes of which the last makes the terms again:
/// they need no memory then, and nothing is written where this is not enough. False there.
template <class K, class In, class Out>
bool columns_in_lanes(const In *in, Out *out, std::size_t width, std::size_t height, std::size_t n,
                      double scale) noexcept {
  using T = typename K::scalar;
  using V = native<T>;
  using W = wide_t<V>;
  constexpr std::size_t step = lane_traits<V>::size;
  const scale_in_base_2<T> c = K::in_base_2(scale);
  const V sign(static_cast<T>(scale));
  V most(-infinity_of<T>);
  for (std::size_t r = 0; r < height; ++r) {
    most = at_least(most, V(load_part<V>(in + r * width, n, T(0)) * sign));
  }
  T shift[step], inverse[step] = {};
  store_lanes(most, shift);
  for (T &s : shift) {
    const double peak = static_cast<double>(s) * log2_e[0];
    if (!(peak <= K::limit && peak >= 200 - K::limit)) {
      return false;
    }
    s = shift_of<K>(even_near(peak));
  }
  const V shifts = load_lanes<V>(static_cast<const T *>(shift));
  W sum(0.0);
  for (std::size_t r = 0; r < height; ++r) {
    const V t = term_of<K>(K::of(load_part<V>(in + r * width, n, T(0)), c, shifts));
    sum = sum + to_double(t);
  }
  double sums[step];
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
  store(sum, sums);
  const double error = (static_cast<double>(height) + 16) * 0x1p-53;
  for (std::size_t k = 0; k < step; ++k) {
    const running_sum total{sums[k], 0};
    const double s = round_sum<K::sum_bits>(total, sums[k] * error);
    if (!(s == round_sum<K::sum_bits>(total, sums[k] * -error))) {
      return false;
    }
    inverse[k] = static_cast<T>(1 / s);
  }
  const V factor = load_lanes<V>(static_cast<const T *>(inverse));
  for (std::size_t r = 0; r < height; ++r) {
    const V t = term_of<K>(K::of(load_part<V>(in + r * width, n, T(0)), c, shifts));
    store_part(V(t * factor), out + r * width, n);
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
  constexpr bool in_lanes = Op == row_operation::softmax && sizeof(T) == 4;
  for (std::size_t m = 0; m < in.count; ++m) {
    const In *const from = in.data + m * in.width * in.height;
    Out *const to = out.data + m * in.width * in.height;
    for (std::size_t i = 0; i < in.width; i += step) {
      const std::size_t n = in.width - i < step ? in.width - i : step;
      if constexpr (in_lanes) {
        if (columns_in_lanes<K>(from + i, to + i, in.width, in.height, n, options.scale[0])) {
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
