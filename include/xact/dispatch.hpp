#pragma once

/// @file
/// The same calls, compiled once per ISA in a library, `xact::dispatch`, that picks the best this CPU has: for programs
/// that ship to unknown machines. This header has no kernels; what it declares is light to include.

#include <xact/detail/types/backward_options.hpp>
#include <xact/detail/types/dispatch.hpp>
#include <xact/detail/types/quantization_checks.hpp>
#include <xact/detail/types/softmax_checks.hpp>
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

template <class E> XACT_INLINE inline types::source source_of(const E *from) noexcept {
  return {from, element_of<std::remove_cv_t<E>>()};
}
template <class E> consteval types::element inspected_element() {
  if constexpr (element_type<E>) {
    return element_of<E>();
  } else {
    return std::same_as<E, std::int8_t>    ? types::element::int8
           : std::same_as<E, std::uint8_t> ? types::element::uint8
                                           : types::element::int4;
  }
}
/// Two types that `compare` has in the library: one, or float and another.
template <class A, class B>
concept comparable_here = element_type<A> && element_type<B> && (std::same_as<A, B> || std::same_as<A, float>);
template <class E> XACT_INLINE inline types::target target_of(E *to) noexcept { return {to, element_of<E>()}; }

/// `quantize` or `dequantize` of the library, over rows; T is the type of the codes.
template <class T, class Run, class E, class O>
inline void dispatch_codes(Run types::table::*run, const char *function, const row_view<E> &in, const row_view<O> &out,
                           const quantization *q, std::size_t quantizations, bool one_for_all) {
  using In = std::remove_cv_t<E>;
  require_quantizable<T>(function, in, out, q, quantizations, one_for_all);
  for (std::size_t r = 0; r < out.count; ++r) {
    (dispatch_table().*run)({in[r], inspected_element<In>()}, in.columns, {out[r], inspected_element<O>()}, out.columns,
                            q[one_for_all ? 0 : r]);
  }
}
template <class T, class E> inline quantization dispatch_calibrate(const row_view<E> &in) noexcept {
  double low = 0, high = 0;
  for (std::size_t r = 0; r < in.count; ++r) {
    dispatch_table().measure({in[r], element_of<std::remove_cv_t<E>>()}, in.columns, low, high);
  }
  return dispatch_table().fit(inspected_element<T>(), low, high);
}

/// run(n, from ...) for rows of one shape, at once where there is no gap.
template <class F, class First, class... Rest>
XACT_INLINE inline void each_dispatched_row(const F &run, const row_view<First> &first, const row_view<Rest> &...rest) {
  const bool whole = first.stride == first.columns && ((rest.stride == rest.columns) && ...);
  const std::size_t rows = whole ? first.count != 0 : first.count;
  const std::size_t columns = whole ? first.count * first.columns : first.columns;
  for (std::size_t r = 0; r < rows; ++r) {
    run(columns, first[r], rest[r]...);
  }
}

template <class F, class X, class DY, class DX>
inline void dispatch_backward(const F &f, const types::functions &of, bool from_output, const char *function,
                              const char *name, const X &x, const DY &dy, DX &dx, bool accumulate) {
  const auto from = as_rows(x);
  const auto above = as_rows(dy);
  const auto to = as_rows(dx);
  check_views(call_names<2, 1>{function, {name, "dy"}, {"dx"}}, writes(to), from, above);
  types::operation operation = operation_of(f, &of);
  operation.derivative = true;
  each_dispatched_row(
      [&](std::size_t n, const auto *a, const auto *b, auto *c) {
        dispatch_table().backward(operation, from_output, source_of(a), source_of(b), target_of(c), accumulate, n);
      },
      from, above, to);
}

/// What `glu` makes of one function.
struct no_dispatched {};
template <class F> XACT_INLINE inline types::operation half_of_unit(const F &f) {
  if constexpr (std::same_as<F, no_dispatched>) {
    return {};
  } else {
    return operation_of(f, &require_functions(f));
  }
}
template <class F, class G> XACT_INLINE inline types::unit unit_of(const F &f, const G &g, const glu_options &o) {
  return {half_of_unit(f), half_of_unit(g), o.limit, o.alpha, o.offset};
}
/// The two halves of a row of n pairs, the gate first.
template <class P> struct halves_of {
  P gate, up;
};
template <class P> XACT_INLINE inline halves_of<P> halves(P first, P second, const glu_options &o) noexcept {
  first.step = second.step = o.layout == glu_layout::interleaved ? 2 : 1;
  return o.swapped ? halves_of<P>{second, first} : halves_of<P>{first, second};
}
template <class E> XACT_INLINE inline auto halves_read(const E *in, std::size_t n, const glu_options &o) noexcept {
  return halves(source_of(in), source_of(in + (o.layout == glu_layout::interleaved ? 1 : n)), o);
}
template <class E> XACT_INLINE inline auto halves_written(E *out, std::size_t n, const glu_options &o) noexcept {
  return halves(target_of(out), target_of(out + (o.layout == glu_layout::interleaved ? 1 : n)), o);
}

template <class F, class G, class... R>
concept dispatch_glu_takes = dispatch_takes<F, argument_element_t<R>...> &&
                             (std::same_as<G, no_dispatched> || dispatch_takes<G, argument_element_t<R>...>);

struct dispatch_rows_base {};
/// Element types of a row function: there is no exact tier of double, and sparsemax has those that are compiled.
template <class F, types::tier Tier, class In, class Out>
concept dispatch_rows_take = element_type<In> && element_type<Out> &&
                             !(Tier == types::tier::exact && (std::same_as<In, double> || std::same_as<Out, double>));
template <class In, class Out>
concept dispatch_sparsemax_takes =
    element_type<In> && element_type<Out> && sizeof(In) > 1 && sizeof(Out) > 1 &&
    (std::same_as<In, Out> ||
     ((std::same_as<In, float> || std::same_as<Out, float>)&&!(std::same_as<In, double> || std::same_as<Out, double>)));

/// Row functions that have a gradient by their result, and those that a state writes.
template <class F> inline constexpr bool is_sparsemax = requires { F::is_sparsemax; };
template <class F>
concept has_state = std::is_base_of_v<dispatch_rows_base, F> && requires { F::of; } && !F::negates;
template <class F>
concept has_row_gradient_here = is_sparsemax<F> || has_state<F>;
template <class F> consteval types::row_function row_function_of() {
  if constexpr (is_sparsemax<F>) {
    return types::row_function::sparsemax;
  } else {
    return F::of;
  }
}

/// Gives the row functions of the dispatch library their call forms.
template <class F, types::tier Tier> struct dispatch_rows : dispatch_rows_base {
  template <class In, class Out>
    requires readable<In> && writable<Out> && dispatch_rows_take<F, Tier, element_t<In>, element_t<Out>>
  void operator()(const In &in, Out &&out, const softmax_options &options = {}) const {
    (*this)(one_row(in), one_row(out), options);
  }
  template <class InOut>
    requires writable<InOut> && dispatch_rows_take<F, Tier, element_t<InOut>, element_t<InOut>>
  void operator()(InOut &&inout, const softmax_options &options = {}) const {
    (*this)(one_row(inout), one_row(inout), options);
  }
  template <class In, class Out>
    requires dispatch_rows_take<F, Tier, std::remove_const_t<In>, Out>
  void operator()(const row_view<In> &in, const row_view<Out> &out, const softmax_options &options = {}) const {
    require_rows_fit(F::name, "in", in, out);
    require_options(F::name, options, in.count, in.columns, named("out", out));
    softmax_options used = options;
    if constexpr (F::negates) {
      used.scale = options.scale.negated();
    }
    dispatch_table().rows({F::of, Tier, source_of(static_cast<const std::remove_const_t<In> *>(in.data)),
                           target_of(out.data), in.stride, out.stride, in.count, in.columns, &used});
  }
  template <class InOut>
    requires dispatch_rows_take<F, Tier, InOut, InOut>
  void operator()(const row_view<InOut> &inout, const softmax_options &options = {}) const {
    (*this)(inout, inout, options);
  }
};

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

/// @name Gradients, gated units: as xact's. Part by part through buffers of 8 KiB, in which the bits stay the same.
/// backward_from_output of an activation whose result does not tell its derivative is refused when it runs.
///
/// @code
/// namespace dispatch = xact::dispatch;
/// std::vector<float> x(64, 0.5f), up(64, 2.0f), dy(64, 1.0f), dx(64), d_up(64);
/// xact::dispatch::backward(dispatch::accurate(dispatch::silu), x, dy, dx, {.accumulate = true});
/// xact::dispatch::backward_from_output(dispatch::tanh, x, dy, dx);
/// xact::dispatch::swiglu(x, up, dx);
/// xact::dispatch::geglu(x, up, dx, {.limit = 7.0});
/// xact::dispatch::reglu(x, up, dx);
/// xact::dispatch::backward(dispatch::glu(dispatch::tanh, dispatch::sigmoid), x, up, dy, dx, d_up);
/// @endcode
/// @{
template <class F, class X, class DY, class DX>
  requires detail::dispatched<F> && detail::all_readable<X, DY, DX> && detail::writable_argument<DX> &&
           detail::dispatch_takes<F, detail::argument_element_t<X>, detail::argument_element_t<DY>,
                                  detail::argument_element_t<DX>>
inline void backward(const F &f, const X &x, const DY &dy, DX &&dx, const backward_options &options = {}) {
  const detail::types::functions &of = detail::require_functions(f);
  detail::require_meaning(f, of);
  detail::dispatch_backward(f, of, false, "backward", "x", x, dy, dx, options.accumulate);
}

template <class F, class Y, class DY, class DX>
  requires detail::dispatched<F> && detail::all_readable<Y, DY, DX> && detail::writable_argument<DX>
inline void backward_from_output(const F &f, const Y &y, const DY &dy, DX &&dx, const backward_options &options = {}) {
  const detail::types::functions &of = detail::require_functions(f);
  if (of.from_output[0] == nullptr) [[unlikely]] {
    detail::refuse("xact::backward_from_output: the result of %s does not tell its derivative", of.name);
  }
  if (of.is_invertible != nullptr && !of.is_invertible(detail::parameters_of(f))) [[unlikely]] {
    detail::refuse("xact::backward_from_output: with a negative parameter two inputs of 'f' have the same result");
  }
  detail::dispatch_backward(f, of, true, "backward_from_output", "y", y, dy, dx, options.accumulate);
}

/// What `glu(f)` and `glu(f, g)` return.
///
/// @code
/// constexpr xact::dispatch::glu_t<xact::dispatch::sigmoid_t> original = xact::dispatch::glu(xact::dispatch::sigmoid);
/// @endcode
template <class F, class G = detail::no_dispatched> struct glu_t {
  F f;
  [[no_unique_address]] G g = {};

  template <class Gate, class Up, class Out>
    requires detail::all_readable<Gate, Up, Out> && detail::writable_argument<Out> &&
             detail::dispatch_glu_takes<F, G, Gate, Up, Out>
  void operator()(const Gate &gate, const Up &up, Out &&out, const glu_options &options = {}) const {
    using namespace detail;
    require_glu_options(options, false, false);
    const auto first = as_rows(gate);
    const auto second = as_rows(up);
    const auto to = as_rows(out);
    check_views(call_names<2, 1>{"glu", {"gate", "up"}, {"out"}}, writes(to), first, second);
    const types::unit unit = unit_of(f, g, options);
    each_dispatched_row(
        [&](std::size_t n, const auto *a, const auto *b, auto *c) {
          const types::source x = source_of(a), y = source_of(b);
          dispatch_table().glu(unit, options.swapped ? y : x, options.swapped ? x : y, target_of(c), n);
        },
        first, second, to);
  }
  template <class In, class Out>
    requires detail::all_readable<In, Out> && detail::writable_argument<Out> &&
             detail::dispatch_glu_takes<F, G, In, Out>
  void operator()(const In &in, Out &&out, const glu_options &options) const {
    using namespace detail;
    require_glu_options(options, true, false);
    const auto from = as_rows(in);
    const auto to = as_rows(out);
    require_half("glu", named("in", from), named("out", to));
    require_apart("glu", named("in", from), named("out", to), false);
    const types::unit unit = unit_of(f, g, options);
    for (std::size_t r = 0; r < to.count; ++r) {
      const auto both = halves_read(static_cast<const argument_element_t<In> *>(from[r]), to.columns, options);
      dispatch_table().glu(unit, both.gate, both.up, target_of(to[r]), to.columns);
    }
  }
};

template <detail::dispatched F> [[nodiscard]] constexpr glu_t<F> glu(const F &f) { return {f}; }
template <detail::dispatched F, detail::dispatched G> [[nodiscard]] constexpr glu_t<F, G> glu(const F &f, const G &g) {
  return {f, g};
}
inline constexpr glu_t<silu_t> swiglu = glu(silu);
inline constexpr glu_t<gelu_t> geglu = glu(gelu);
inline constexpr glu_t<relu_t> reglu = glu(relu);

template <class F, class G> [[nodiscard]] constexpr auto accurate(const glu_t<F, G> &unit) {
  if constexpr (std::same_as<G, detail::no_dispatched>) {
    return glu(accurate(unit.f));
  } else {
    return glu(accurate(unit.f), accurate(unit.g));
  }
}
template <class F, class G> [[nodiscard]] constexpr auto exact(const glu_t<F, G> &unit) {
  if constexpr (std::same_as<G, detail::no_dispatched>) {
    return glu(exact(unit.f));
  } else {
    return glu(exact(unit.f), exact(unit.g));
  }
}

template <class F, class G, class Gate, class Up, class DY, class DGate, class DUp>
  requires detail::all_readable<Gate, Up, DY, DGate, DUp> && detail::writable_argument<DGate> &&
           detail::writable_argument<DUp> && detail::dispatch_glu_takes<F, G, Gate, Up, DY, DGate, DUp>
inline void backward(const glu_t<F, G> &of, const Gate &gate, const Up &up, const DY &dy, DGate &&d_gate, DUp &&d_up,
                     const glu_options &options = {}) {
  using namespace detail;
  require_glu_options(options, false, true);
  const auto to = writes(as_rows(d_gate), as_rows(d_up));
  check_views(call_names<3, 2>{"backward", {"gate", "up", "dy"}, {"d_gate", "d_up"}}, to, as_rows(gate), as_rows(up),
              as_rows(dy));
  const types::unit unit = unit_of(of.f, of.g, options);
  each_dispatched_row(
      [&](std::size_t n, const auto *a, const auto *b, const auto *c, auto *da, auto *db) {
        const types::source x = source_of(a), y = source_of(b);
        const types::target dx = target_of(da), dy_of = target_of(db);
        dispatch_table().glu_backward(unit, options.swapped ? y : x, options.swapped ? x : y, source_of(c),
                                      options.swapped ? dy_of : dx, options.swapped ? dx : dy_of, options.accumulate,
                                      n);
      },
      as_rows(gate), as_rows(up), as_rows(dy), to.first, to.second);
}

template <class F, class G, class In, class DY, class DIn>
  requires detail::all_readable<In, DY, DIn> && detail::writable_argument<DIn> &&
           detail::dispatch_glu_takes<F, G, In, DY, DIn>
inline void backward(const glu_t<F, G> &of, const In &in, const DY &dy, DIn &&d_in, const glu_options &options) {
  using namespace detail;
  require_glu_options(options, true, true);
  const auto from = as_rows(in);
  const auto above = as_rows(dy);
  const auto to = as_rows(d_in);
  const argument read = named("in", from), gradients = named("dy", above), written = named("d_in", to);
  require_half("backward", read, gradients);
  require_same_shape("backward", read, written);
  require_apart("backward", read, written);
  require_apart("backward", gradients, written, false);
  const types::unit unit = unit_of(of.f, of.g, options);
  for (std::size_t r = 0; r < above.count; ++r) {
    const std::size_t n = above.columns;
    const auto both = halves_read(static_cast<const argument_element_t<In> *>(from[r]), n, options);
    const auto d = halves_written(to[r], n, options);
    dispatch_table().glu_backward(unit, both.gate, both.up, source_of(above[r]), d.gate, d.up, options.accumulate, n);
  }
}

/// @}

/// @name softmax and its kin, with xact's call forms, tiers and options. float, double, 16 bits to themselves and to
/// and from float have kernels; other types go in pieces through buffers of 4 KiB. sparsemax, and gradients by results,
/// take only types that have kernels (gradients: one type).
///
/// @code
/// std::vector<float> x(64, 1.0f), y(64), sums(8);
/// xact::dispatch::softmax(x, y, {.scale = 0.125});
/// xact::dispatch::accurate(xact::dispatch::log_softmax)(xact::rows(x, 8), xact::rows(y, 8));
/// xact::dispatch::softmin(x, y);
/// xact::dispatch::sparsemax(x, y);
/// xact::dispatch::logsumexp(xact::rows(x, 8), sums);
/// xact::dispatch::backward_from_output(xact::dispatch::softmax, y, x, y, {.scale = 0.125});
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
    requires detail::readable<In> &&
             detail::dispatch_rows_take<logsumexp_t, Tier, detail::element_t<In>, detail::element_t<In>>
  [[nodiscard]] detail::element_t<In> operator()(const In &in, const softmax_options &options = {}) const {
    using E = detail::element_t<In>;
    const auto n = detail::size_of(in);
    E y{};
    (*this)(row_view<const E>{detail::data_of(in), 1, n, n}, std::span<E, 1>(&y, 1), options);
    return y;
  }
  template <class In, class Out>
    requires detail::writable<Out> &&
             detail::dispatch_rows_take<logsumexp_t, Tier, std::remove_const_t<In>, detail::element_t<Out>>
  void operator()(const row_view<In> &in, Out &&out, const softmax_options &options = {}) const {
    auto *const to = detail::data_of(out);
    const row_view<detail::element_t<Out>> each{to, detail::size_of(out), 1, 1};
    const detail::argument written = detail::named("out", each);
    detail::require_one_each(name, in, written);
    detail::require_options(name, options, in.count, in.columns, written);
    detail::dispatch_table().rows({detail::types::row_function::logsumexp, Tier,
                                   detail::source_of(static_cast<const std::remove_const_t<In> *>(in.data)),
                                   detail::target_of(to), in.stride, 1, in.count, in.columns, &options});
  }
};
inline constexpr logsumexp_t<> logsumexp{};

struct sparsemax_t {
  static constexpr bool is_sparsemax = true;

  template <class In, class Out>
    requires detail::dispatch_sparsemax_takes<std::remove_const_t<In>, Out>
  void operator()(const row_view<In> &in, const row_view<Out> &out) const {
    detail::require_rows_fit("sparsemax", "in", in, out);
    detail::dispatch_table().rows({detail::types::row_function::sparsemax, detail::types::tier::standard,
                                   detail::source_of(static_cast<const std::remove_const_t<In> *>(in.data)),
                                   detail::target_of(out.data), in.stride, out.stride, in.count, in.columns, nullptr});
  }
  template <class InOut> void operator()(const row_view<InOut> &inout) const { (*this)(inout, inout); }
  template <class In, class Out>
    requires detail::readable<In> && detail::writable<Out>
  void operator()(const In &in, Out &&out) const {
    (*this)(detail::one_row(in), detail::one_row(out));
  }
  template <class InOut>
    requires detail::writable<InOut>
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

/// Gradients of softmax, log_softmax and sparsemax by their results, all ranges of one element type of at least 16
/// bits.
template <class F, class E, class DE, class DX>
  requires detail::has_row_gradient_here<F> && std::same_as<std::remove_const_t<E>, DX> &&
           std::same_as<std::remove_const_t<DE>, DX> && (sizeof(DX) > 1)
void backward_from_output(const F &, const row_view<E> &y, const row_view<DE> &dy, const row_view<DX> &dx,
                          const softmax_options &options = {}) {
  constexpr const char *name = "backward_from_output";
  detail::require_rows_fit(name, "y", y, dx);
  detail::require_rows_fit(name, "dy", dy, dx);
  if constexpr (!std::same_as<F, sparsemax_t>) {
    detail::require_options(name, options, y.count, y.columns, detail::named("dx", dx), true);
    if (options.softcap > 0 && detail::is_finite_by_bits(options.softcap)) [[unlikely]] {
      detail::refuse("xact::%s: the result does not tell the slope of softcap = %g", name, options.softcap);
    }
  }
  detail::dispatch_table().row_gradient(
      {detail::row_function_of<F>(), detail::source_of(static_cast<const DX *>(y.data)),
       detail::source_of(static_cast<const DX *>(dy.data)), detail::target_of(dx.data), y.stride, dy.stride, dx.stride,
       y.count, y.columns, &options});
}
template <class F, class Y, class DY, class DX>
  requires detail::has_row_gradient_here<F> && detail::readable<Y> && detail::readable<DY> && detail::writable<DX>
void backward_from_output(const F &f, const Y &y, const DY &dy, DX &&dx, const softmax_options &options = {}) {
  backward_from_output(f, detail::one_row(y), detail::one_row(dy), detail::one_row(dx), options);
}

/// @}

/// A row of softmax in pieces, as `xact::softmax_state`, whose bytes it has: states of both merge with each other.
///
/// @code
/// std::vector<float> left(100, 1.0f), right(50, 2.0f);
/// xact::dispatch::softmax_state state;
/// state.update(left);
/// state.update(right);
/// state.write(xact::dispatch::log_softmax, right, right);
/// @endcode
class softmax_state : public xact::softmax_state {
public:
  template <class In>
    requires detail::readable<In>
  void update(const In &piece, const softmax_options &options = {}) {
    const auto n = detail::size_of(piece);
    detail::require_piece_options("softmax_state::update", options, n, {});
    detail::dispatch_table().update(*this, detail::source_of(detail::data_of(piece)), n, options);
  }

  void merge(const xact::softmax_state &other) noexcept { detail::dispatch_table().merge(*this, other); }

  template <class F, class In, class Out>
    requires detail::has_state<F> && detail::readable<In> && detail::writable<Out> &&
             detail::dispatch_rows_take<F, F::tier, detail::element_t<In>, detail::element_t<Out>>
  void write(const F &, const In &piece, Out &&out, const softmax_options &options = {}) const {
    const auto from = detail::one_row(piece);
    const auto to = detail::one_row(out);
    detail::require_rows_fit("softmax_state::write", "piece", from, to);
    detail::require_piece_options("softmax_state::write", options, from.columns, detail::named("out", to));
    detail::dispatch_table().write(*this, F::of, F::tier, detail::source_of(from.data), detail::target_of(to.data),
                                   from.columns, options);
  }
  template <class In, class Out>
    requires detail::readable<In> && detail::writable<Out>
  void write(const In &piece, Out &&out, const softmax_options &options = {}) const {
    write(dispatch::softmax, piece, out, options);
  }

  double logsumexp() const noexcept { return detail::dispatch_table().sum(*this); }
};

/// The census of a range, or of rows, as xact::inspect.
///
/// @code
/// const xact::census c = xact::dispatch::inspect(std::vector{1.0f, 0.0f}); // c.zero is 1
/// @endcode
template <class R>
  requires detail::real_view<R> || detail::code_view<R>
[[nodiscard]] inline census inspect(const R &range, std::size_t first = 0) noexcept {
  using E = std::remove_cv_t<detail::view_element_t<R>>;
  const auto all = detail::view_of(range);
  census seen;
  for (std::size_t r = 0; r < all.count; ++r) {
    detail::dispatch_table().inspect(seen, {all[r], detail::inspected_element<E>()}, all.columns,
                                     first + r * all.columns);
  }
  return seen;
}

/// How far a candidate is from a reference of its own type, or of float, as xact::compare.
///
/// @code
/// const std::vector<float> before{0.1f, 0.7f, 0.2f}, after{0.3f, 0.6f, 0.1f};
/// const double off = xact::dispatch::compare(before, after).mean_error();
/// const double agreement = xact::dispatch::compare(xact::rows(before, 3), xact::rows(after, 3)).top_1_agreement();
/// @endcode
template <class A, class B>
  requires detail::readable<A> && detail::readable<B> &&
           detail::comparable_here<detail::element_t<A>, detail::element_t<B>>
[[nodiscard]] inline drift compare(const A &reference, const B &candidate, std::size_t first = 0) {
  const auto a = detail::as_rows(reference);
  const auto b = detail::as_rows(candidate);
  detail::require_same_shape("compare", detail::named("reference", a), detail::named("candidate", b));
  drift d;
  detail::dispatch_table().compare(d, detail::source_of(a.data), detail::source_of(b.data), a.columns, first, 0);
  return d;
}
template <class A, class B>
  requires detail::comparable_here<std::remove_cv_t<A>, std::remove_cv_t<B>>
[[nodiscard]] inline drift compare(const row_view<A> &reference, const row_view<B> &candidate, std::size_t k = 1,
                                   std::size_t first = 0) {
  detail::require_same_shape("compare", detail::named("reference", reference), detail::named("candidate", candidate));
  if (k == 0 || (k > reference.columns && reference.count != 0)) [[unlikely]] {
    detail::refuse("xact::compare: k is %zu, of %zu columns", k, reference.columns);
  }
  drift d;
  for (std::size_t r = 0; r < reference.count; ++r) {
    detail::dispatch_table().compare(d, detail::source_of(static_cast<const std::remove_cv_t<A> *>(reference[r])),
                                     detail::source_of(static_cast<const std::remove_cv_t<B> *>(candidate[r])),
                                     reference.columns, first + r * reference.columns, k);
  }
  return d;
}

/// A table of the library, as xact::table; `tabulate` makes it.
///
/// @code
/// const xact::dispatch::table<std::int8_t> relu8 =
///     xact::dispatch::tabulate<std::int8_t>(xact::dispatch::relu, {.scale = 0.05f}, {.scale = 0.05f});
/// std::vector<std::int8_t> layer(64);
/// relu8(layer);
/// @endcode
template <detail::code_type T> struct table {
  std::uint8_t entries[detail::codes<T>];

  template <std::ranges::contiguous_range In, std::ranges::contiguous_range Out>
    requires std::same_as<std::ranges::range_value_t<In>, T> &&
             std::same_as<std::ranges::range_reference_t<Out>, T &> && (!detail::is_temporary<Out &&>)
  void operator()(const In &in, Out &&out) const {
    const auto from = detail::view_of(in);
    const auto to = detail::view_of(out);
    detail::check_views(detail::call_names<1, 1>{"table", {"in"}, {"out"}}, detail::writes(to), from);
    constexpr detail::types::element e = detail::inspected_element<T>();
    detail::dispatch_table().look_up(entries, {from.data, e}, {to.data, e}, to.columns);
  }
  template <std::ranges::contiguous_range InOut>
    requires std::same_as<std::ranges::range_reference_t<InOut>, T &> && (!detail::is_temporary<InOut &&>)
  void operator()(InOut &&inout) const {
    operator()(inout, inout);
  }
};

/// @name Quantization, as xact's: the codes are the same. Tables and requantize of the library's activations, whose
/// tier does not matter there. requantize calls them for a register at a time.
///
/// @code
/// namespace dispatch = xact::dispatch;
/// const std::vector<float> weights{-0.5f, 0.1f, 0.25f};
/// std::vector<std::int8_t> codes(3);
/// const xact::quantization q = xact::dispatch::calibrate<std::int8_t>(weights);
/// xact::dispatch::quantize(weights, codes, q);
/// xact::dispatch::tabulate<std::int8_t>(dispatch::silu, q, q)(codes);
/// std::vector<xact::float16> numbers(3);
/// xact::dispatch::dequantize(codes, numbers, q);
/// const std::vector<std::int32_t> sums(3, 1000);
/// xact::dispatch::requantize(sums, 0.001f, dispatch::gelu, q, codes);
/// @endcode
/// @{
template <detail::code_type T, class F>
  requires detail::dispatched<F>
[[nodiscard]] inline table<T> tabulate(const F &f, const quantization &in, const quantization &out) {
  const detail::types::functions &of = detail::require_functions(f);
  detail::require_meaning(f, of);
  detail::require_quantization<T>("tabulate", "in.scale", "in.zero_point", in);
  detail::require_quantization<T>("tabulate", "out.scale", "out.zero_point", out);
  table<T> t;
  detail::dispatch_table().tabulate(detail::operation_of(f, &of), detail::inspected_element<T>(), in, out, t.entries);
  return t;
}

template <std::ranges::contiguous_range In, class F, std::ranges::contiguous_range Out>
  requires std::same_as<std::ranges::range_value_t<In>, std::int32_t> && detail::dispatched<F> &&
           (std::same_as<std::ranges::range_reference_t<Out>, std::int8_t &> ||
            std::same_as<std::ranges::range_reference_t<Out>, std::uint8_t &>) &&
           (!detail::is_temporary<Out &&>)
inline void requantize(const In &accumulators, float scale, const F &f, const quantization &to, Out &&out) {
  using T = std::ranges::range_value_t<Out>;
  const auto from = detail::view_of(accumulators);
  const auto results = detail::view_of(out);
  detail::check_views(detail::call_names<1, 1>{"requantize", {"accumulators"}, {"out"}}, detail::writes(results), from);
  detail::require_scale("requantize", "scale", scale);
  detail::require_quantization<T>("requantize", "to.scale", "to.zero_point", to);
  const detail::types::functions &of = detail::require_functions(f);
  detail::require_meaning(f, of);
  detail::dispatch_table().requantize(detail::operation_of(f, &of), from.data, scale, to,
                                      {results.data, detail::inspected_element<T>()}, results.columns);
}

template <detail::real_view In, detail::code_view Out>
  requires detail::written_view<Out &&> && detail::alike<In, Out>
inline void quantize(const In &in, Out &&out, const quantization &q) {
  detail::dispatch_codes<detail::view_element_t<Out>>(&detail::types::table::quantize, "quantize", detail::view_of(in),
                                                      detail::view_of(out), &q, 1, true);
}
template <class In, detail::code_type Out>
  requires detail::element_type<std::remove_cv_t<In>>
inline void quantize(const row_view<In> &in, const row_view<Out> &out, std::span<const quantization> q) {
  detail::dispatch_codes<Out>(&detail::types::table::quantize, "quantize", in, out, q.data(), q.size(), false);
}

template <detail::code_view In, detail::real_view Out>
  requires detail::written_view<Out &&> && detail::alike<In, Out>
inline void dequantize(const In &in, Out &&out, const quantization &q) {
  detail::dispatch_codes<std::remove_cv_t<detail::view_element_t<In>>>(
      &detail::types::table::dequantize, "dequantize", detail::view_of(in), detail::view_of(out), &q, 1, true);
}
template <class In, detail::element_type Out>
  requires detail::code_type<std::remove_cv_t<In>>
inline void dequantize(const row_view<In> &in, const row_view<Out> &out, std::span<const quantization> q) {
  detail::dispatch_codes<std::remove_cv_t<In>>(&detail::types::table::dequantize, "dequantize", in, out, q.data(),
                                               q.size(), false);
}

template <detail::code_type T, detail::real_view In> [[nodiscard]] inline quantization calibrate(const In &in) {
  return detail::dispatch_calibrate<T>(detail::view_of(in));
}
template <detail::code_type T, class E>
  requires detail::element_type<std::remove_cv_t<E>>
inline void calibrate(const row_view<E> &in, std::span<quantization> q) {
  detail::require_each_row("calibrate", q.size(), in.count);
  detail::require_apart("calibrate", detail::named("in", in), detail::list_of("q", q.data(), q.size()), false);
  for (std::size_t r = 0; r < in.count; ++r) {
    q[r] = detail::dispatch_calibrate<T>(row_view<E>{in[r], 1, in.columns, in.columns});
  }
}
/// @}

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
