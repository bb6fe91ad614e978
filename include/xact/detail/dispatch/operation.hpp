#pragma once

/// @file
/// What an activation of the dispatch library, in a tier or its derivative, is to the library.

#include <xact/detail/dispatch/table.hpp>
#include <xact/detail/types/checks.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// What an activation of the dispatch library, or a tier or derivative of one, comes to.
template <class F> XACT_INLINE constexpr const auto &innermost(const F &f) noexcept {
  if constexpr (requires { typename F::of; }) {
    return innermost(f.f);
  } else {
    return f;
  }
}
template <class F> inline constexpr types::tier tier_in = types::tier::standard;
template <class F>
  requires requires { typename F::of; }
inline constexpr types::tier tier_in<F> = [] {
  if constexpr (requires { F::in_tier; }) {
    return F::in_tier;
  } else {
    return tier_in<typename F::of>;
  }
}();
template <class F> inline constexpr bool is_derivative = false;
template <class F>
  requires requires { typename F::of; }
inline constexpr bool is_derivative<F> = F::derives || is_derivative<typename F::of>;

template <class F>
concept dispatched = requires(const F &f) { innermost(f).function; };

template <class F> XACT_INLINE inline const types::functions *functions_of(const F &f) noexcept {
  const auto i = static_cast<unsigned>(innermost(f).function);
  return i < types::functions_listed ? dispatch_table().activations[i] : nullptr;
}
template <class F> XACT_INLINE inline const double *parameters_of(const F &of) noexcept {
  const auto &f = innermost(of);
  if constexpr (requires { f.parameters; }) {
    return f.parameters;
  } else {
    return reinterpret_cast<const double *>(&f);
  }
}

template <class F> XACT_INLINE inline types::operation operation_of(const F &f, const types::functions *of) noexcept {
  return {of, parameters_of(f), tier_in<F>, is_derivative<F>};
}

/// That the library has f.
template <class F> XACT_INLINE inline const types::functions &require_functions(const F &f) {
  const types::functions *const of = functions_of(f);
  if (of == nullptr) [[unlikely]] {
    refuse("xact::dispatch: this activation is empty, or not in this build of the library");
  }
  return *of;
}

/// That the parameters mean something.
template <class F> XACT_INLINE inline void require_meaning(const F &of, const types::functions &functions) {
  using G = std::remove_cvref_t<decltype(innermost(of))>;
  if constexpr (std::is_empty_v<G>) {
    return;
  } else {
    const G usual{};
    if (functions.refusal != nullptr && __builtin_memcmp(&innermost(of), &usual, sizeof usual) != 0) {
      const types::refused r = functions.refusal(parameters_of(of));
      if (r.format != nullptr) [[unlikely]] {
        refuse(r.format, r.value);
      }
    }
  }
}

template <class F, class... T>
concept dispatch_takes =
    (element_type<T> && ...) && !(tier_in<F> == types::tier::exact && (std::same_as<T, double> || ...));

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
