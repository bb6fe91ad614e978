#pragma once

/// @file
/// What softmax_options make of a row's elements: boolean and additive masks, softcaps, a sink. The rest of the engine
/// reaches this by `option_functions`.

#include <xact/detail/softmax/row.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// Which of the bytes are 0, of a register's lanes or n.
template <class V> XACT_INLINE inline auto is_zero(const unsigned char *from, std::size_t n) noexcept {
  constexpr std::size_t step = lane_traits<V>::size;
  if constexpr (sizeof(scalar_t<V>) == 4) {
    unsigned char padded[step];
    if (n < step) {
      copy_n(from, n, padded);
      fill_n(padded + n, step - n, static_cast<unsigned char>(1));
      from = padded;
    }
    return as_float(integer_t<V>(lanes_of_codes<integer_t<V>>(from) << 23)) == V(0.0f); // no subnormals, for DAZ
  } else {
    double lane[step];
    for (std::size_t k = 0; k < step; ++k) {
      lane[k] = k < n && from[k] == 0 ? 0 : 1;
    }
    return load_lanes<V>(static_cast<const double *>(lane)) == V(0.0);
  }
}

/// What a mask, but of doubles, adds to n elements from i on; the last register is filled up.
[[gnu::noinline]] inline void copy_mask(const row_options &o, std::size_t i, std::size_t n, float *to) noexcept {
  using V = native<float>;
  if (o.mask_kind == option_kind::bytes) {
    const auto *bytes = static_cast<const unsigned char *>(o.mask) + i;
    for (std::size_t k = 0; k < n; k += lane_traits<V>::size) {
      store_lanes(V(select(is_zero<V>(bytes + k, n - k), V(-infinity_of<float>), V(0.0f))), to + k);
    }
  } else if (o.mask_kind == option_kind::floats) {
    load_elements<float>(o.mask, i, n, to, 0.0f);
  } else if (o.mask_kind == option_kind::float16s) {
    load_elements<narrow_float<format<std::uint16_t, 5, 10, true>>>(o.mask, i, n, to, 0.0f);
  } else {
    load_elements<narrow_float<format<std::uint16_t, 8, 7, true>>>(o.mask, i, n, to, 0.0f);
  }
}

/// The additive mask's elements i to i + n, in the buffer if need be.
XACT_INLINE inline const float *added_floats(const row_options &o, std::size_t i, std::size_t n,
                                             float *buffer) noexcept {
  if (o.mask_kind == option_kind::floats) {
    return static_cast<const float *>(o.mask) + i;
  }
  copy_mask(o, i, n, buffer);
  return buffer;
}

/// An additive mask's element.
[[gnu::noinline]] inline double mask_at(const row_options &o, std::size_t i) noexcept {
  if (o.mask_kind == option_kind::doubles) {
    return static_cast<const double *>(o.mask)[i];
  }
  float one[lane_traits<native<float>>::size];
  return static_cast<double>(*added_floats(o, i, 1, one));
}

/// Logits in base e, times unit, of products: capped, and with what the mask adds, less `from`.
[[gnu::noinline, gnu::cold]] inline void add_in_pairs(const row_options &o, std::size_t i, std::size_t n,
                                                      double half_unit, const double_double<double> &from, doubles &hi,
                                                      doubles &lo) noexcept {
  using V = native<double>;
  doubles added = {};
  if (o.mask_kind == option_kind::doubles) {
    copy_as_doubles(static_cast<const double *>(o.mask) + i, n, added);
  } else if (o.mask_kind != option_kind::none) {
    float mask[wide_block];
    copy_mask(o, i, n, mask);
    copy_as_doubles(static_cast<const float *>(mask), n, added);
  }
  for (std::size_t k = 0; k < n; k += lane_traits<V>::size) {
    double_double<V> z{load_lanes<V>(hi + k), load_lanes<V>(lo + k)};
    const V mask = load_lanes<V>(added + k);
    if (o.softcap != 0) {
      z = capped(z, o.softcap);
    }
    if (o.mask_kind == option_kind::bytes) {
      const auto is_hidden = mask < V(0.0);
      z = {V(select(is_hidden, mask, z.hi)), V(select(is_hidden, V(0.0), z.lo))};
    } else if (o.mask_kind != option_kind::none) {
      double_double<V> m = added_by(mask, o.mask_scale, half_unit);
      const double_double<V> less = sound(two_sum(m.hi, V(-from.hi)));
      m = sound(fast_two_sum(less.hi, V(less.lo + V(m.lo - V(from.lo)))));
      const double_double<V> s = sound(two_sum(z.hi, m.hi));
      z = sound(fast_two_sum(s.hi, V(s.lo + V(z.lo + m.lo))));
    }
    store_lanes(z.hi, hi + k);
    store_lanes(z.lo, lo + k);
  }
}

/// f(index, how many are left) for n elements, apart for whole registers. (g++ 12, Emerald Rapids, AVX2: masked rows
/// take .92 of the time.)
template <class V, class F> XACT_INLINE inline void in_registers(std::size_t n, const F &f) noexcept {
  std::size_t k = 0;
  for (; n - k >= lane_traits<V>::size; k += lane_traits<V>::size) {
    f(k, lane_traits<V>::size);
  }
  if (k < n) {
    f(k, n - k);
  }
}

/// The functions of `option_functions`.
template <class K> struct options_for {
  using T = typename K::scalar;
  using V = native<T>;
  using L = row_logits<K>;
  static constexpr std::size_t step = lane_traits<V>::size;

  static void hide(const L &l, std::size_t i, std::size_t n, const T *from, T *to, T hidden) noexcept {
    const auto *bytes = static_cast<const unsigned char *>(l.o.mask) + i;
    in_registers<V>(n, [&](std::size_t k, std::size_t left) XACT_INLINE {
      store_lanes(V(select(is_zero<V>(bytes + k, left), V(hidden), load_part<V>(from + k, left, hidden))), to + k);
    });
  }

  static void natural(const L &l, std::size_t i, std::size_t n, double half_unit, doubles &hi, doubles &lo) noexcept {
    add_in_pairs(l.o, i, n, half_unit, l.origin.added, hi, lo);
  }

  /// What the mask adds to element i, in base e and times the unit.
  [[gnu::cold]] static double_double<double> added_to(const L &l, std::size_t i) noexcept {
    const double_double<native<double>> m =
        added_by(native<double>(mask_at(l.o, i)), l.o.mask_scale, l.origin.half_unit);
    return {first_lane(m.hi), first_lane(m.lo)};
  }

  /// The sink's term; with_log it is the one kept apart where it is the largest.
  [[gnu::cold]] static void add_sink(row_pass<K> &p) noexcept {
    row_logits<K> &logits = p.logits;
    const double z = logits.o.sink;
    V whole, rest;
    if (static_cast<double>(static_cast<T>(z)) == z && __builtin_fabs(z * log2_e[0]) <= K::limit &&
        !logits.counts_differences()) { // as an element is
      const logit<V> l = K::of(V(static_cast<T>(z)), base_2_of<K>(1), V(K::magic));
      whole = V(static_cast<T>(static_cast<double>(first_lane(V(l.whole - V(K::magic)))) - logits.origin.whole));
      rest = l.rest;
    } else {
      const logit<T> l = p.pair_of(p.sink_logit());
      whole = V(l.whole), rest = V(l.rest);
    }
    const logit<V> from_row{V(whole + V(p.shift())), rest};
    if constexpr (has_parts<K>) {
      const double_double<V> t = term_parts_of<K>(from_row);
      p.sink = {first_lane(t.hi), first_lane(t.lo)};
    } else {
      p.sink = {static_cast<double>(first_lane(term_of<K>(from_row))), 0};
    }
    if (p.with_log && p.is_less(p.largest, p.sink_logit())) {
      const double_double<double> t = p.sink;
      p.sink = p.one, p.one = t;
      p.largest = p.sink_logit();
    }
    p.total.add(p.sink.hi);
    p.total.lo += p.sink.lo;
  }

  static void add_exactly(binned_sum &s, const double_double<double> &sink, double exponent) noexcept {
    s.add(sink, exponent);
  }

  // By floats.

  /// What an additive mask adds in base 2 at both ends, if that is so low that it most likely is in the whole row; else
  /// 0.
  [[gnu::cold]] static double far_at_ends(const L &l) noexcept {
    if (l.o.softcap != 0 || l.o.mask_kind <= option_kind::bytes || l.size == 0) {
      return 0;
    }
    const double by = l.o.mask_scale * log2_e[0], first = mask_at(l.o, 0) * by;
    const double most = first < -9 * K::limit ? at_least(first, mask_at(l.o, l.size - 1) * by) : first;
    return most < -9 * K::limit && most > L::furthest * -0.25 ? most : 0;
  }

  /// The largest of the logits i to i + n with an additive mask, roughly; raises `worst`, to be below `enough`.
  static T peak(const L &l, std::size_t i, std::size_t n, T &worst) noexcept {
    const V c_hi(l.c.hi), d_hi(l.d.hi);
    V largest(-infinity_of<T>), extent = largest;
    float buffer[L::chunk], elements[L::chunk];
    const float *const x = l.elements(i, n, elements), *const mask = added_floats(l.o, i, n, buffer);
    in_registers<V>(n, [&](std::size_t k, std::size_t left) XACT_INLINE {
      const V z = load_part<V>(x + k, left, l.hidden()) * c_hi, m = load_part<V>(mask + k, left) * d_hi;
      extent = at_least(extent, at_least(z, m));
      largest = at_least(largest, V(z + m));
    });
    const T w = largest_lane(extent);
    worst = w > worst ? w : worst;
    return largest_lane(largest);
  }

  /// Terms of logits i to i + n, of elements and an additive mask.
  static void terms(const L &l, std::size_t i, std::size_t n, T shift, T *to) noexcept {
    const V c_hi(l.c.hi), c_lo(l.c.lo), by(shift - K::magic), magic(K::magic);
    const mask_factor d(l.d);
    float buffer[L::chunk], elements[L::chunk];
    const float *const x = l.elements(i, n, elements), *const mask = added_floats(l.o, i, n, buffer);
    in_registers<V>(n, [&](std::size_t k, std::size_t left) XACT_INLINE {
      // As in `pairs`, without structs: g++ 12 would store members of them that nobody reads.
      const V x_k = load_part<V>(x + k, left, l.hidden());
      const V m = at_least(V(mul_sign(load_part<V>(mask + k, left), d.sign)), d.lowest);
      const V s = fused(m, d.hi, magic), m_rest = fused_less(m, d.hi, V(s - magic));
      const V whole = s + fused(x_k, c_hi, m_rest);
      const V rest = m_rest + fused(x_k, c_hi, V(s - whole));
      store_part(term_of<K>(logit<V>{V(whole + by), V(rest + fused(x_k, c_lo, rounded(m, d.lo)))}), to + k, left);
    });
  }

  /// The mask's factor, of either sign. Masks are first raised to where nothing counts: -inf - -inf is NaN.
  struct mask_factor {
    V sign, hi, lo, lowest;
    explicit mask_factor(const scale_in_base_2<T> &d)
        : sign(d.hi), hi(__builtin_fabsf(d.hi)), lo(d.hi < 0 ? -d.lo : d.lo),
          lowest(T(-0x1p20) / __builtin_fabsf(d.hi)) {}
  };

  /// What a mask adds: whole part and `magic`, rest, and what is below it. `extent`: to be below `enough`; `room`: so
  /// is half of it less an element, or floats do not reach down to it.
  struct added_part {
    V whole, rest, low, extent, room;
  };

  /// abs(scale) * x, or what a softcap makes of it, in whole steps, less `from`, and a rest, by doubles.
  [[gnu::noinline, gnu::cold]] static void cut_far(const V &x, double scale, double cap, double from, V &whole,
                                                   V &rest) noexcept {
    using W = wide_t<V>;
    W z = to_double(x);
    if (cap != 0) {
      const auto cap_one = [&]<class D>(const D &x_k) { return capped(double_double<D>{x_k, D(0.0)}, cap).hi; };
      z = z * W(__builtin_fabs(scale));
      if constexpr (std::is_arithmetic_v<W>) {
        z = cap_one(z);
      } else {
        z = each(cap_one, z);
      }
      scale = 1;
    }
    const double_double<double> by = product(__builtin_fabs(scale), double_double<double>{log2_e[0], log2_e[1]});
    const W magic(0x1.8p52 / K::steps);
    const double_double<W> p = exact_product(z, W(by.hi));
    const W n = W(p.hi + magic) - magic;
    whole = to_float(W(n - W(from)));
    rest = to_float(W(W(p.hi - n) + W(p.lo + rounded(z, W(by.lo)))));
  }

  /// Less the origin; what is beyond the limit is cut by doubles, unless it is nothing there.
  [[gnu::noinline, gnu::cold]] static added_part added_far(const L &l, const V &mask, const mask_factor &d) noexcept {
    const V zero(T(0)), one(T(1)), magic(K::magic), m0 = mul_sign(mask, d.sign);
    const V m = at_least(m0, V(T(l.beyond ? -L::furthest : -0x1p20) / first_lane(d.hi)));
    const V s = fused(m, d.hi, magic);
    added_part a{s, fused_less(m, d.hi, V(s - magic)), rounded(m, d.lo), zero, zero};
    const T lowest = T(l.beyond ? -2 * K::limit : -L::furthest);
    const V extent = m * d.hi, most{T(L::enough)}, least(lowest);
    const auto is_far = zero < V(select(extent < most, V(select(extent < least, one, zero)), one));
    V n = a.whole - V(K::magic) - V(T(l.origin.whole)), far_n = n, far_rest = zero;
    if (any_lane(is_far)) {
      const double scale = l.o.mask_kind == option_kind::bytes ? 1 : l.o.mask_scale;
      cut_far(m, scale, 0, l.origin.whole, far_n, far_rest);
    }
    a.whole = select(is_far, far_n, n) + V(K::magic);
    a.rest = select(is_far, far_rest, a.rest);
    a.low = select(is_far, zero, a.low);
    a.room = select(is_far, V(T(1.5 * K::limit - 2 * L::margin)), V(T(l.beyond ? -1.5 * L::margin : -L::furthest)));
    a.extent = m0 * d.hi * V(T(L::enough / L::furthest));
    if (!(l.origin.whole > L::furthest * -0.5)) { // else all that is further down is nothing
      a.extent = abs(a.extent);
    }
    return a;
  }

  /// A logit of what is added, cut into whole part and rest, and of y * factor, cut likewise: so nothing is lost where
  /// both are large and cancel.
  XACT_INLINE static logit<V> sum_of(const V &whole, const V &rest, const V &y, const V &factor) noexcept {
    const V s = whole + fused(y, factor, rest);
    return {s, V(rest + fused(y, factor, V(whole - s)))};
  }

  /// By float arithmetic, with any options, about an origin: whole parts and rests, which are +inf where a logit is too
  /// large. Returns whether there is none, and the largest.
  static bool pairs(const L &l, std::size_t i, std::size_t n, T *whole, T *rest, T *most) noexcept {
    const row_options &o = l.o;
    const scale_in_base_2<T> c = l.c;
    const bool caps = o.softcap != 0, adds = o.mask_kind != option_kind::none;
    const V c_hi(c.hi), c_lo(c.lo), c_abs(__builtin_fabsf(c.hi)), c_abs_lo(c.hi < 0 ? -c.lo : c.lo), zero(T(0));
    const mask_factor d(l.d);
    float_cap cap;
    if (caps) {
      cap.set(o.softcap);
    }
    T x_buffer[float_block], mask_buffer[float_block];
    const T *x = x_buffer, *mask = adds ? added_floats(o, i, n, mask_buffer) : nullptr;
    if (caps && o.mask_kind == option_kind::bytes) { // a cap would make infinity finite
      l.copy_elements(i, n, x_buffer, T(0));
    } else {
      x = l.elements(i, n, x_buffer);
    }
    V last(nan_of<T>);
    added_part a{V(K::magic), zero, zero, V(-infinity_of<T>), zero};
    for (std::size_t k = 0; k < n; k += step) {
      const V x_k = load_part<V>(x + k, n - k, T(0));
      if (adds) {
        const V m = load_part<V>(mask + k, n - k, T(0));
        if (any_lane(last != m)) { // a mask's registers are most often alike
          last = m;
          a = added_far(l, m, d);
        }
      }
      logit<V> z{a.whole, a.rest};
      V extent = a.extent;
      if (caps) {
        const V x_abs = abs(x_k), sign = mul_sign(x_k, c_hi), u = rounded(x_abs, c_abs);
        auto y = cap.of(u, fused(x_abs, c_abs_lo, fused_less(x_abs, c_abs, u)));
        const auto is_far = V(float_cap::end) < u;
        if (any_lane(is_far)) {
          V far_whole, far_rest;
          cut_far(x_abs, o.scale, o.softcap, 0, far_whole, far_rest);
          y.whole = select(is_far, far_whole, y.whole);
          y.rest = select(is_far, far_rest, y.rest);
          y.t = select(is_far, zero, y.t);
        }
        const V y_rest = mul_sign(y.rest, sign);
        z = sum_of(V(z.whole + mul_sign(y.whole, sign)), adds ? V(z.rest + y_rest) : y_rest, mul_sign(y.t, sign),
                   y.slope);
        z.rest = adds ? V(z.rest + a.low) : z.rest;
      } else {
        z = sum_of(z.whole, z.rest, x_k, c_hi);
        z.rest = z.rest + fused(x_k, c_lo, a.low);
        const V x_2 = x_k * c_hi;
        extent = at_least(at_least(extent, x_2), V(V(a.room - x_2) * V(T(0.5))));
      }
      store_lanes(V(z.whole - V(K::magic)), whole + k);
      store_lanes(V(select(extent < V(T(L::enough)), z.rest, V(infinity_of<T>))), rest + k);
    }
    // Apart: beside the calls, what is largest would lie in memory, and each step of the loop wait for the last.
    fill_n(whole + n, -n % step, -infinity_of<T>);
    *most = largest_element(whole, n, T(1));
    return largest_element(rest, n, T(1)) < infinity_of<T>;
  }

  static constexpr option_functions<K> functions = [] {
    option_functions<K> f{hide, natural, added_to, add_sink, add_exactly, nullptr, nullptr, nullptr, nullptr};
    if constexpr (L::in_floats) {
      f.far_at_ends = far_at_ends, f.peak = peak, f.terms = terms, f.pairs = pairs;
    }
    return f;
  }();
};

/// Gives a row its options.
template <class K> [[gnu::noinline, gnu::cold]] void set_options(row_logits<K> &l, const row_options &o) noexcept {
  const bool added = o.mask_kind > option_kind::bytes, is_capped = o.softcap != 0;
  l.o = o;
  l.more = &options_for<K>::functions;
  l.way = !K::takes(o.scale) || added || is_capped ? logit_way::wide : logit_way::elements;
  l.c = base_2_of<K>(o.scale);
  l.d = base_2_of<K>(o.mask_kind == option_kind::bytes ? 1 : o.mask_scale);
  if constexpr (row_logits<K>::in_floats) {
    const double by_cap = o.scale / o.softcap;
    if (K::takes(o.scale) && (!is_capped || (float_cap::takes(o.softcap) && K::takes(by_cap))) &&
        (!added || (o.mask_kind != option_kind::doubles && K::takes(o.mask_scale)))) {
      l.way = added || is_capped ? logit_way::floats : logit_way::elements;
    }
    if (is_capped) {
      l.c.hi = static_cast<float>(by_cap);
      l.c.lo = static_cast<float>(by_cap - static_cast<double>(l.c.hi));
    }
  }
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
