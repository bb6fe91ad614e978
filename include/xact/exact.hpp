#pragma once

/// @file
/// The adaptors that choose a tier.

#include <xact/activation.hpp>
#include <xact/detail/lanes/convert.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

namespace detail {
template <class F>
concept has_kernel = requires(const F &f, const native<float> &x) { f.kernel(tier::standard{}, x); };
} // namespace detail

/// What `fast(f)` returns: f in the fast tier, at most 4 ULP of float with the same special values and a true tail.
///
/// @code
/// constexpr xact::fast_t<xact::silu_t> quick = xact::fast(xact::silu);
/// const float y = quick(2.0f);
/// @endcode
template <class F> struct fast_t : activation<fast_t<F>> {
  using tier_of = F;
  F f;

  constexpr explicit fast_t(const F &of) : f(of) {}

  template <class Tier, class V> XACT_INLINE V kernel(Tier, const V &x) const noexcept {
    return f.kernel(tier::fast{}, x);
  }

  template <class Tier, class V>
    requires requires { F::template unroll<tier::fast, V>(); }
  static constexpr std::size_t unroll() {
    return F::template unroll<tier::fast, V>();
  }

  constexpr bool is_usual() const
    requires requires(const F &g) { g.usual(); }
  {
    return f.is_usual();
  }
  constexpr auto usual() const
    requires requires(const F &g) { g.usual(); }
  {
    return fast_t<decltype(f.usual())>(f.usual());
  }
};

/// What `exact(f)` returns: f in the exact tier, correctly rounded to float, the same bits on every ISA. There is no
/// exact tier of double: such a call does not compile.
///
/// @code
/// constexpr xact::exact_t<xact::gelu_t> rounded = xact::exact(xact::gelu);
/// const float y = rounded(-13.0f); // -7.95...e-38
/// @endcode
template <class F> struct exact_t : activation<exact_t<F>> {
  using tier_of = F;
  F f;

  constexpr explicit exact_t(const F &of) : f(of) {}

  template <class Tier, class V>
    requires std::same_as<detail::scalar_t<V>, float>
  XACT_INLINE V kernel(Tier, const V &x) const noexcept {
    return f.kernel(tier::exact{}, x);
  }

  template <class Tier, class V>
    requires requires { F::template unroll<tier::exact, V>(); }
  static constexpr std::size_t unroll() {
    return F::template unroll<tier::exact, V>();
  }
};

/// f within 4 ULP, for data that sits in cache. Of several tiers the outermost counts: `fast(exact(f))` is `fast(f)`.
///
/// @code
/// std::vector<float> in(64), out(64);
/// xact::fast(xact::silu)(in, out);
/// @endcode
template <detail::has_kernel F> constexpr auto fast(const F &f) { return fast_t(detail::untiered(f)); }

/// f correctly rounded (float), the same bits on every machine.
///
/// @code
/// std::vector<float> in(64), out(64);
/// xact::exact(xact::gelu)(in, out);
/// @endcode
template <detail::has_kernel F> constexpr auto exact(const F &f) { return exact_t(detail::untiered(f)); }

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
