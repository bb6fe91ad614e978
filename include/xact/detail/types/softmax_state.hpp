#pragma once

/// @file
/// softmax_state, as a type that may stand between files of different flags.

#include <xact/detail/types/softmax_options.hpp>

namespace xact {
inline namespace XACT_TYPES_NAMESPACE {

/// A row of softmax in pieces: each piece is first added, here or on another thread, process or machine, and then
/// written.
///
/// @code
/// std::vector<float> left(100, 1.0f), right(50, 2.0f);
/// xact::softmax_state state, other; // of one thread each, say
/// state.update(left);
/// other.update(right);
/// state.merge(other);
/// state.write(left, left);
/// state.write(xact::log_softmax, right, right);
/// @endcode
///
/// The results are those of the operation on the whole row, to the bit, however the row is cut, in whichever order the
/// pieces come and the states are merged. One type for all element types and tiers; trivially copyable, so that its
/// bytes can be sent between processes of one build. One state holds up to 2^30 elements, all of double or all of
/// narrower types.
///
/// Of `softmax_options`, `update` and `write` take scale, softcap and a mask for the piece, `write` also on_empty_row.
/// A sink is a piece of its own that is updated with but never written, and what is not seen is left out by the caller.
/// @throws std::invalid_argument from `update` and `write`, as softmax does, and for the other options.
class softmax_state {
public:
  XACT_INLINE constexpr softmax_state() noexcept {}

  template <class In> XACT_INLINE void update(const In &piece, const softmax_options &options = {});

  XACT_INLINE void merge(const softmax_state &other) noexcept;

  template <class In, class Out>
  XACT_INLINE void write(const In &piece, Out &&out, const softmax_options &options = {}) const;

  /// By softmax or log_softmax in any tier.
  template <class F, class In, class Out>
    requires(!std::ranges::range<F>)
  XACT_INLINE void write(const F &f, const In &piece, Out &&out, const softmax_options &options = {}) const;

  /// logsumexp of all pieces.
  [[nodiscard]] XACT_INLINE double logsumexp() const noexcept;

  /// The terms of one kind: of the largest logit, and the exact sum of all others.
  struct sum {
    double largest[2] = {-__builtin_inf(), 0}; ///< in base e, in two parts, times half_unit twice
    double added[2] = {0, 0};                  ///< to it by a mask, where that is so large that it is kept apart
    double half_unit = 1;
    double whole = 0;                     ///< times 2^whole is all that follows, a multiple of 64
    double one[2] = {0, 0}, exponent = 0; ///< its term in two parts, times 2^exponent
    double top = -__builtin_inf();
    long long bin[4] = {};

    XACT_INLINE constexpr sum() noexcept {}
  };
  sum sums[3] = {};       ///< of doubles; of floats by fused multiply-adds; of floats without, or of accurate doubles
  long long infinite = 0; ///< how many logits are +inf
  bool nan = false;
};

} // namespace XACT_TYPES_NAMESPACE
} // namespace xact
