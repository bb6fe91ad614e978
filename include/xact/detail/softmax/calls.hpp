#pragma once

/// @file
/// The call forms of the softmax family, their tiers, and what they refuse.

#include <xact/detail/call/mistakes.hpp>
#include <xact/detail/softmax/rows.hpp>
#include <xact/detail/types/columns.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

namespace detail {

/// Element types that a row function takes in a tier: there is no exact tier of double.
template <row_tier Tier, class In, class Out>
concept row_elements = element_type<In> && element_type<Out> &&
                       !(Tier == row_tier::exact && (std::same_as<In, double> || std::same_as<Out, double>));

template <row_tier Tier, class In, class Out>
concept row_ranges =
    readable<In> && writable<Out> && row_elements<Tier, element_t<In>, element_t<Out>> && (!is_temporary<Out &&>);

struct row_function_base {
  static constexpr bool is_row_function = true;
};

/// Ranges of codes, and which operations write them from which elements.
template <class R>
concept code_range = std::ranges::contiguous_range<R> && std::ranges::sized_range<R> &&
                     byte_code<std::remove_reference_t<std::ranges::range_reference_t<R>>>;
template <class F, class In>
concept coded_operation = F::operation == row_operation::softmax && element_type<In> && sizeof(In) <= 4;

/// Arguments of a row function of a tier: two ranges, rows or columns of element types that it takes.
template <row_tier Tier, class In, class Out> consteval bool takes_two() {
  using A = std::remove_cvref_t<In>;
  using B = std::remove_cvref_t<Out>;
  if constexpr (requires {
                  typename element_of_view<A>::type;
                  typename element_of_view<B>::type;
                }) {
    return row_elements<Tier, std::remove_cv_t<view_element_t<In>>, std::remove_cv_t<view_element_t<Out>>> &&
           all_readable<In, Out> && writable_argument<Out> && !is_temporary<Out>;
  } else {
    return requires(const A &a, const B &b) {
      []<class X, class Y>(const column_view<X> &, const column_view<Y> &) {}(a, b);
    };
  }
}
/// Whether In and Out are for softmax_quantized.hpp.
template <class F, class In, class Out> consteval bool takes_codes() {
  if constexpr (real_view<In> && requires { requires byte_code<view_element_t<Out>>; }) {
    return coded_operation<F, std::remove_cv_t<view_element_t<In>>>;
  } else {
    return false;
  }
}
/// Arguments that an overload takes, which XACT_REFUSALS lets through.
template <class F, class... Args> inline constexpr bool takes_rows = false;
template <class F, class InOut> inline constexpr bool takes_rows<F, InOut> = takes_two<F::tier, InOut, InOut>();
template <class F, class In, class Out>
inline constexpr bool takes_rows<F, In, Out> = is_options<Out> ? takes_rows<F, In> : takes_two<F::tier, In, Out>();
template <class F, class In, class Out, class Last>
inline constexpr bool takes_rows<F, In, Out, Last> =
    takes_codes<F, In, Out>() || (is_options<Last> && takes_two<F::tier, In, Out>());
template <class F, class In, class Out, class Codes, class Options>
inline constexpr bool takes_rows<F, In, Out, Codes, Options> = takes_codes<F, In, Out>();

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
  decltype(auto) operator()(InOut &&inout, const softmax_options &options) const {
    (*this)(one_row(inout), one_row(inout), options);
    return (in_place);
  }
  template <class InOut>
    requires row_ranges<Tier, InOut, InOut>
  decltype(auto) operator()(InOut &&inout) const {
    (*this)(one_row(inout), one_row(inout));
    return (in_place);
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
  decltype(auto) operator()(const row_view<InOut> &inout, const softmax_options &options) const {
    (*this)(inout, inout, options);
    return (in_place);
  }
  template <class InOut>
    requires row_elements<Tier, InOut, InOut>
  decltype(auto) operator()(const row_view<InOut> &inout) const {
    (*this)(inout, inout);
    return (in_place);
  }

  /// Down the columns: columns.hpp.
  template <class In, class Out>
    requires row_elements<Tier, std::remove_const_t<In>, Out>
  void operator()(const column_view<In> &in, const column_view<Out> &out) const;

  /// Into codes: softmax_quantized.hpp.
  template <class In, byte_code Out>
    requires coded_operation<F<Tier>, std::remove_const_t<In>>
  void operator()(const row_view<In> &in, const row_view<Out> &out, const quantization &codes,
                  const softmax_options &options = {}) const;
  template <class In, code_range Out>
    requires coded_operation<F<Tier>, element_t<In>>
  void operator()(const In &in, Out &&out, const quantization &codes, const softmax_options &options = {}) const {
    (*this)(one_row(in), one_row(out), codes, options);
  }

  XACT_REFUSALS(F<Tier>, takes_rows)
  XACT_REFUSALS_BEFORE(softmax_options, F<Tier>, takes_rows)
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
