#pragma once

/// @file
/// The adaptors that choose a tier.

#include <xact/activation.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

namespace detail {
template <class F>
concept has_kernels = described<untiered_t<F>>;
/// Whether F can be correctly rounded to float.
template <class F>
concept roundable = has_kernels<F> && narrowable<untiered_t<F>>;
} // namespace detail

/// What `accurate(f)` returns: f within 1 ULP of float, 1.5 of double.
///
/// @code
/// constexpr xact::accurate_t<xact::silu_t> near_truth = xact::accurate(xact::silu);
/// const float y = near_truth(2.0f);
/// @endcode
template <class F> struct accurate_t : activation<accurate_t<F>> {
  using tier_of = F;
  using tier_type = detail::tier::accurate;
  template <class T> static constexpr bool takes = detail::has_accurate<F, T>;
  F f;

  constexpr explicit accurate_t(const F &of) : f(of) {}

  constexpr bool has_defaults() const
    requires requires(const F &g) { g.defaults(); }
  {
    return f.has_defaults();
  }
  constexpr auto defaults() const
    requires requires(const F &g) { g.defaults(); }
  {
    return accurate_t<decltype(f.defaults())>(f.defaults());
  }
};

/// What `exact(f)` returns: f correctly rounded to float, the same bits on every ISA. There is no exact tier of double:
/// such a call does not compile.
///
/// @code
/// constexpr xact::exact_t<xact::gelu_t> rounded = xact::exact(xact::gelu);
/// const float y = rounded(-13.0f); // -7.95...e-38
/// @endcode
template <class F> struct exact_t : activation<exact_t<F>> {
  using tier_of = F;
  using tier_type = detail::tier::exact;
  template <class T> static constexpr bool takes = std::same_as<T, float>;
  F f;

  constexpr explicit exact_t(const F &of) : f(of) {}
};

/// f within 1 ULP (float) or 1.5 (double), instead of 4. Of several tiers the outermost counts: `accurate(exact(f))` is
/// `accurate(f)`.
///
/// @code
/// std::vector<float> in(64), out(64);
/// xact::accurate(xact::silu)(in, out);
/// @endcode
template <detail::has_kernels F> [[nodiscard]] constexpr auto accurate(const F &f) {
  return accurate_t(detail::untiered(f));
}

/// f correctly rounded (float), the same bits on every machine. An activation of your own needs the member `rounded`
/// for it (activation.hpp).
///
/// @code
/// std::vector<float> in(64), out(64);
/// xact::exact(xact::gelu)(in, out);
/// @endcode
template <detail::roundable F> [[nodiscard]] constexpr auto exact(const F &f) { return exact_t(detail::untiered(f)); }

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
