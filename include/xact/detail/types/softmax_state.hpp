#pragma once

/// @file
/// softmax_state, as a type that may stand between files of different flags.

#include <xact/detail/types/softmax_options.hpp>
#include <xact/detail/types/views.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// What the calls of a softmax_state take.
template <class... Args> inline constexpr bool added_to_state = false;
template <class In> inline constexpr bool added_to_state<In> = readable<std::remove_reference_t<In>>;
template <class In, class Options>
inline constexpr bool added_to_state<In, Options> =
    added_to_state<In> && std::is_same_v<std::remove_cvref_t<Options>, softmax_options>;

/// Softmax and log_softmax, in a tier that has these elements.
template <class F, class In, class Out>
concept written_operation =
    requires {
      F::operation;
      requires !requires { F::of_negative; };
    } && (F::tier != std::remove_const_t<decltype(F::tier)>::exact ||
          !(std::same_as<element_t<In>, double> || std::same_as<element_t<Out>, double>));
template <class... Args> inline constexpr bool written_by_state = false;
template <class In, class Out>
inline constexpr bool written_by_state<In, Out> =
    readable<std::remove_reference_t<In>> && writable<std::remove_reference_t<Out>> && !is_temporary<Out>;
template <class A, class B, class C>
inline constexpr bool written_by_state<A, B, C> = [] {
  if constexpr (std::is_same_v<std::remove_cvref_t<C>, softmax_options>) {
    return written_by_state<A, B>;
  } else if constexpr (written_by_state<B, C>) {
    return written_operation<std::remove_cvref_t<A>, B, C>;
  } else {
    return false;
  }
}();
template <class F, class In, class Out, class Options>
inline constexpr bool written_by_state<F, In, Out, Options> =
    written_by_state<F, In, Out> && !std::is_same_v<std::remove_cvref_t<Out>, softmax_options> &&
    std::is_same_v<std::remove_cvref_t<Options>, softmax_options>;

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE

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

  template <class In>
    requires detail::added_to_state<const In &>
  XACT_INLINE void update(const In &piece, const softmax_options &options = {});

  XACT_INLINE void merge(const softmax_state &other) noexcept;

  template <class In, class Out>
    requires detail::written_by_state<const In &, Out &&>
  XACT_INLINE void write(const In &piece, Out &&out, const softmax_options &options = {}) const;

  /// By softmax or log_softmax in any tier.
  template <class F, class In, class Out>
    requires detail::written_by_state<const In &, Out &&> && detail::written_operation<F, In, Out>
  XACT_INLINE void write(const F &f, const In &piece, Out &&out, const softmax_options &options = {}) const;

  XACT_REFUSED_PIECES(
      "xact: softmax_state::update(piece, options): a contiguous range of float, double, float16, bfloat16 "
      "or float8, of a pointer std::span(p, n)",
      update, ::xact::detail::added_to_state)
  XACT_REFUSED_PIECES(
      "xact: softmax_state::write(piece, out, options) or write(f, piece, out, options), f softmax or "
      "log_softmax (exact not of double): contiguous ranges, out a variable, of a pointer std::span(p, n)",
      write, ::xact::detail::written_by_state)

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
