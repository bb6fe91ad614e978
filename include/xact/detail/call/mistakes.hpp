#pragma once

/// @file
/// What is wrong with a call that does not compile, in a sentence (XACT_MISTAKES).

#include <xact/detail/call/views.hpp>

#include <initializer_list>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

#define XACT_NAME_(kind, words) kind,
enum class mistake { XACT_MISTAKES(XACT_NAME_) };
#undef XACT_NAME_

template <class A>
inline constexpr bool is_temporary =
    std::ranges::range<A> && std::is_rvalue_reference_v<A> && !std::ranges::borrowed_range<A>;
template <class... Args> inline constexpr bool last_is_temporary = false;
template <class A> inline constexpr bool last_is_temporary<A> = is_temporary<A>;
template <class A, class... Rest> inline constexpr bool last_is_temporary<A, Rest...> = last_is_temporary<Rest...>;

template <class... Args> inline constexpr bool last_is_written = false;
template <class A> inline constexpr bool last_is_written<A> = writable_argument<A>;
template <class A, class... Rest> inline constexpr bool last_is_written<A, Rest...> = last_is_written<Rest...>;

template <class T> inline constexpr bool is_list = false;
template <class T> inline constexpr bool is_list<std::initializer_list<T>> = true;
template <class A> inline constexpr bool is_pointer_argument = std::is_pointer_v<A> || std::is_null_pointer_v<A>;
template <class A> inline constexpr bool is_scattered = std::ranges::range<A> && !std::ranges::contiguous_range<A>;
template <class A, std::size_t Bytes = 0> consteval bool holds_integers() {
  if constexpr (std::ranges::contiguous_range<A>) {
    return std::is_integral_v<std::ranges::range_value_t<A>> &&
           (Bytes == 0 || sizeof(std::ranges::range_value_t<A>) == Bytes);
  } else {
    return false;
  }
}
template <class A> consteval bool is_read() {
  return readable<std::remove_reference_t<A>> || is_rows<std::remove_cvref_t<A>>;
}

/// softmax and its kin have no values.
template <class F> inline constexpr bool is_row_function = requires { F::is_row_function; };

/// Gated units have a second input, or options that say where it is.
template <class F> inline constexpr bool is_gated = false;

/// transform of F.
template <class F> struct fused_call;
template <class F> inline constexpr bool is_fused = false;
template <class F> inline constexpr bool is_fused<fused_call<F>> = true;

/// Options come last, and are not what is wrong.
template <class T>
inline constexpr bool is_options = requires { typename std::remove_cvref_t<T>::is_options_of_a_call; };

template <class A> consteval bool is_of_double() {
  return requires { requires std::same_as<argument_element_t<A>, double>; };
}

/// The first that is wrong with a call of F.
template <class F, class... Args> consteval mistake mistake_of() {
  if constexpr (sizeof...(Args) > 1 && (is_options<Args> || ...)) {
    return []<std::size_t... I>(std::index_sequence<I...>) {
      return mistake_of<F, std::tuple_element_t<I, std::tuple<Args...>>...>();
    }(std::make_index_sequence<sizeof...(Args) - 1>());
  }
  constexpr std::size_t count = sizeof...(Args);
  constexpr bool values = (value_type<std::remove_reference_t<Args>> || ...);
  constexpr bool integers = (std::is_integral_v<std::remove_cvref_t<Args>> || ...);
  constexpr bool all_read = (is_read<Args>() && ...);
  constexpr mistake other = is_row_function<F> ? mistake::other_rows
                            : is_gated<F>      ? mistake::other_gated
                            : is_fused<F>      ? mistake::other_fused
                                               : mistake::other;
  if ((is_list<std::remove_cvref_t<Args>> || ...)) {
    return mistake::list;
  }
  if ((is_pointer_argument<std::remove_cvref_t<Args>> || ...)) {
    return mistake::pointer;
  }
  if (integers && count == 1 && !is_row_function<F>) {
    return mistake::integer;
  }
  if ((is_scattered<Args> || ...)) {
    return mistake::scattered;
  }
  if ((holds_integers<Args, 2>() || ...)) {
    return mistake::bits;
  }
  if ((holds_integers<Args>() || ...)) {
    return mistake::integers;
  }
  if (count > 1 && (values || integers)) {
    return is_fused<F> ? other : mistake::value_beside_range;
  }
  if (count == 0 || count > (is_fused<F> ? 7 : is_gated<F> ? 3 : 2)) {
    return other;
  }
  if (!all_read) {
    return values && count == 1 && !is_row_function<F>               ? mistake::exact_double
           : ((std::ranges::range<Args> && !is_read<Args>()) || ...) ? mistake::element
                                                                     : other;
  }
  if ((is_rows<std::remove_cvref_t<Args>> || ...) && !(is_rows<std::remove_cvref_t<Args>> && ...)) {
    return mistake::mixed_rows;
  }
  if (last_is_temporary<Args...>) {
    return mistake::temporary;
  }
  if (!last_is_written<Args...>) {
    return mistake::constant;
  }
  return (!is_gated<F> || (is_of_double<Args>() || ...)) && !is_fused<F> ? mistake::exact_double : other;
}
template <mistake M, class F, class... Args> inline constexpr bool is_mistake = mistake_of<F, Args...>() == M;

/// A sentence as a type; g++ prints it, as what a deleted function returns.
template <std::size_t N> struct sentence {
  char text[N];

  consteval sentence(const char (&from)[N]) {
    for (std::size_t i = 0; i < N; ++i) {
      text[i] = from[i];
    }
  }
};
template <sentence Words> struct refused_call;
template <mistake M> struct refused_call_for;
#define XACT_SENTENCE_(kind, words)                                                                                    \
  template <> struct refused_call_for<mistake::kind> {                                                                 \
    using type = refused_call<words>;                                                                                  \
  };
XACT_MISTAKES(XACT_SENTENCE_)
#undef XACT_SENTENCE_
template <class F, class... Args> using refusal_of = typename refused_call_for<mistake_of<F, Args...>()>::type;

/// What f(inout) returns: nothing that can be kept. Its name is the message where somebody tries to.
struct xact_f_of_one_range_works_in_place_and_returns_nothing_write_f_in_out {
  using this_type = xact_f_of_one_range_works_in_place_and_returns_nothing_write_f_in_out;
  constexpr xact_f_of_one_range_works_in_place_and_returns_nothing_write_f_in_out() = default;
  xact_f_of_one_range_works_in_place_and_returns_nothing_write_f_in_out(const this_type &) = delete;
  this_type &operator=(const this_type &) = delete;
};
inline constexpr xact_f_of_one_range_works_in_place_and_returns_nothing_write_f_in_out in_place{};

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
