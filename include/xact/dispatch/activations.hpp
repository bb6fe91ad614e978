#pragma once

/// @file
/// The activations, their tiers and derivatives, and those that are chosen by a name.

#include <xact/detail/dispatch/calls.hpp>

#include <string_view>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// xact's calls by the library `xact::dispatch`: names, parameters, call forms, element types, results and errors are
/// those of the ISA that this CPU has, chosen before the first call.
namespace dispatch {

#define XACT_PLAIN_(name)                                                                                              \
  struct name##_t : detail::dispatch_calls<name##_t> {                                                                 \
    static constexpr auto function = detail::types::function::name;                                                    \
  };                                                                                                                   \
  inline constexpr name##_t name{};
#define XACT_WITH_(name, ...)                                                                                          \
  struct name##_t {                                                                                                    \
    __VA_ARGS__                                                                                                        \
    static constexpr auto function = detail::types::function::name;                                                    \
    XACT_DISPATCH_CALLS(name##_t)                                                                                      \
  };                                                                                                                   \
  inline constexpr name##_t name{};
XACT_DISPATCHED(XACT_PLAIN_, XACT_WITH_)
#undef XACT_PLAIN_
#undef XACT_WITH_

/// An activation that is chosen at run time: what `find` gives. Empty, it is false, and calls of ranges refuse it.
///
/// @code
/// const xact::dispatch::activation none;
/// const bool known = static_cast<bool>(none); // false
/// @endcode
class activation : public detail::dispatch_calls<activation> {
public:
  detail::types::function function = detail::types::function::count;
  double parameters[detail::types::most_parameters] = {};

  explicit operator bool() const noexcept { return function != detail::types::function::count; }
};

/// The activation of a name in PyTorch, ONNX, Keras, JAX, ggml or a configuration file ("hidden_act"), with the
/// parameters that it has there by default; of an unknown name an empty one.
///
/// @code
/// const xact::dispatch::activation f = xact::dispatch::find("gelu_new");
/// std::vector<float> layer{-1.0f, 2.0f};
/// if (f) xact::dispatch::accurate(f)(layer);
/// @endcode
[[nodiscard]] inline activation find(std::string_view name) noexcept {
  activation f;
  f.function = detail::types::find(name.data(), name.size(), f.parameters);
  return f;
}

/// What `accurate(f)` returns.
///
/// @code
/// constexpr xact::dispatch::accurate_t<xact::dispatch::silu_t> near_truth =
/// xact::dispatch::accurate(xact::dispatch::silu);
/// @endcode
template <class F> struct accurate_t : detail::dispatch_calls<accurate_t<F>> {
  using of = F;
  static constexpr auto in_tier = detail::types::tier::accurate;
  static constexpr bool derives = false;
  F f;

  constexpr explicit accurate_t(const F &g) : f(g) {}
};

/// What `exact(f)` returns.
///
/// @code
/// constexpr xact::dispatch::exact_t<xact::dispatch::silu_t> rounded = xact::dispatch::exact(xact::dispatch::silu);
/// @endcode
template <class F> struct exact_t : detail::dispatch_calls<exact_t<F>> {
  using of = F;
  static constexpr auto in_tier = detail::types::tier::exact;
  static constexpr bool derives = false;
  F f;

  constexpr explicit exact_t(const F &g) : f(g) {}
};

/// What `derivative(f)` returns.
///
/// @code
/// constexpr xact::dispatch::derivative_t<xact::dispatch::silu_t> slope =
/// xact::dispatch::derivative(xact::dispatch::silu);
/// @endcode
template <class F> struct derivative_t : detail::dispatch_calls<derivative_t<F>> {
  using of = F;
  static constexpr bool derives = true;
  F f;

  constexpr explicit derivative_t(const F &g) : f(g) {}
};

/// The activation itself, of a tier of it.
template <detail::dispatched F> [[nodiscard]] constexpr auto accurate(const F &f) {
  if constexpr (requires { F::in_tier; }) {
    return accurate(f.f);
  } else {
    return accurate_t<F>(f);
  }
}
template <detail::dispatched F> [[nodiscard]] constexpr auto exact(const F &f) {
  if constexpr (requires { F::in_tier; }) {
    return exact(f.f);
  } else {
    return exact_t<F>(f);
  }
}
template <detail::dispatched F>
  requires(!detail::is_derivative<F>)
[[nodiscard]] constexpr auto derivative(const F &f) {
  if constexpr (!requires { F::in_tier; }) {
    return derivative_t<F>(f);
  } else if constexpr (F::in_tier == detail::types::tier::exact) {
    return exact(derivative(f.f));
  } else {
    return accurate(derivative(f.f));
  }
}

} // namespace dispatch
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
