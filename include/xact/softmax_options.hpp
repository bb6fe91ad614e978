#pragma once

#include <xact/detail/types/freestanding.hpp>
#include <xact/transform.hpp>

#include <optional>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

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

/// A view of a contiguous range, to be given as `.mask = range`: of bool or unsigned char (an element takes part where
/// it is not 0), or of float or double (added to the logits). It has one element a column, for all rows, or one for
/// every element; rows follow each other without a gap.
///
/// @code
/// std::vector<float> row{1.0f, 2.0f, 3.0f};
/// const std::vector<unsigned char> visible{1, 1, 0};
/// xact::softmax(row, {.mask = xact::softmax_mask(visible)}); // 0.2689..., 0.7310..., 0
/// @endcode
class softmax_mask {
public:
  constexpr softmax_mask() = default;
  template <std::ranges::contiguous_range R>
    requires(std::ranges::sized_range<R> &&
             (std::same_as<detail::element_t<R>, bool> || std::same_as<detail::element_t<R>, unsigned char> ||
              floating<detail::element_t<R>>))
  constexpr softmax_mask(const R &range) noexcept : data(std::ranges::data(range)), count(std::ranges::size(range)) {
    using E = detail::element_t<R>;
    kind = std::same_as<E, float> ? kinds::floats : std::same_as<E, double> ? kinds::doubles : kinds::bytes;
  }

  constexpr bool empty() const noexcept { return kind == kinds::none; }
  constexpr std::size_t size() const noexcept { return count; }
  constexpr const void *first() const noexcept { return data; }
  constexpr std::size_t bytes() const noexcept {
    return count * (kind == kinds::doubles ? sizeof(double) : kind == kinds::floats ? sizeof(float) : 1);
  }

  /// The elements, where they are of this type: bytes (of bool too), float, double. Else null.
  template <class E> constexpr const E *as() const noexcept {
    constexpr kinds wanted = std::same_as<E, float>    ? kinds::floats
                             : std::same_as<E, double> ? kinds::doubles
                                                       : kinds::bytes;
    return kind == wanted ? static_cast<const E *>(data) : nullptr;
  }

private:
  static_assert(sizeof(bool) == 1);
  enum class kinds { none, bytes, floats, doubles };

  const void *data = nullptr;
  std::size_t count = 0;
  kinds kind = kinds::none;
};

/// How `softmax`, `log_softmax` and `logsumexp` make their logits from a row's elements x:
/// `softmax(in, out, {.scale = 0.125f, .on_empty_row = empty_row::zero})`.
/// The logits are softcap * tanh(scale * x / softcap) + mask, each kept in double.
///
/// @code
/// const xact::softmax_options attention{.scale = 0.125, .causal = 0, .sink = 1.0};
/// std::vector<float> scores(16 * 16, 1.0f);
/// xact::softmax(xact::rows(scores, 16), attention);
/// @endcode
struct softmax_options {
  double scale = 1;
  double softcap = 0;     ///< 0: no cap; else each logit errs by 2^-51 of it, which only results of double show
  softmax_mask mask = {}; ///< where a boolean one leaves an element out, even a NaN there does not count
  std::optional<std::ptrdiff_t> causal = {}; ///< row i sees the columns up to i + causal; the others get nothing
  std::optional<double> sink = {};           ///< one more logit, as it is, that takes probability and gives no output
  empty_row on_empty_row = empty_row::nan;
};

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
