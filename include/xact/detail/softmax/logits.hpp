#pragma once

/// @file
/// The logits of a row: what softmax_options make of its elements. A logit is a function of its element, its mask's
/// element and the options alone. There are three ways to it:
/// - `elements`: scale * x, by the kernel itself, from the elements or a copy without those that a mask hides;
/// - `sums`: with an additive mask, in float arithmetic;
/// - `wide`: in pairs of doubles, all else: softcap, masks of double, scales beyond 2^60, and each logit beyond the
///   kernel's limit.

#include <xact/detail/math/exp_double.hpp>
#include <xact/detail/softmax/part.hpp>
#include <xact/detail/softmax/sum.hpp>
#include <xact/detail/types/softmax_options.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// The options as they are for one row.
struct row_options {
  double scale = 1;
  double softcap = 0; ///< 0: none
  double mask_scale = 1;
  double sink = -infinity_of<double>;
  option_kind mask_kind = option_kind::none;
  const void *mask = nullptr; ///< the element for the row's first
  bool zero_if_empty = false;
};

enum class logit_way { elements, sums, wide };

/// Elements that are made into wide logits together.
inline constexpr std::size_t wide_block = 64;
using doubles = double[wide_block];

/// n elements as doubles; the buffer is filled up.
template <class E> inline void copy_as_doubles(const E *from, std::size_t n, doubles &to) noexcept {
  using V = native<std::conditional_t<sizeof(E) == 8, double, float>>;
  for (std::size_t i = 0; i < n; i += lane_traits<V>::size) {
    const V x = load_part<V>(from + i, n - i);
    if constexpr (sizeof(E) == 8) {
      store_lanes(x, to + i);
    } else {
      store_lanes(to_double(x), to + i);
    }
  }
}

/// cap * tanh(x / cap), with a relative error below 2^-55.5.
template <class V> XACT_INLINE inline double_double<V> capped(const double_double<V> &x, double cap) noexcept {
  const double_double<V> u = quotient(x, double_double<V>{V(cap), V(0.0)});
  const V a = at_most(abs(u.hi), V(40.0));
  const V a_lo = select(a < V(40.0), mul_sign(u.lo, u.hi), V(0.0));
  const auto [r, shifted] = reduce_by_ln2(double_double<V>{V(a * V(-2.0)), V(a_lo * V(-2.0))});
  const double_double<V> e = expm1_reduced(r);
  const V scale = power_of_two(shifted);
  const double_double<V> rest = fast_two_sum(V(-1.0), scale);
  const double_double<V> sum = fast_two_sum(rest.hi, V(e.hi * scale));
  const double_double<V> m{sum.hi, mul_add(e.lo, scale, V(sum.lo + rest.lo))};
  const double_double<V> below = fast_two_sum(V(2.0), m.hi);
  const double_double<V> t = quotient(m, double_double<V>{below.hi, V(below.lo + m.lo)}); // -tanh(a)
  const double_double<V> y = product(V(-cap), t);
  const auto tiny = a < V(0x1p-30); // tanh(u) = u, and x / cap may be subnormal
  return {unless_nan(x.hi, V(select(tiny, x.hi, mul_sign(y.hi, x.hi)))), select(tiny, x.lo, mul_sign(y.lo, x.hi))};
}

/// The same within 2^-44, for results of float and caps of at most 2^16.
template <class V> XACT_INLINE inline double_double<V> capped_roughly(const V &x, double cap) noexcept {
  using K = double_terms<true>;
  const V u = rounded(abs(x), V(1 / cap)), a = at_most(V(u + u), V(80.0)), u2 = rounded(u, u);
  const V e = K::term(K::of(a, scale_in_base_2<double>{log2_e[0], log2_e[1]}, V(K::magic)));
  const V series = rounded(u, V(V(1.0) + rounded(u2, V(rounded(u2, V(2.0 / 15)) - V(1.0 / 3)))));
  const V t = select(u < V(0x1p-8), series, V(V(e - V(1.0)) / V(e + V(1.0))));
  return {unless_nan(x, mul_sign(rounded(V(cap), t), x)), V(0.0)};
}

/// Beyond this in base 2, only the differences from a row's largest logit count.
inline constexpr double only_order = 0x1p90;

/// Where the logits of a row that are wide are counted from: a whole number in base 2, or, beyond 2^90, where only
/// their order counts, the row's largest. Factors are made with half of `unit` each, where products would overflow.
struct logit_origin {
  double whole = 0;
  double_double<double> largest = {0, 0};
  double half_unit = 1;
};

/// Sums of two parts where the second says nothing of an infinite one.
template <class V> XACT_INLINE inline double_double<V> sound(const double_double<V> &x) noexcept {
  return {x.hi, V(select(abs(x.hi) < V(infinity_of<double>), x.lo, V(0.0)))};
}

/// Logits in base e, times unit: from elements and, unless null, what is added to them.
[[gnu::noinline]] inline void natural_logits(const row_options &o, bool roughly, double half_unit, const double *x,
                                             const double *added, doubles &hi, doubles &lo) noexcept {
  using V = native<double>;
  const V u(half_unit);
  for (std::size_t i = 0; i < wide_block; i += lane_traits<V>::size) {
    double_double<V> z = sound(exact_product(V(load_lanes<V>(x + i) * u), V(o.scale * half_unit)));
    if (o.softcap != 0) {
      z = roughly && o.softcap <= 0x1p16 && o.softcap >= 0x1p-16 ? capped_roughly(z.hi, o.softcap)
                                                                 : sound(capped(z, o.softcap));
    }
    if (added) {
      const double_double<V> m = sound(exact_product(V(load_lanes<V>(added + i) * u), V(o.mask_scale * half_unit)));
      const double_double<V> s = sound(two_sum(z.hi, m.hi));
      z = sound(fast_two_sum(s.hi, V(s.lo + V(z.lo + m.lo))));
    }
    store_lanes(z.hi, hi + i);
    store_lanes(z.lo, lo + i);
  }
}

/// Logits in base e to logits in base 2, in steps of 1/`steps`, less the origin.
[[gnu::noinline]] inline void to_base_2(const logit_origin &origin, int steps, doubles &hi, doubles &lo) noexcept {
  using V = native<double>;
  const V whole_from(0x1p52 / steps); // from here on all doubles are whole steps
  for (std::size_t i = 0; i < wide_block; i += lane_traits<V>::size) {
    double_double<V> z{load_lanes<V>(hi + i), load_lanes<V>(lo + i)};
    if (origin.largest.hi != 0) {
      const double_double<V> difference = sound(two_sum(z.hi, V(-origin.largest.hi)));
      z.hi = difference.hi + V(difference.lo + V(z.lo - V(origin.largest.lo)));
      const V by(1 / origin.half_unit); // to -inf, if need be
      z = {V(V(z.hi * by) * by), V(0.0)};
    }
    double_double<V> b = sound(exact_product(z.hi, V(log2_e[0])));
    b = sound(fast_two_sum(b.hi, V(b.lo + V(rounded(z.hi, V(log2_e[1])) + rounded(z.lo, V(log2_e[0]))))));
    const V magic = mul_sign(whole_from, b.hi);
    const V whole = select(abs(b.hi) < whole_from, V(V(b.hi + magic) - magic), b.hi);
    const V left = V(b.hi - whole) + b.lo;
    const V more_magic = mul_sign(whole_from, left);
    const V more = V(left + more_magic) - more_magic;
    const auto finite = abs(b.hi) < V(infinity_of<double>);
    store_lanes(V(select(finite, V(V(whole - V(origin.whole)) + more), b.hi)), hi + i);
    store_lanes(V(select(finite, V(left - more), V(select(b.hi == b.hi, V(0.0), b.hi)))), lo + i);
  }
}

/// A row's elements, and how they become logits for kernel K.
template <class K, class In> struct row_logits {
  using T = typename K::scalar;
  using V = native<T>;
  static constexpr std::size_t step = lane_traits<V>::size;
  static constexpr std::size_t chunk = 4096 / sizeof(T); ///< elements that are made into logits together

  /// Results of float do not show what capped_roughly lacks.
  static constexpr bool rough_caps = sizeof(T) == 4;

  const In *in = nullptr;
  std::size_t size = 0;
  row_options o = {};
  logit_way way = logit_way::elements;
  scale_in_base_2<T> c = {}, d = {}; ///< of the scale and the mask's
  logit_origin origin = {};
  bool beyond = false; ///< whether the largest logit is beyond the kernel's limit

  void set_options(const row_options &options) noexcept {
    o = options;
    const bool added = o.mask_kind > option_kind::bytes;
    const bool in_floats = sizeof(T) == 4 && !K::natural_rest && o.mask_kind != option_kind::doubles && sizeof(In) <= 4;
    way = o.softcap != 0 || !K::takes(o.scale)  ? logit_way::wide
          : !added                              ? logit_way::elements
          : in_floats && K::takes(o.mask_scale) ? logit_way::sums
                                                : logit_way::wide;
    c = K::in_base_2(o.scale);
    d = K::in_base_2(o.mask_scale);
  }

  bool in_pairs() const noexcept { return way != logit_way::elements || beyond; }
  T sign() const noexcept { return o.scale < 0 ? T(-1) : T(1); }
  /// What hidden elements and padding are: -inf after the scale.
  T hidden() const noexcept { return o.scale < 0 ? infinity_of<T> : -infinity_of<T>; }

  /// Elements i to i + n as T, hidden ones taken out: in place, or in the buffer and then padded.
  XACT_INLINE const T *elements(std::size_t i, std::size_t n, T *buffer) const noexcept {
    if constexpr (std::is_same_v<In, T>) {
      if (o.mask_kind != option_kind::bytes) {
        return in + i;
      }
    }
    copy_elements(i, n, buffer);
    return buffer;
  }

  /// Logits i to i + n in base 2, less the origin, padded with -inf. Returns the largest, roughly.
  T pairs(std::size_t i, std::size_t n, T *whole, T *rest) const noexcept {
    if constexpr (sizeof(T) == 4 && !K::natural_rest) {
      if (way == logit_way::sums && !beyond) {
        const double_double<T> most = sums(i, n, whole, rest);
        if (most.lo < T(K::limit - 1)) [[likely]] {
          return most.hi;
        }
      }
    }
    return wide(i, n, whole, rest, way);
  }

  /// The same, by doubles alone.
  T wide_pairs(std::size_t i, std::size_t n, T *whole, T *rest) const noexcept {
    return wide(i, n, whole, rest, logit_way::wide);
  }

  /// Logits i to i + n, at most `wide_block`, in base e and times the unit.
  void natural(std::size_t i, std::size_t n, double half_unit, doubles &hi, doubles &lo) const noexcept {
    doubles x, added;
    natural(i, n, half_unit, x, added, hi, lo);
  }

private:
  [[gnu::noinline]] void copy_elements(std::size_t i, std::size_t n, T *buffer) const noexcept {
    const bool hides = o.mask_kind == option_kind::bytes;
    const auto *bytes = static_cast<const unsigned char *>(o.mask) + (hides ? i : 0);
    if constexpr (sizeof(T) == 4 || sizeof(In) == 8) {
      for (std::size_t k = 0; k < n; k += step) {
        V x = load_part<V>(in + i + k, n - k, hidden());
        if (hides) {
          x = select(is_zero(bytes + k, n - k), V(hidden()), x);
        }
        store_lanes(x, buffer + k);
      }
    } else {
      using F = native<float>;
      for (std::size_t k = 0; k < n; k += lane_traits<F>::size) {
        store_lanes(to_double(load_part<F>(in + i + k, n - k, static_cast<float>(hidden()))), buffer + k);
      }
      for (std::size_t k = 0; hides && k < n; k += step) {
        store_lanes(V(select(is_zero(bytes + k, n - k), V(hidden()), load_lanes<V>(buffer + k))), buffer + k);
      }
    }
  }

  /// Which of the bytes are 0, of a register's lanes or n.
  XACT_INLINE static auto is_zero(const unsigned char *from, std::size_t n) noexcept {
    if constexpr (sizeof(T) == 4) {
      unsigned char padded[step];
      if (n < step) {
        copy_n(from, n, padded);
        fill_n(padded + n, step - n, static_cast<unsigned char>(1));
        from = padded;
      }
      return as_float(integer_t<V>(lanes_of_codes<integer_t<V>>(from) << 23)) == V(0.0f); // no subnormals, for DAZ
    } else {
      T lane[step];
      for (std::size_t k = 0; k < step; ++k) {
        lane[k] = k < n && from[k] == 0 ? 0 : 1;
      }
      return load_lanes<V>(lane) == V(0.0);
    }
  }

  /// f(the mask's elements from i on).
  template <class F> XACT_INLINE void with_mask(std::size_t i, const F &f) const noexcept {
    switch (o.mask_kind) {
    case option_kind::floats:
      return f(static_cast<const float *>(o.mask) + i);
    case option_kind::doubles:
      return f(static_cast<const double *>(o.mask) + i);
    case option_kind::float16s:
      return f(static_cast<const narrow_float<format<std::uint16_t, 5, 10, true>> *>(o.mask) + i);
    case option_kind::bfloat16s:
      return f(static_cast<const narrow_float<format<std::uint16_t, 8, 7, true>> *>(o.mask) + i);
    default:
      return;
    }
  }

  /// By float arithmetic: element and mask each cut into whole part and rest, so that nothing is lost where both are
  /// large and cancel. Both are first raised to where nothing counts, since -inf - -inf is NaN. Returns the largest
  /// logit, roughly, and the largest whole part of an element or of the mask: beyond the limit they are wrong.
  [[gnu::noinline]] double_double<T> sums(std::size_t i, std::size_t n, T *whole, T *rest) const noexcept {
    T most = 0, outside = 0;
    with_mask(i, [&](const auto *mask) XACT_INLINE {
      if constexpr (sizeof(*mask) <= 4) {
        const V x_sign(sign()), m_sign(d.hi < 0 ? T(-1) : T(1)), magic(K::magic), zero(T(0));
        const V c_hi(__builtin_fabsf(c.hi)), c_lo(c.lo * sign()), d_hi(__builtin_fabsf(d.hi)),
            d_lo(d.hi < 0 ? -d.lo : d.lo);
        const V x_floor(T(-0x1p20) / first_lane(c_hi)), m_floor(T(-0x1p20) / first_lane(d_hi));
        V largest(-infinity_of<T>), parts(-infinity_of<T>);
        for (std::size_t k = 0; k < n; k += step) {
          const V x0 = load_part<V>(in + i + k, n - k, hidden()) * x_sign;
          const V m0 = load_part<V>(mask + k, n - k) * m_sign;
          largest = at_least(largest, V(fused(x0, c_hi, V(m0 * d_hi))));
          const V x = at_least(x0, x_floor), m = at_least(m0, m_floor);
          const V a = fused(m, d_hi, magic), n_m = a - magic, r_m = fused(m, d_hi, V(zero - n_m));
          const V s = a + fused(x, c_hi, r_m), n_x = s - a;
          const V r_x = fused(x, c_hi, V(zero - n_x));
          store_lanes(V(s - magic), whole + k);
          store_lanes(fused(m, d_lo, fused(x, c_lo, V(r_x + r_m))), rest + k);
          parts = at_least(parts, at_least(n_m, n_x));
        }
        most = largest_lane(largest), outside = largest_lane(parts);
      }
    });
    return {most, outside};
  }

  void natural(std::size_t i, std::size_t n, double half_unit, doubles &x, doubles &added, doubles &hi,
               doubles &lo) const noexcept {
    copy_as_doubles(in + i, n, x);
    bool adds = o.mask_kind > option_kind::bytes;
    with_mask(i, [&](const auto *mask) { copy_as_doubles(mask, n, added); });
    if (o.mask_kind == option_kind::bytes) {
      const auto *bytes = static_cast<const unsigned char *>(o.mask) + i;
      for (std::size_t k = 0; k < n; ++k) {
        added[k] = bytes[k] ? 0 : -infinity_of<double>;
        x[k] = bytes[k] ? x[k] : 0;
      }
      adds = true;
    }
    fill_n(x + n, wide_block - n, 0.0);
    fill_n(added + n, wide_block - n, -infinity_of<double>);
    row_options all = o;
    all.mask_scale = o.mask_kind == option_kind::bytes ? 1 : o.mask_scale;
    natural_logits(all, rough_caps, half_unit, x, adds ? added : nullptr, hi, lo);
  }

  /// By doubles, but for what the given way can make: that is as it is in a row where nothing is beyond the limit.
  [[gnu::noinline]] T wide(std::size_t from, std::size_t n, T *whole, T *rest, logit_way narrow) const noexcept {
    T most = -infinity_of<T>;
    const std::size_t padded = (n + step - 1) / step * step;
    for (std::size_t i = 0; i < n; i += wide_block) {
      const std::size_t count = n - i < wide_block ? n - i : wide_block;
      doubles x, added, hi, lo;
      T own_whole[wide_block], own_rest[wide_block];
      natural(from + i, count, origin.half_unit, x, added, hi, lo);
      to_base_2(origin, K::steps, hi, lo);
      if (narrow == logit_way::elements) {
        for (std::size_t k = 0; k < count; k += step) {
          const logit<V> z = K::of(narrowed(load_wide(x + k)), c, V(K::magic));
          store_lanes(V(z.whole - V(K::magic)), own_whole + k);
          store_lanes(z.rest, own_rest + k);
        }
      } else if constexpr (sizeof(T) == 4 && !K::natural_rest) {
        if (narrow == logit_way::sums) {
          sums(from + i, count, own_whole, own_rest);
        }
      }
      V largest(-infinity_of<T>);
      for (std::size_t k = 0; k < count; k += step) {
        const auto exact = load_wide(hi + k), left = load_wide(lo + k);
        using W = std::remove_const_t<decltype(exact)>;
        const V rounded_whole = narrowed(exact);
        // What was lost of a whole part is in the rest; of an infinite one nothing.
        const W lost = exact - widened(rounded_whole);
        const W all = select(abs(exact) < W(infinity_of<double>), W(lost + left), left);
        V w = rounded_whole, r = narrowed(K::natural_rest ? W(all * W(log_2[0])) : all);
        if (narrow != logit_way::wide && origin.largest.hi == 0) {
          const auto within = [&](const W &z, double lowest) XACT_INLINE {
            const W outside = select(W(K::limit) < z, W(1.0), select(z < W(lowest), W(1.0), W(0.0)));
            return outside;
          };
          const W x_2 = load_wide(x + k) * W(K::natural_rest ? o.scale * log2_e[0] : static_cast<double>(c.hi));
          W outside = within(x_2, narrow == logit_way::elements ? -K::limit : -2 * K::limit);
          if (narrow == logit_way::sums) {
            outside = outside + within(W(load_wide(added + k) * W(static_cast<double>(d.hi))), -2 * K::limit);
          }
          outside = select(W(-infinity_of<double>) < exact, outside, W(1.0)); // and NaN
          const auto own = narrowed(outside) == V(T(0));
          const V own_w = narrowed(W(widened(load_lanes<V>(own_whole + k)) - W(origin.whole)));
          w = select(own, own_w, w);
          r = select(own, load_lanes<V>(own_rest + k), r);
        }
        if (count - k < step) {
          T lane[step];
          store_lanes(w, lane);
          w = load_first<V>(static_cast<const T *>(lane), count - k, -infinity_of<T>);
        }
        store_part(w, whole + i + k, padded - i - k);
        store_part(r, rest + i + k, padded - i - k);
        largest = at_least(largest, w);
      }
      const T m = reduce(largest, larger_of_two());
      most = m > most ? m : most;
    }
    return most;
  }

  // Doubles as lanes that go with those of T.
  XACT_INLINE static auto load_wide(const double *from) noexcept {
    if constexpr (sizeof(T) == 8) {
      return load_lanes<V>(from);
    } else if constexpr (requires(wide_t<V> w) { w.part; }) {
      wide_t<V> w;
      each_index<2>([&](auto k) XACT_INLINE { w.part[k] = load_lanes<native<double>>(from + k * step / 2); });
      return w;
    } else {
      return *from;
    }
  }
  template <class W> XACT_INLINE static V narrowed(const W &w) noexcept {
    if constexpr (sizeof(T) == 8) {
      return w;
    } else {
      return to_float(w);
    }
  }
  XACT_INLINE static auto widened(const V &x) noexcept {
    if constexpr (sizeof(T) == 8) {
      return x;
    } else {
      return to_double(x);
    }
  }
};

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
