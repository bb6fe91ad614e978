#pragma once

/// @file
/// Arguments of element-wise calls, ranges and strided rows alike, and their checks.

#include <xact/detail/types/checks.hpp>
#include <xact/detail/types/elements.hpp>
#include <xact/detail/types/quantization.hpp>
#include <xact/detail/types/rows.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

template <class R> inline constexpr bool is_rows = false;
template <class E> inline constexpr bool is_rows<row_view<E>> = element_type<std::remove_cv_t<E>>;

template <class R> struct element_of_argument {};
template <readable R> struct element_of_argument<R> {
  using type = element_t<R>;
};
template <class E> struct element_of_argument<row_view<E>> {
  using type = std::remove_cv_t<E>;
};
/// The element type of a range or of rows.
template <class R> using argument_element_t = typename element_of_argument<std::remove_cvref_t<R>>::type;

template <class E> XACT_INLINE inline row_view<E> as_rows(const row_view<E> &rows) noexcept { return rows; }
template <readable R> XACT_INLINE inline auto as_rows(R &range) noexcept {
  using E = std::remove_reference_t<std::ranges::range_reference_t<R>>;
  return row_view<E>{data_of(range), 1, size_of(range), size_of(range)};
}

/// What a call writes: rows of one output, or of two. Not a std::tuple, whose members would be functions that files of
/// different flags share.
template <class... Out> struct written_rows;
template <class Y> struct written_rows<Y> {
  row_view<Y> first;

  template <class F> XACT_INLINE decltype(auto) each(const F &f) const { return f(first); }
};
template <class Y, class Z> struct written_rows<Y, Z> {
  row_view<Y> first;
  row_view<Z> second;

  template <class F> XACT_INLINE decltype(auto) each(const F &f) const { return f(first, second); }
};
template <class... Out> XACT_INLINE inline written_rows<Out...> writes(const row_view<Out> &...out) noexcept {
  return {out...};
}

/// Arguments of one call: all ranges, or all rows.
template <class... R>
concept all_readable = (readable<std::remove_reference_t<R>> && ...) || (is_rows<std::remove_cvref_t<R>> && ...);
template <class R> struct is_const_rows : std::false_type {};
template <class E> struct is_const_rows<row_view<const E>> : std::true_type {};
template <class R>
concept writable_argument = writable<std::remove_reference_t<R>> ||
                            (is_rows<std::remove_cvref_t<R>> && !is_const_rows<std::remove_cvref_t<R>>::value);
/// A range that ends with the call, so that nobody sees what is written there. A is the type of a parameter.
template <class A>
inline constexpr bool is_temporary =
    std::ranges::range<A> && std::is_rvalue_reference_v<A> && !std::ranges::borrowed_range<A>;
template <class A>
concept output_argument = writable_argument<A> && !is_temporary<A>;

/// Ranges and rows, of real numbers or of codes.
template <class R> struct element_of_view {};
template <std::ranges::contiguous_range R> struct element_of_view<R> {
  using type = std::remove_reference_t<std::ranges::range_reference_t<R>>;
};
template <class E> struct element_of_view<row_view<E>> {
  using type = E;
};
template <class R> using view_element_t = typename element_of_view<std::remove_cvref_t<R>>::type;
template <class R>
concept real_view = requires { requires element_type<std::remove_cv_t<view_element_t<R>>>; };
template <class R>
concept code_view = requires { requires code_type<std::remove_cv_t<view_element_t<R>>>; };
template <class R>
concept written_view = !std::is_const_v<typename element_of_view<std::remove_reference_t<R>>::type> && !is_temporary<R>;

/// Two ranges, or rows and rows.
template <class A, class B>
concept alike = std::ranges::range<A> == std::ranges::range<B>;

template <class E> XACT_INLINE inline row_view<E> view_of(const row_view<E> &rows) noexcept { return rows; }
template <std::ranges::contiguous_range R> XACT_INLINE inline auto view_of(R &range) noexcept {
  return row_view<std::remove_reference_t<std::ranges::range_reference_t<R>>>{data_of(range), 1, size_of(range),
                                                                              size_of(range)};
}

/// The names of the arguments of a call, for messages.
template <std::size_t Inputs, std::size_t Outputs> struct call_names {
  const char *function;
  const char *in[Inputs];
  const char *out[Outputs];
};

/// Checks that all have one shape, that outputs are apart from one another, and from inputs unless they are the same:
/// argument by argument, for the message and for rows that lie in the gaps of others. By value: what it took by
/// reference would lie in memory before every call, which are a dozen stores.
template <std::size_t I, std::size_t O, class... In, class... Out>
[[gnu::noinline, gnu::cold]] inline void check_each_view(call_names<I, O> names, written_rows<Out...> out,
                                                         row_view<In>... in) {
  static_assert(I == sizeof...(In) && O == sizeof...(Out));
  std::size_t i = 0, o = 0;
  const argument read[] = {named(names.in[i++], in)...};
  argument written[O];
  out.each([&](const auto &...each) { ((written[o] = named(names.out[o], each), ++o), ...); });
  for (const argument &a : read) {
    require_same_shape(names.function, a, written[0]);
  }
  for (std::size_t k = 0; k < O; ++k) {
    require_same_shape(names.function, written[k], written[0]);
    for (const argument &a : read) {
      require_apart(names.function, a, written[k]);
    }
    for (std::size_t l = 0; l < k; ++l) {
      require_apart(names.function, written[l], written[k], false);
    }
  }
}

template <class A, class B> XACT_INLINE inline bool of_one_shape(const row_view<A> &a, const row_view<B> &b) noexcept {
  return a.count == b.count && a.columns == b.columns;
}
/// Whether one ends before the other begins.
template <class A, class B> XACT_INLINE inline bool follow(const row_view<A> &a, const row_view<B> &b) noexcept {
  const auto from_a = reinterpret_cast<std::uintptr_t>(a.data), from_b = reinterpret_cast<std::uintptr_t>(b.data);
  return from_a + a.extent() * sizeof(A) <= from_b || from_b + b.extent() * sizeof(B) <= from_a;
}
/// Whether views of one shape are the same memory, element by element.
template <class A, class B> XACT_INLINE inline bool coincide(const row_view<A> &a, const row_view<B> &b) noexcept {
  return sizeof(A) == sizeof(B) && static_cast<const void *>(a.data) == b.data && (a.stride == b.stride || a.count < 2);
}

/// Whether check_each_view finds nothing, of the usual arguments by a few comparisons. To look at each argument cost a
/// call about 12 ns: relu of one element took 15.5, before there were views 3.8 (Zen 4, g++ 12, AVX-512).
template <class... In, class... Out>
XACT_INLINE inline bool views_fit(const written_rows<Out...> &out, const row_view<In> &...in) noexcept {
  const auto fits = [&](const auto &written) XACT_INLINE {
    return of_one_shape(written, out.first) && (of_one_shape(in, written) && ...) &&
           ((follow(in, written) || coincide(in, written)) && ...);
  };
  if constexpr (sizeof...(Out) == 2) {
    return fits(out.first) && fits(out.second) && follow(out.first, out.second);
  } else {
    return fits(out.first);
  }
}

template <std::size_t I, std::size_t O, class... In, class... Out>
XACT_INLINE inline void check_views(const call_names<I, O> &names, const written_rows<Out...> &out,
                                    const row_view<In> &...in) {
  if (!views_fit(out, in...)) [[unlikely]] {
    check_each_view(names, out, in...);
  }
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
