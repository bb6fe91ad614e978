#pragma once

#include <xact/detail/byte_table.hpp>
#include <xact/float8.hpp>
#include <xact/transform.hpp>

#include <span>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// What an integer q stands for: (q - zero_point) * scale. For 8-bit floats: q * scale, and zero_point is 0.
struct quantization {
  float scale = 1.0f;
  int zero_point = 0;
};

/// Two signed 4-bit integers (-8 to 7) in a byte, the first in the low half, as ONNX packs them.
struct int4_pair {
  std::uint8_t bits;

  /// The first and the second number.
  constexpr int first() const noexcept { return ((bits & 15) ^ 8) - 8; }
  constexpr int second() const noexcept { return ((bits >> 4) ^ 8) - 8; }
  /// Packs two numbers; only their low four bits are kept.
  static constexpr int4_pair of(int first, int second) noexcept {
    return {static_cast<std::uint8_t>((first & 15) | (second & 15) << 4)};
  }
};

/// An element type that `tabulate` takes.
template <class T>
concept tabulated = std::same_as<T, std::int8_t> || std::same_as<T, std::uint8_t> || std::same_as<T, int4_pair> ||
    std::same_as<T, float8_e4m3> || std::same_as<T, float8_e5m2>;

namespace detail {

template <class T> inline constexpr int lowest_code = std::same_as<T, std::int8_t> ? -128 : 0;
template <> inline constexpr int lowest_code<int4_pair> = -8;
template <class T> inline constexpr int codes = std::same_as<T, int4_pair> ? 16 : 256;
template <class T> inline constexpr bool is_float8 = std::same_as<T, float8_e4m3> || std::same_as<T, float8_e5m2>;

template <class T> inline void require_quantization(const quantization &q) {
  if (!(q.scale > 0.0f) || q.scale > 0x1.fffffep127f) {
    refuse("xact: a quantization's scale must be positive and finite, not %g", static_cast<double>(q.scale));
  }
  const int low = is_float8<T> ? 0 : lowest_code<T>;
  const int high = is_float8<T> ? 0 : low + codes<T> - 1;
  if (q.zero_point < low || q.zero_point > high) {
    refuse("xact: the zero point %d is not in [%d, %d]", q.zero_point, low, high);
  }
}

/// round(steps) + zero_point, ties to even as in ONNX's QuantizeLinear, held in [low, high]; NaN gives the zero point.
inline int nearest(double steps, int zero_point, int low, int high) noexcept {
  if (steps != steps) {
    return zero_point;
  }
  const double held = steps < low - zero_point    ? low - zero_point
                      : steps > high - zero_point ? high - zero_point
                                                  : steps;
  return static_cast<int>((held + 0x1.8p52) - 0x1.8p52) + zero_point;
}

template <class T> inline double dequantize(int code, const quantization &q) noexcept {
  if constexpr (is_float8<T>) {
    return static_cast<double>(static_cast<float>(T::from_bits(static_cast<std::uint8_t>(code)))) *
           static_cast<double>(q.scale);
  } else {
    return static_cast<double>(code - q.zero_point) * static_cast<double>(q.scale);
  }
}

template <class T> inline int quantize(double y, const quantization &q) noexcept {
  const double steps = y / static_cast<double>(q.scale);
  if constexpr (is_float8<T>) {
    return saturate<T>(steps).bits;
  } else {
    constexpr int low = lowest_code<T>;
    constexpr int high = low + codes<T> - 1;
    return nearest(steps, q.zero_point, low, high);
  }
}

} // namespace detail

/// An activation on a quantized type as a table of all its results; `tabulate` makes it.
///
/// `t(in, out)` and `t(inout)` run over contiguous ranges of T: by vpermi2b, tbl or pshufb in registers, elsewhere by
/// loads from the table. Fixed size, trivially copyable.
///
/// @throws std::invalid_argument when the lengths differ or the ranges overlap without being the same.
template <tabulated T> struct table {
  std::uint8_t entries[detail::codes<T>]; ///< by code, as an unsigned number; for int4_pair by half byte

  template <std::ranges::contiguous_range In, std::ranges::contiguous_range Out>
  requires std::same_as<std::ranges::range_value_t<In>, T> &&
      std::same_as<std::ranges::range_reference_t<Out>, T &> void
      operator()(const In &in, Out &&out) const {
    const auto n = static_cast<std::size_t>(std::ranges::size(in));
    const auto m = static_cast<std::size_t>(std::ranges::size(out));
    detail::require_equal_length(n, m);
    detail::require_same_or_disjoint(std::ranges::data(in), n, std::ranges::data(out), m);
    using lookup = std::conditional_t<std::same_as<T, int4_pair>, detail::nibble_lookup, detail::byte_lookup>;
    detail::map_bytes<lookup>(entries, reinterpret_cast<const std::uint8_t *>(std::ranges::data(in)),
                              reinterpret_cast<std::uint8_t *>(std::ranges::data(out)), n);
  }
  template <std::ranges::contiguous_range InOut>
  requires std::same_as<std::ranges::range_reference_t<InOut>, T &> void operator()(InOut &&inout) const {
    operator()(inout, inout);
  }
};

/// The table of q -> quantize(f(dequantize(q))) for every q of T, from real arithmetic, rounded once to the nearest
/// (ties to even); what is out of range is held at the ends. A NaN becomes the zero point (of an 8-bit float: NaN).
///
/// @tparam T `std::int8_t`, `std::uint8_t`, `xact::int4_pair`, `xact::float8_e4m3` or `xact::float8_e5m2`.
/// @throws std::invalid_argument when a scale is not positive and finite or a zero point is not a number of T.
///
/// @code
/// const auto silu8 = xact::tabulate<std::int8_t>(xact::silu, {.scale = 0.05f}, {.scale = 0.04f, .zero_point = -120});
/// std::vector<std::int8_t> layer(1024);
/// silu8(layer);
/// @endcode
template <tabulated T, class F>
[[gnu::noinline]] inline table<T> tabulate(const F &f, const quantization &in, const quantization &out) {
  detail::require_quantization<T>(in);
  detail::require_quantization<T>(out);
  const auto &g = detail::untiered(f);
  table<T> t;
  for (int code = 0; code < detail::codes<T>; ++code) {
    // Code as unsigned, q as the number it stands for: they differ in the sign for int8 and int4.
    constexpr int half = detail::codes<T> / 2;
    const int q = detail::lowest_code<T> < 0 ? (code ^ half) - half : code;
    const int y = detail::quantize<T>(g(detail::dequantize<T>(q, in)), out);
    t.entries[code] = static_cast<std::uint8_t>(y & (detail::codes<T> - 1));
  }
  return t;
}

/// One table per channel, in one call: `tables[c]` is that of `in[c]` and `out[c]`.
///
/// @throws std::invalid_argument as above, and when the three lengths differ; nothing has been written then.
template <tabulated T, class F>
inline void tabulate(const F &f, std::span<const quantization> in, std::span<const quantization> out,
                     std::span<table<T>> tables) {
  detail::require_equal_length(in.size(), tables.size());
  detail::require_equal_length(out.size(), tables.size());
  for (std::size_t c = 0; c < in.size(); ++c) {
    detail::require_quantization<T>(in[c]);
    detail::require_quantization<T>(out[c]);
  }
  for (std::size_t c = 0; c < in.size(); ++c) {
    tables[c] = tabulate<T>(f, in[c], out[c]);
  }
}

/// What follows an int8 matrix product, in one pass: out = quantize(f(scale * accumulator)), each element rounded once
/// from double arithmetic, ties to even, held at the ends of out's type; NaN becomes the zero point.
///
/// @param accumulators a contiguous range of `std::int32_t`
/// @param scale        what one unit of the accumulator stands for; positive and finite
/// @param out          as long, of `std::int8_t` or `std::uint8_t`
/// @throws std::invalid_argument when the lengths differ, the ranges overlap, a scale is not positive and finite, or
/// the
///         zero point is out of range; nothing has been written then.
///
/// @code
/// std::vector<std::int32_t> sums(64);
/// std::vector<std::int8_t> next(64);
/// xact::requantize(sums, 0.001f, xact::gelu, {.scale = 0.05f}, next);
/// @endcode
template <std::ranges::contiguous_range In, class F, std::ranges::contiguous_range Out>
requires std::same_as<std::ranges::range_value_t<In>, std::int32_t> &&
    (std::same_as<std::ranges::range_reference_t<Out>, std::int8_t &> ||
     std::same_as<std::ranges::range_reference_t<Out>, std::uint8_t &>)inline void requantize(const In &accumulators,
                                                                                              float scale, const F &f,
                                                                                              const quantization &to,
                                                                                              Out &&out) {
  using T = std::ranges::range_value_t<Out>;
  using V = detail::native<double>;
  constexpr std::size_t step = detail::lane_traits<V>::size;
  const auto n = static_cast<std::size_t>(std::ranges::size(out));
  detail::require_equal_length(static_cast<std::size_t>(std::ranges::size(accumulators)), n);
  const std::int32_t *from = std::ranges::data(accumulators);
  T *results = std::ranges::data(out);
  detail::require_same_or_disjoint(from, n * sizeof *from, results, n);
  detail::require_quantization<T>(quantization{scale, 0});
  detail::require_quantization<T>(to);
  const auto &g = detail::untiered(f);
  constexpr int low = detail::lowest_code<T>;
  for (std::size_t i = 0; i < n; i += step) {
    const std::size_t count = n - i < step ? n - i : step;
    double block[step] = {};
    for (std::size_t k = 0; k < count; ++k) {
      block[k] = static_cast<double>(from[i + k]) * static_cast<double>(scale);
    }
    const V y = g(detail::load_lanes<V>(block));
    detail::store_lanes(V(y / V(static_cast<double>(to.scale))), block);
    for (std::size_t k = 0; k < count; ++k) {
      results[i + k] = static_cast<T>(detail::nearest(block[k], to.zero_point, low, low + 255));
    }
  }
}

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
