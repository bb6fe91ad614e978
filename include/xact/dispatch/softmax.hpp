#pragma once

/// @file
/// softmax and its kin.

#include <xact/detail/dispatch/table.hpp>
#include <xact/detail/types/quantization_checks.hpp>
#include <xact/detail/types/softmax_checks.hpp>

#include <span>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

namespace detail {

struct dispatch_rows_base {};
/// Element types of a row function: there is no exact tier of double, and sparsemax has those that are compiled.
template <types::tier Tier, class In, class Out>
concept dispatch_rows_take = element_type<In> && element_type<Out> &&
                             !(Tier == types::tier::exact && (std::same_as<In, double> || std::same_as<Out, double>));
template <class In, class Out>
concept dispatch_sparsemax_takes =
    element_type<In> && element_type<Out> && sizeof(In) > 1 && sizeof(Out) > 1 &&
    (std::same_as<In, Out> ||
     ((std::same_as<In, float> || std::same_as<Out, float>)&&!(std::same_as<In, double> || std::same_as<Out, double>)));
/// Which are written as codes, from which elements.
template <class F, class In>
concept dispatch_codes_take = F::of == types::row_function::softmax && element_type<In> && sizeof(In) <= 4;

/// The call of a row function, checked.
template <class In, class Out>
inline types::rows_call call_of_rows(const char *function, types::row_function of, types::tier tier,
                                     const row_view<In> &in, const row_view<Out> &out, const softmax_options *options) {
  require_rows_fit(function, "in", in, out);
  if (options != nullptr) {
    require_options(function, *options, in.count, in.columns, named("out", out));
  }
  return {of,         tier,   source_of(in.data), {out.data, inspected_element<Out>()}, in.stride, out.stride, in.count,
          in.columns, options};
}
template <class In, class Out>
inline types::rows_call call_of_columns(const char *function, types::row_function of, types::tier tier,
                                        const column_view<In> &in, const column_view<Out> &out,
                                        const softmax_options *options) {
  require_columns_fit(function, in, out);
  return {of, tier, source_of(in.data), target_of(out.data), 0, 0, in.count, in.width, options, nullptr, in.height};
}

/// Gives the row functions of the dispatch library their call forms.
template <class F, types::tier Tier> struct dispatch_rows : dispatch_rows_base {
  template <class In, class Out>
    requires readable<In> && output_argument<Out &&> && dispatch_rows_take<Tier, element_t<In>, element_t<Out>>
  void operator()(const In &in, Out &&out, const softmax_options &options = {}) const {
    (*this)(one_row(in), one_row(out), options);
  }
  template <class InOut>
    requires output_argument<InOut &&> && dispatch_rows_take<Tier, element_t<InOut>, element_t<InOut>>
  void operator()(InOut &&inout, const softmax_options &options = {}) const {
    (*this)(one_row(inout), one_row(inout), options);
  }
  template <class In, class Out>
    requires dispatch_rows_take<Tier, std::remove_const_t<In>, Out>
  void operator()(const row_view<In> &in, const row_view<Out> &out, const softmax_options &options = {}) const {
    run(call_of_rows(F::name, F::of, Tier, in, out, &options));
  }
  template <class InOut>
    requires dispatch_rows_take<Tier, InOut, InOut>
  void operator()(const row_view<InOut> &inout, const softmax_options &options = {}) const {
    (*this)(inout, inout, options);
  }

  /// Down the columns.
  template <class In, class Out>
    requires dispatch_rows_take<Tier, std::remove_const_t<In>, Out>
  void operator()(const column_view<In> &in, const column_view<Out> &out) const {
    const softmax_options options;
    run(call_of_columns(F::name, F::of, Tier, in, out, &options));
  }

  /// Into codes.
  template <class In, byte_code Out>
    requires dispatch_codes_take<F, std::remove_const_t<In>>
  void operator()(const row_view<In> &in, const row_view<Out> &out, const quantization &codes,
                  const softmax_options &options = {}) const {
    require_quantization<Out>(F::name, "scale", "zero_point", codes);
    types::rows_call call = call_of_rows(F::name, F::of, Tier, in, out, &options);
    call.codes = &codes;
    run(call);
  }
  template <class In, byte_output Out>
    requires readable<In> && dispatch_codes_take<F, element_t<In>>
  void operator()(const In &in, Out &&out, const quantization &codes, const softmax_options &options = {}) const {
    (*this)(one_row(in), one_row(out), codes, options);
  }

private:
  static void run(types::rows_call call) noexcept {
    if constexpr (F::negates) {
      softmax_options negative = *call.options;
      negative.scale = negative.scale.negated();
      call.options = &negative;
      dispatch_table().rows(call);
    } else {
      dispatch_table().rows(call);
    }
  }
};

/// Row functions that a state writes.
template <class F>
concept has_state = std::is_base_of_v<dispatch_rows_base, F> && requires { F::of; } && !F::negates;

} // namespace detail

namespace dispatch {

/// @name softmax and its kin, with xact's call forms, tiers and options; down `columns`, and softmax and softmin into
/// codes. float, double, 16 bits to themselves and to and from float have kernels; other types go in pieces through
/// buffers of 4 KiB. sparsemax takes only types that have kernels.
///
/// @code
/// std::vector<float> x(64, 1.0f), y(64), sums(8);
/// xact::dispatch::softmax(x, y, {.scale = 0.125});
/// xact::dispatch::accurate(xact::dispatch::log_softmax)(xact::rows(x, 8), xact::rows(y, 8));
/// xact::dispatch::softmin(xact::columns(x, 8, 4), xact::columns(y, 8, 4));
/// xact::dispatch::sparsemax(x, y);
/// xact::dispatch::logsumexp(xact::rows(x, 8), sums);
/// std::vector<std::int8_t> codes(64);
/// xact::dispatch::softmax(x, codes, xact::quantization{.scale = 1 / 256.f, .zero_point = -128});
/// @endcode
/// @{
template <detail::types::tier Tier = detail::types::tier::standard>
struct softmax_t : detail::dispatch_rows<softmax_t<Tier>, Tier> {
  static constexpr auto tier = Tier;
  static constexpr const char *name = "softmax";
  static constexpr auto of = detail::types::row_function::softmax;
  static constexpr bool negates = false;
};
inline constexpr softmax_t<> softmax{};
template <detail::types::tier Tier = detail::types::tier::standard>
struct log_softmax_t : detail::dispatch_rows<log_softmax_t<Tier>, Tier> {
  static constexpr auto tier = Tier;
  static constexpr const char *name = "log_softmax";
  static constexpr auto of = detail::types::row_function::log_softmax;
  static constexpr bool negates = false;
};
inline constexpr log_softmax_t<> log_softmax{};
template <detail::types::tier Tier = detail::types::tier::standard>
struct softmin_t : detail::dispatch_rows<softmin_t<Tier>, Tier> {
  static constexpr auto tier = Tier;
  static constexpr const char *name = "softmin";
  static constexpr auto of = detail::types::row_function::softmax;
  static constexpr bool negates = true;
};
inline constexpr softmin_t<> softmin{};

template <detail::types::tier Tier = detail::types::tier::standard> struct logsumexp_t : detail::dispatch_rows_base {
  static constexpr const char *name = "logsumexp";

  template <class In>
    requires detail::readable<In> && detail::dispatch_rows_take<Tier, detail::element_t<In>, detail::element_t<In>>
  [[nodiscard]] detail::element_t<In> operator()(const In &in, const softmax_options &options = {}) const {
    using E = detail::element_t<In>;
    const auto n = detail::size_of(in);
    E y{};
    (*this)(row_view<const E>{detail::data_of(in), 1, n, n}, std::span<E, 1>(&y, 1), options);
    return y;
  }
  template <class In, class Out>
    requires detail::writable<Out> && detail::dispatch_rows_take<Tier, std::remove_const_t<In>, detail::element_t<Out>>
  void operator()(const row_view<In> &in, Out &&out, const softmax_options &options = {}) const {
    auto *const to = detail::data_of(out);
    const row_view<detail::element_t<Out>> each{to, detail::size_of(out), 1, 1};
    const detail::argument written = detail::named("out", each);
    detail::require_one_each(name, in, written);
    detail::require_options(name, options, in.count, in.columns, written);
    detail::dispatch_table().rows({detail::types::row_function::logsumexp, Tier, detail::source_of(in.data),
                                   detail::target_of(to), in.stride, 1, in.count, in.columns, &options});
  }
};
inline constexpr logsumexp_t<> logsumexp{};

struct sparsemax_t {
  static constexpr auto of = detail::types::row_function::sparsemax;

  template <class In, class Out>
    requires detail::dispatch_sparsemax_takes<std::remove_const_t<In>, Out>
  void operator()(const row_view<In> &in, const row_view<Out> &out) const {
    detail::dispatch_table().rows(
        detail::call_of_rows("sparsemax", of, detail::types::tier::standard, in, out, nullptr));
  }
  template <class InOut> void operator()(const row_view<InOut> &inout) const { (*this)(inout, inout); }
  template <class In, class Out>
    requires detail::dispatch_sparsemax_takes<std::remove_const_t<In>, Out>
  void operator()(const column_view<In> &in, const column_view<Out> &out) const {
    detail::dispatch_table().rows(
        detail::call_of_columns("sparsemax", of, detail::types::tier::standard, in, out, nullptr));
  }
  template <class In, class Out>
    requires detail::readable<In> && detail::output_argument<Out &&>
  void operator()(const In &in, Out &&out) const {
    (*this)(detail::one_row(in), detail::one_row(out));
  }
  template <class InOut>
    requires detail::output_argument<InOut &&>
  void operator()(InOut &&inout) const {
    (*this)(detail::one_row(inout));
  }
};
inline constexpr sparsemax_t sparsemax{};

template <template <detail::types::tier> class F, detail::types::tier Tier>
  requires std::is_base_of_v<detail::dispatch_rows_base, F<Tier>>
[[nodiscard]] constexpr F<detail::types::tier::accurate> accurate(const F<Tier> &) noexcept {
  return {};
}
template <template <detail::types::tier> class F, detail::types::tier Tier>
  requires std::is_base_of_v<detail::dispatch_rows_base, F<Tier>>
[[nodiscard]] constexpr F<detail::types::tier::exact> exact(const F<Tier> &) noexcept {
  return {};
}
/// @}

} // namespace dispatch
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
