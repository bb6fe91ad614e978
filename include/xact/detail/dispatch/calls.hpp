#pragma once

/// @file
/// The call forms of the dispatch library's activations.

#include <xact/detail/dispatch/operation.hpp>
#include <xact/detail/types/views.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// The kernel that does it without a buffer, if there is one.
constexpr types::kernel kernel_between(types::element in, types::element out, types::tier t) noexcept {
  using types::element;
  const auto after = [&](types::kernel k) { return static_cast<types::kernel>(k + static_cast<unsigned>(t)); };
  return in == out && in == element::float32    ? after(types::float_standard)
         : in == out && in == element::float64  ? after(types::double_standard)
         : in == out && in == element::float16  ? types::of_float16
         : in == out && in == element::bfloat16 ? types::of_bfloat16
         : in != element::float32               ? types::kernels
         : out == element::float16              ? types::float_to_float16
         : out == element::bfloat16             ? types::float_to_bfloat16
                                                : types::kernels;
}

template <class F, class E, class O>
XACT_INLINE inline void dispatch_run(const F &f, const types::functions &of, const E *in, O *out,
                                     std::size_t n) noexcept {
  constexpr types::element from = element_of<E>(), to = element_of<O>();
  constexpr types::kernel k = kernel_between(from, to, tier_in<F>);
  if constexpr (is_derivative<F> && k < types::wide_kernels) {
    of.derivative[k](parameters_of(f), in, out, n);
  } else if constexpr (!is_derivative<F> && k != types::kernels) {
    of.value[k](parameters_of(f), in, out, n);
  } else {
    dispatch_table().apply(operation_of(f, &of), {in, from}, {out, to}, n);
  }
}

template <class F, class T>
  requires element_type<T>
XACT_INLINE inline T dispatch_call(const F &f, const T &x) noexcept {
  const types::functions &of = require_functions(f);
  const types::of_one &one = is_derivative<F> ? of.derivative_of_one : of.value_of_one;
  constexpr types::element e = element_of<T>();
  constexpr auto tier = static_cast<unsigned>(tier_in<F>);
  if constexpr (e == types::element::float32) {
    return one.of_float[tier](parameters_of(f), x);
  } else if constexpr (e == types::element::float64) {
    return one.of_double[tier](parameters_of(f), x);
  } else if constexpr (sizeof(T) == 2 && !is_derivative<F>) {
    constexpr std::size_t which = e == types::element::bfloat16;
    return __builtin_bit_cast(T, one.of_16[which](parameters_of(f), __builtin_bit_cast(std::uint16_t, x)));
  } else {
    T y;
    dispatch_run(f, of, &x, &y, 1);
    return y;
  }
}

/// The library's functions for a call that nothing is wrong with.
template <class F, class E, class O>
XACT_INLINE inline const types::functions &require_checked(const F &f, const row_view<E> &in, const row_view<O> &out) {
  const types::functions &of = require_functions(f);
  require_meaning(f, of);
  if (!views_fit(writes(out), in)) [[unlikely]] {
    check_each_view(call_names<1, 1>{is_derivative<F> ? of.derivative_name : of.name, {"in"}, {"out"}}, writes(out),
                    in);
  }
  return of;
}

/// One row, in registers: behind references to ranges each call stored them and loaded them, and gelu of eight doubles
/// took 10 ns more (Zen 4, g++ 12).
template <class F, class E, class O>
inline void dispatch_range(const F &f, const E *in, std::size_t n, O *out, std::size_t m) {
  dispatch_run(f, require_checked(f, row_view<const E>{in, 1, n, n}, row_view<O>{out, 1, m, m}), in, out, n);
}

template <class F, class In, class Out> XACT_INLINE inline void dispatch_call(const F &f, In &in, Out &out) {
  if constexpr (readable<In>) {
    const argument_element_t<In> *const from = data_of(in);
    dispatch_range(f, from, size_of(in), data_of(out), size_of(out));
  } else {
    const types::functions &of = require_checked(f, in, out);
    each_dispatched_row([&](std::size_t n, const auto *x, auto *y) { dispatch_run(f, of, x, y, n); }, in, out);
  }
}
template <class F, class InOut>
  requires(!element_type<std::remove_const_t<InOut>>)
XACT_INLINE inline void dispatch_call(const F &f, InOut &inout) {
  dispatch_call(f, inout, inout);
}

template <class A>
inline constexpr bool is_lasting =
    !std::ranges::range<A> || std::is_lvalue_reference_v<A> || std::ranges::borrowed_range<A>;
template <class F, class... Args> inline constexpr bool dispatch_accepts = false;
template <class F, element_type T> inline constexpr bool dispatch_accepts<F, T> = dispatch_takes<F, T>;
template <class F, class In, class Out>
  requires all_readable<In, Out> && writable_argument<Out>
inline constexpr bool dispatch_accepts<F, In, Out> =
    dispatch_takes<F, argument_element_t<In>, argument_element_t<Out>> && is_lasting<Out>;
template <class F, class InOut>
  requires(!element_type<InOut> && writable_argument<InOut>)
inline constexpr bool dispatch_accepts<F, InOut> = dispatch_takes<F, argument_element_t<InOut>> && is_lasting<InOut>;

/// Arguments as dispatch_accepts looks at them: values without const and reference.
template <class A>
using argument_kind = std::conditional_t<element_type<std::remove_cvref_t<A>>, std::remove_cvref_t<A>, A>;

#define XACT_DISPATCH_CALLS(type)                                                                                      \
  template <class... Args>                                                                                             \
    requires ::xact::detail::dispatch_accepts<type, ::xact::detail::argument_kind<Args &&>...>                         \
  XACT_INLINE auto operator()(Args &&...args)                                                                          \
      const noexcept(sizeof...(Args) == 1 && (::xact::detail::element_type<std::remove_cvref_t<Args>> && ...)) {       \
    return ::xact::detail::dispatch_call(*this, args...);                                                              \
  }

template <class F> struct dispatch_calls {
  template <class... Args>
    requires dispatch_accepts<F, argument_kind<Args &&>...>
  XACT_INLINE auto operator()(Args &&...args) const
      noexcept(sizeof...(Args) == 1 && (element_type<std::remove_cvref_t<Args>> && ...)) {
    return dispatch_call(static_cast<const F &>(*this), args...);
  }
};

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
