#pragma once
// Every operation in every form of every element type and tier: what a call is given, and the forms. A form is a lambda
// whose return type is its expression, so that what a concept refuses can be told.

#include <xact/xact.hpp>

#include <array>
#include <cmath>
#include <cstdint>
#include <tuple>
#include <vector>

namespace matrix {

/// An activation of one's own: x * abs(x).
struct own_t : xact::activation<own_t> {
  template <class V> V standard(const V &x) const { return x * abs(x); }
  struct derivative_t : xact::activation<derivative_t> {
    template <class V> V standard(const V &x) const { return abs(x) + abs(x); }
  };
  constexpr derivative_t derivative() const { return {}; }

  using scalar = double;
  static double abs(double x) { return x < 0 ? -x : x; }
  static float abs(float x) { return x < 0 ? -x : x; }
  template <class T, class A> static xsimd::batch<T, A> abs(const xsimd::batch<T, A> &x) { return xsimd::abs(x); }
};
inline constexpr auto operations =
    std::tuple_cat(xact::activations, std::tuple(xact::listed<own_t, 1>{own_t(), {"own"}}));
inline constexpr std::size_t operation_count = std::tuple_size_v<decltype(operations)>;

template <class I, class O> struct types {
  using in = I;
  using out = O;
};
using element_types =
    std::tuple<types<float, float>, types<double, double>, types<xact::float16, xact::float16>,
               types<xact::bfloat16, xact::bfloat16>, types<xact::float8_e4m3, xact::float8_e4m3>,
               types<xact::float8_e5m2, xact::float8_e5m2>, types<float, xact::float16>, types<xact::bfloat16, float>,
               types<xact::float16, xact::bfloat16>, types<double, float>, types<xact::float8_e4m3, xact::bfloat16>>;
inline constexpr std::size_t type_count = std::tuple_size_v<element_types>;

/// The adaptors: each makes of an activation another.
struct plain {
  template <class F> constexpr auto operator()(const F &f) const { return f; }
};
struct in_accurate {
  template <xact::detail::has_kernels F> constexpr auto operator()(const F &f) const { return xact::accurate(f); }
};
struct in_exact {
  template <xact::detail::roundable F> constexpr auto operator()(const F &f) const { return xact::exact(f); }
};
struct in_derivative {
  template <xact::differentiable F> constexpr auto operator()(const F &f) const { return xact::derivative(f); }
};
inline constexpr std::tuple adaptors{plain(), in_accurate(), in_exact(), in_derivative()};
inline constexpr std::size_t adaptor_count = std::tuple_size_v<decltype(adaptors)>;

/// What the calls read and write: `columns` elements a row, and gaps behind.
inline constexpr std::size_t columns = 13, stride = 16, count = 2 * stride + columns;
template <class I, class O> struct arguments {
  using in = I;
  using out = O;
  std::vector<I> x, up, dy, halves, pairs;
  std::vector<O> y, z;
  std::vector<std::int32_t> sums;
  std::vector<std::int8_t> codes;
  xact::table<std::int8_t> table;
  xact::census seen;
};
/// Where one value goes: f(x) has the type of x.
template <class A>
  requires std::is_same_v<typename A::in, typename A::out>
auto &first(A &a) {
  return a.y[0];
}
inline constexpr xact::quantization step{.scale = 0.0625f, .zero_point = 3};

#if defined(XSIMD_NO_SUPPORTED_ARCHITECTURE)
template <class T> struct batch_of {}; // plain scalar: xsimd has no batch
#else
template <class T> using batch_of = xsimd::batch<T>;
#endif

#define FORM(...) [](const auto &f, auto &a) -> decltype(void((__VA_ARGS__))) { void((__VA_ARGS__)); }
enum form_name {
  value,
  batch,
  range,
  in_place,
  rows,
  transform,
  gated,
  gated_halves,
  gated_pairs,
  backward,
  backward_gated,
  tabulate,
  requantize,
  watch,
  form_count
};
inline constexpr std::tuple forms{
    FORM(first(a) = f(a.x[0])),
    FORM(f(batch_of<typename std::remove_cvref_t<decltype(a)>::in>::load_unaligned(a.x.data()))
             .store_unaligned(a.y.data())),
    FORM(f(a.x, a.y)),
    FORM(a.y = a.x, f(a.y)),
    FORM(f(xact::rows(a.x, columns, stride), xact::rows(a.y, columns, stride))),
    FORM(xact::transform(f, a.x, a.y)),
    FORM(xact::glu(f)(a.x, a.up, a.y)),
    FORM(xact::glu(f)(a.halves, a.y, {.layout = xact::glu_layout::halves})),
    FORM(xact::glu(f)(a.pairs, a.y, {.layout = xact::glu_layout::interleaved})),
    FORM(xact::backward(f, a.x, a.dy, a.y)),
    FORM(xact::backward(xact::glu(f), a.x, a.up, a.dy, a.y, a.z)),
    FORM(a.table = xact::tabulate<std::int8_t>(f, step, step)),
    FORM(xact::requantize(a.sums, step.scale, f, step, a.codes)),
    FORM(xact::watch(f, a.seen)(a.x, a.y)),
};

/// The softmax family, in its tiers and forms.
inline constexpr std::tuple row_operations{xact::softmax,
                                           xact::accurate(xact::softmax),
                                           xact::exact(xact::softmax),
                                           xact::log_softmax,
                                           xact::softmin,
                                           xact::accurate(xact::log_softmax),
                                           xact::exact(xact::log_softmax),
                                           xact::logsumexp,
                                           xact::accurate(xact::logsumexp),
                                           xact::exact(xact::logsumexp),
                                           xact::sparsemax};
inline constexpr std::tuple row_forms{
    FORM(f(a.x, a.y)),
    FORM(f(a.y)),
    FORM(first(a) = f(a.x)),
    FORM(f(xact::rows(a.x, columns, stride), xact::rows(a.y, columns, stride))),
    FORM(f(xact::rows(a.x, columns, stride), a.y)),
    FORM(f(xact::columns(a.x, columns, 3), xact::columns(a.y, columns, 3))),
    FORM(f(a.x, a.y, {.scale = 0.5, .mask = a.x})),
    FORM(xact::backward_from_output(f, a.x, a.dy, a.y)),
    FORM(xact::watch(f, a.seen)(a.x, a.y)),
};
#undef FORM
static_assert(std::tuple_size_v<decltype(forms)> == form_count);

/// Whether the adapted operation takes those arguments in that form; concepts refuse what it does not.
template <std::size_t Operation, std::size_t Form, std::size_t Adaptor, class A> consteval bool has_cell_of() {
  using F = decltype(std::get<Operation>(operations).f);
  using Adapt = std::tuple_element_t<Adaptor, std::remove_const_t<decltype(adaptors)>>;
  if constexpr (std::is_invocable_v<const Adapt &, const F &>)
    return std::is_invocable_v<const std::tuple_element_t<Form, std::remove_const_t<decltype(forms)>> &,
                               const std::invoke_result_t<const Adapt &, const F &> &, A &>;
  else
    return false;
}
template <std::size_t Operation, std::size_t Form, std::size_t Adaptor, class A>
constexpr bool has_cell = has_cell_of<Operation, Form, Adaptor, A>();

} // namespace matrix
