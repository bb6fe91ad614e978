#pragma once

#include <xact/detail/types/softmax_state.hpp>
#include <xact/log_softmax.hpp>
#include <xact/softmax.hpp>

#include <span>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// The index of a kernel's sum in a state.
template <class K>
inline constexpr int sum_of = has_parts<K> || K::natural_rest   ? 2
                              : sizeof(typename K::scalar) == 8 ? 0
                                                                : 1;

inline binned_sum bins_of(const softmax_state::sum &s) noexcept {
  binned_sum b;
  b.top = s.top;
  for (int i = 0; i < binned_sum::bins; ++i) {
    b.bin[i] = s.bin[i];
  }
  return b;
}
inline void add_one(binned_sum &b, const softmax_state::sum &s) noexcept { b.add({s.one[0], s.one[1]}, s.exponent); }

/// One of a state's numbers in half units of another, if it is smaller.
inline double_double<double> in_unit(const double (&x)[2], double own, double half_unit) noexcept {
  const double by = half_unit < own ? half_unit : 1;
  return {(x[0] * by) * by, (x[1] * by) * by};
}

inline void set_bins(softmax_state::sum &s, const binned_sum &b) noexcept {
  s.top = b.top;
  for (int i = 0; i < binned_sum::bins; ++i) {
    s.bin[i] = b.bin[i];
  }
}

/// Adds b to a, of which its largest logit is not less.
inline void merge_smaller(softmax_state::sum &a, softmax_state::sum b, bool differ_by_powers, double gap) noexcept {
  binned_sum others = bins_of(a);
  const double shift = b.whole - a.whole;
  if (differ_by_powers && shift + (b.exponent - a.exponent) < -0x1p30) { // nothing; and exponents would be rounded
    return;
  }
  if (differ_by_powers) {
    b.exponent += shift, b.top += shift / 32;
    others.add(bins_of(b));
    add_one(others, b);
  } else { // no power of two is between them: the smaller one's sum as one number
    binned_sum all = bins_of(b);
    add_one(all, b);
    const double from = __builtin_fabs(b.exponent) < 1000 ? 0 : b.exponent; // far from what a mask has added
    const double rest = __builtin_exp(from * log_2[0] - gap) * all.total(from - 64).hi;
    if (rest > 0) {
      others.raise(binned_sum::top_of(__builtin_ilogb(rest) - 64.0));
      others.add(&rest, 1, -64);
    }
  }
  set_bins(a, others);
}

inline void merge(softmax_state::sum &a, const softmax_state::sum &b) noexcept {
  const auto of_a = [&](const double(&z)[2]) { return in_unit(z, a.half_unit, b.half_unit); };
  const auto of_b = [&](const double(&z)[2]) { return in_unit(z, b.half_unit, a.half_unit); };
  const double_double<double> x = of_a(a.largest), y = of_b(b.largest), x_added = of_a(a.added),
                              y_added = of_b(b.added);
  const bool alike = x_added.hi == y_added.hi && x_added.lo == y_added.lo; // what is added
  const bool equal = alike && x.hi == y.hi && x.lo == y.lo;
  const bool less = a.one[0] < b.one[0] || (a.one[0] == b.one[0] && a.one[1] < b.one[1]);
  const double added_gap = (x_added.hi - y_added.hi) + (x_added.lo - y_added.lo), gap = (x.hi - y.hi) + (x.lo - y.lo);
  const bool a_is_smaller = equal   ? a.exponent + (a.whole - b.whole) == b.exponent && less
                            : alike ? x.hi < y.hi || (x.hi == y.hi && x.lo < y.lo)
                                    : added_gap + gap < 0;
  const auto counts_order = [](const double_double<double> &z) {
    return __builtin_fabs(z.hi * log2_e[0]) >= only_order;
  };
  const bool by_order = counts_order(x) || counts_order(y);
  const double unit = b.half_unit < a.half_unit ? b.half_unit : a.half_unit;
  softmax_state::sum larger = a_is_smaller ? b : a;
  const softmax_state::sum &smaller = a_is_smaller ? a : b;
  const double between = by_order ? __builtin_fabs(added_gap + gap) / unit / unit
                                  : __builtin_fabs(added_gap) / unit / unit - (smaller.whole - larger.whole) * log_2[0];
  merge_smaller(larger, smaller, equal || (alike && !by_order), between);
  a = larger;
}
[[gnu::noinline]] inline void merge(softmax_state &a, const softmax_state &b) noexcept {
  for (int i = 0; i < 3; ++i) {
    merge(a.sums[i], b.sums[i]);
  }
  a.infinite += b.infinite;
  a.nan = a.nan || b.nan;
}

template <class K> [[gnu::noinline]] void add_piece(softmax_state &state, const row_logits<K> &piece) noexcept {
  row_buffers<typename K::scalar> buffers;
  row_pass<K> p;
  p.logits = piece;
  p.set_with_log();
  p.measure(buffers);
  softmax_state::sum s;
  if (p.kind == row_kind::finite) {
    binned_sum others;
    p.sum(buffers);
    if (p.total.hi != p.total.hi) {
      state.nan = true;
      return;
    }
    p.collect(buffers, others);
    s.largest[0] = p.largest.hi, s.largest[1] = p.largest.lo;
    s.added[0] = p.logits.origin.added.hi, s.added[1] = p.logits.origin.added.lo;
    s.half_unit = p.logits.origin.half_unit;
    s.one[0] = p.one.hi, s.one[1] = p.one.lo;
    s.whole = p.logits.origin.whole, s.exponent = p.exponent - K::top;
    set_bins(s, others);
    merge(state.sums[sum_of<K>], s);
  }
  state.nan = state.nan || p.kind == row_kind::nan;
  if (p.kind == row_kind::infinite && sum_of<K> == 0) {
    state.infinite += static_cast<long long>(p.infinite);
  }
}

inline row_options options_of_piece(const char *function, const softmax_options &o, std::size_t n,
                                    const argument &out) {
  require_piece_options(function, o, n, out);
  return options_of(o, 0, 1, n, 0);
}

template <class K, class E> row_logits<K> piece_of(const E *in, std::size_t n, const row_options &o) noexcept {
  row_logits<K> l;
  set_options(l, o);
  l.in = in, l.load = load_elements<E, typename K::scalar>, l.size = n;
  return l;
}

template <class E> void update(softmax_state &state, const E *in, std::size_t n, const softmax_options &options) {
  const row_options o = options_of_piece("softmax_state::update", options, n, {});
  if constexpr (std::is_same_v<E, double>) {
    add_piece(state, piece_of<double_terms<false>>(in, n, o));
    add_piece(state, piece_of<accurate_double_terms>(in, n, o));
  } else {
    add_piece(state, piece_of<double_terms<true>>(in, n, o));
    add_piece(state, piece_of<fused_terms>(in, n, o));
    if constexpr (!has_fma<native<float>>) {
      add_piece(state, piece_of<unfused_terms>(in, n, o));
    }
  }
}

/// What a state's sum comes to, for logits that have no origin yet.
template <class K> row_result result_of(const softmax_state &state, row_pass<K> &p, bool log) noexcept {
  const softmax_state::sum &s = state.sums[sum_of<K>];
  row_result r;
  p.infinite = static_cast<std::size_t>(state.infinite);
  p.kind = state.nan                              ? row_kind::nan
           : state.infinite > 0                   ? row_kind::infinite
           : s.largest[0] == -infinity_of<double> ? row_kind::empty
                                                  : row_kind::finite;
  if (p.kind != row_kind::finite) {
    return r;
  }
  r.largest = {s.largest[0], s.largest[1]};
  p.logits.origin.added = {s.added[0], s.added[1]};
  p.set_largest(r.largest, s.half_unit);
  binned_sum all = bins_of(s);
  if (log) {
    r.log = log_of_sum(p.round(all.total(s.exponent)), {s.one[0], s.one[1]});
  } else {
    add_one(all, s);
    r.sum = p.round(all.total(p.exponent - K::top + (p.logits.origin.whole - s.whole)));
  }
  return r;
}

template <row_operation Op, class K, class Out>
[[gnu::noinline]] void write_piece(const softmax_state &state, const row_logits<K> &piece, Out *out) noexcept {
  constexpr bool log = Op == row_operation::log_softmax;
  row_buffers<typename K::scalar> buffers;
  row_pass<K> p;
  p.logits = piece;
  const row_result r = result_of(state, p, log);
  if (write_odd<log>(p, 0, piece.size, out)) {
    return;
  }
  if (p.is_kept() && p.logits.in_pairs()) {
    p.logits.pairs(0, piece.size, buffers.whole, buffers.rest);
    p.paired = true;
  } else if (p.is_kept()) {
    p.logits.elements(0, piece.size, buffers.whole);
  }
  if constexpr (log) {
    write_log_softmax(p, r, buffers, out);
  } else {
    write_softmax(p, r, false, buffers, out);
  }
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE

inline namespace XACT_TYPES_NAMESPACE {

template <class In>
  requires detail::added_to_state<const In &>
XACT_INLINE inline void softmax_state::update(const In &piece, const softmax_options &options) {
  const std::span<const detail::element_t<In>> p(piece);
  detail::update(*this, p.data(), p.size(), options);
}

XACT_INLINE inline void softmax_state::merge(const softmax_state &other) noexcept { detail::merge(*this, other); }

template <class F, class In, class Out>
  requires detail::written_by_state<const In &, Out &&> && detail::written_operation<F, In, Out>
XACT_INLINE inline void softmax_state::write(const F &, const In &piece, Out &&out,
                                             const softmax_options &options) const {
  using E = detail::element_t<In>;
  using O = detail::element_t<Out>;
  const auto from = detail::one_row(piece);
  const auto to = detail::one_row(out);
  detail::require_rows_fit("softmax_state::write", "piece", from, to);
  const auto o = detail::options_of_piece("softmax_state::write", options, from.columns, detail::named("out", to));
  detail::write_piece<F::operation>(
      *this, detail::piece_of<detail::row_kernel<F::tier, E, O>>(static_cast<const E *>(from.data), from.columns, o),
      to.data);
}

template <class In, class Out>
  requires detail::written_by_state<const In &, Out &&>
XACT_INLINE inline void softmax_state::write(const In &piece, Out &&out, const softmax_options &options) const {
  write(softmax, piece, out, options);
}

XACT_INLINE inline double softmax_state::logsumexp() const noexcept {
  using namespace detail;
  row_pass<double_terms<true>> p;
  const row_result r = result_of(*this, p, true);
  return p.kind == row_kind::nan        ? nan_of<double>
         : p.kind == row_kind::empty    ? -infinity_of<double>
         : p.kind == row_kind::infinite ? infinity_of<double>
                                        : log_sum(r, p.logits.origin);
}

} // namespace XACT_TYPES_NAMESPACE
} // namespace xact
