#pragma once

/// @file
/// Many rows: what options come to for each, and which go through the passes together.

#include <xact/detail/softmax/options.hpp>
#include <xact/detail/softmax/plain.hpp>
#include <xact/detail/types/softmax_checks.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

enum class row_operation { softmax, log_softmax, logsumexp };
/// At most 4 ULP; 2; 0.51.
enum class row_tier { standard, accurate, exact };

/// The kernel that makes results of type Out.
template <row_tier Tier, class In, class Out>
using row_kernel = std::conditional_t<
    std::is_same_v<In, double>,
    std::conditional_t<Tier == row_tier::standard, double_terms<false>, accurate_double_terms>,
    std::conditional_t<std::is_same_v<Out, double> ||
                           (Tier != row_tier::standard && !narrow_element<Out> && !byte_code<Out>),
                       double_terms<true>,
                       std::conditional_t<(narrow_element<Out> && !byte_code<Out>) || has_fma<native<float>>,
                                          fused_terms, unfused_terms>>>;

/// The columns that a query sees.
struct seen_columns {
  std::size_t begin, end;
};
inline seen_columns seen_by(const softmax_options &options, std::size_t query, std::size_t columns) noexcept {
  if (!options.causal && options.window.left == softmax_window::unlimited &&
      options.window.right == softmax_window::unlimited) {
    return {0, columns};
  }
  // In doubles nothing overflows, and what is near a column is exact.
  const auto within = [&](double x) {
    return x <= 0 ? 0 : x >= static_cast<double>(columns) ? columns : static_cast<std::size_t>(x);
  };
  const double own = static_cast<double>(query) + static_cast<double>(options.offset);
  std::size_t end = columns;
  if (options.causal) {
    end = within(own + 1);
  }
  if (options.window.right != softmax_window::unlimited) {
    const std::size_t right = within(own + static_cast<double>(options.window.right) + 1);
    end = right < end ? right : end;
  }
  const std::size_t begin =
      options.window.left == softmax_window::unlimited ? 0 : within(own - static_cast<double>(options.window.left));
  return {begin < end ? begin : end, end};
}

/// The mask of row r, from its first visible column on.
[[gnu::noinline]] inline const void *mask_of(const softmax_options &options, std::size_t r, std::size_t rows,
                                             std::size_t columns, std::size_t begin) noexcept {
  const std::size_t queries = options.queries != 0 ? options.queries : rows, size = options.mask.size();
  const std::size_t row = size == columns ? 0 : size == queries * columns ? r % queries : r;
  return static_cast<const unsigned char *>(options.mask.first()) +
         (row * columns + begin) * options.mask.element_size();
}

/// What the options are for row r, whose first visible column is given.
inline row_options options_of(const softmax_options &options, std::size_t r, std::size_t rows, std::size_t columns,
                              std::size_t begin) noexcept {
  const std::size_t queries = options.queries != 0 ? options.queries : rows;
  const std::size_t head = r / queries;
  row_options o;
  o.scale = number_of(options.scale, r);
  o.softcap = options.softcap < infinity_of<double> ? options.softcap : 0;
  o.sink = number_of(options.sink, head);
  o.zero_if_empty = options.on_empty_row == empty_row::zero;
  o.mask_kind = options.mask.holds();
  if (o.mask_kind != option_kind::none) {
    o.mask = mask_of(options, r, rows, columns, begin);
    o.mask_scale = number_of(options.mask_scale, head);
  }
  return o;
}

/// In place of options in a call without.
struct no_options {};

/// Gives row r its options; the columns that it sees.
template <class K>
[[gnu::noinline]] seen_columns prepare_row(row_logits<K> &l, const softmax_options &options, std::size_t r,
                                           std::size_t rows, std::size_t columns) noexcept {
  const seen_columns seen = seen_by(options, options.queries != 0 ? r % options.queries : r, columns);
  if (!l.more || !(options.scale.is_one() && options.mask_scale.is_one() && options.sink.is_one())) {
    set_options(l, options_of(options, r, rows, columns, seen.begin));
  } else if (l.o.mask_kind != option_kind::none) {
    l.o.mask = mask_of(options, r, rows, columns, seen.begin);
  }
  return seen;
}

/// The options of all rows, none in a call without: so that it does not have what only they need.
template <class K> struct options_of_rows {
  const softmax_options *options = nullptr;
  seen_columns (*prepare)(row_logits<K> &, const softmax_options &, std::size_t, std::size_t, std::size_t) = nullptr;
  explicit options_of_rows(const no_options &) noexcept {}
  explicit options_of_rows(const softmax_options &o) noexcept : options(&o), prepare(prepare_row<K>) {}
};

/// Rows of elements that are loaded as T.
template <class T> struct loaded_rows {
  const unsigned char *data;
  std::size_t count, columns, stride, element_size; ///< the last two in bytes
  void (*load)(const void *, std::size_t, std::size_t, T *, T);
  template <class E>
  explicit loaded_rows(const row_view<const E> &in)
      : data(reinterpret_cast<const unsigned char *>(in.data)), count(in.count), columns(in.columns),
        stride(in.stride * sizeof(E)), element_size(sizeof(E)), load(load_elements<E, T>) {}
};

template <class K> struct row_group {
  using T = typename K::scalar;
  row_buffers<T> buffers;
  std::size_t begin[most_rows];
  union {
    row_pass<K> pass[most_rows]; // to construct all of them would take 30 ns a call
  };
  row_group() noexcept {}

  row_pass<K> &set(std::size_t i, const row_pass<K> &fresh) noexcept {
    static_assert(std::is_trivially_copyable_v<row_pass<K>>);
    __builtin_memcpy(&pass[i], &fresh, sizeof fresh);
    return pass[i];
  }
};

/// What a row comes to, and the last pass.
template <row_operation Op, class K, class Out>
XACT_INLINE inline void finish_row(row_pass<K> &p, row_buffers<typename K::scalar> &b, std::size_t begin,
                                   std::size_t columns, Out *to) noexcept {
  row_result result;
  if (p.kind == row_kind::finite) {
    result.sum = p.rounded_sum(b);
    if (!(result.sum.hi > 0) && !(Op != row_operation::softmax && p.total.hi == 0)) [[unlikely]] {
      p.kind = row_kind::nan;
    } else if (Op != row_operation::softmax) {
      result.log = log_of_sum(result.sum, p.one);
      result.largest = p.largest;
    }
  }
  if constexpr (Op == row_operation::logsumexp) {
    const double none = p.kind == row_kind::nan     ? nan_of<double>
                        : p.kind == row_kind::empty ? -infinity_of<double>
                                                    : infinity_of<double>;
    *to = static_cast<Out>(p.kind == row_kind::finite ? log_sum(result, p.logits.origin) : none);
  } else {
    constexpr bool log = Op == row_operation::log_softmax;
    if (write_odd<log>(p, begin, columns, to)) [[unlikely]] {
      return;
    }
    if constexpr (log) {
      write_log_softmax(p, result, b, to + begin);
    } else {
      write_softmax(p, result, true, b, to + begin);
    }
    const auto nothing = result_of<Out>(log ? -infinity_of<double> : 0, p.codes);
    const std::size_t end = begin + p.logits.size;
    fill_n(to, begin, nothing);
    fill_n(to + end, columns - end, nothing);
  }
}

/// Rows from r on, as many as go together; how many.
template <row_operation Op, class K, class Out>
[[gnu::noinline]] std::size_t group_of_rows(row_group<K> &g, const row_pass<K> &fresh, std::size_t r, std::size_t last,
                                            const loaded_rows<typename K::scalar> &in, const row_view<Out> &out,
                                            const options_of_rows<K> &options) noexcept {
  using T = typename K::scalar;
  constexpr std::size_t step = lane_traits<native<T>>::size;
  const std::size_t padded = (in.columns + step - 1) / step * step;
  const std::size_t together = padded == 0 ? 1 : row_pass<K>::chunk / padded;
  std::size_t count = 0;
  for (; r + count < last && count < most_rows && (count == 0 || count < together); ++count) {
    row_pass<K> &p = g.set(count, fresh);
    const std::size_t row = r + count;
    seen_columns seen{0, in.columns};
    if (options.prepare) {
      seen = options.prepare(p.logits, *options.options, row, in.count, in.columns);
    }
    p.logits.in = in.data + row * in.stride + seen.begin * in.element_size;
    p.logits.size = seen.end - seen.begin;
    p.slot = count * padded;
    if constexpr (Op == row_operation::softmax && std::is_same_v<T, Out> && !has_parts<K>) {
      p.terms = out[row] + seen.begin;
    }
    g.begin[count] = seen.begin;
    p.measure(g.buffers);
  }
  for (std::size_t i = 0; i < count; ++i) {
    g.pass[i].sum(g.buffers);
  }
  for (std::size_t i = 0; i < count; ++i) {
    finish_row<Op>(g.pass[i], g.buffers, g.begin[i], in.columns, out[r + i]);
  }
  return count;
}

template <row_operation Op, class K, class Out>
[[gnu::noinline]] void rows_by_passes(std::size_t r, std::size_t last, const loaded_rows<typename K::scalar> &in,
                                      const row_view<Out> &out, const options_of_rows<K> &options,
                                      const quantization &codes = {}) noexcept {
  row_group<K> g;
  row_pass<K> fresh;
  fresh.codes = codes;
  if constexpr (Op != row_operation::softmax) {
    fresh.set_with_log();
  }
  fresh.logits.set_scale(1);
  if (options.prepare) {
    options.prepare(fresh.logits, *options.options, r, in.count, in.columns);
  }
  fresh.logits.load = in.load;
  while (r < last) {
    r += group_of_rows<Op>(g, fresh, r, last, in, out, options);
  }
}

inline bool is_plain(const no_options &) noexcept { return true; }
inline double scale_of(const softmax_options &o) noexcept { return o.scale[0]; }
inline double scale_of(const no_options &) noexcept { return 1; }

/// Rows from r on by the passes.
template <row_operation Op, class K, class E, class Out, class Options>
[[gnu::noinline]] void all_rows(std::size_t r, std::size_t last, const row_view<const E> &in, const row_view<Out> &out,
                                const Options &options, const quantization &codes) noexcept {
  rows_by_passes<Op, K>(r, last, loaded_rows<typename K::scalar>(in), out, options_of_rows<K>(options), codes);
}
template <row_operation Op, class K, class E, class Out, class Options>
[[gnu::noinline, gnu::cold]] void odd_rows(unsigned odd, std::size_t r, const row_view<const E> &in,
                                           const row_view<Out> &out, const Options &options,
                                           const quantization &codes) noexcept {
  for (; odd != 0; ++r, odd >>= 1) {
    if (odd & 1) {
      all_rows<Op, K, E>(r, r + 1, in, out, options, codes);
    }
  }
}

/// All rows by one operation; `out` has the columns of `in`, or one for each row.
template <row_operation Op, row_tier Tier, class In, class Out, class Options>
void each_row(const row_view<In> &in, const row_view<Out> &out, const Options &options,
              const quantization &codes = {}) noexcept {
  using E = std::remove_const_t<In>;
  using K = row_kernel<Tier, E, Out>;
  using T = typename K::scalar;
  if (in.count == 0) {
    return;
  }
  if constexpr (Op == row_operation::softmax && std::is_same_v<T, float>) {
    constexpr std::size_t step = lane_traits<native<T>>::size;
    const bool fits = !byte_code<Out> || (in.columns <= most_staged && codes.scale > 0x1p-99f);
    if (in.columns != 0 && fits && is_plain(options) && K::takes(scale_of(options))) {
      const bool are_short = in.columns <= most_registers * step;
      // Elements and results of a group fit into the first-level cache. (A division is a twentieth of a short row's
      // time.)
      const std::size_t fit = in.count == 1 ? 1 : 2048 / in.columns;
      const std::size_t together = fit < 1 ? 1 : fit < most_rows ? fit : most_rows;
      for (std::size_t r = 0; r < in.count; r += together) {
        const std::size_t count = in.count - r < together ? in.count - r : together;
        const row_view<const E> from{in[r], count, in.columns, in.stride};
        const row_view<Out> to{out[r], count, in.columns, out.stride};
        unsigned odd = 0;
        if constexpr (!std::is_same_v<E, float> || !std::is_same_v<Out, float>) {
          odd = staged_rows<K>(are_short, from, to, scale_of(options), codes);
        } else if (are_short) {
          odd = short_rows<K>(from.data, from.stride, to.data, to.stride, in.columns, count, scale_of(options));
        } else {
          odd = plain_rows<K>(from, to.data, to.stride, to, scale_of(options));
        }
        if (odd != 0) [[unlikely]] {
          odd_rows<Op, K, E>(odd, r, in, out, options, codes);
        }
      }
      return;
    }
  }
  all_rows<Op, K, E>(0, in.count, in, out, options, codes);
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
