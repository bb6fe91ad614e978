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
inline constexpr bool by_parity<xsimd::batch<float, A>, Out, In...> =
    (std::same_as<format_t<In>, format_t<Out>> && ...);

/// out[i] = f(in[i]...) for i < n. The end of the array goes through a padded buffer and the same vector code, so an
/// element's bits do not depend on its position. Flattened, because a caller's lambda is not inlined by itself: a call
/// for each batch, which loads all its constants, made silu(x + b) 1.5 times as slow. With `non_temporal`, for which
/// `out` is aligned to the register, its stores are streamed; one loop for both, as a branch costs nothing.
template <class V, class F, class Out, class... In>
[[gnu::flatten]] inline void map_part(const F &f, bool non_temporal, std::size_t n, Out *out, const In *...in) {
  constexpr std::size_t step = lane_traits<V>::size;
  std::size_t i = 0;
  const auto put = [&](const auto &y, Out *to) XACT_INLINE {
    if constexpr (can_stream<V, Out>) {
      if (non_temporal) [[unlikely]] {
        stream_lanes(y, to);
        return;
      }
    }
    store_lanes(y, to);
  };
  if constexpr (constexpr std::size_t together = unroll<F, V>; together > 1) {
    using P = pack<V, together>;
    constexpr bool parity = gives_codes<F> && by_parity<V, Out, In...> && together % 2 == 0;
    for (; n - i >= together * step; i += together * step) {
      const auto gather = [&](const auto *from) XACT_INLINE {
        P x;
        each_index<together>([&](auto k) XACT_INLINE {
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
        each_index<together / 2>(
            [&](auto k) XACT_INLINE { store_by_parity(y.part[2 * k], y.part[2 * k + 1], out + i + 2 * k * step); });
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

} // namespace detail

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
