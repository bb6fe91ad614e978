#pragma once

/// @file
/// Which kernel of an activation a call gets, and how many batches go through it together.

#include <xact/concepts.hpp>
#include <xact/detail/call/narrow.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

// The type that a value of one element type, or of several, is computed in.
template <class... T> struct compute { // not an alias: g++ 12 cannot expand two packs into one
  using type = std::conditional_t<(std::same_as<T, double> || ...), double, float>;
};
template <class... T> using compute_t = typename compute<T...>::type;

/// An activation's kernel in one tier, as a callable on lanes.
template <class F, class Tier> struct in_tier {
  const F &f;
  template <class V> XACT_INLINE V operator()(const V &x) const noexcept { return f.kernel(Tier{}, x); }
};

/// The activation itself, without an adaptor that only chooses a tier.
template <class F> XACT_INLINE constexpr const auto &untiered(const F &f) noexcept {
  if constexpr (requires { typename F::tier_of; }) {
    return untiered(f.f);
  } else {
    return f;
  }
}

/// What the loop calls for outputs of type Out. Small types have no tiers: they are always correctly rounded.
template <class Out, class... In, class F> XACT_INLINE constexpr auto kernel_into(const F &f) noexcept {
  if constexpr (narrow_element<Out>) {
    constexpr bool one_format = (std::same_as<format_t<In>, format_t<Out>> && ...);
    return rounded_once<std::remove_cvref_t<decltype(untiered(f))>, format_t<Out>, one_format>{untiered(f)};
  } else {
    return in_tier<F, tier::standard>{f};
  }
}

/// How many batches go through f together. An activation whose kernel gains from it says so by a member
/// `template <class Tier, class V> static constexpr std::size_t unroll()`; its kernel then gets packs too.
template <class F, class V> inline constexpr std::size_t unroll = 1;
template <class F, class Tier, class V>
  requires requires { F::template unroll<Tier, V>(); }
inline constexpr std::size_t unroll<in_tier<F, Tier>, V> = std::is_arithmetic_v<V> ? 1 : F::template unroll<Tier, V>();
template <class F, class Format, bool Same, class V>
inline constexpr std::size_t unroll<rounded_once<F, Format, Same>, V> = unroll<in_tier<F, tier::fast>, V>;
// Beside two, four are 3 to 5 % faster in silu and sigmoid with AVX-512, 13 % in clang's gelu with AVX2; relu is 15 %
// slower with AVX2.
template <class F, class Format, class T, class A>
  requires(rounds_16_bits<F, xsimd::batch<T, A>> || is_exact<F>)
inline constexpr std::size_t unroll<rounded_once<F, Format, true>, xsimd::batch<T, A>> = is_exact<F> ? 2 : 4;

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
