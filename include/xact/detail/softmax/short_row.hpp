#pragma once

/// @file
/// The passes over a short row: its maximum, its terms and their sum, in lanes that are not added up yet, and its
/// results.

#include <xact/detail/lanes/memory.hpp>
#include <xact/detail/softmax/float_row.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// x with another value in its first `count` lanes.
template <class V> XACT_INLINE inline V with_first(const V &x, std::size_t count, float value) noexcept {
  using I = integer_t<V>;
  constexpr std::size_t size = lane_traits<V>::size;
  static constexpr auto mask = [] {
    table<std::int32_t, 2 * size> m{};
    detail::fill_n(m.entry + size, size, -1);
    return m;
  }();
  const I rest = load_each<I>(mask.entry + size - count);
  const I other(std::bit_cast<std::int32_t>(value));
  return as_float(I((as_integer(x) & rest) | (other - (other & rest))));
}

/// Whether quotients of such terms may be subnormal, or what leads to them in the default tier. The sum of 2^20 terms
/// is below 2^85, the lower part of its inverse 2^-25 of it.
template <class Tier, class V> XACT_INLINE inline bool may_be_tiny(const pack<V, 2> &smallest) noexcept {
  return any_lane(at_most(smallest.part[0], smallest.part[1]) < V(is_fast<Tier> ? 0x1p-41f : 0x1p-16f));
}

/// Rows of one length, in registers. The last register, where it is not whole, has the row's last elements, with those
/// that were in the one before it; a row shorter than a register is padded with -inf.
template <class Tier> class short_row {
  using V = native<float>;
  using P = pack<V, 2>;
  using W = wide_t<V>;
  static constexpr std::size_t width = lane_traits<V>::size;

public:
  explicit short_row(std::size_t columns) noexcept
      : n(columns), whole(columns / width * width), pairs(columns / (2 * width) * (2 * width)) {}

  std::size_t size() const noexcept { return n; }
  std::size_t padded() const noexcept { return whole + width; }

  /// The register that starts at element i.
  template <class E> XACT_INLINE V load(const E *x, std::size_t i) const noexcept {
    return i < whole ? load_lanes<V>(x + i) : n < width ? load_some<V>(x, n) : load_lanes<V>(x + n - width);
  }

  /// Which may be `all_logits`: then the second of them is not known.
  template <class Which, class E> XACT_INLINE two_largest<V> largest(const E *x) const noexcept {
    two_largest<V> largest;
    for (std::size_t i = 0; i < whole; i += width) {
      add_largest<Which>(largest, load_lanes<V>(x + i));
    }
    if (whole < n) {
      add_largest<Which>(largest, with_first(load(x, whole), repeated(), -detail::infinity_of<float>));
    }
    return largest;
  }

  /// The sum of the terms, which are also written to `terms` unless that is null; whether they `may_be_tiny` then.
  template <bool keeps, class E, class Which>
  XACT_INLINE native<double> sum(const E *x, const Which &which, const double_double<float> &bounds, float *terms,
                                 bool &tiny) const noexcept {
    const scaled_exp<Tier, V> e(bounds);
    const scaled_exp<Tier, P> of_two(bounds);
    near_sum<Tier, V> sum;
    P smallest(detail::infinity_of<float>);
    std::size_t i = 0;
    for (std::size_t end = 0; end < pairs;) {
      end = std::min(end + sum.most * 2 * width, pairs);
      for (; i < end; i += 2 * width) {
        const P z = load_step<P>(x + i);
        const P term = of_two(z);
        if constexpr (keeps) {
          store_each(term, terms + i);
          smallest = at_most(term, smallest);
        }
        sum.add(which.keep(z, term, P(0.0f)));
      }
      sum.flush();
    }
    const auto add = [&](std::size_t at, const auto &part) XACT_INLINE {
      const V z = load(x, at);
      const V term = e(z);
      if constexpr (keeps) {
        store_each(term, terms + at);
        smallest.part[0] = at_most(term, smallest.part[0]);
      }
      sum.add(W(to_double(V(which.keep(z, part(term), V(0.0f))))));
    };
    if (i < whole) {
      add(i, [](const V &term) XACT_INLINE { return term; });
    }
    if (whole < n) {
      add(whole, [&](const V &term) XACT_INLINE { return with_first(term, repeated(), 0.0f); });
    }
    tiny = keeps && may_be_tiny<Tier>(smallest);
    return sum.lanes();
  }

  /// Results f(i) of the register that starts at i.
  template <class Out, class F> XACT_INLINE void write(Out *to, const F &f) const noexcept {
    V last;
    if (whole < n) {
      last = f(whole); // first: in place, its elements are soon written
    }
    for (std::size_t i = 0; i < whole; i += width) {
      store_lanes(V(f(i)), to + i);
    }
    if (whole == n) {
      return;
    }
    if (n < width) {
      store_some(last, to, n);
    } else {
      store_lanes(last, to + n - width);
    }
  }

private:
  /// How many of the last register's elements were in the one before it.
  std::size_t repeated() const noexcept { return n < width ? 0 : whole + width - n; }

  std::size_t n;
  std::size_t whole; ///< elements in whole registers
  std::size_t pairs; ///< elements in pairs of these
};

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
