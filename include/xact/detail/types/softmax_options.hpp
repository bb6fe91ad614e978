#pragma once

/// @file
/// The options of the softmax family, as types that may stand between files of different flags: layouts hang on no
/// flag, and every member is inlined.

#include <xact/detail/types/freestanding.hpp>
#include <xact/detail/types/narrow_float.hpp>

#include <concepts>
#include <cstddef>
#include <ranges>
#include <type_traits>

namespace xact {
inline namespace XACT_TYPES_NAMESPACE {

/// What becomes of a row whose logits are all -inf, so that it has no probabilities.
///
/// @code
/// std::vector<float> row(8, -__builtin_inff());
/// xact::softmax(row, {.on_empty_row = xact::empty_row::zero}); // all 0
/// @endcode
enum class empty_row {
  nan, ///< all NaN, as PyTorch
  zero ///< probability 0 everywhere (log_softmax: -inf), as ONNX Attention
};

/// What a range of an option holds.
///
/// @code
/// static_assert(xact::option_kind_of<float> == xact::option_kind::floats);
/// static_assert(xact::option_range<std::vector<double>> && !xact::option_range<std::vector<int>>);
/// @endcode
enum class option_kind : unsigned char { none, bytes, floats, doubles, float16s, bfloat16s };

/// The kind of a range's elements; `none` for types that no option takes.
template <class E>
inline constexpr option_kind option_kind_of = [] {
  if constexpr (std::same_as<E, bool> || std::same_as<E, unsigned char>) {
    static_assert(sizeof(E) == 1);
    return option_kind::bytes;
  } else if constexpr (std::same_as<E, float>) {
    return option_kind::floats;
  } else if constexpr (std::same_as<E, double>) {
    return option_kind::doubles;
  } else if constexpr (std::same_as<E, detail::native_float16>) {
    return option_kind::float16s;
  } else if constexpr (std::same_as<E, detail::native_bfloat16>) {
    return option_kind::bfloat16s;
  } else if constexpr (requires { typename E::format; }) {
    return sizeof(E) != 2                  ? option_kind::none
           : E::format::exponent_bits == 5 ? option_kind::float16s
                                           : option_kind::bfloat16s;
  } else {
    return option_kind::none;
  }
}();

/// A contiguous range whose elements an option takes.
template <class R>
concept option_range = std::ranges::contiguous_range<R> && std::ranges::sized_range<R> &&
                       option_kind_of<std::remove_cvref_t<std::ranges::range_reference_t<R>>> != option_kind::none;

/// A view of a range that an option was given. It owns nothing.
class softmax_mask {
public:
  XACT_INLINE constexpr softmax_mask() noexcept {}
  /// A mask as a range of bool or unsigned char (an element takes part where it is not 0), or of float, double, float16
  /// or bfloat16 (added to the logits). It has one element a column, for all rows, or one row a query, repeated for
  /// each head, or one row for each; rows follow each other without a gap.
  ///
  /// @code
  /// std::vector<float> row{1.0f, 2.0f, 3.0f};
  /// const std::vector<unsigned char> visible{1, 1, 0};
  /// const xact::softmax_mask mask = visible; // or at once {.mask = visible}
  /// xact::softmax(row, {.mask = mask});      // 0.2689..., 0.7310..., 0
  /// @endcode
  template <option_range R>
  XACT_INLINE constexpr softmax_mask(const R &range) noexcept
      : data(detail::data_of(range)), count(detail::size_of(range)),
        kind(option_kind_of<std::remove_cvref_t<std::ranges::range_reference_t<R>>>) {}

  XACT_REFUSED_WITH("xact: a mask holds bool, unsigned char, float, double, float16 or bfloat16: convert others",
                    (std::ranges::range R), (!option_range<R>), softmax_mask(const R &))

  XACT_INLINE constexpr const void *first() const noexcept { return data; }
  XACT_INLINE constexpr std::size_t size() const noexcept { return count; }
  XACT_INLINE constexpr option_kind holds() const noexcept { return kind; }
  XACT_INLINE constexpr std::size_t element_size() const noexcept {
    return kind == option_kind::doubles ? 8 : kind == option_kind::floats ? 4 : kind == option_kind::bytes ? 1 : 2;
  }

private:
  const void *data = nullptr;
  std::size_t count = 0;
  option_kind kind = option_kind::none;
};

/// A number for all rows, or a range of float, double, float16 or bfloat16 with one for each row or head.
///
/// @code
/// std::vector<float> rows(2 * 8, 1.0f);
/// const std::vector<float> each{0.125f, 0.25f};
/// const xact::softmax_numbers scales = each; // or at once {.scale = each}
/// xact::softmax(xact::rows(rows, 8), {.scale = scales});
/// @endcode
class softmax_numbers {
public:
  template <class T>
    requires std::is_arithmetic_v<T> || (option_kind_of<T> != option_kind::none)
  XACT_INLINE constexpr softmax_numbers(T number) noexcept : one(static_cast<double>(number)) {}
  template <option_range R>
    requires(option_kind_of<std::remove_cvref_t<std::ranges::range_reference_t<R>>> != option_kind::bytes)
  XACT_INLINE constexpr softmax_numbers(const R &range) noexcept : one(1), each(range) {}

  XACT_REFUSED_WITH(
      "xact: scale, mask_scale and sink hold one number or a range of float, double, float16 or bfloat16: "
      "convert others",
      (std::ranges::range R),
      (!option_range<R> ||
       option_kind_of<std::remove_cvref_t<std::ranges::range_reference_t<R>>> == option_kind::bytes),
      softmax_numbers(const R &))

  /// The range, or an empty one of kind `none`.
  XACT_INLINE constexpr const softmax_mask &range() const noexcept { return each; }
  XACT_INLINE constexpr bool is_one() const noexcept { return each.holds() == option_kind::none; }
  /// Each times -1.
  XACT_INLINE constexpr softmax_numbers negated() const noexcept {
    softmax_numbers x = *this;
    x.one = -one;
    return x;
  }
  /// Number i of the range, repeated.
  XACT_INLINE double operator[](std::size_t i) const noexcept { return is_one() ? one : one * of_range(i); }

private:
  XACT_INLINE double of_range(std::size_t i) const noexcept {
    i %= each.size();
    switch (each.holds()) {
    case option_kind::doubles:
      return static_cast<const double *>(each.first())[i];
    case option_kind::floats:
      return static_cast<double>(static_cast<const float *>(each.first())[i]);
    case option_kind::float16s:
      return static_cast<double>(
          detail::decode<format<std::uint16_t, 5, 10, true>>(static_cast<const std::uint16_t *>(each.first())[i]));
    default:
      return static_cast<double>(
          detail::decode<format<std::uint16_t, 8, 7, true>>(static_cast<const std::uint16_t *>(each.first())[i]));
    }
  }

  double one = 0; ///< or a factor for the range
  softmax_mask each = {};
};

/// Which columns about its own a query sees: from `left` before to `right` behind.
///
/// @code
/// std::vector<float> scores(16 * 16, 1.0f);
/// const xact::softmax_window three_before{.left = 3};
/// xact::softmax(xact::rows(scores, 16), {.causal = true, .window = three_before}); // at most four columns each
/// @endcode
struct softmax_window {
  static constexpr std::size_t unlimited = static_cast<std::size_t>(-1);
  std::size_t left = unlimited;
  std::size_t right = unlimited;
};

/// How softmax, log_softmax and logsumexp make their logits from a row's elements x:
/// `softmax(in, out, {.scale = 0.125, .on_empty_row = empty_row::zero})`. The logits are the real numbers
/// softcap * tanh(scale * x / softcap) + mask_scale * mask.
///
/// *Refused*: a scale, softcap or sink that is NaN, an infinite scale or mask_scale, a negative softcap; ranges of a
/// length that fits nothing; queries that do not divide the rows.
///
/// @code
/// const xact::softmax_options attention{.scale = 0.125, .causal = true, .sink = 1.0};
/// std::vector<float> scores(16 * 16, 1.0f);
/// xact::softmax(xact::rows(scores, 16), attention);
/// @endcode
struct softmax_options {
  using is_options_of_a_call = void;
  softmax_numbers scale = 1.0; ///< one, or one a row
  double softcap = 0; ///< 0 or infinite: none; a capped logit errs by 2^-55.5 of it, which results of double may show
  std::size_t queries = 0;          ///< rows a head: row r is query r % queries of head r / queries; 0: one head
  softmax_mask mask = {};           ///< where a boolean one leaves an element out, even a NaN there does not count
  softmax_numbers mask_scale = 1.0; ///< a factor for an added mask: one, or one a head, repeated (ALiBi)
  bool causal = false;              ///< query q sees the columns up to q + offset; the others get nothing
  std::ptrdiff_t offset = 0;        ///< the column that goes with query 0: the length of a cache
  softmax_window window = {};       ///< query q sees the columns from q + offset - left to q + offset + right
  softmax_numbers sink = -__builtin_inf(); ///< one more logit, as it is, that takes probability and gives no output:
                                           ///< one, or one a head, repeated; -inf takes nothing
  empty_row on_empty_row = empty_row::nan;
  bool accumulate = false; ///< of `backward_from_output` only: adds to what dx held
};

} // namespace XACT_TYPES_NAMESPACE
} // namespace xact
