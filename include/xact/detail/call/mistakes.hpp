#pragma once

/// @file
/// What is wrong with a call that does not compile, in a sentence (XACT_MISTAKES).

#include <xact/detail/call/views.hpp>
#include <xact/detail/types/columns.hpp>
#include <xact/detail/types/softmax_options.hpp>

#include <initializer_list>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

template <class F> struct watched_t;

namespace detail {

#define XACT_NAME_(kind, words) kind,
enum class mistake { XACT_MISTAKES(XACT_NAME_) other };
#undef XACT_NAME_

template <class... Args> inline constexpr bool last_is_temporary = false;
template <class A> inline constexpr bool last_is_temporary<A> = is_temporary<A>;
template <class A, class... Rest> inline constexpr bool last_is_temporary<A, Rest...> = last_is_temporary<Rest...>;

template <class T> inline constexpr bool is_list = false;
template <class T> inline constexpr bool is_list<std::initializer_list<T>> = true;

/// Gated units have a second input, or options that say where it is.
template <class F> inline constexpr bool is_gated = false;
template <class F> inline constexpr bool is_watched = false;
template <class F> inline constexpr bool is_watched<watched_t<F>> = true;

/// Options come last, and are not what is wrong.
template <class T>
inline constexpr bool is_options = requires { typename std::remove_cvref_t<T>::is_options_of_a_call; } ||
                                   std::is_same_v<std::remove_cvref_t<T>, quantization>;

/// How an operation is called: what a mistake is depends on it. By default as an activation.
struct arguments_form {
  std::size_t least = 1, most = 2; ///< ranges, rows or columns
  std::size_t outputs = 1;         ///< the last of them
  unsigned beside = 0;             ///< bit i: number i is a range beside rows, too
  unsigned integers = 0;           ///< the sizes of integers that it takes
  mistake other = mistake::other;
};
/// F is called as an activation if it does not say how: `form(n)` of n ranges, rows or columns, and in `words`.
template <class F>
concept says_its_form = requires {
  { F::form(1) } -> std::same_as<arguments_form>;
};
template <class F> inline constexpr bool is_row_function = requires { F::is_row_function; };
template <class F> constexpr arguments_form form_of(std::size_t arguments) {
  if constexpr (says_its_form<F>) {
    return F::form(arguments);
  } else {
    return {.other = is_row_function<F> ? mistake::other_rows : mistake::other};
  }
}

/// Whether F is of the tier that doubles have not.
template <class F> consteval bool is_exact() {
  if constexpr (requires { typename F::tier_type; }) {
    return std::same_as<typename F::tier_type, tier::exact>;
  } else if constexpr (is_row_function<F> && requires { F::tier; }) {
    return F::tier == std::remove_const_t<decltype(F::tier)>::exact;
  } else if constexpr (is_gated<F>) {
    return is_exact<decltype(F::f)>() || is_exact<decltype(F::g)>();
  } else {
    return false;
  }
}

/// What is to be seen of an argument.
struct seen_argument {
  bool list, pointer, value, integer, range, rows, options, temporary, exact;
  bool contiguous = true, element = true, constant = false, of_double = false;
  std::size_t integer_bytes = 0;

  template <class E> consteval void look_at_element() {
    using T = std::remove_cv_t<E>;
    element = element_type<T> || code_type<T>;
    constant = std::is_const_v<E>;
    of_double = std::same_as<T, double>;
    integer_bytes = std::is_integral_v<T> ? sizeof(T) : 0;
  }
};
template <class A> consteval seen_argument look_at() {
  using T = std::remove_cvref_t<A>;
  seen_argument s{is_list<T>,
                  std::is_pointer_v<T> || std::is_null_pointer_v<T>,
                  value_type<T>,
                  std::is_integral_v<T>,
                  std::ranges::range<A>,
                  false,
                  is_options<A>,
                  is_temporary<A>,
                  is_exact<T>()};
  if constexpr (value_type<T>) {
    s.of_double = std::same_as<scalar_t<T>, double>;
  } else if constexpr (std::ranges::contiguous_range<A>) {
    s.look_at_element<std::remove_reference_t<std::ranges::range_reference_t<A>>>();
    s.options = s.options || std::same_as<std::ranges::range_value_t<A>, quantization>;
  } else if constexpr (std::ranges::range<A>) {
    s.contiguous = false;
  } else if constexpr (requires { typename element_of_view<T>::type; }) {
    s.look_at_element<view_element_t<T>>();
    s.range = s.rows = true;
  } else if constexpr (requires(const T &x) { []<class E>(const column_view<E> &) {}(x); }) {
    s.look_at_element<std::remove_pointer_t<decltype(T::data)>>();
    s.range = true;
  }
  return s;
}

/// The first mistake of a call of an operation, exact or not, with these n arguments.
constexpr mistake first_mistake(arguments_form (*form_of)(std::size_t), bool values, bool exact,
                                const seen_argument *all, std::size_t n) {
  while (n > 1 && all[n - 1].options) {
    --n;
  }
  std::size_t ranges = 0;
  bool numbers = false, scattered = false, of_double = false, elements = true;
  for (std::size_t i = 0; i < n; ++i) {
    const seen_argument &a = all[i];
    if (a.list) {
      return mistake::list;
    }
    if (a.pointer) {
      return mistake::pointer;
    }
    ranges += a.range;
    numbers = numbers || a.value || a.integer;
    scattered = scattered || !a.contiguous;
    of_double = of_double || a.of_double;
    exact = exact || a.exact;
  }
  const arguments_form form = form_of(ranges);
  if (values && n == 1 && all[0].integer) {
    return mistake::integer;
  }
  if (scattered) {
    return mistake::scattered;
  }
  for (std::size_t i = 0; i < n; ++i) {
    if ((all[i].integer_bytes & ~form.integers) != 0) {
      return all[i].integer_bytes == 2 ? mistake::bits : mistake::integers;
    }
    elements = elements && (all[i].element || all[i].integer_bytes != 0);
  }
  if (values && n > 1 && numbers) {
    return mistake::value_beside_range;
  }
  const bool value = values && n == 1 && numbers;
  if (!value && (ranges < form.least || ranges > form.most)) {
    return form.other;
  }
  if (!elements) {
    return mistake::element;
  }
  bool any_rows = false, any_plain = false;
  std::size_t number = 0;
  for (std::size_t i = 0; i < n; ++i) {
    if (all[i].range && (form.beside >> number++ & 1) == 0) {
      any_rows = any_rows || all[i].rows;
      any_plain = any_plain || !all[i].rows;
    }
  }
  if (any_rows && any_plain) {
    return mistake::mixed_rows;
  }
  for (std::size_t left = all[n - 1].range ? form.outputs : 0, i = n; left != 0 && i-- != 0;) {
    if (all[i].range) {
      if (all[i].temporary) {
        return mistake::temporary;
      }
      if (all[i].constant) {
        return mistake::constant;
      }
      --left;
    }
  }
  return exact && of_double ? mistake::exact_double : form.other;
}

/// A call of an operation with such arguments.
template <class F, class... Args> struct call_of;
template <class Call> inline constexpr mistake mistake_of = mistake::other;
template <class F> inline constexpr mistake mistake_of<call_of<F>> = form_of<F>(0).other;
template <class F, class... Args>
  requires(sizeof...(Args) > 0)
inline constexpr mistake mistake_of<call_of<F, Args...>> = [] {
  const seen_argument all[] = {look_at<Args>()...};
  return first_mistake(form_of<F>, !says_its_form<F> && !is_row_function<F>, is_exact<F>(), all, sizeof...(Args));
}();

template <mistake M, class F>
inline constexpr auto sentence_of = [] {
  if constexpr (says_its_form<F>) {
    return F::words;
  } else {
    return sentence(XACT_OTHER);
  }
}();
#define XACT_SENTENCE_(kind, words) template <class F> inline constexpr sentence sentence_of<mistake::kind, F> = words;
XACT_MISTAKES(XACT_SENTENCE_)
#undef XACT_SENTENCE_
template <class F, class... Args> using refusal_of = refused_call<sentence_of<mistake_of<call_of<F, Args...>>, F>>;

/// Which first arguments the refusals of a free function are for: what is watched has overloads of its own.
template <class... Args> inline constexpr bool is_unwatched = !(is_watched<std::remove_cvref_t<Args>> || ...);

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
