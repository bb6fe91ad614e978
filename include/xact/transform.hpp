#pragma once

/// @file
/// The loop that every range call runs through, and the call forms built on it.

#include <xact/detail/check.hpp>
#include <xact/detail/lane.hpp>
#include <xact/detail/round_once.hpp>
#include <xact/detail/stream.hpp>
#include <xact/detail/tier.hpp>

#include <concepts>
#include <iterator>
#include <ranges>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// A floating-point type that an activation computes on.
///
/// @code
/// static_assert(xact::floating<float> && xact::floating<double> && !xact::floating<int>);
/// @endcode
template <class T>
concept floating = std::same_as<T, float> || std::same_as<T, double>;

/// A floating-point type that ranges may hold: float, double, and those of 16 and 8 bits (float16.hpp, float8.hpp),
/// the compiler's own 16-bit types included.
///
/// @code
/// static_assert(xact::element<float> && xact::element<xact::bfloat16> && !xact::element<int>);
/// @endcode
template <class T>
concept element = floating<T> || detail::small_element<T>;

namespace detail {

template <class V> inline constexpr bool is_batch = false;
template <floating T, class A> inline constexpr bool is_batch<xsimd::batch<T, A>> = true;

template <class R> using element_t = std::remove_cvref_t<std::ranges::range_reference_t<R>>;

} // namespace detail

/// What `f(x)` takes: one value, or one batch of them.
///
/// @code
/// static_assert(xact::value<float> && xact::value<xsimd::batch<float>> && !xact::value<std::vector<float>>);
/// @endcode
template <class V>
concept value = element<std::remove_cv_t<V>> || detail::is_batch<std::remove_cv_t<V>>;

/// What range calls read: contiguous and of known length, like std::vector, std::array, std::span and C arrays.
///
/// @code
/// static_assert(xact::readable_range<const std::vector<float>> && !xact::readable_range<std::vector<int>>);
/// @endcode
template <class R>
concept readable_range =
    std::ranges::contiguous_range<R> && std::ranges::sized_range<R> && element<detail::element_t<R>>;

/// What range calls write.
///
/// @code
/// static_assert(xact::writable_range<std::span<float>> && !xact::writable_range<std::span<const float>>);
/// @endcode
template <class R>
concept writable_range =
    readable_range<R> && !std::is_const_v<std::remove_reference_t<std::ranges::range_reference_t<R>>>;

/// Whether F's kernel takes lanes of T; `exact` does not take double.
///
/// @code
/// static_assert(xact::kernel_for<xact::gelu_t, double> && !xact::kernel_for<xact::exact_t<xact::gelu_t>, double>);
/// @endcode
template <class F, class T>
concept kernel_for = requires(const F &f, const detail::native<T> &x) {
  { f.kernel(tier::standard{}, x) } -> std::same_as<detail::native<T>>;
};

namespace detail {

// The type that a value of one element type, or of several, is computed in.
template <class... T> struct compute { // not an alias: g++ 12 cannot expand two packs into one
  using type = std::conditional_t<(std::same_as<T, double> || ...), double, float>;
};
template <class... T> using compute_t = typename compute<T...>::type;

template <class V, class E> [[gnu::always_inline]] inline V load_lanes(const E *from) noexcept {
  if constexpr (std::is_arithmetic_v<V>) {
    return static_cast<V>(*from);
  } else if constexpr (small_element<E> && std::is_same_v<scalar_t<V>, float>) {
    return load_small<V>(from);
  } else if constexpr (small_element<E>) {
    double wide[V::size];
    for (std::size_t i = 0; i < V::size; ++i) {
      wide[i] = static_cast<double>(from[i]);
    }
    return V::load_unaligned(wide);
  } else {
    return V::load_unaligned(from);
  }
}

template <class V, class E> [[gnu::always_inline]] inline void store_lanes(const V &x, E *to) noexcept {
  if constexpr (std::is_arithmetic_v<V>) {
    *to = static_cast<E>(x);
  } else if constexpr (small_element<E> && std::is_same_v<scalar_t<V>, float>) {
    store_small(x, to);
  } else if constexpr (small_element<E>) {
    double wide[V::size];
    x.store_unaligned(wide);
    for (std::size_t i = 0; i < V::size; ++i) {
      to[i] = static_cast<E>(wide[i]);
    }
  } else {
    x.store_unaligned(to);
  }
}

template <class V, std::size_t N, class E>
[[gnu::always_inline]] inline void store_lanes(const pack<V, N> &x, E *to) noexcept {
  each_index<N>([&](auto k) __attribute__((always_inline)) { store_lanes(x.part[k], to + k * lane_traits<V>::size); });
}

/// An activation's kernel in one tier, as a callable on lanes.
template <class F, class Tier> struct in_tier {
  const F &f;
  template <class V> [[gnu::always_inline]] V operator()(const V &x) const noexcept { return f.kernel(Tier{}, x); }
};

/// The activation itself, without an adaptor that only chooses a tier.
template <class F> [[gnu::always_inline]] constexpr const auto &untiered(const F &f) noexcept {
  if constexpr (requires { typename F::tier_of; }) {
    return untiered(f.f);
  } else {
    return f;
  }
}

/// What the loop calls for outputs of type Out. Small types have no tiers: they are always correctly rounded.
template <class Out, class... In, class F> [[gnu::always_inline]] constexpr auto kernel_into(const F &f) noexcept {
  if constexpr (small_element<Out>) {
    constexpr bool one_format = (std::same_as<format_t<In>, format_t<Out>> && ...);
    return rounded_once<std::remove_cvref_t<decltype(untiered(f))>, format_t<Out>, one_format>{untiered(f)};
  } else {
    return in_tier<F, tier::standard>{f};
  }
}

/// How many batches go through f together. An activation whose kernel gains from it says so by a member
/// `template <class Tier, class V> static constexpr std::size_t unroll()`; its kernel then gets packs too.
template <class F, class V> inline constexpr std::size_t unroll = 1;
template <class F, class Tier, class V>
requires requires { F::template unroll<Tier, V>(); }
inline constexpr std::size_t unroll<in_tier<F, Tier>, V> = std::is_arithmetic_v<V> ? 1 : F::template unroll<Tier, V>();
template <class F, class Format, bool Same, class V>
inline constexpr std::size_t unroll<rounded_once<F, Format, Same>, V> = unroll<in_tier<F, tier::fast>, V>;
// Beside two, four are 3 to 5 % faster in silu and sigmoid with AVX-512, 13 % in clang's gelu with AVX2; relu is 15 %
// slower with AVX2.
template <class F, class Format, class T, class A>
requires(rounds_16_bits<F, xsimd::batch<T, A>> ||
         is_exact<F>) inline constexpr std::size_t unroll<rounded_once<F, Format, true>, xsimd::batch<T, A>> =
    is_exact<F> ? 2 : 4;

/// Whether packs of these are loaded and stored by parity.
template <class V, class Out, class... In> inline constexpr bool by_parity = false;
template <class A, small_element Out, class... In>
requires is_upper_half<format_t<Out>>
inline constexpr bool by_parity<xsimd::batch<float, A>, Out, In...> =
    (std::same_as<format_t<In>, format_t<Out>> && ...);

/// out[i] = f(in[i]...) for i < n. The end of the array goes through a padded buffer and the same vector code, so an
/// element's bits do not depend on its position. Flattened, because a caller's lambda is not inlined by itself: a call
/// for each batch, which loads all its constants, made silu(x + b) 1.5 times as slow. With `past_caches`, for which
/// `out` is aligned to the register, its stores are streamed; one loop for both, as a branch costs nothing.
template <class V, class F, class Out, class... In>
[[gnu::flatten]] inline void map_part(const F &f, bool past_caches, std::size_t n, Out *out, const In *...in) {
  constexpr std::size_t step = lane_traits<V>::size;
  std::size_t i = 0;
  const auto put = [&](const auto &y, Out *to) __attribute__((always_inline)) {
    if constexpr (can_stream<V, Out>) {
      if (past_caches) [[unlikely]] {
        stream_lanes(y, to);
        return;
      }
    }
    store_lanes(y, to);
  };
  if constexpr (constexpr std::size_t together = unroll<F, V>; together > 1) {
    using P = pack<V, together>;
    constexpr bool parity = by_parity<V, Out, In...> && together % 2 == 0;
    for (; n - i >= together * step; i += together * step) {
      const auto gather = [&](const auto *from) __attribute__((always_inline)) {
        P x;
        each_index<together>([&](auto k) __attribute__((always_inline)) {
          if constexpr (!parity) {
            x.part[k] = load_lanes<V>(from + i + k * step);
          } else if constexpr (k % 2 == 0) {
            const auto two = load_by_parity<V>(from + i + k * step);
            x.part[k] = two.part[0];
            x.part[k + 1] = two.part[1];
          }
        });
        return x;
      };
      const auto y = f(gather(in)...);
      if constexpr (parity) {
        each_index<together / 2>([&](auto k) __attribute__((always_inline)) {
          store_by_parity(y.part[2 * k], y.part[2 * k + 1], out + i + 2 * k * step);
        });
      } else {
        put(y, out + i);
      }
    }
  }
  const std::size_t rest = n % step;
  const std::size_t whole = n - rest;
  for (; i < whole; i += step) {
    put(f(load_lanes<V>(in + i)...), out + i);
  }
  if (rest > 0) {
    const auto padded = [&](const auto *from) noexcept {
      alignas(64) scalar_t<V> buffer[step] = {};
      for (std::size_t k = 0; k < rest; ++k) {
        buffer[k] = static_cast<scalar_t<V>>(from[whole + k]);
      }
      return load_lanes<V>(buffer);
    };
    alignas(64) Out buffer[step];
    store_lanes(f(padded(in)...), buffer);
    for (std::size_t k = 0; k < rest; ++k) {
      out[whole + k] = buffer[k];
    }
  }
}

/// out[i] = f(in[i]...) for i < n. A large output is streamed but for the elements before the first aligned one; in
/// place nothing is gained, as the lines are in the cache.
template <class V, class F, class Out, class... In>
inline void map(const F &f, std::size_t n, Out *out, const In *...in) {
  if constexpr (can_stream<V, Out>) {
    if (n * sizeof(Out) >= streamed_bytes && ((static_cast<const void *>(in) != out) && ...)) {
      const std::size_t head = -(reinterpret_cast<std::uintptr_t>(out) / sizeof(Out)) % V::size;
      map_part<V>(f, false, head, out, in...);
      return each_page(head, n, out, [&](std::size_t from, std::size_t part) {
        map_part<V>(f, true, part, out + from, (in + from)...);
      });
    }
  }
  map_part<V>(f, false, n, out, in...);
}

template <class... Args> inline constexpr bool is_value_call = false;
template <class X> inline constexpr bool is_value_call<X> = value<std::remove_cvref_t<X>>;

// The value goes through the same vector code as an array's elements: equal bits by construction, not by proof.
template <class F, element T>
requires kernel_for<F, compute_t<T>>
[[gnu::always_inline]] inline T call(const F &f, const T &x) noexcept {
  using V = native<compute_t<T>>;
  const auto y = kernel_into<T, T>(f)(V(static_cast<compute_t<T>>(x)));
  if constexpr (small_element<T>) {
    T buffer[lane_traits<V>::size];
    store_lanes(y, buffer);
    return buffer[0];
  } else {
    return static_cast<T>(first_lane(y));
  }
}

template <class F, floating T, class A>
requires kernel_for<F, T>
[[gnu::always_inline]] inline xsimd::batch<T, A> call(const F &f, const xsimd::batch<T, A> &x) noexcept {
  return f.kernel(tier::standard{}, x);
}

/// out = f(in...), checked.
template <class F, class Out, class... In> inline void map_ranges(const F &f, Out &out, const In &...in) {
  using V = native<compute_t<element_t<Out>, element_t<In>...>>;
  const auto n = static_cast<std::size_t>(std::ranges::size(out));
  auto *to = std::ranges::data(out);
  (require_equal_length(static_cast<std::size_t>(std::ranges::size(in)), n), ...);
  (require_same_or_disjoint(std::ranges::data(in), n * sizeof(element_t<In>), to, n * sizeof *to), ...);
  map<V>(f, n, to, static_cast<const element_t<In> *>(std::ranges::data(in))...);
}

/// next(f), or next of what f comes to at its usual parameters, if it says so by members `is_usual` and `usual`: no
/// loop then tests them, and the tables of one kernel only fill the registers (AVX-512: up to 20 % of fast softplus).
template <class F, class Next> [[gnu::always_inline]] inline void with_constants(const F &f, Next next) {
  if constexpr (requires { f.usual(); }) {
    if (f.is_usual()) {
      return next(f.usual());
    }
  }
  next(f);
}

template <class F, readable_range In, writable_range Out>
requires kernel_for<F, compute_t<element_t<In>, element_t<Out>>>
inline void call(const F &f, const In &in, Out &out) {
  with_constants(f, [&](const auto &g) { map_ranges(kernel_into<element_t<Out>, element_t<In>>(g), out, in); });
}

template <class F, writable_range InOut>
requires kernel_for<F, compute_t<element_t<InOut>>>
inline void call(const F &f, InOut &inout) { call(f, inout, inout); }

template <class F, class X>
concept value_call = value<X> && kernel_for<F, compute_t<scalar_t<X>>>;
template <class F, class In, class Out>
concept range_call =
    readable_range<In> && writable_range<Out> && kernel_for<F, compute_t<element_t<In>, element_t<Out>>>;

template <class F, class... Args> inline constexpr bool accepts = false;
template <class F, class X>
inline constexpr bool accepts<F, X> = value_call<F, X> || (writable_range<X> && range_call<F, X, X>);
template <class F, class In, class Out> inline constexpr bool accepts<F, In, Out> = range_call<F, In, Out>;

} // namespace detail

/// Whether an activation F can be called with these arguments: one `xact::value`, an `xact::readable_range` and an
/// `xact::writable_range`, or one `xact::writable_range`, of element types that F's kernel takes (`xact::kernel_for`).
/// When a call does not compile, this is the concept that the compiler names: no activation takes integers, and
/// `exact` takes float only.
///
/// @code
/// static_assert(xact::callable_with<xact::gelu_t, float> && !xact::callable_with<xact::gelu_t, int>);
/// @endcode
template <class F, class... Args>
concept callable_with = detail::accepts<F, std::remove_reference_t<Args>...>;

/// Whether F maps lanes, one for each input, to a lane: `transform` takes it.
///
/// @code
/// const auto sum = [](auto v, auto w) { return v + w; };
/// static_assert(xact::fused_with<decltype(sum), std::vector<float>, std::vector<float>, std::vector<float>>);
/// @endcode
template <class F, class Out, class... In>
concept fused_with =
    writable_range<Out> &&(readable_range<In> &&...) &&
    requires(const F &f, const detail::native<detail::compute_t<detail::element_t<Out>, detail::element_t<In>...>> &x) {
  { f((static_cast<void>(sizeof(In)), x)...) } -> std::convertible_to<std::remove_cvref_t<decltype(x)>>;
};

/// out[i] = f(in[i]...): your own fused kernel from one to four inputs, in one pass.
///
/// `f` is any callable generic over the lane: it gets an `xsimd::batch` of float (of double when a range holds double),
/// on machines without SIMD the scalar, and may call activations and xsimd's functions on it. The ends of the arrays go
/// through the same code. Element types may differ: the value is computed in the widest and rounded once.
///
/// @throws std::invalid_argument when the lengths differ or an input and `out` overlap without being the same; nothing
///         has been written then.
///
/// @code
/// std::vector<float> x(64), bias(64), y(64);
/// xact::transform(x, bias, y, [](auto v, auto b) { return xact::silu(v + b); });
/// @endcode
template <class A, class Out, class F>
requires fused_with<F, std::remove_reference_t<Out>, A>
inline void transform(const A &a, Out &&out, const F &f) { detail::map_ranges(f, out, a); }
template <class A, class B, class Out, class F>
requires fused_with<F, std::remove_reference_t<Out>, A, B>
inline void transform(const A &a, const B &b, Out &&out, const F &f) { detail::map_ranges(f, out, a, b); }
template <class A, class B, class C, class Out, class F>
requires fused_with<F, std::remove_reference_t<Out>, A, B, C>
inline void transform(const A &a, const B &b, const C &c, Out &&out, const F &f) {
  detail::map_ranges(f, out, a, b, c);
}
template <class A, class B, class C, class D, class Out, class F>
requires fused_with<F, std::remove_reference_t<Out>, A, B, C, D>
inline void transform(const A &a, const B &b, const C &c, const D &d, Out &&out, const F &f) {
  detail::map_ranges(f, out, a, b, c, d);
}

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
