#pragma once

#include <xact/log_softmax.hpp>
#include <xact/softmax.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

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
/// state.write(right, right);
/// @endcode
///
/// The results are those of `softmax` (or `log_softmax`) on the whole row, to the bit, however the row is cut, in
/// whichever order the pieces come and the states are merged. Trivially copyable and of fixed size, so that its bytes
/// can be sent between processes that run the same build.
///
/// Of `softmax_options`, `update` and `write` take scale, softcap and mask (for the piece), `write` also on_empty_row.
/// `softmax_state` is for results of float; `basic_softmax_state<T>` for those of T, double and the 16-bit types too,
/// and `basic_softmax_state<T, detail::tier::exact>` is that of `exact(softmax)`. A sink
/// is a piece of its own that is updated with but never written, and what a causal row does not see is left out by the
/// caller. One state holds up to 2^31 elements.
/// @throws std::invalid_argument from `update` and `write`, as softmax does, and for options with causal or sink.
template <element T, class Tier = detail::tier::standard> class basic_softmax_state {
  using C = detail::compute_t<T>;
  using R = detail::result_tier<Tier, C, T>;
  template <class In> static constexpr bool reads = std::same_as<detail::compute_t<T, detail::element_t<In>>, C>;
  template <class Out>
  static constexpr bool writes = std::same_as<detail::result_tier<Tier, C, detail::element_t<Out>>, R>;

public:
  template <readable_range In>
    requires reads<In>
  void update(const In &piece, const softmax_options &options = {}) {
    sum.merge(detail::sum_of_row<R>(logits(piece, options)));
  }

  void merge(const basic_softmax_state &other) noexcept { sum.merge(other.sum); }

  template <class In, class Out>
    requires detail::row_ranges<Tier, In, Out> && reads<In> && writes<Out>
  void write(const In &piece, Out &&out, const softmax_options &options = {}) const {
    write_by<softmax_t<Tier>>(piece, out, options);
  }

  /// As `write`, for log_softmax.
  template <class In, class Out>
    requires detail::row_ranges<Tier, In, Out> && reads<In> && writes<Out>
  void write_log(const In &piece, Out &&out, const softmax_options &options = {}) const {
    write_by<log_softmax_t<Tier>>(piece, out, options);
  }

  /// logsumexp of all pieces.
  double logsumexp() const noexcept { return sum.log(); }

private:
  template <class In> static auto logits(const In &piece, const softmax_options &options) {
    const auto n = static_cast<std::size_t>(std::ranges::size(piece));
    if (options.causal) [[unlikely]] {
      detail::refuse("xact: a softmax_state knows no rows: leave out what causal = %td hides", *options.causal);
    }
    if (options.sink) [[unlikely]] {
      detail::refuse("xact: to a softmax_state the sink %g is a piece of its own", *options.sink);
    }
    detail::require_mask_fits(options.mask, 1, n);
    return detail::row_logits<C, detail::element_t<In>>{std::ranges::data(piece), n, options};
  }

  template <class F, class In, class Out>
  void write_by(const In &piece, Out &out, const softmax_options &options) const {
    const auto from = detail::one_row(piece);
    const auto to = detail::one_row(out);
    detail::require_same_shape(from, to);
    detail::require_disjoint(options.mask.first(), options.mask.bytes(), to.data, to.extent() * sizeof *to.data);
    F::write(logits(piece, options), sum, from.columns, to.data);
  }

  detail::row_sum<C, R> sum;
};
/// The state of a row of float in the default tier; another:
///
/// @code
/// xact::basic_softmax_state<double, xact::detail::tier::standard> state;
/// state.update(std::vector<double>{1.0, 2.0});
/// const double sum = state.logsumexp(); // 2.3132...
/// @endcode
using softmax_state = basic_softmax_state<float, detail::tier::standard>;

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
