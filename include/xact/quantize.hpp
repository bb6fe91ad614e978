#pragma once

#include <xact/concepts.hpp>
#include <xact/detail/call/mistakes.hpp>
#include <xact/detail/quantized/byte_table.hpp>
#include <xact/detail/quantized/elements.hpp>
#include <xact/detail/quantized/nibble_table.hpp>
#include <xact/detail/quantized/requantize.hpp>
#include <xact/float8.hpp>
#include <xact/rows.hpp>

#include <span>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// An element type that `tabulate` takes.
///
/// @code
/// static_assert(xact::tabulated<std::int8_t> && !xact::tabulated<float>);
/// @endcode
template <class T>
concept tabulated = detail::code_type<T>;

namespace detail {
/// Arguments of a table.
template <class Table, class... Args> inline constexpr bool takes_codes_of = false;
template <template <class> class Table, class T, class In, class Out>
inline constexpr bool takes_codes_of<Table<T>, In, Out> =
    std::ranges::contiguous_range<In> && std::ranges::contiguous_range<Out> && requires {
      requires std::same_as<std::ranges::range_value_t<In>, T> &&
                   std::same_as<std::ranges::range_reference_t<Out>, T &>;
      requires !is_temporary<Out>;
    };
template <class Table, class InOut>
inline constexpr bool takes_codes_of<Table, InOut> = takes_codes_of<Table, InOut, InOut>;
} // namespace detail

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
    requires detail::takes_codes_of<table<T>, In, Out &&>
  void operator()(const In &in, Out &&out) const {
    const auto from = detail::view_of(in);
    const auto to = detail::view_of(out);
    detail::check_views(detail::call_names<1, 1>{"table", {"in"}, {"out"}}, detail::writes(to), from);
    using lookup = std::conditional_t<std::same_as<T, int4_pair>, detail::nibble_lookup, detail::byte_lookup>;
    detail::map_bytes<lookup>(entries, reinterpret_cast<const std::uint8_t *>(from.data),
                              reinterpret_cast<std::uint8_t *>(to.data), to.columns);
  }
  template <std::ranges::contiguous_range InOut>
    requires detail::takes_codes_of<table<T>, InOut &&>
  decltype(auto) operator()(InOut &&inout) const {
    operator()(inout, inout);
    return (detail::in_place);
  }

#define XACT_WORDS_ "xact: a table is called as t(in, out) or t(inout), of contiguous ranges of its own type of codes"
  static constexpr detail::sentence words = XACT_WORDS_;
  static constexpr detail::arguments_form form(std::size_t) { return {.integers = 1}; }
  XACT_OWN_REFUSALS(table<T>, ::xact::detail::takes_codes_of, XACT_WORDS_)
#undef XACT_WORDS_
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
[[nodiscard]] inline table<T> tabulate(const F &f, const quantization &in, const quantization &out) {
  detail::require_meaning(detail::untiered(f));
  detail::require_table<T>(in, out);
  return detail::fill_table<T>(in, out, detail::evaluator(detail::untiered(f)));
}

/// One table per channel, in one call: `tables[c]` is that of `in[c]` and `out[c]`.
///
/// @throws std::invalid_argument as above, and when the three lengths differ or `tables` overlaps the others; nothing
///         has been written then.
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
  detail::require_tables<T>(in, out, tables);
  detail::require_meaning(detail::untiered(f));
  for (std::size_t c = 0; c < in.size(); ++c) {
    tables[c] = tabulate<T>(f, in[c], out[c]);
  }
}

#define XACT_WORDS_                                                                                                    \
  "xact: tabulate<T>(f, in, out), f an activation or a callable of double, in and out quantizations; T std::int8_t, "  \
  "std::uint8_t, int4_pair, float8_e4m3 or float8_e5m2"
XACT_FORM(tabulate_form, (.least = 0, .most = 0), XACT_WORDS_)
XACT_REFUSED_CALL(tabulate, <T>, (class T, class... Args), detail::is_unwatched<Args...>, (Args && ...),
                  (std::declval<Args>()...), detail::tabulate_form, XACT_WORDS_)
XACT_REFUSED_CALL(tabulate, <T>, (class T, class F), detail::is_unwatched<F>,
                  (F &&, const quantization &, const quantization &),
                  (std::declval<F>(), quantization(), quantization()), detail::tabulate_form, XACT_WORDS_)
#undef XACT_WORDS_

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
template <detail::accumulators_range In, class F, class Out>
  requires detail::byte_output<Out &&> && kernel_for<detail::untiered_t<F>, double>
inline void requantize(const In &accumulators, float scale, const F &f, const quantization &to, Out &&out) {
  using T = std::ranges::range_value_t<Out>;
  const auto from = detail::view_of(accumulators);
  const auto results = detail::view_of(out);
  detail::require_requantizable(from, scale, to, results);
  const auto &g = detail::untiered(f);
  detail::require_meaning(g);
  detail::requantizer<detail::native<float>, T, std::remove_cvref_t<decltype(g)>>(g, scale, to)(
      static_cast<const std::int32_t *>(from.data), results.data, results.columns);
}

#define XACT_WORDS_                                                                                                    \
  "xact: requantize(accumulators, scale, f, quantization, out): contiguous ranges, of std::int32_t, and "              \
  "of std::int8_t or std::uint8_t"
XACT_REFUSES(requantize, (.least = 2, .most = 2, .integers = 5), XACT_WORDS_)
XACT_REFUSED_CALL(requantize, , (class A, class S, class F, class B), (detail::is_unwatched<F>),
                  (A &&, S &&, F &&, const quantization &, B &&),
                  (std::declval<A>(), std::declval<S>(), std::declval<F>(), quantization(), std::declval<B>()),
                  detail::requantize_form, XACT_WORDS_)
#undef XACT_WORDS_

namespace detail {

/// By codes of one row's quantization, as `Run` makes them: quantize and dequantize.
template <template <class, class> class Run, class T, class A, class B>
inline void run_rows(const char *function, const row_view<A> &in, const row_view<B> &out, const quantization *q,
                     std::size_t quantizations, bool one_for_all) {
  each_quantized_row<T>(function, in, out, q, quantizations, one_for_all,
                        [](const quantization &own, const auto *from, std::size_t n, B *to, std::size_t m) {
                          Run<native<float>, T>{own}(from, n, to, m);
                        });
}

} // namespace detail

/// Real numbers to codes: out[i] = in[i] / scale, rounded once to the nearest (ties to even), plus the zero point, held
/// at the ends of out's type. NaN becomes the zero point (of an 8-bit float: NaN; infinities its largest numbers).
///
/// @param in  a contiguous range, or `rows`, of any element type
/// @param out as many codes: `std::int8_t`, `std::uint8_t`, `xact::int4_pair` (half as many pairs; of an odd number the
///            last pair's second code is 0), `xact::float8_e4m3` or `xact::float8_e5m2`
/// @param q   one for all; of `rows` also a span with one each
/// @throws std::invalid_argument when shapes differ, `out` overlaps q or, without being it, `in`, a scale is not
///         positive and finite, or a zero point is not a number of out's type; nothing has been written then.
///
/// @code
/// const std::vector<float> weights{-0.5f, 0.1f, 0.25f};
/// std::vector<std::int8_t> codes(3);
/// const xact::quantization q = xact::calibrate<std::int8_t>(weights);
/// xact::quantize(weights, codes, q);
/// @endcode
template <detail::real_view In, detail::code_view Out>
  requires detail::written_view<Out &&> && detail::alike<In, Out>
inline void quantize(const In &in, Out &&out, const quantization &q) {
  using T = detail::view_element_t<Out>;
  detail::run_rows<detail::quantizer, T>("quantize", detail::view_of(in), detail::view_of(out), &q, 1, true);
}
template <class In, detail::code_type Out>
  requires detail::element_type<std::remove_cv_t<In>>
inline void quantize(const row_view<In> &in, const row_view<Out> &out, std::span<const quantization> q) {
  detail::run_rows<detail::quantizer, Out>("quantize", in, out, q.data(), q.size(), false);
}

#define XACT_WORDS_                                                                                                    \
  "xact: quantize(in, out, quantization): ranges or rows, in of float, double or 16 or 8 bits, out of std::int8_t, "   \
  "std::uint8_t, int4_pair, float8_e4m3 or float8_e5m2"
XACT_REFUSES(quantize, (.least = 2, .most = 2, .integers = 1), XACT_WORDS_)
XACT_REFUSED_CALL(quantize, , (class A, class B), true, (A &&, B &&, const quantization &),
                  (std::declval<A>(), std::declval<B>(), quantization()), detail::quantize_form, XACT_WORDS_)
#undef XACT_WORDS_

/// Codes to the real numbers that they stand for, each rounded once to out's type: (code - zero point) * scale, of
/// 8-bit floats the number times scale. The other way from `quantize`, with its shapes, and with what it throws.
///
/// @code
/// const std::vector<std::uint8_t> codes{0, 128, 255};
/// std::vector<xact::float16> numbers(3);
/// xact::dequantize(codes, numbers, {.scale = 0.5f, .zero_point = 128}); // -64, 0, 63.5
/// @endcode
template <detail::code_view In, detail::real_view Out>
  requires detail::written_view<Out &&> && detail::alike<In, Out>
inline void dequantize(const In &in, Out &&out, const quantization &q) {
  using T = std::remove_cv_t<detail::view_element_t<In>>;
  detail::run_rows<detail::dequantizer, T>("dequantize", detail::view_of(in), detail::view_of(out), &q, 1, true);
}
template <class In, detail::element_type Out>
  requires detail::code_type<std::remove_cv_t<In>>
inline void dequantize(const row_view<In> &in, const row_view<Out> &out, std::span<const quantization> q) {
  detail::run_rows<detail::dequantizer, std::remove_cv_t<In>>("dequantize", in, out, q.data(), q.size(), false);
}

#define XACT_WORDS_                                                                                                    \
  "xact: dequantize(in, out, quantization): ranges or rows, in of std::int8_t, std::uint8_t, int4_pair, "              \
  "float8_e4m3 or float8_e5m2, out of float, double or 16 or 8 bits"
XACT_REFUSES(dequantize, (.least = 2, .most = 2, .integers = 1), XACT_WORDS_)
XACT_REFUSED_CALL(dequantize, , (class A, class B), true, (A &&, B &&, const quantization &),
                  (std::declval<A>(), std::declval<B>(), quantization()), detail::dequantize_form, XACT_WORDS_)
#undef XACT_WORDS_

/// The quantization of T for the numbers of a range, or of rows: of int8, uint8 and int4 the least number, or 0, is the
/// lowest code and the largest, or 0, the highest, so that 0 is a code and each number comes back within half a scale;
/// of 8-bit floats the largest magnitude is the type's largest number. NaN and infinities are left out; without a
/// number but 0 the scale is 1 and the zero point 0. *Source*: ONNX DynamicQuantizeLinear.
///
/// @code
/// const xact::quantization q = xact::calibrate<std::uint8_t>(std::vector{-1.0f, 4.1f}); // scale 0.02, zero point 50
/// @endcode
template <tabulated T, detail::real_view In> [[nodiscard]] inline quantization calibrate(const In &in) {
  using E = std::remove_cv_t<detail::view_element_t<In>>;
  detail::span_of_numbers numbers;
  const auto all = detail::view_of(in);
  for (std::size_t r = 0; r < all.count; ++r) {
    numbers.add(static_cast<const E *>(all[r]), all.columns);
  }
  return detail::quantization_of<T>(numbers);
}

/// One for each row, as for the channels of weights.
/// @throws std::invalid_argument when there are not as many as rows, or they overlap the range; nothing has been
///         written then.
///
/// @code
/// const std::vector<float> weights(4 * 100, 0.5f);
/// std::vector<xact::quantization> q(4);
/// xact::calibrate<xact::int4_pair>(xact::rows(weights, 100), q);
/// std::vector<xact::int4_pair> codes(4 * 50);
/// xact::quantize(xact::rows(weights, 100), xact::rows(codes, 50), q);
/// @endcode
template <tabulated T, class E>
  requires detail::element_type<std::remove_cv_t<E>>
inline void calibrate(const row_view<E> &in, std::span<quantization> q) {
  detail::require_each_row("calibrate", q.size(), in.count);
  detail::require_apart("calibrate", detail::named("in", in), detail::list_of("q", q.data(), q.size()), false);
  for (std::size_t r = 0; r < in.count; ++r) {
    detail::span_of_numbers numbers;
    numbers.add(static_cast<const std::remove_cv_t<E> *>(in[r]), in.columns);
    q[r] = detail::quantization_of<T>(numbers);
  }
}

#define XACT_WORDS_                                                                                                    \
  "xact: calibrate<T>(range or rows) returns a quantization, calibrate<T>(rows, quantizations) writes one a row; T "   \
  "std::int8_t, std::uint8_t, int4_pair, float8_e4m3 or float8_e5m2"
XACT_FORM(calibrate_form, (.most = 1, .outputs = 0), XACT_WORDS_)
XACT_REFUSED_CALL(calibrate, <T>, (class T, class... Args), true, (Args && ...), (std::declval<Args>()...),
                  detail::calibrate_form, XACT_WORDS_)
XACT_REFUSED((class T, class E), (true), calibrate(std::initializer_list<E>),
             (detail::calibrate_form, std::initializer_list<E>), XACT_WORDS_)
#undef XACT_WORDS_

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
