#pragma once

/// @file
/// The codes of quantized types, and what calls with quantizations refuse.

#include <xact/detail/types/quantization.hpp>
#include <xact/detail/types/views.hpp>

#include <span>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

template <class T> inline constexpr int lowest_code = std::same_as<T, std::int8_t> ? -128 : 0;
template <> inline constexpr int lowest_code<int4_pair> = -8;
template <class T> inline constexpr int codes = std::same_as<T, int4_pair> ? 16 : 256;
template <class T> inline constexpr bool is_float8 = std::same_as<T, e4m3> || std::same_as<T, e5m2>;

inline void require_scale(const char *function, const char *argument, float scale) {
  if (!is_finite_by_bits(static_cast<double>(scale)) || scale <= 0.0f)
      [[unlikely]] { // callers of dispatch may assume finite math
    refuse("xact::%s: '%s' must be positive and finite, not %g", function, argument, static_cast<double>(scale));
  }
}

template <class T>
inline void require_quantization(const char *function, const char *scale, const char *zero_point,
                                 const quantization &q) {
  require_scale(function, scale, q.scale);
  const int low = is_float8<T> ? 0 : lowest_code<T>;
  const int high = is_float8<T> ? 0 : low + codes<T> - 1;
  if (q.zero_point < low || q.zero_point > high) [[unlikely]] {
    refuse("xact::%s: '%s' %d is not in [%d, %d]", function, zero_point, q.zero_point, low, high);
  }
}

inline void require_each_row(const char *function, std::size_t quantizations, std::size_t rows) {
  if (quantizations != rows) [[unlikely]] {
    refuse("xact::%s: %zu quantizations are not one for each of %zu rows", function, quantizations, rows);
  }
}

/// Quantizations, or what else lies in a row, as an argument.
template <class T> inline argument list_of(const char *name, const T *data, std::size_t n) noexcept {
  return {name, data, 1, n, n, sizeof(T)};
}

/// That shapes fit, memory is apart or the same, and there is one quantization of T for all rows, or one each.
template <class T, class A, class B>
inline void require_quantizable(const char *function, const row_view<A> &in, const row_view<B> &out,
                                const quantization *q, std::size_t quantizations, bool one_for_all) {
  const auto read = argument{"in", in.data, in.count, in.columns, in.stride, sizeof(A)};
  const auto written = argument{"out", out.data, out.count, out.columns, out.stride, sizeof(B)};
  constexpr bool packs = std::same_as<T, B>;
  const std::size_t numbers = packs ? in.columns : out.columns, elements = packs ? out.columns : in.columns;
  if (codes_each<T> == 1) {
    require_same_shape(function, read, written);
  } else if (in.count != out.count || (in.count != 0 && elements != numbers / 2 + numbers % 2)) [[unlikely]] {
    refuse("xact::%s: 'in' has %zu rows of %zu elements and 'out' has %zu rows of %zu; a pair holds two", function,
           in.count, in.columns, out.count, out.columns);
  }
  require_apart(function, read, written);
  require_apart(function, list_of("q", q, quantizations), written, false);
  if (!one_for_all) {
    require_each_row(function, quantizations, in.count);
  }
  for (std::size_t k = 0; k < quantizations; ++k) {
    require_quantization<T>(function, "q.scale", "q.zero_point", q[k]);
  }
}

/// run(q, in, columns, out, columns) of each row, checked.
template <class T, class A, class B, class Run>
inline void each_quantized_row(const char *function, const row_view<A> &in, const row_view<B> &out,
                               const quantization *q, std::size_t quantizations, bool one_for_all, const Run &run) {
  require_quantizable<T>(function, in, out, q, quantizations, one_for_all);
  for (std::size_t r = 0; r < out.count; ++r) {
    run(q[one_for_all ? 0 : r], static_cast<const std::remove_cv_t<A> *>(in[r]), in.columns, out[r], out.columns);
  }
}

/// What tables are made of.
template <class T> inline void require_table(const quantization &in, const quantization &out) {
  require_quantization<T>("tabulate", "in.scale", "in.zero_point", in);
  require_quantization<T>("tabulate", "out.scale", "out.zero_point", out);
}
template <class T, class Table>
inline void require_tables(std::span<const quantization> in, std::span<const quantization> out,
                           std::span<Table> tables) {
  if (in.size() != tables.size() || out.size() != tables.size()) [[unlikely]] {
    refuse("xact::tabulate: 'in' has %zu quantizations and 'out' %zu, for %zu 'tables'", in.size(), out.size(),
           tables.size());
  }
  const argument written = list_of("tables", tables.data(), tables.size());
  require_apart("tabulate", list_of("in", in.data(), in.size()), written, false);
  require_apart("tabulate", list_of("out", out.data(), out.size()), written, false);
  for (std::size_t c = 0; c < in.size(); ++c) {
    require_table<T>(in[c], out[c]);
  }
}

/// Arguments of requantize.
template <class R>
concept accumulators_range =
    std::ranges::contiguous_range<R> && std::same_as<std::ranges::range_value_t<R>, std::int32_t>;
template <class R>
concept byte_output = std::ranges::contiguous_range<R> && !is_temporary<R> &&
                      byte_code<std::remove_reference_t<std::ranges::range_reference_t<R>>>;

template <class A, class T>
inline void require_requantizable(const row_view<A> &accumulators, float scale, const quantization &to,
                                  const row_view<T> &out) {
  check_views(call_names<1, 1>{"requantize", {"accumulators"}, {"out"}}, writes(out), accumulators);
  require_scale("requantize", "scale", scale);
  require_quantization<T>("requantize", "to.scale", "to.zero_point", to);
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
