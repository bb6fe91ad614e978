#pragma once

/// @file
/// What the softmax family refuses.

#include <xact/detail/types/checks.hpp>
#include <xact/detail/types/columns.hpp>
#include <xact/detail/types/rows.hpp>
#include <xact/detail/types/softmax_options.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// One function for what otherwise would be in every place.
[[gnu::noinline]] inline double number_of(const softmax_numbers &x, std::size_t i) noexcept { return x[i]; }

/// Whether logits are the elements, but for a scale.
inline bool is_plain(const softmax_options &o) noexcept {
  return o.scale.is_one() && !(o.softcap > 0 && is_finite_by_bits(o.softcap)) && o.mask.holds() == option_kind::none &&
         !o.causal && o.window.left == softmax_window::unlimited && o.window.right == softmax_window::unlimited &&
         o.sink.is_one() && is_minus_infinity(o.sink[0]);
}

/// A range as one row, or none when it is empty.
template <class R> auto one_row(R &range) {
  using E = std::remove_reference_t<std::ranges::range_reference_t<R>>;
  const std::size_t n = size_of(range);
  return row_view<E>{data_of(range), std::size_t(n != 0), n, n};
}

/// Rows that are read and rows that are written have one shape, and are the same or apart.
template <class In, class Out>
void require_rows_fit(const char *function, const char *name, const row_view<In> &in, const row_view<Out> &out) {
  const argument from = named(name, in), to = named("out", out);
  require_same_shape(function, from, to);
  require_apart(function, from, to, std::is_same_v<std::remove_const_t<In>, Out>);
}

template <class In, class Out>
void require_columns_fit(const char *function, const column_view<In> &in, const column_view<Out> &out) {
  if (in.width != out.width || in.height != out.height) [[unlikely]] {
    refuse("xact::%s: 'in' has matrices of %zu rows of %zu and 'out' of %zu rows of %zu", function, in.height, in.width,
           out.height, out.width);
  }
  const std::size_t columns = in.width * in.height;
  require_rows_fit(function, "in", row_view<In>{in.data, in.count, columns, columns},
                   row_view<Out>{out.data, out.count, columns, columns});
}

/// That `out` has one element a row of `in`, apart from it.
template <class In> void require_one_each(const char *function, const row_view<In> &in, const argument &out) {
  if (out.count != in.count) [[unlikely]] {
    refuse("xact::%s: 'in' has %zu rows and 'out' has %zu elements", function, in.count, out.count);
  }
  require_apart(function, named("in", in), out, false);
}

/// Options that mean something for so many rows and columns, and that the output does not lie over.
[[gnu::noinline, gnu::cold]] inline void require_every_option(const char *name, const softmax_options &o,
                                                              std::size_t rows, std::size_t columns,
                                                              const argument &out, bool backward) {
  const auto apart = [&](const char *option, const softmax_mask &x) {
    require_apart(name, {option, x.first(), 1, x.size(), x.size(), x.element_size()}, out, false);
  };
  const auto numbers = [&](const char *option, const softmax_numbers &x, std::size_t wanted, bool repeated,
                           bool may_be_infinite) {
    const std::size_t count = x.is_one() ? 1 : x.range().size();
    if (!x.is_one() && (count == 0 ? wanted != 0 : repeated ? wanted % count != 0 : count != wanted)) [[unlikely]] {
      refuse(repeated ? "xact::%s: %s has %zu numbers, which do not divide the %zu heads"
                      : "xact::%s: %s has %zu numbers for %zu rows",
             name, option, count, wanted);
    }
    for (std::size_t i = 0; i < count; ++i) {
      if (const double one = number_of(x, i); is_nan_by_bits(one) || !(may_be_infinite || is_finite_by_bits(one)))
          [[unlikely]] {
        refuse("xact::%s: %s is %g", name, option, one);
      }
    }
    apart(option, x.range());
  };
  if (o.queries != 0 && rows % o.queries != 0) [[unlikely]] {
    refuse("xact::%s: queries = %zu does not divide the %zu rows", name, o.queries, rows);
  }
  const std::size_t queries = o.queries != 0 ? o.queries : rows;
  const std::size_t heads = queries == 0 ? 0 : rows / queries;
  if (o.accumulate && !backward) [[unlikely]] {
    refuse("xact::%s: accumulate is an option of backward_from_output", name);
  }
  if (is_nan_by_bits(o.softcap) || o.softcap < 0) [[unlikely]] {
    refuse("xact::%s: softcap is %g", name, o.softcap);
  }
  numbers("scale", o.scale, rows, false, false);
  numbers("mask_scale", o.mask_scale, heads, true, false);
  numbers("sink", o.sink, heads, true, true);
  const std::size_t size = o.mask.size();
  if (o.mask.holds() != option_kind::none && size != columns && size != queries * columns && size != rows * columns)
      [[unlikely]] {
    refuse("xact::%s: mask has %zu elements: neither one row of %zu, nor one for each of %zu queries or %zu rows", name,
           size, columns, queries, rows);
  }
  apart("mask", o.mask);
}

[[gnu::noinline]] inline void require_options(const char *name, const softmax_options &o, std::size_t rows,
                                              std::size_t columns, const argument &out, bool backward = false) {
  if (is_plain(o) && o.queries == 0 && !o.accumulate && !is_nan_by_bits(o.softcap) && o.softcap >= 0 &&
      o.mask_scale.is_one() && is_finite_by_bits(o.scale[0]) && is_finite_by_bits(o.mask_scale[0])) {
    return;
  }
  require_every_option(name, o, rows, columns, out, backward);
}

/// What a softmax_state takes of them.
inline void require_piece_options(const char *function, const softmax_options &o, std::size_t n, const argument &out) {
  if (o.causal || o.offset != 0 || o.window.left != softmax_window::unlimited ||
      o.window.right != softmax_window::unlimited || o.queries != 0) [[unlikely]] {
    refuse("xact::%s: a state knows no rows: leave out what causal, offset, window and queries hide", function);
  }
  if (!is_minus_infinity(o.sink[0])) [[unlikely]] {
    refuse("xact::%s: the sink %g is a piece of its own", function, o.sink[0]);
  }
  require_options(function, o, 1, n, out);
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
