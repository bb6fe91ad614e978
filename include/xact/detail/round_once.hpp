#pragma once

/// @file
/// Correct rounding of an activation to 16 and 8 bits from a float kernel that is a few ULP off (Ziv's strategy).

#include <xact/detail/small_lanes.hpp>
#include <xact/detail/tier.hpp>
#include <xact/detail/widen.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// How far a fast kernel's float may be from the true value, in units of its last bit, with one to spare.
inline constexpr std::int32_t fast_error = 5;

/// Where y lies so near the middle between two neighbours of a format that `fast_error` could put it on the wrong side.
template <class Format, class V> [[gnu::always_inline]] inline auto near_middle(const V &y) noexcept {
  using I = integer_t<V>;
  constexpr int dropped = 23 - Format::mantissa_bits;
  const I offset = (as_integer(y) + I(fast_error - (1 << (dropped - 1)))) & I((1 << dropped) - 1);
  return offset < I(2 * fast_error + 1);
}

/// The number of the format nearest to x, ties to even, in double lanes; a result beyond the format stays too large.
template <class Format, class V> [[gnu::always_inline]] inline V round_wide(const V &x) noexcept {
  using I = integer_t<V>;
  constexpr std::int64_t lowest = std::int64_t{1023 + 1 - Format::bias} << 52;
  const I exponent = as_integer(x) & I(std::int64_t{0x7ff} << 52);
  const I held = blend(exponent < I(lowest), I(lowest), exponent);
  // 1.5 * 2^52 units of the last place that the format has here: adding it drops the rest.
  const V shift = as_float(I(held + I((std::int64_t{52 - Format::mantissa_bits} << 52) | (std::int64_t{1} << 51))));
  return as_float(I(as_integer(V((x + shift) - shift)) | sign_bit(x)));
}

/// F's kernel for outputs in Format: the fast float kernel, and where that cannot decide, the double one. What it
/// returns still has to be rounded to the format; that rounding then is the correct one.
template <class F, class Format> struct rounded_once {
  const F &f;

  template <class V> [[gnu::always_inline]] V operator()(const V &x) const noexcept {
    if constexpr (std::is_same_v<scalar_t<V>, double>) {
      return f.kernel(tier::standard{}, x);
    } else {
      return from_float(x);
    }
  }

private:
  template <class V> [[gnu::always_inline]] V from_float(const V &x) const noexcept {
    V y = f.kernel(tier::fast{}, x);
    auto unsure = near_middle<Format>(y);
    if constexpr (Format::bias < 127) {
      // Below the normal numbers the format's steps are wider than its mantissa says; zeros are sure.
      using I = integer_t<V>;
      const I bits = as_integer(y);
      const I a = bits & I(0x7fffffff);
      const auto below = (a < I(power_bits(1 - Format::bias))) & (I(0) < a);
      if (any_lane(below)) {
        const I low = encode_lanes<Format>(as_float(I(bits - I(fast_error))));
        const I high = encode_lanes<Format>(as_float(I(bits + I(fast_error))));
        unsure = unsure | (below & ((low < high) | (high < low)));
      }
    }
    if (any_lane(unsure)) [[unlikely]] {
      resolve(x, unsure, y);
    }
    return y;
  }

  template <class V, class M> [[gnu::always_inline]] void resolve(const V &x, const M &unsure, V &y) const noexcept {
    const V exactly = to_float(round_wide<Format>(f.kernel(tier::exact{}, to_double(x))));
    y = as_float(blend(unsure, as_integer(exactly), as_integer(y)));
  }
  template <class V, class M, std::size_t N>
  [[gnu::always_inline]] void resolve(const pack<V, N> &x, const pack<M, N> &unsure, pack<V, N> &y) const noexcept {
    for (std::size_t i = 0; i < N; ++i) {
      if (any_lane(unsure.part[i])) {
        resolve(x.part[i], unsure.part[i], y.part[i]);
      }
    }
  }
};

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
