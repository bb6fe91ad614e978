#pragma once

/// @file
/// A row of softmax in pieces.

#include <xact/dispatch/softmax.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

namespace dispatch {

/// A row of softmax in pieces, as `xact::softmax_state`, whose bytes it has: states of both merge with each other.
///
/// @code
/// std::vector<float> left(100, 1.0f), right(50, 2.0f);
/// xact::dispatch::softmax_state state;
/// state.update(left);
/// state.update(right);
/// state.write(xact::dispatch::log_softmax, right, right);
/// @endcode
class softmax_state : public xact::softmax_state {
public:
  template <class In>
    requires detail::readable<In>
  void update(const In &piece, const softmax_options &options = {}) {
    const auto n = detail::size_of(piece);
    detail::require_piece_options("softmax_state::update", options, n, {});
    detail::dispatch_table().update(*this, detail::source_of(detail::data_of(piece)), n, options);
  }

  void merge(const xact::softmax_state &other) noexcept { detail::dispatch_table().merge(*this, other); }

  template <class F, class In, class Out>
    requires detail::has_state<F> && detail::readable<In> && detail::writable<Out> &&
             detail::dispatch_rows_take<F::tier, detail::element_t<In>, detail::element_t<Out>>
  void write(const F &, const In &piece, Out &&out, const softmax_options &options = {}) const {
    const auto from = detail::one_row(piece);
    const auto to = detail::one_row(out);
    detail::require_rows_fit("softmax_state::write", "piece", from, to);
    detail::require_piece_options("softmax_state::write", options, from.columns, detail::named("out", to));
    detail::dispatch_table().write(*this, F::of, F::tier, detail::source_of(from.data), detail::target_of(to.data),
                                   from.columns, options);
  }
  template <class In, class Out>
    requires detail::readable<In> && detail::writable<Out>
  void write(const In &piece, Out &&out, const softmax_options &options = {}) const {
    write(dispatch::softmax, piece, out, options);
  }

  double logsumexp() const noexcept { return detail::dispatch_table().sum(*this); }
};

} // namespace dispatch
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
