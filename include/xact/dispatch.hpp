#pragma once

/// @file
/// The same calls, compiled once per ISA in a library, `xact::dispatch`, that picks the best this CPU has: for programs
/// that ship to unknown machines. This header has no kernels; what it declares is light to include.

#include <xact/detail/types/dispatch.hpp>
#include <xact/detail/types/views.hpp>
#include <xact/float16.hpp>
#include <xact/float8.hpp>
#include <xact/rows.hpp>

#include <span>
#include <string_view>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

namespace detail {

namespace types = xact::erased::detail;

XACT_INLINE inline const types::table &dispatch_table() noexcept {
  const types::table *const t = __atomic_load_n(&types::chosen, __ATOMIC_ACQUIRE);
  return t != nullptr ? *t : types::choose();
}

template <element_type E> consteval types::element element_of() {
  using types::element;
  if constexpr (computed_type<E>) {
    return sizeof(E) == 4 ? element::float32 : element::float64;
  } else {
    using F = format_t<E>;
    return sizeof(typename F::storage) == 2 ? (F::exponent_bits == 5 ? element::float16 : element::bfloat16)
                                            : (F::exponent_bits == 4 ? element::e4m3 : element::e5m2);
  }
}

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

template <class F, class... T>
concept dispatch_takes =
    (element_type<T> && ...) && !(tier_in<F> == types::tier::exact && (std::same_as<T, double> || ...));

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

template <class F, class In, class Out> inline void dispatch_call(const F &f, In &in, Out &out) {
  using E = argument_element_t<In>;
  const auto from = as_rows(in);
  const auto to = as_rows(out);
  const types::functions &of = require_functions(f);
  require_meaning(f, of);
  if (!views_fit(writes(to), from)) [[unlikely]] {
    check_each_view(call_names<1, 1>{is_derivative<F> ? of.derivative_name : of.name, {"in"}, {"out"}}, writes(to),
                    from);
  }
  const bool whole = from.stride == from.columns && to.stride == to.columns;
  const std::size_t rows = whole ? from.count != 0 : from.count;
  const std::size_t columns = whole ? from.count * from.columns : from.columns;
  for (std::size_t r = 0; r < rows; ++r) {
    dispatch_run(f, of, static_cast<const E *>(from[r]), to[r], columns);
  }
}
template <class F, class InOut>
  requires(!element_type<std::remove_const_t<InOut>>)
inline void dispatch_call(const F &f, InOut &inout) {
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

/// The ISA that calls use: "sse2", "avx2", "avx512" on x86-64.
///
/// @code
/// std::printf("%s\n", xact::dispatch::isa().data());
/// @endcode
[[nodiscard]] inline std::string_view isa() noexcept { return detail::dispatch_table().isa; }

/// The ISAs that the library was built for and this CPU runs, the best first. The environment variable XACT_ISA, set
/// before the first call, makes it use a lower one than the best.
///
/// @code
/// for (const std::string_view name : xact::dispatch::isas()) std::printf("%s\n", name.data());
/// @endcode
[[nodiscard]] inline std::span<const std::string_view> isas() noexcept {
  const std::string_view *names = nullptr;
  const std::size_t count = detail::types::isas(names);
  return {names, count};
}

} // namespace dispatch
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
