#pragma once

/// @file
/// The call forms of an activation: a value, a batch, ranges.

#include <xact/detail/call/loop.hpp>
#include <xact/detail/types/checks.hpp>

#include <iterator>

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

/// out = f(in...), checked.
template <class F, class Out, class... In> inline void map_ranges(const F &f, Out &out, const In &...in) {
  using V = native<compute_t<element_t<Out>, element_t<In>...>>;
  const auto n = static_cast<std::size_t>(std::ranges::size(out));
  auto *to = std::ranges::data(out);
  (require_equal_length(static_cast<std::size_t>(std::ranges::size(in)), n), ...);
  (require_same_or_disjoint(std::ranges::data(in), n * sizeof(element_t<In>), to, n * sizeof *to), ...);
  map<V>(f, n, to, static_cast<const element_t<In> *>(std::ranges::data(in))...);
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

template <class F, readable In, writable Out>
  requires computes<F, compute_t<element_t<In>, element_t<Out>>>
inline void call(const F &f, const In &in, Out &out) {
  with_constants(f, [&](const auto &g) { map_ranges(kernel_into<element_t<Out>, element_t<In>>(g), out, in); });
}

template <class F, writable InOut>
  requires computes<F, compute_t<element_t<InOut>>>
inline void call(const F &f, InOut &inout) {
  call(f, inout, inout);
}

template <class F, class X>
concept value_call = value_type<X> && computes<F, compute_t<scalar_t<X>>>;
template <class F, class In, class Out>
concept range_call = readable<In> && writable<Out> && computes<F, compute_t<element_t<In>, element_t<Out>>>;

template <class F, class... Args> inline constexpr bool accepts = false;
template <class F, class X>
inline constexpr bool accepts<F, X> = value_call<F, X> || (writable<X> && range_call<F, X, X>);
template <class F, class In, class Out> inline constexpr bool accepts<F, In, Out> = range_call<F, In, Out>;

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
