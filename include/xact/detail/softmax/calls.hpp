#pragma once

/// @file
/// The call forms of the softmax family, their tiers, and what they refuse.

#include <xact/detail/call/arguments.hpp>
#include <xact/detail/softmax/rows.hpp>
#include <xact/detail/types/checks.hpp>
#include <xact/detail/types/columns.hpp>
#include <xact/detail/types/freestanding.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

namespace detail {

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

/// Options that mean something for so many rows and columns, and that the output does not lie over.
[[gnu::noinline, gnu::cold]] inline void require_every_option(const char *name, const softmax_options &o,
                                                              std::size_t rows, std::size_t columns,
                                                              const argument &out, bool backward) {
  // What is read beside the rows.
  const auto apart = [&](const char *option, const softmax_mask &x) {
    detail::require_apart(name, {option, x.first(), 1, x.size(), x.size(), x.element_size()}, out, false);
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
      if (const double one = number_of(x, i);
          one != one || (!may_be_infinite && __builtin_fabs(one) == infinity_of<double>)) [[unlikely]] {
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
  if (!(o.softcap >= 0)) [[unlikely]] {
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
  if (is_plain(o) && o.queries == 0 && !o.accumulate && o.softcap >= 0 && o.mask_scale.is_one() &&
      __builtin_fabs(o.scale[0]) < infinity_of<double> && __builtin_fabs(o.mask_scale[0]) < infinity_of<double>) {
    return;
  }
  require_every_option(name, o, rows, columns, out, backward);
}

/// Element types that a row function takes in a tier: there is no exact tier of double.
template <row_tier Tier, class In, class Out>
concept row_elements = element_type<In> && element_type<Out> &&
                       !(Tier == row_tier::exact && (std::same_as<In, double> || std::same_as<Out, double>));

template <row_tier Tier, class In, class Out>
concept row_ranges = readable<In> && writable<Out> && row_elements<Tier, element_t<In>, element_t<Out>>;

struct row_function_base {};

/// Ranges of codes, and which operations write them from which elements.
template <class R>
concept code_range = std::ranges::contiguous_range<R> && std::ranges::sized_range<R> &&
                     softmax_code<std::remove_reference_t<std::ranges::range_reference_t<R>>>;
template <class F, class In>
concept coded_operation = F::operation == row_operation::softmax && element_type<In> && sizeof(In) <= 4;

/// Whether F is its operation on -x: softmin.
template <class F> inline constexpr bool negates = requires { F::of_negative; };

/// The options, with what F is of.
template <class F> XACT_INLINE inline softmax_options own_options(softmax_options options) noexcept {
  if constexpr (negates<F>) {
    options.scale = options.scale.negated();
  }
  return options;
}

/// Gives `F<Tier>` its call forms:
/// - `f(in, out, options)`, `f(inout, options)`: contiguous ranges, one row;
/// - the same with `xact::rows(range, columns)` in place of each range: many rows.
template <template <row_tier> class F, row_tier Tier> struct row_function : row_function_base {
  template <class In, class Out>
    requires row_ranges<Tier, In, Out>
  void operator()(const In &in, Out &&out, const softmax_options &options) const {
    (*this)(one_row(in), one_row(out), options);
  }
  template <class In, class Out>
    requires row_ranges<Tier, In, Out>
  void operator()(const In &in, Out &&out) const {
    (*this)(one_row(in), one_row(out));
  }

  template <class InOut>
    requires row_ranges<Tier, InOut, InOut>
  void operator()(InOut &&inout, const softmax_options &options) const {
    (*this)(one_row(inout), one_row(inout), options);
  }
  template <class InOut>
    requires row_ranges<Tier, InOut, InOut>
  void operator()(InOut &&inout) const {
    (*this)(one_row(inout), one_row(inout));
  }

  template <class In, class Out>
    requires row_elements<Tier, std::remove_const_t<In>, Out>
  void operator()(const row_view<In> &in, const row_view<Out> &out, const softmax_options &options) const {
    require_rows_fit(F<Tier>::name, "in", in, out);
    require_options(F<Tier>::name, options, in.count, in.columns, named("out", out));
    const row_view<const In> from{in.data, in.count, in.columns, in.stride};
    each_row<F<Tier>::operation, Tier>(from, out, own_options<F<Tier>>(options));
  }

  /// Without options, which most calls have not: less to compile, and half of the code.
  template <class In, class Out>
    requires row_elements<Tier, std::remove_const_t<In>, Out>
  void operator()(const row_view<In> &in, const row_view<Out> &out) const {
    if constexpr (negates<F<Tier>>) {
      (*this)(in, out, {});
    } else {
      require_rows_fit(F<Tier>::name, "in", in, out);
      each_row<F<Tier>::operation, Tier>(row_view<const In>{in.data, in.count, in.columns, in.stride}, out,
                                         no_options());
    }
  }

  template <class InOut>
    requires row_elements<Tier, InOut, InOut>
  void operator()(const row_view<InOut> &inout, const softmax_options &options) const {
    (*this)(inout, inout, options);
  }
  template <class InOut>
    requires row_elements<Tier, InOut, InOut>
  void operator()(const row_view<InOut> &inout) const {
    (*this)(inout, inout);
  }

  /// Down the columns: columns.hpp.
  template <class In, class Out>
    requires row_elements<Tier, std::remove_const_t<In>, Out>
  void operator()(const column_view<In> &in, const column_view<Out> &out) const;

  /// Into codes: softmax_quantized.hpp.
  template <class In, softmax_code Out>
    requires coded_operation<F<Tier>, std::remove_const_t<In>>
  void operator()(const row_view<In> &in, const row_view<Out> &out, const quantization &codes,
                  const softmax_options &options = {}) const;
  template <class In, code_range Out>
    requires coded_operation<F<Tier>, element_t<In>>
  void operator()(const In &in, Out &&out, const quantization &codes, const softmax_options &options = {}) const {
    (*this)(one_row(in), one_row(out), codes, options);
  }
};

} // namespace detail

/// softmax, log_softmax or logsumexp within 2 ULP.
///
/// @code
/// std::vector<float> row(100, 1.0f);
/// xact::accurate(xact::softmax)(row);
/// @endcode
template <template <detail::row_tier> class F, detail::row_tier Tier>
  requires std::is_base_of_v<detail::row_function_base, F<Tier>>
constexpr F<detail::row_tier::accurate> accurate(const F<Tier> &) noexcept {
  return {};
}

/// softmax, log_softmax or logsumexp within 0.51 ULP of float, the same bits on every machine.
///
/// @code
/// std::vector<float> row(100, 1.0f);
/// xact::exact(xact::log_softmax)(row);
/// @endcode
template <template <detail::row_tier> class F, detail::row_tier Tier>
  requires std::is_base_of_v<detail::row_function_base, F<Tier>>
constexpr F<detail::row_tier::exact> exact(const F<Tier> &) noexcept {
  return {};
}

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
