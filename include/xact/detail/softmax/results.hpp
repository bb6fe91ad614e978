#pragma once

/// @file
/// The last pass over a row: what softmax and log_softmax write, and logsumexp.

#include <xact/detail/math/log1p.hpp>
#include <xact/detail/softmax/codes.hpp>
#include <xact/detail/softmax/row.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// log(1 + x) for x >= 0.
inline double_double<double> log_of_one_and(double x, double rest = 0) noexcept {
  using V = native<double>;
  const double_double<double> sum = two_sum(1.0, x);
  const bool more = x > 1;
  const std::int64_t k = more ? (as_integer(sum.hi) >> 52) - 1023 : 0;
  const double scale = as_float((1023 - k) << 52), whole = static_cast<double>(k);
  const double_double<V> log =
      log1p_double_double(double_double<V>{V(more ? sum.hi * scale - 1 : x), V(more ? (sum.lo + rest) * scale : rest)});
  const double_double<V> ln2 = exact_product(V(whole), V(log_2[0]));
  const double_double<V> y = two_sum(ln2.hi, log.hi);
  const V low = y.lo + V(log.lo + V(ln2.lo + V(whole * log_2[1])));
  return fast_two_sum(first_lane(y.hi), first_lane(low));
}

/// log(1 + sum / one)
inline double_double<double> log_of_sum(const running_sum &sum, const double_double<double> &one) noexcept {
  const double q = sum.hi / one.hi;
  const double_double<double> back = two_product(q, one.hi);
  return log_of_one_and(q, (((sum.hi - back.hi) - back.lo) + (sum.lo - q * one.lo)) / one.hi);
}

/// Lanes of T to elements: the first n, or all. What T's lanes are for narrower elements, several registers make one.
template <class T, class Out, class F>
XACT_INLINE inline void write_lanes(Out *out, std::size_t n, const F &lanes_at) noexcept {
  using V = native<T>;
  constexpr std::size_t step = lane_traits<V>::size;
  if constexpr (sizeof(T) == sizeof(Out) || sizeof(T) == 4) {
    std::size_t i = 0;
    if constexpr (requires { lanes_at(i, i); }) {
      if (n >= 16 * step) { // see terms_of_elements
        i = unaligned<V>(out);
        if (i != 0) {
          store_part(lanes_at(0, i), out, i);
        }
      }
    }
    for (; n - i >= step; i += step) {
      store_lanes(lanes_at(i), out + i);
    }
    if (i < n) {
      store_part(lanes_at(i), out + i, n - i);
    }
  } else if constexpr (std::is_same_v<Out, float>) {
    using F2 = native<Out>; // of float
    constexpr std::size_t twice = lane_traits<F2>::size;
    for (std::size_t i = 0; i < n; i += twice) {
      if constexpr (twice == step) { // scalars
        out[i] = static_cast<float>(lanes_at(i));
      } else {
        wide_t<F2> w;
        w.part[0] = lanes_at(i);
        w.part[1] = i + step < n ? lanes_at(i + step) : w.part[0];
        store_part(to_float(w), out + i, n - i);
      }
    }
  } else {
    for (std::size_t i = 0; i < n; i += step) {
      T lane[step];
      store_lanes(lanes_at(i), lane);
      for (std::size_t k = 0; k < step && i + k < n; ++k) {
        out[i + k] = static_cast<Out>(lane[k]);
      }
    }
  }
}

/// out = terms times a factor in two parts. Aligned: where the loop of five instructions lies in two lines of the
/// cache, it takes twice as long. (g++ 12, AVX2, Zen 4: .09 of softmax.)
template <class K, class T, class Out>
[[gnu::noinline, gnu::aligned(64)]] void write_products(const T *t, std::size_t n, T hi, T lo, Out *out) noexcept {
  using V = native<T>;
  if constexpr (sizeof(T) == 4) {
    struct {
      const T *t;
      std::size_t n;
      T factor;
      XACT_INLINE V operator()(std::size_t i) const noexcept { return (*this)(i, n - i); }
      XACT_INLINE V operator()(std::size_t i, std::size_t count) const noexcept {
        return load_part<V>(t + i, count) * V(factor);
      }
    } products{t, n, hi};
    write_lanes<T>(out, n, products);
  } else {
    write_lanes<T>(out, n, [&](std::size_t i) XACT_INLINE {
      const V x = load_part<V>(t + i, n - i);
      return K::product_and(x, V(hi), rounded(x, V(lo)));
    });
  }
}

/// A constant as two numbers of T.
template <class T> struct two_parts {
  T hi, lo;
  explicit two_parts(double x, double rest = 0) noexcept
      : hi(static_cast<T>(x)), lo(static_cast<T>((x - static_cast<double>(hi)) + rest)) {}
};

/// log_softmax of elements: (x - largest) * scale - log, both of one sign.
template <class K, class T, class Out>
[[gnu::noinline]] void write_logs(const T *x, std::size_t n, T largest, double scale, double log, Out *out) noexcept {
  using V = native<T>;
  const V sign(scale < 0 ? T(-1) : T(1)), from(scale < 0 ? -largest : largest), less(static_cast<T>(-log));
  const two_parts<T> s(__builtin_fabs(scale));
  write_lanes<T>(out, n, [&](std::size_t i) XACT_INLINE {
    const V d = V(load_part<V>(x + i, n - i, largest) * sign) - from;
    return K::product_and(d, V(s.hi), K::product_and(at_least(d, V(T(-0x1p100))), V(s.lo), less));
  });
}

/// The same of logits in pairs.
template <class K, class T, class Out>
[[gnu::noinline]] void write_logs(const T *whole, const T *rest, std::size_t n, T from, T from_rest, double log,
                                  Out *out) noexcept {
  using V = native<T>;
  const two_parts<T> l(log_2[0], log_2[1]);
  const V less(static_cast<T>(-log));
  write_lanes<T>(out, n, [&](std::size_t i) XACT_INLINE {
    const V d = load_lanes<V>(whole + i) - V(from), r = load_lanes<V>(rest + i) - V(from_rest);
    const V low = K::product_and(at_least(d, V(T(-0x1p100))), V(l.lo), less);
    return K::product_and(d, V(l.hi), K::natural_rest ? V(r + low) : K::product_and(r, V(l.hi), low));
  });
}

/// From here on logits may be infinite in base 2 and yet finite in base e.
inline constexpr double furthest_whole = -0x1p100;

/// What a row is written with, once all of it is known.
struct row_result {
  running_sum sum = {};                   ///< softmax: of the terms
  double_double<double> log = {0, 0};     ///< log_softmax: of the sum over the largest's term
  double_double<double> largest = {0, 0}; ///< its logit, in base e
};

/// The logarithm of the sum, in base e; in two doubles up to the end, as the largest logit may cancel the rest's.
inline double log_sum(const row_result &r, const logit_origin &origin) noexcept {
  const double by = 1 / origin.half_unit;
  const double_double<double> from_added = two_sum((r.largest.hi * by) * by, r.log.hi);
  const double_double<double> sum = two_sum(from_added.hi, origin.added.hi);
  const double low = sum.lo + (origin.added.lo + (from_added.lo + ((r.largest.lo * by) * by + r.log.lo)));
  return low == low ? sum.hi + low : sum.hi; // beyond double, both parts are not numbers
}

/// Rows without arithmetic, whole with what is hidden; true if this is one.
template <bool log, class K, class Out>
[[gnu::noinline, gnu::cold]] bool write_odd(const row_pass<K> &p, std::size_t begin, std::size_t columns,
                                            Out *out) noexcept {
  const auto &o = p.logits.o;
  const auto none = result_of<Out>(log ? -infinity_of<double> : 0, p.codes);
  if (p.kind == row_kind::finite) [[likely]] {
    return false;
  }
  if (p.kind != row_kind::infinite) {
    fill_n(out, columns, p.kind == row_kind::empty && o.zero_if_empty ? none : result_of<Out>(nan_of<double>, p.codes));
    return true;
  }
  const auto count = static_cast<double>(p.infinite);
  const auto share = result_of<Out>(log ? -log_of_one_and(count - 1).hi : 1 / count, p.codes);
  fill_n(out, begin, none);
  for (std::size_t i = 0; i < p.logits.size; i += wide_block) {
    const std::size_t n = p.logits.size - i < wide_block ? p.logits.size - i : wide_block;
    doubles hi, lo;
    p.logits.natural(i, n, p.logits.origin.half_unit, hi, lo);
    for (std::size_t k = 0; k < n; ++k) {
      out[begin + i + k] = hi[k] == infinity_of<double> ? share : none;
    }
  }
  fill_n(out + begin + p.logits.size, columns - begin - p.logits.size, none);
  return true;
}

/// out = terms in two parts, made anew, times a factor in two parts.
template <class K, class Logit, class Out>
XACT_INLINE inline void write_parts(std::size_t n, const Logit &logit_at, double hi, double lo, Out *out) noexcept {
  using V = native<double>;
  write_lanes<double>(out, n, [&](std::size_t i) XACT_INLINE {
    const double_double<V> t = term_parts_of<K>(logit_at(i));
    return mul_add(t.hi, V(hi), mul_add(t.hi, V(lo), V(t.lo * V(hi))));
  });
}

/// softmax of the row, or of a piece whose terms are not made yet.
template <class K, class Out>
void write_softmax(row_pass<K> &p, const row_result &r, bool made, row_buffers<typename K::scalar> &b,
                   Out *out) noexcept {
  using T = typename K::scalar;
  const double inverse = 1 / r.sum.hi;
  const auto hi = static_cast<T>(inverse);
  // A double's: the remainder of the division, once more divided.
  const double_double<double> back = two_product(r.sum.hi, inverse);
  const T lo = sizeof(T) == 4 ? T(0) : static_cast<T>((((1 - back.hi) - back.lo) - r.sum.lo * inverse) * inverse);
  if constexpr (has_parts<K>) {
    using V = native<T>;
    const auto &l = p.logits;
    const V shift(p.shift());
    for (std::size_t i = 0; i < l.size; i += p.chunk) {
      const std::size_t n = p.count(i);
      T *const whole = b.whole + p.slot, *const rest = b.rest + p.slot;
      if (l.in_pairs()) {
        l.pairs(i, n, whole, rest);
        write_parts<K>(
            n,
            [&](std::size_t k) XACT_INLINE {
              return logit<V>{V(load_lanes<V>(whole + k) + shift), load_lanes<V>(rest + k)};
            },
            hi, lo, out + i);
      } else {
        const T *x = l.elements(i, n, whole);
        write_parts<K>(
            n, [&](std::size_t k) XACT_INLINE { return K::of(load_part<V>(x + k, n - k, l.hidden()), l.c, shift); }, hi,
            lo, out + i);
      }
    }
    return;
  }
  const double by = inverse / static_cast<double>(p.codes.scale);
  if constexpr (byte_code<Out>) {
    const auto &l = p.logits;
    if (!p.is_kept() && !l.in_pairs()) { // 0.49 of a code, in base 2 and as an element
      const double least = (__builtin_log2(0.49 / by) - K::top + p.exponent) / (__builtin_fabs(l.o.scale) * log2_e[0]);
      for (std::size_t i = 0; i < l.size; i += p.chunk) {
        const T *x = l.elements(i, p.count(i), b.whole + p.slot);
        write_codes<K>(x, p.count(i), l.c, p.shift(), l.hidden(), static_cast<T>(least), static_cast<T>(by),
                       p.codes.zero_point, out + i);
      }
      return;
    }
  }
  const auto write = [&](const T *t, std::size_t i, std::size_t n) {
    if constexpr (byte_code<Out>) {
      write_codes(t, n, static_cast<float>(by), p.codes.zero_point, out + i);
    } else {
      write_products<K>(t, n, hi, lo, out + i);
    }
  };
  if (made && p.terms) {
    write(p.terms, 0, p.logits.size);
  } else if (made && p.is_kept()) {
    write(b.terms + p.slot, 0, p.logits.size);
  } else {
    p.each_terms(b, write);
  }
}

/// log_softmax of n elements where a logit may be infinite in base 2: of those, in `to`.
template <class K>
[[gnu::noinline, gnu::cold]] void make_far_logs(const row_pass<K> &p, const row_result &r, std::size_t from,
                                                std::size_t count, typename K::scalar *to) noexcept {
  const double by = 1 / p.logits.origin.half_unit;
  for (std::size_t i = 0; i < count; i += wide_block) {
    const std::size_t n = count - i < wide_block ? count - i : wide_block;
    doubles hi, lo;
    p.logits.natural(from + i, n, p.logits.origin.half_unit, hi, lo);
    for (std::size_t k = 0; k < n; ++k) {
      const double d = (hi[k] - r.largest.hi) + (lo[k] - r.largest.lo);
      to[i + k] = static_cast<typename K::scalar>((d * by) * by - r.log.hi);
    }
  }
}

template <class K, class Out>
void write_log_softmax(row_pass<K> &p, const row_result &r, row_buffers<typename K::scalar> &b, Out *out) noexcept {
  using T = typename K::scalar;
  auto &l = p.logits;
  if (l.way == logit_way::elements) {
    const auto largest = static_cast<T>(r.largest.hi / l.o.scale);
    const auto z = exact_product(native<double>(static_cast<double>(largest)), native<double>(l.o.scale));
    if (first_lane(z.hi) == r.largest.hi && first_lane(z.lo) == r.largest.lo) { // an element; else it is a sink
      for (std::size_t i = 0; i < l.size; i += p.chunk) {
        const T *x = l.elements(i, p.count(i), b.whole + p.slot);
        write_logs<K>(x, p.count(i), largest, l.o.scale, r.log.hi, out + i);
      }
      return;
    }
  }
  p.set_largest(r.largest, l.origin.half_unit); // of a row as of its pieces
  const logit<T> from = p.pair_of(r.largest);
  for (std::size_t i = 0; i < l.size; i += p.chunk) {
    const std::size_t n = p.count(i);
    T *const whole = b.whole + p.slot, *const far_log = b.terms + p.slot;
    l.wide_pairs(i, n, whole, b.rest + p.slot);
    const bool some_are_far = static_cast<double>(-largest_element(whole, n, T(-1))) < furthest_whole;
    if (some_are_far) { // before elements are overwritten
      make_far_logs(p, r, i, n, far_log);
    }
    write_logs<K>(whole, b.rest + p.slot, n, from.whole, from.rest, r.log.hi, out + i);
    for (std::size_t k = 0; some_are_far && k < n; ++k) {
      if (static_cast<double>(whole[k]) < furthest_whole) {
        out[i + k] = static_cast<Out>(far_log[k]);
      }
    }
  }
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
