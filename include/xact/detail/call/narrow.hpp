#pragma once

/// @file
/// Correct rounding of an activation to 16 and 8 bits from a float kernel that is a few ULP off (Ziv's strategy).

#include <xact/detail/call/kernel.hpp>
#include <xact/detail/call/midpoints.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// How far a `standard` kernel's float may be from the true value, in units of its last bit, with one to spare.
inline constexpr std::int32_t standard_error = 5;

/// Whether F's standard kernel, moved off its midpoints, rounds every number of 16 bits right: `facts::midpoints` says
/// so, and the tests look at every one. (Of the kernels with FMA, that is.)
template <class F, class V>
inline constexpr bool rounds_16_bits = fused_floats<V> && facts_of<F>().midpoints != midpoints::unknown;

/// Whether F can be rounded once: it has a kernel in double, or needs none.
template <class F>
concept narrowable =
    described<F> && (facts_of<F>().exact || facts_of<F>().rounded || has<F, kernel::rounded, native<double>> ||
                     has<F, kernel::in_double, native<double>>);

/// The number of the format nearest to x, ties to even, in double lanes; a result beyond the format stays too large.
template <class Format, class V> XACT_INLINE inline V round_wide(const V &x) noexcept {
  using Int = integer_t<V>;
  constexpr std::int64_t lowest = std::int64_t{1023 + 1 - Format::bias} << 52;
  const Int exponent = as_integer(x) & Int(std::int64_t{0x7ff} << 52);
  const Int held = select(exponent < Int(lowest), Int(lowest), exponent);
  // 1.5 * 2^52 units of the last place that the format has here: adding it drops the rest.
  const V shift = as_float(Int(held + Int((std::int64_t{52 - Format::mantissa_bits} << 52) | (std::int64_t{1} << 51))));
  return as_float(Int(as_integer(V((x + shift) - shift)) | sign_bit(x)));
}

/// The tier whose float kernel is rounded to 16 or 8 bits.
template <class F> using tier_to_round = std::conditional_t<facts_of<F>().loose, tier::accurate, tier::standard>;

/// F's kernel for outputs in Format: the standard float kernel, and where that cannot decide, the double one. With
/// `Same` the inputs are of Format too: few enough to know for each whether the standard kernel decides.
template <class F, class Format, bool Same> struct rounded_once {
  static constexpr facts about = facts_of<F>();
  F f;

  /// Of float lanes the format's codes, `encoded`; of double lanes, which the caller rounds, the value.
  template <class V> XACT_INLINE auto operator()(const V &x) const noexcept {
    if constexpr (std::is_same_v<scalar_t<V>, double>) {
      using tier_for_midpoints = std::conditional_t<about.rational, tier::exact, tier::standard>;
      return off_midpoint(f, x, evaluate<tier_for_midpoints>(f, x));
    } else {
      return rounded(x, approximate(x));
    }
  }

private:
  template <class V> XACT_INLINE V approximate(const V &x) const noexcept {
    if constexpr (Same && fused_floats<V> && requires { f.standard_for_16_bits(x); }) {
      if constexpr (about.together.standard == 0 && !std::is_same_v<part_t<V>, V>) {
        return each([this](const part_t<V> &p) XACT_INLINE { return f.standard_for_16_bits(p); }, x);
      } else {
        return f.standard_for_16_bits(x);
      }
    } else {
      return evaluate<tier_to_round<F>>(f, x);
    }
  }

  template <class V, std::size_t N>
  XACT_INLINE pack<encoded<Format, V>, N> rounded(const pack<V, N> &x, const pack<V, N> &y) const noexcept {
    pack<encoded<Format, V>, N> codes;
    each_index<N>([&](auto i) XACT_INLINE { codes.part[i] = rounded(x.part[i], y.part[i]); });
    return codes;
  }

  template <class V> XACT_INLINE encoded<Format, V> rounded(const V &x, const V &y) const noexcept {
    if constexpr (about.exact && Same && is_upper_half<Format>) {
      return {as_integer(y)};
    } else if constexpr (about.exact) {
      return encode<Format>(y);
    } else if constexpr (Same && sizeof(typename Format::storage) == 2 && rounds_16_bits<F, V>) {
      return off_midpoints(x, y);
    } else if constexpr (is_upper_half<Format>) { // bits of a float cut off: cheaper to look at than to round twice
      const auto unsure = near_middle(y);
      if (any_lane(unsure)) [[unlikely]] {
        return encode<Format>(resolved(x, y, unsure));
      }
      return encode<Format>(y);
    } else {
      const V low = y * V(1.0f - static_cast<float>(standard_error) * 0x1p-23f);
      const V high = y * V(1.0f + static_cast<float>(standard_error) * 0x1p-23f);
      const encoded<Format, V> codes = encode<Format>(high);
      if (!same_codes(encode<Format>(low), codes)) [[unlikely]] {
        const auto unsure = encode_lanes<Format>(low) != encode_lanes<Format>(high);
        return encode<Format>(resolved(x, y, unsure));
      }
      return codes;
    }
  }

  /// y moved to the right side of a tie and rounded. bfloat16 by an addition to the bits: no NaN here has any in the
  /// lower half, and ties to even would cost two operations more for no input.
  template <class V> XACT_INLINE static encoded<Format, V> off_midpoints(const V &x, V y) noexcept {
    using Int = integer_t<V>;
    if constexpr (about.midpoints == midpoints::near_zero) {
      // less than half a unit of any but the smallest results; the sign is for -0
      const V above = y + V(is_upper_half<Format> ? 0x1p-141f : 0x1p-47f);
      y = as_float(Int(as_integer(above) | sign_bit(x)));
    } else if constexpr (about.midpoints == midpoints::near_half) {
      y = neg_mul_add(y, mul_sign(V(0x1.4p-24f), x), y);
    }
    if constexpr (!is_upper_half<Format>) {
      return encode<Format>(y);
    } else if constexpr (about.midpoints == midpoints::near_zero) { // ties down: silu of 2^-7 and -2^-8 lies below one
      return {Int(as_integer(y) + (Int(0x7fff) - (as_integer(x) >> 31)))};
    } else {
      return {Int(as_integer(y) + Int(0x8000))};
    }
  }

  /// Where y lies so near the middle between two neighbours of the format that it may be on the wrong side.
  template <class V> XACT_INLINE static auto near_middle(const V &y) noexcept {
    using Int = integer_t<V>;
    constexpr int dropped = 23 - Format::mantissa_bits;
    constexpr std::int32_t width = 16; // a power of two saves an instruction
    static_assert(width > 2 * standard_error);
    const Int offset = as_integer(y) + Int(width / 2 - (1 << (dropped - 1)));
    return (offset & Int((1 << dropped) - width)) == Int(0);
  }

  // Out of line: few inputs need it, and as many copies of a double kernel as a loop has batches take half the time to
  // compile.
  template <class V, class M> [[gnu::noinline]] V resolved(const V &x, const V &y, const M &unsure) const noexcept {
    const auto wide = to_double(x);
    const V exactly = to_float(round_wide<Format>(off_midpoint(f, wide, evaluate<tier::exact>(f, wide))));
    return as_float(select(unsure, as_integer(exactly), as_integer(y)));
  }
};

/// What the loop calls for outputs of type Out. Narrow types have no tiers: they are correctly rounded, where F has a
/// kernel in double.
template <class Out, class... In, class F> XACT_INLINE constexpr auto kernel_into(const F &f) noexcept {
  using Own = std::remove_cvref_t<decltype(untiered(f))>;
  if constexpr (narrow_element<Out> && narrowable<Own>) {
    constexpr bool one_format = (std::same_as<format_t<In>, format_t<Out>> && ...);
    return rounded_once<Own, format_t<Out>, one_format>{untiered(f)};
  } else {
    return kernel_call<F>{f};
  }
}

// Beside two, four are 3 to 5 % faster in silu and sigmoid with AVX-512, 13 % in clang's gelu with AVX2; relu is 15 %
// slower with AVX2.
template <class F, class Format, bool Same, class V>
inline constexpr std::size_t unroll<rounded_once<F, Format, Same>, V> =
    !Same || std::is_arithmetic_v<V> || !(rounds_16_bits<F, V> || facts_of<F>().exact)
        ? batches_together<F, tier_to_round<F>, V>()
    : facts_of<F>().exact ? 2
                          : 4;

/// Whether a callable gives codes instead of lanes.
template <class F> inline constexpr bool gives_codes = false;
template <class F, class Format, bool Same> inline constexpr bool gives_codes<rounded_once<F, Format, Same>> = true;

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
