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

/// Activations whose float kernels do not round at all say so by a member `is_exact`.
template <class F> inline constexpr bool is_exact = requires { requires F::is_exact; };

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

/// F's kernel for outputs in Format: the fast float kernel, and where that cannot decide, the double one.
template <class F, class Format> struct rounded_once {
  const F &f;

  /// Of float lanes the format's codes, `encoded`; of double lanes, which the caller rounds, the value.
  template <class V> [[gnu::always_inline]] auto operator()(const V &x) const noexcept {
    if constexpr (std::is_same_v<scalar_t<V>, double>) {
      return f.kernel(tier::standard{}, x);
    } else {
      return rounded(x, f.kernel(tier::fast{}, x));
    }
  }

private:
  template <class V, std::size_t N>
  [[gnu::always_inline]] pack<encoded<Format, V>, N> rounded(const pack<V, N> &x, const pack<V, N> &y) const noexcept {
    pack<encoded<Format, V>, N> codes;
    each_index<N>([&](auto i) __attribute__((always_inline)) { codes.part[i] = rounded(x.part[i], y.part[i]); });
    return codes;
  }

  template <class V> [[gnu::always_inline]] encoded<Format, V> rounded(const V &x, const V &y) const noexcept {
    if constexpr (is_exact<F>) {
      return encode<Format>(y);
    } else if constexpr (Format::bias == 127) { // bits of a float cut off: cheaper to look at than to round twice
      const auto unsure = near_middle(y);
      if (any_lane(unsure)) [[unlikely]] {
        return encode<Format>(resolved(x, y, unsure));
      }
      return encode<Format>(y);
    } else {
      const V low = y * V(1.0f - static_cast<float>(fast_error) * 0x1p-23f);
      const V high = y * V(1.0f + static_cast<float>(fast_error) * 0x1p-23f);
      const encoded<Format, V> codes = encode<Format>(high);
      if (!same_codes(encode<Format>(low), codes)) [[unlikely]] {
        const auto unsure = encode_lanes<Format>(low) != encode_lanes<Format>(high);
        return encode<Format>(resolved(x, y, unsure));
      }
      return codes;
    }
  }

  /// Where y lies so near the middle between two neighbours of the format that it may be on the wrong side.
  template <class V> [[gnu::always_inline]] static auto near_middle(const V &y) noexcept {
    using I = integer_t<V>;
    constexpr int dropped = 23 - Format::mantissa_bits;
    constexpr std::int32_t width = 16; // a power of two saves an instruction
    static_assert(width > 2 * fast_error);
    const I offset = as_integer(y) + I(width / 2 - (1 << (dropped - 1)));
    return (offset & I((1 << dropped) - width)) == I(0);
  }

  template <class V, class M>
  [[gnu::always_inline]] V resolved(const V &x, const V &y, const M &unsure) const noexcept {
    const V exactly = to_float(round_wide<Format>(f.kernel(tier::exact{}, to_double(x))));
    return as_float(blend(unsure, as_integer(exactly), as_integer(y)));
  }
};

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
