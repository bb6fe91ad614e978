#pragma once

/// @file
/// The loop that every range call runs through.

#include <xact/detail/call/narrow.hpp>
#include <xact/detail/lanes/memory.hpp>
#include <xact/detail/lanes/non_temporal.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// Whether packs of these are loaded and stored by parity.
template <class V, class Out, class... In> inline constexpr bool by_parity = false;
template <class A, narrow_element Out, class... In>
  requires is_upper_half<format_t<Out>>
inline constexpr bool by_parity<xsimd::batch<float, A>, Out *, In *...> =
    (std::same_as<format_t<In>, format_t<Out>> && ...);

/// What is stored by parity: f's codes, or those of its lanes.
template <class Out, class Format, class V>
XACT_INLINE inline const encoded<Format, V> &codes_for(const encoded<Format, V> &x) noexcept {
  return x;
}
template <class Out, class T, class A> XACT_INLINE inline auto codes_for(const xsimd::batch<T, A> &x) noexcept {
  return encode<format_t<Out>>(x);
}

#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ < 13
// Where g++ 12 sees a caller's array of four, it warns of loads that a length which it does not see rules out.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Warray-bounds"
#pragma GCC diagnostic ignored "-Waggressive-loop-optimizations"
#endif

/// out[i] = f(in[i]...) for i < n. Elements fewer than lanes are loaded and stored as that many; else the last register
/// is the array's last lanes, some of which the one before has too. All lanes go through the same code, so an element's
/// bits do not depend on its position. The last result is made before anything is stored: in place, what it shares with
/// the one before is overwritten.
///
/// `out` and `in` are pointers, or what memory.hpp loads and stores like them. With `non_temporal`, for which `out` is
/// aligned to the register and n a multiple of its lanes, stores are streamed; one loop for both, as a branch costs
/// nothing.
template <class V, class F, class Out, class... In>
XACT_INLINE inline void map_part(const F &f, bool non_temporal, std::size_t n, Out out, In... in) {
  constexpr std::size_t step = lane_traits<V>::size;
  const auto put = [&](const auto &y, Out to) XACT_INLINE {
    if constexpr (can_stream<V, std::remove_pointer_t<Out>>) {
      if (non_temporal) [[unlikely]] {
        stream_lanes(y, to);
        return;
      }
    }
    store_lanes(y, to);
  };
  const bool is_whole = n % step == 0;
  decltype(f(load_lanes<V>(in)...)) last{};
  if (!is_whole) {
    last = f((n < step ? load_first<V>(in, n) : load_lanes<V>(in + (n - step)))...);
  }
  std::size_t i = 0;
  if constexpr (constexpr std::size_t together = unroll<F, V>; together > 1) {
    using P = pack<V, together>;
    constexpr bool parity = gives_codes<F> && by_parity<V, Out, In...> && together % 2 == 0;
    for (; n - i >= together * step; i += together * step) {
      const auto gather = [&](const auto &from) XACT_INLINE {
        P x;
        each_index<together>([&](auto k) XACT_INLINE {
          if constexpr (!parity) {
            x.part[k] = load_lanes<V>(from + (i + k * step));
          } else if constexpr (k % 2 == 0) {
            const auto two = load_by_parity<V>(from + (i + k * step));
            x.part[k] = two.part[0];
            x.part[k + 1] = two.part[1];
          }
        });
        return x;
      };
      const auto y = f(gather(in)...);
      if constexpr (parity) {
        using E = std::remove_pointer_t<Out>;
        each_index<together / 2>([&](auto k) XACT_INLINE {
          store_by_parity(codes_for<E>(y.part[2 * k]), codes_for<E>(y.part[2 * k + 1]), out + (i + 2 * k * step));
        });
      } else {
        put(y, out + i);
      }
    }
  }
  for (; n - i >= step; i += step) {
    put(f(load_lanes<V>(in + i)...), out + i);
  }
  if (!is_whole) {
    if (n < step) {
      store_first(last, out, n);
    } else {
      store_lanes(last, out + (n - step));
    }
  }
}

/// From how many elements on the stores of map are aligned: those that cross a line take twice as long. With AVX-512
/// that is all of a misaligned array's, and relu of a std::vector takes 0.050 ns an element in L1, aligned 0.036 (Zen
/// 4).
inline constexpr std::size_t worth_aligning = 512;

/// out[i] = f(in[i]...) for i < n, in parts: all of a short array; of a longer one what lies before the first aligned
/// register, then the rest; of one that does not stay in the cache page after page, streamed. In place nothing is
/// gained by that, as the lines are in the cache.
///
/// Flattened, because a caller's lambda is not inlined by itself: a call for each batch, which loads all its constants,
/// made silu(x + b) 1.5 times as slow.
template <class V, class F, class Out, class... In>
[[gnu::flatten]] inline void map(const F &of, std::size_t n, Out out, In... in) {
  // A copy, whose parameters stay in registers: behind a reference each store might change them.
  const std::conditional_t<std::is_trivially_copyable_v<F>, F, const F &> f = of;
  bool streams = false;
  if constexpr (can_stream<V, std::remove_pointer_t<Out>>) {
    streams = n * sizeof *out >= streamed_bytes && ((in != static_cast<const void *>(out)) && ...);
  }
  for (std::size_t i = 0, part; i < n; i += part) {
    bool non_temporal = false;
    part = n - i;
    if constexpr (std::is_pointer_v<Out>) {
      if (n >= worth_aligning) [[unlikely]] {
        constexpr std::size_t lanes = lane_traits<V>::size;
        const std::size_t head = -(reinterpret_cast<std::uintptr_t>(out + i) / sizeof *out) % lanes;
        non_temporal = streams && head == 0 && part >= lanes;
        part = non_temporal ? page_part<lanes>(out + i, part) : head != 0 && head < part ? head : part;
      }
    }
    map_part<V>(f, non_temporal, part, out + i, (in + i)...);
  }
  if (streams) {
    end_of_stream();
  }
}

#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ < 13
#pragma GCC diagnostic pop
#endif

} // namespace detail

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
