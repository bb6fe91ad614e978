#pragma once

/// @file
/// The call forms of an activation: a value, a batch, ranges.

#include <xact/detail/call/mistakes.hpp>

#include <string_view>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

template <class... Args> inline constexpr bool is_value_call = false;
template <class X> inline constexpr bool is_value_call<X> = value_type<std::remove_cvref_t<X>>;

// The value goes through the same vector code as an array's elements: equal bits by construction, not by proof.
template <class F, element_type T>
  requires computes<F, compute_t<T>>
XACT_INLINE inline T call(const F &f, const T &x) noexcept {
  using V = native<compute_t<T>>;
  const auto y = kernel_into<T, T>(f)(V(static_cast<compute_t<T>>(x)));
  if constexpr (narrow_element<T>) {
    T buffer[lane_traits<V>::size];
    store_lanes(y, buffer);
    return buffer[0];
  } else {
    return static_cast<T>(first_lane(y));
  }
}

template <class F, computed_type T, class A>
  requires computes<F, T>
XACT_INLINE inline xsimd::batch<T, A> call(const F &f, const xsimd::batch<T, A> &x) noexcept {
  return evaluate<tier::standard>(f, x);
}

/// next(f), or next of what f comes to at its default parameters, if it says so by members `has_defaults` and
/// `defaults`: no loop then tests them, and the tables of one kernel only fill the registers (AVX-512: up to 20 % of
/// softplus).
template <class F, class Next> XACT_INLINE inline void with_constants(const F &f, Next next) {
  if constexpr (requires { f.defaults(); }) {
    if (f.has_defaults()) {
      return next(f.defaults());
    }
  }
  next(f);
}

template <class F> consteval std::string_view type_name() { return __PRETTY_FUNCTION__; }
/// The name of an activation, for messages: gelu of xact::...::gelu_t.
template <class F> struct name_of {
  static constexpr auto text = [] {
    std::string_view name = type_name<F>();
    name.remove_prefix(name.find("F = ") + 4);
    name = name.substr(0, name.find_first_of(";]"));
    const std::size_t last = name.rfind("::");
    name.remove_prefix(last == name.npos ? 0 : last + 2);
    name.remove_suffix(name.ends_with("_t") ? 2 : 0);
    std::array<char, 64> result{};
    for (std::size_t i = 0; i < name.size() && i + 1 < result.size(); ++i) {
      result[i] = name[i];
    }
    return result;
  }();
};

/// The check of f(in, out).
template <class F, class E, class O>
XACT_INLINE inline void require_call(const F &f, const row_view<E> &in, const row_view<O> &out) {
  require_meaning(untiered(f));
  const char *const name = name_of<std::remove_cvref_t<decltype(untiered(f))>>::text.data();
  check_views(call_names<1, 1>{name, {"in"}, {"out"}}, writes(out), in);
}

/// f of one row, in registers: behind references to views each call stored them, which took gelu of 16 doubles 43 ns in
/// place of 35 (Zen 4, AVX-512, g++ 12).
template <class F, class E, class O>
inline void call_range(const F &f, const E *in, std::size_t n, O *out, std::size_t m) {
  require_call(f, row_view<const E>{in, 1, n, n}, row_view<O>{out, 1, m, m});
  with_constants(f, [=](const auto &g) { map<native<compute_t<E, O>>>(kernel_into<O, E>(g), n, out, in); });
}

/// f(in, out) of two ranges, or of rows of one shape.
template <class F, class In, class Out>
  requires all_readable<In, Out> && writable_argument<Out> &&
           computes<F, compute_t<argument_element_t<In>, argument_element_t<Out>>>
inline void call(const F &f, In &in, Out &out) {
  using E = argument_element_t<In>;
  using O = argument_element_t<Out>;
  if constexpr (readable<In>) {
    call_range(f, static_cast<const E *>(data_of(in)), size_of(in), data_of(out), size_of(out));
  } else {
    require_call(f, in, out);
    with_constants(f, [&](const auto &g) {
      map_views<native<compute_t<E, O>>>(kernel_into<O, E>(g), one_pointer(), writes(out), in);
    });
  }
}

template <class F, class InOut>
  requires writable_argument<InOut> && computes<F, compute_t<argument_element_t<InOut>>>
inline void call(const F &f, InOut &inout) {
  call(f, inout, inout);
}

/// What an activation's call operator does.
template <class F, class... Args> XACT_INLINE inline decltype(auto) call_form(const F &f, Args &...args) {
  if constexpr (sizeof...(Args) == 1 && !is_value_call<Args...>) {
    call(f, args...);
    return (in_place);
  } else {
    return call(f, args...);
  }
}

template <class F, class X>
concept value_call = value_type<X> && computes<F, compute_t<scalar_t<std::remove_cv_t<X>>>>;
template <class F, class In, class Out>
concept range_call = all_readable<In, Out> && writable_argument<Out> &&
                     computes<F, compute_t<argument_element_t<In>, argument_element_t<Out>>>;

template <class F, class... Args> inline constexpr bool accepts = false;
template <class F, class X> inline constexpr bool accepts<F, X> = value_call<F, X> || range_call<F, X, X>;
template <class F, class In, class Out> inline constexpr bool accepts<F, In, Out> = range_call<F, In, Out>;

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
