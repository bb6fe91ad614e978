#pragma once

/// @file
/// Quantization, tables and requantize.

#include <xact/detail/types/quantization_checks.hpp>
#include <xact/dispatch/activations.hpp>

#include <span>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

namespace detail {

/// `quantize` or `dequantize` of the library, over rows; T is the type of the codes.
template <class T, class Run, class A, class B>
inline void dispatch_codes(Run types::table::*run, const char *function, const row_view<A> &in, const row_view<B> &out,
                           const quantization *q, std::size_t quantizations, bool one_for_all) {
  each_quantized_row<T>(function, in, out, q, quantizations, one_for_all,
                        [run](const quantization &own, const auto *from, std::size_t n, B *to, std::size_t m) {
                          constexpr types::element read = inspected_element<std::remove_cv_t<A>>();
                          (dispatch_table().*run)({from, read}, n, {to, inspected_element<B>()}, m, own);
                        });
}
template <class T, class E> inline quantization dispatch_calibrate(const row_view<E> &in) noexcept {
  double low = 0, high = 0;
  for (std::size_t r = 0; r < in.count; ++r) {
    dispatch_table().measure({in[r], element_of<std::remove_cv_t<E>>()}, in.columns, low, high);
  }
  return dispatch_table().fit(inspected_element<T>(), low, high);
}

} // namespace detail

namespace dispatch {

/// A table of the library, as xact::table; `tabulate` makes it.
///
/// @code
/// const xact::dispatch::table<std::int8_t> relu8 =
///     xact::dispatch::tabulate<std::int8_t>(xact::dispatch::relu, {.scale = 0.05f}, {.scale = 0.05f});
/// std::vector<std::int8_t> layer(64);
/// relu8(layer);
/// @endcode
template <detail::code_type T> struct table {
  std::uint8_t entries[detail::codes<T>];

  template <std::ranges::contiguous_range In, std::ranges::contiguous_range Out>
    requires std::same_as<std::ranges::range_value_t<In>, T> &&
             std::same_as<std::ranges::range_reference_t<Out>, T &> && (!detail::is_temporary<Out &&>)
  void operator()(const In &in, Out &&out) const {
    const auto from = detail::view_of(in);
    const auto to = detail::view_of(out);
    detail::check_views(detail::call_names<1, 1>{"table", {"in"}, {"out"}}, detail::writes(to), from);
    constexpr detail::types::element e = detail::inspected_element<T>();
    detail::dispatch_table().look_up(entries, {from.data, e}, {to.data, e}, to.columns);
  }
  template <std::ranges::contiguous_range InOut>
    requires std::same_as<std::ranges::range_reference_t<InOut>, T &> && (!detail::is_temporary<InOut &&>)
  void operator()(InOut &&inout) const {
    operator()(inout, inout);
  }
};

/// @name Quantization, as xact's: the codes are the same. Tables and requantize of the library's activations, whose
/// tier does not matter there. requantize calls them for a register at a time.
///
/// @code
/// namespace dispatch = xact::dispatch;
/// const std::vector<float> weights{-0.5f, 0.1f, 0.25f};
/// std::vector<std::int8_t> codes(3);
/// const xact::quantization q = xact::dispatch::calibrate<std::int8_t>(weights);
/// xact::dispatch::quantize(weights, codes, q);
/// xact::dispatch::tabulate<std::int8_t>(dispatch::silu, q, q)(codes);
/// const std::vector<xact::quantization> channels(16, q);
/// std::vector<xact::dispatch::table<std::int8_t>> tables(16);
/// xact::dispatch::tabulate<std::int8_t>(dispatch::gelu, channels, channels, tables);
/// std::vector<xact::float16> numbers(3);
/// xact::dispatch::dequantize(codes, numbers, q);
/// const std::vector<std::int32_t> sums(3, 1000);
/// xact::dispatch::requantize(sums, 0.001f, dispatch::gelu, q, codes);
/// @endcode
/// @{
template <detail::code_type T, class F>
  requires detail::dispatched<F>
[[nodiscard]] inline table<T> tabulate(const F &f, const quantization &in, const quantization &out) {
  const detail::types::functions &of = detail::require_functions(f);
  detail::require_meaning(f, of);
  detail::require_table<T>(in, out);
  table<T> t;
  detail::dispatch_table().tabulate(detail::operation_of(f, &of), detail::inspected_element<T>(), in, out, t.entries);
  return t;
}
template <detail::code_type T, class F>
  requires detail::dispatched<F>
inline void tabulate(const F &f, std::span<const quantization> in, std::span<const quantization> out,
                     std::span<table<T>> tables) {
  detail::require_tables<T>(in, out, tables);
  detail::require_meaning(f, detail::require_functions(f));
  for (std::size_t c = 0; c < in.size(); ++c) {
    tables[c] = dispatch::tabulate<T>(f, in[c], out[c]);
  }
}

template <detail::accumulators_range In, class F, class Out>
  requires detail::dispatched<F> && detail::byte_output<Out &&>
inline void requantize(const In &accumulators, float scale, const F &f, const quantization &to, Out &&out) {
  const auto from = detail::view_of(accumulators);
  const auto results = detail::view_of(out);
  detail::require_requantizable(from, scale, to, results);
  const detail::types::functions &of = detail::require_functions(f);
  detail::require_meaning(f, of);
  constexpr detail::types::element codes = detail::inspected_element<std::ranges::range_value_t<Out>>();
  detail::dispatch_table().requantize(detail::operation_of(f, &of), from.data, scale, to, {results.data, codes},
                                      results.columns);
}

template <detail::real_view In, detail::code_view Out>
  requires detail::written_view<Out &&> && detail::alike<In, Out>
inline void quantize(const In &in, Out &&out, const quantization &q) {
  detail::dispatch_codes<detail::view_element_t<Out>>(&detail::types::table::quantize, "quantize", detail::view_of(in),
                                                      detail::view_of(out), &q, 1, true);
}
template <class In, detail::code_type Out>
  requires detail::element_type<std::remove_cv_t<In>>
inline void quantize(const row_view<In> &in, const row_view<Out> &out, std::span<const quantization> q) {
  detail::dispatch_codes<Out>(&detail::types::table::quantize, "quantize", in, out, q.data(), q.size(), false);
}

template <detail::code_view In, detail::real_view Out>
  requires detail::written_view<Out &&> && detail::alike<In, Out>
inline void dequantize(const In &in, Out &&out, const quantization &q) {
  detail::dispatch_codes<std::remove_cv_t<detail::view_element_t<In>>>(
      &detail::types::table::dequantize, "dequantize", detail::view_of(in), detail::view_of(out), &q, 1, true);
}
template <class In, detail::element_type Out>
  requires detail::code_type<std::remove_cv_t<In>>
inline void dequantize(const row_view<In> &in, const row_view<Out> &out, std::span<const quantization> q) {
  detail::dispatch_codes<std::remove_cv_t<In>>(&detail::types::table::dequantize, "dequantize", in, out, q.data(),
                                               q.size(), false);
}

template <detail::code_type T, detail::real_view In> [[nodiscard]] inline quantization calibrate(const In &in) {
  return detail::dispatch_calibrate<T>(detail::view_of(in));
}
template <detail::code_type T, class E>
  requires detail::element_type<std::remove_cv_t<E>>
inline void calibrate(const row_view<E> &in, std::span<quantization> q) {
  detail::require_each_row("calibrate", q.size(), in.count);
  detail::require_apart("calibrate", detail::named("in", in), detail::list_of("q", q.data(), q.size()), false);
  for (std::size_t r = 0; r < in.count; ++r) {
    q[r] = detail::dispatch_calibrate<T>(row_view<E>{in[r], 1, in.columns, in.columns});
  }
}
/// @}

} // namespace dispatch
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
