#pragma once

/// @file
/// Ranges of 16- and 8-bit numbers as float lanes and back, correctly rounded, in registers: by the ISA's own
/// conversion where it is right, by integer operations where not (vcvtneps2bf16 flushes subnormals).

#include <xact/detail/lanes/codes.hpp>
#include <xact/detail/types/elements.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

using binary16 = format<std::uint16_t, 5, 10, true>;
/// bfloat16: a float's upper half.
template <class Format> inline constexpr bool is_upper_half = Format::bias == 127;

/// 2^e as float bits.
constexpr std::int32_t power_bits(int e) noexcept { return (e + 127) << 23; }

template <class Format, class V> XACT_INLINE inline V decode_lanes(const integer_t<V> &code) noexcept {
  using Int = integer_t<V>;
  constexpr int m = Format::mantissa_bits;
  const Int magnitude = code & Int(static_cast<std::int32_t>(Format::sign - 1));
  const Int sign = (code ^ magnitude) << (31 - Format::exponent_bits - m);
  // A subnormal is a multiple of the last bit of `unit`: no float subnormal on the way that DAZ would flush.
  constexpr std::int32_t unit = power_bits(24 - Format::bias - m);
  const V subnormal = as_float(Int(magnitude | Int(unit))) - as_float(Int(unit));
  const Int normal = (magnitude << (23 - m)) + Int((127 - Format::bias) << 23);
  const Int special = (magnitude << (23 - m)) | Int(0x7f800000);
  Int bits = select(magnitude < Int(1 << m), as_integer(subnormal), normal);
  bits = select(magnitude >= Int(static_cast<std::int32_t>(Format::overflow)), special, bits);
  return as_float(Int(bits | sign));
}

template <class Format, class V> XACT_INLINE inline integer_t<V> encode_lanes(const V &x) noexcept {
  using Int = integer_t<V>;
  constexpr int m = Format::mantissa_bits;
  constexpr int dropped = 23 - m;
  const Int bits = as_integer(x);
  const Int nan(static_cast<std::int32_t>(Format::nan));
  const Int magnitude = bits & Int(0x7fffffff);
  const Int odd = (magnitude >> dropped) & Int(1);
  Int code = ((magnitude + Int((1 << (dropped - 1)) - 1) + odd) >> dropped) - Int((127 - Format::bias) << m);
  constexpr std::int32_t unit = power_bits(24 - Format::bias - m);
  const Int subnormal = as_integer(V(as_float(magnitude) + as_float(Int(unit)))) - Int(unit);
  code = select(magnitude < Int(power_bits(1 - Format::bias)), subnormal, code);
  const Int overflow(static_cast<std::int32_t>(Format::overflow));
  code = select(code < overflow, code, overflow);
  code = select(Int(0x7f800000) < magnitude, nan, code);
  return code | ((bits >> (31 - Format::exponent_bits - m)) & Int(static_cast<std::int32_t>(Format::sign)));
}

/// x rounded to the nearest float whose lower half is 0, ties to even; the lower half is to be dropped.
template <class V> XACT_INLINE inline integer_t<V> round_to_upper(const V &x) noexcept {
  using Int = integer_t<V>;
  const Int bits = as_integer(x);
  const Int rounded = bits + Int(0x7fff) + ((bits >> 16) & Int(1));
  return select(Int(0x7f800000) < (bits & Int(0x7fffffff)), Int(bits | Int(0x400000)), rounded);
}

template <class V, narrow_element E> XACT_INLINE inline V load_narrow(const E *from) noexcept {
  using Format = format_t<E>;
  using S = typename Format::storage;
  const auto *codes = reinterpret_cast<const S *>(from);
  if constexpr (V r; std::is_same_v<Format, binary16> && requires { load_half(codes, r.data); }) {
    load_half(codes, r.data);
    return r;
  } else if constexpr (is_upper_half<Format>) {
    return as_float(lanes_of_upper<integer_t<V>>(codes));
  } else {
    return decode_lanes<Format, V>(lanes_of_codes<integer_t<V>>(codes));
  }
}

/// Lanes rounded to a format: 16-bit codes where the ISA makes them itself, else 32-bit lanes of codes, of bfloat16 in
/// their upper halves.
template <class Format, class V> struct encoded {
  static constexpr bool by_isa = false;
  integer_t<V> codes;
};
template <class V>
  requires requires(const V &x) { half_codes(x.data); }
struct encoded<binary16, V> {
  static constexpr bool by_isa = true;
  decltype(half_codes(V().data)) codes;
};

template <class Format, class V> struct lane_traits<encoded<Format, V>> {
  static constexpr std::size_t size = lane_traits<V>::size;
};

/// Correctly rounded, ties to even.
template <class Format, class V> XACT_INLINE inline encoded<Format, V> encode(const V &x) noexcept {
  if constexpr (encoded<Format, V>::by_isa) {
    return {half_codes(x.data)};
  } else if constexpr (is_upper_half<Format>) {
    return {round_to_upper(x)};
  } else {
    return {encode_lanes<Format>(x)};
  }
}

template <class Format, class V>
XACT_INLINE inline bool same_codes(const encoded<Format, V> &a, const encoded<Format, V> &b) noexcept {
  if constexpr (encoded<Format, V>::by_isa) {
    return same_half(a.codes, b.codes);
  } else {
    return !any_lane(a.codes != b.codes);
  }
}

template <class Format, class V, narrow_element E>
XACT_INLINE inline void store_lanes(const encoded<Format, V> &x, E *to) noexcept {
  auto *codes = reinterpret_cast<typename Format::storage *>(to);
  if constexpr (encoded<Format, V>::by_isa) {
    store_half(x.codes, codes);
  } else if constexpr (is_upper_half<Format>) {
    upper_of_lanes(x.codes, codes);
  } else {
    codes_of_lanes(x.codes, codes);
  }
}

template <class Format, class V, std::size_t N, narrow_element E>
XACT_INLINE inline void store_lanes(const pack<encoded<Format, V>, N> &x, E *to) noexcept {
  each_index<N>([&](auto i) XACT_INLINE { store_lanes(x.part[i], to + i * lane_traits<V>::size); });
}

/// Two registers of bfloat16 at once: first the lanes of one parity, then of the other. Kernels treat all lanes alike,
/// and five operations a pair instead of eight are a tenth of silu and gelu with AVX2.
template <class V, narrow_element E> XACT_INLINE inline pack<V, 2> load_by_parity(const E *from) noexcept {
  using Int = integer_t<V>;
  using Codes = typename lane_traits<V>::template rebind<std::uint16_t>;
  const auto *codes = reinterpret_cast<const std::uint16_t *>(from);
  const Int both = xsimd::bitwise_cast<std::int32_t>(Codes::load_unaligned(codes));
  pack<V, 2> x;
  x.part[0] = as_float(Int(both << 16));
  x.part[1] = as_float(Int(both & Int(-0x10000)));
  return x;
}
template <class Format, class V, narrow_element E>
XACT_INLINE inline void store_by_parity(const encoded<Format, V> &x, const encoded<Format, V> &y, E *to) noexcept {
  using U = typename lane_traits<V>::template rebind<std::uint32_t>;
  const U low = xsimd::bitwise_cast<std::uint32_t>(x.codes) >> 16;
  const U high = xsimd::bitwise_cast<std::uint32_t>(y.codes) & U(0xffff0000);
  xsimd::bitwise_cast<std::uint16_t>(U(low | high)).store_unaligned(reinterpret_cast<std::uint16_t *>(to));
}

template <class V, narrow_element E> XACT_INLINE inline void store_narrow(const V &x, E *to) noexcept {
  store_lanes(encode<format_t<E>>(x), to);
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
