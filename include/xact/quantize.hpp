#pragma once

#include <xact/concepts.hpp>
#include <xact/detail/quantized/byte_table.hpp>
#include <xact/detail/quantized/nibble_table.hpp>
#include <xact/detail/quantized/requantize.hpp>
#include <xact/float8.hpp>

#include <span>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// An element type that `tabulate` takes.
///
/// @code
/// static_assert(xact::tabulated<std::int8_t> && !xact::tabulated<float>);
/// @endcode
template <class T>
concept tabulated = std::same_as<T, std::int8_t> || std::same_as<T, std::uint8_t> || std::same_as<T, int4_pair> ||
                    std::same_as<T, float8_e4m3> || std::same_as<T, float8_e5m2>;

/// An activation on a quantized type as a table of all its results; `tabulate` makes it.
///
/// `t(in, out)` and `t(inout)` run over contiguous ranges of T: by vpermi2b, tbl or pshufb in registers, elsewhere by
/// loads from the table. Fixed size, trivially copyable.
///
/// @throws std::invalid_argument when the lengths differ or the ranges overlap without being the same.
///
/// @code
/// const xact::table<std::int8_t> relu8 = xact::tabulate<std::int8_t>(xact::relu, {.scale = 0.05f}, {.scale = 0.05f});
/// std::vector<std::int8_t> in(64), out(64);
/// relu8(in, out);
/// @endcode
template <tabulated T> struct table {
  std::uint8_t entries[detail::codes<T>]; ///< by code, as an unsigned number; for int4_pair by half byte

  template <std::ranges::contiguous_range In, std::ranges::contiguous_range Out>
    requires std::same_as<std::ranges::range_value_t<In>, T> && std::same_as<std::ranges::range_reference_t<Out>, T &>
  void operator()(const In &in, Out &&out) const {
    const auto n = detail::size_of(in);
    const auto m = detail::size_of(out);
    detail::require_equal_length(n, m);
    detail::require_same_or_disjoint(detail::data_of(in), n, detail::data_of(out), m);
    using lookup = std::conditional_t<std::same_as<T, int4_pair>, detail::nibble_lookup, detail::byte_lookup>;
    detail::map_bytes<lookup>(entries, reinterpret_cast<const std::uint8_t *>(detail::data_of(in)),
                              reinterpret_cast<std::uint8_t *>(detail::data_of(out)), n);
  }
  template <std::ranges::contiguous_range InOut>
    requires std::same_as<std::ranges::range_reference_t<InOut>, T &>
  void operator()(InOut &&inout) const {
    operator()(inout, inout);
  }
};

namespace detail {

/// `leaning_of` one f behind a pointer, so that a table's loop is compiled once, not once per f.
struct evaluator {
  const void *f;
  leaning (*call)(const void *, double);

  template <class F>
  explicit evaluator(const F &of)
      : f(&of), call([](const void *g, double x) { return leaning_of(*static_cast<const F *>(g), x); }) {}
};

/// Whether a table can be made of F: by its batches of double, or one value after the other.
template <class F>
concept tabulates = computes<untiered_t<F>, double> || std::is_invocable_r_v<double, const F &, double>;

template <class T>
[[gnu::noinline]] inline xact::table<T> fill_table(const quantization &in, const quantization &out,
                                                   const evaluator &f) {
  xact::table<T> t;
  for (int code = 0; code < codes<T>; ++code) {
    // Code as unsigned, q as the number it stands for: they differ in the sign for int8 and int4.
    constexpr int sign = codes<T> / 2;
    const int q = lowest_code<T> < 0 ? (code ^ sign) - sign : code;
    const int y = quantize<T>(f.call(f.f, dequantize<T>(q, in)), out);
    t.entries[code] = static_cast<std::uint8_t>(y & (codes<T> - 1));
  }
  return t;
}

} // namespace detail

/// The table of q -> quantize(f(dequantize(q))) for every q of T, from real arithmetic, rounded once to the nearest
/// (ties to even); what is out of range is held at the ends. A NaN becomes the zero point (of an 8-bit float: NaN).
///
/// @tparam T `std::int8_t`, `std::uint8_t`, `xact::int4_pair`, `xact::float8_e4m3` or `xact::float8_e5m2`.
/// @throws std::invalid_argument when a scale is not positive and finite or a zero point is not a number of T.
///
/// @code
/// const auto silu8 = xact::tabulate<std::int8_t>(xact::silu, {.scale = 0.05f}, {.scale = 0.04f, .zero_point = -120});
/// std::vector<std::int8_t> layer(1024);
/// silu8(layer);
/// @endcode
template <tabulated T, class F>
  requires detail::tabulates<F>
inline table<T> tabulate(const F &f, const quantization &in, const quantization &out) {
  detail::require_quantization<T>(in);
  detail::require_quantization<T>(out);
  return detail::fill_table<T>(in, out, detail::evaluator(detail::untiered(f)));
}

/// One table per channel, in one call: `tables[c]` is that of `in[c]` and `out[c]`.
///
/// @throws std::invalid_argument as above, and when the three lengths differ; nothing has been written then.
///
/// @code
/// const std::vector<xact::quantization> in(16, {.scale = 0.05f}), out(16, {.scale = 0.04f});
/// std::vector<xact::table<std::int8_t>> tables(16);
/// xact::tabulate<std::int8_t>(xact::gelu, in, out, tables);
/// @endcode
template <tabulated T, class F>
  requires detail::tabulates<F>
inline void tabulate(const F &f, std::span<const quantization> in, std::span<const quantization> out,
                     std::span<table<T>> tables) {
  detail::require_equal_length(in.size(), tables.size());
  detail::require_equal_length(out.size(), tables.size());
  for (std::size_t c = 0; c < in.size(); ++c) {
    detail::require_quantization<T>(in[c]);
    detail::require_quantization<T>(out[c]);
  }
  for (std::size_t c = 0; c < in.size(); ++c) {
    tables[c] = tabulate<T>(f, in[c], out[c]);
  }
}

namespace detail {
template <class R>
concept byte_output = std::same_as<std::ranges::range_reference_t<R>, std::int8_t &> ||
                      std::same_as<std::ranges::range_reference_t<R>, std::uint8_t &>;

} // namespace detail

/// What follows an int8 matrix product, in one pass: out = quantize(f(scale * accumulator)), from real arithmetic,
/// rounded once to the nearest (ties to even), held at the ends of out's type; NaN becomes the zero point. (The product
/// is a double: exact for accumulators below 2^29 in magnitude.)
///
/// @param accumulators a contiguous range of `std::int32_t`
/// @param scale        what one unit of the accumulator stands for; positive and finite
/// @param out          as long, of `std::int8_t` or `std::uint8_t`
/// @throws std::invalid_argument when the lengths differ, the ranges overlap, a scale is not positive and finite, or
///         the zero point is out of range; nothing has been written then.
///
/// @code
/// std::vector<std::int32_t> sums(64);
/// std::vector<std::int8_t> next(64);
/// xact::requantize(sums, 0.001f, xact::gelu, {.scale = 0.05f}, next);
/// @endcode
template <std::ranges::contiguous_range In, class F, std::ranges::contiguous_range Out>
  requires std::same_as<std::ranges::range_value_t<In>, std::int32_t> && detail::byte_output<Out> &&
           kernel_for<detail::untiered_t<F>, double>
inline void requantize(const In &accumulators, float scale, const F &f, const quantization &to, Out &&out) {
  using T = std::ranges::range_value_t<Out>;
  const auto n = detail::size_of(out);
  detail::require_equal_length(detail::size_of(accumulators), n);
  const std::int32_t *from = detail::data_of(accumulators);
  T *results = detail::data_of(out);
  detail::require_disjoint(from, n * sizeof *from, results, n);
  detail::require_scale(scale);
  detail::require_quantization<T>(to);
  const auto &g = detail::untiered(f);
  detail::requantizer<detail::native<float>, T, std::remove_cvref_t<decltype(g)>>(g, scale, to)(from, results, n);
}

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
