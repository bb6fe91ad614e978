#pragma once

/// @file
/// The logits of a row: what softmax_options make of its elements. A logit is a function of its element, its mask's
/// element and the options alone. There are three ways to it:
/// - `elements`: scale * x, by the kernel itself, from the elements or a copy without those that a mask hides;
/// - `floats`: with a softcap or an additive mask, in float arithmetic;
/// - `wide`: in pairs of doubles, all else: masks of double, scales beyond 2^60, and each logit that is too large.

#include <xact/detail/softmax/sum.hpp>
#include <xact/detail/softmax/wide.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

enum class logit_way { elements, floats, wide };
/// What float arithmetic has to do: a mask; a softcap; about an origin, terms of what has no softcap, and pairs of all.
enum class float_kind { masked, capped, far_terms, far_pairs };

/// Logits that float arithmetic makes before it asks whether it can.
inline constexpr std::size_t float_block = 256;

/// A row's elements, and how they become logits for kernel K, with options O or `no_row_options`.
template <class K, class In, class O = row_options> struct row_logits {
  using T = typename K::scalar;
  using V = native<T>;
  static constexpr std::size_t step = lane_traits<V>::size;
  static constexpr std::size_t chunk = 4096 / sizeof(T); ///< elements that are made into logits together

  /// Whether float arithmetic makes a mask's sums and softcaps.
  static constexpr bool has_options = std::is_same_v<O, row_options>;
  static constexpr bool in_floats = has_options && sizeof(T) == 4 && !K::natural_rest && sizeof(In) <= 4;

  /// Floats cut what is less than this in base 2, doubles what is less than the next.
  static constexpr double margin = 16384, enough = K::limit - margin, furthest = 0x1p46;

  /// Results of float do not show what capped_roughly lacks.
  static constexpr bool rough_caps = sizeof(T) == 4;

  const In *in = nullptr;
  std::size_t size = 0;
  O o = {};
  logit_way way = logit_way::elements;
  scale_in_base_2<T> c = {}, d = {}; ///< of the scale, with a softcap over it in base e, and the mask's
  logit_origin origin = {};
  bool beyond = false; ///< whether the largest logit is beyond the kernel's limit

  void set_options(const O &options) noexcept {
    o = options;
    const bool added = o.mask_kind > option_kind::bytes, is_capped = o.softcap != 0;
    way = !K::takes(o.scale) || added || is_capped ? logit_way::wide : logit_way::elements;
    c = K::in_base_2(o.scale);
    d = K::in_base_2(o.mask_kind == option_kind::bytes ? 1 : o.mask_scale);
    if constexpr (in_floats) {
      const double by_cap = o.scale / o.softcap;
      if (K::takes(o.scale) && (!is_capped || (float_cap::takes(o.softcap) && K::takes(by_cap))) &&
          (!added || (o.mask_kind != option_kind::doubles && K::takes(o.mask_scale)))) {
        way = added || is_capped ? logit_way::floats : logit_way::elements;
      }
      if (is_capped) {
        c.hi = static_cast<T>(by_cap);
        c.lo = static_cast<T>(by_cap - static_cast<double>(c.hi));
      }
    }
  }

  /// Whether logits are counted from the row's largest or its mask.
  bool counts_differences() const noexcept { return origin.largest.hi != 0 || origin.added.hi != 0; }
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
    T most = -infinity_of<T>;
    const bool too_far = counts_differences() || !(__builtin_fabs(origin.whole) < furthest / 2);
    for (std::size_t k = 0; k < n; k += float_block) {
      const std::size_t count = n - k < float_block ? n - k : float_block;
      T m = 0;
      bool made = false;
      if constexpr (in_floats) {
        made = way != logit_way::wide && !too_far && far_floats(i + k, count, whole + k, rest + k, &m);
      }
      if (!made) {
        m = wide(i + k, count, whole + k, rest + k, way);
      }
      most = m > most ? m : most;
    }
    return most;
  }

  /// Whether float_terms makes the logits about the origin, as soon as `float_peak` agrees.
  bool in_float_terms() const noexcept {
    const double from = __builtin_fabs(origin.whole);
    const bool is_near = !beyond, is_far = from >= 8 * K::limit && from < furthest / 2 && !counts_differences();
    return in_floats && way != logit_way::wide &&
           (o.softcap == 0 ? is_near || is_far : is_near && o.mask_kind == option_kind::none);
  }

  /// The largest of the logits i to i + n with an additive mask, roughly and less the origin; raises `worst`, to be
  /// below `enough`.
  [[gnu::noinline]] T float_peak(std::size_t i, std::size_t n, T &worst) const noexcept {
    const V c_hi(c.hi), d_hi(d.hi);
    V largest(-infinity_of<T>), extent = largest, last(nan_of<T>), base(T(0));
    float buffer[chunk];
    const float *mask = added_floats(i, n, buffer);
    const auto one = [&](std::size_t k, std::size_t left) XACT_INLINE {
      const V x = load_part<V>(in + i + k, left, hidden()) * c_hi, m = load_part<V>(mask + k, left);
      if (!beyond) {
        base = m * d_hi;
        extent = at_least(extent, at_least(x, base));
      } else {
        extent = at_least(extent, abs(V(x + x)));
        if (any_lane(last != m)) {
          last = m;
          using W = wide_t<V>;
          base = to_float(W(W(to_double(m) * W(o.mask_scale * log2_e[0])) - W(origin.whole)));
        }
      }
      largest = at_least(largest, V(x + base));
    };
    in_registers(n, one);
    const T w = largest_lane(extent);
    worst = w > worst ? w : worst;
    return largest_lane(largest);
  }

  /// Terms of logits i to i + n, made by floats.
  void terms(std::size_t i, std::size_t n, T shift, T *to) const noexcept {
    if constexpr (in_floats) {
      if (beyond) {
        float_terms<float_kind::far_terms>(i, n, shift, to);
      } else {
        o.softcap != 0 ? float_terms<float_kind::capped>(i, n, shift, to)
                       : float_terms<float_kind::masked>(i, n, shift, to);
      }
    }
  }

  /// The same, by doubles alone.
  T wide_pairs(std::size_t i, std::size_t n, T *whole, T *rest) const noexcept {
    return wide(i, n, whole, rest, logit_way::wide);
  }

  /// What an additive mask adds in base 2, the largest of some, if they are so large that it most likely does in the
  /// whole row; else 0.
  double far_in_places() const noexcept {
    double most = -infinity_of<double>;
    if constexpr (in_floats) {
      if (way == logit_way::floats && o.softcap == 0 && o.mask_kind > option_kind::bytes) {
        const double by = o.mask_scale * log2_e[0];
        for (std::size_t i = 0; i < size && !(most > -9 * K::limit); i += size / 16 + 1) {
          const double m = mask_at(i) * by;
          most = m > most ? m : most;
        }
      }
    }
    return most < -9 * K::limit && most > furthest * -0.25 ? most : 0;
  }

  /// What the mask adds to element i, in base e and times the unit.
  double_double<double> added_to(std::size_t i) const noexcept {
    const double_double<native<double>> m = added_by(native<double>(mask_at(i)), o.mask_scale, origin.half_unit);
    return {first_lane(m.hi), first_lane(m.lo)};
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

  /// An additive mask's element.
  double mask_at(std::size_t i) const noexcept {
    double x = 0;
    with_mask(i, [&](const auto *mask) {
      if constexpr (sizeof(*mask) == 8) {
        x = *mask;
      } else {
        x = static_cast<double>(static_cast<float>(*mask));
      }
    });
    return x;
  }

  /// The mask's elements i to i + n as what is added, in the buffer if need be.
  const float *added_floats(std::size_t i, std::size_t n, float *buffer) const noexcept {
    if (o.mask_kind == option_kind::floats) {
      return static_cast<const float *>(o.mask) + i;
    }
    if (o.mask_kind == option_kind::bytes) {
      const auto *bytes = static_cast<const unsigned char *>(o.mask) + i;
      for (std::size_t k = 0; k < n; k += step) {
        store_lanes(V(select(is_zero(bytes + k, n - k), V(-infinity_of<T>), V(T(0)))), buffer + k);
      }
    }
    with_mask(i, [&](const auto *mask) {
      for (std::size_t k = 0; sizeof(*mask) == 2 && k < n; k += step) {
        store_lanes(load_part<V>(mask + k, n - k), buffer + k);
      }
    });
    return buffer;
  }

  /// The first n lanes, and -inf in others.
  XACT_INLINE static V first_lanes(const V &x, std::size_t n) noexcept {
    if (n >= step) [[likely]] {
      return x;
    }
    T lane[step];
    store_lanes(x, lane);
    return load_first<V>(static_cast<const T *>(lane), n, -infinity_of<T>);
  }

  /// abs(scale) * x, or what a softcap makes of it, in whole steps, less `from`, and a rest, by doubles.
  [[gnu::noinline]] static void cut_far(const V &x, double scale, double cap, double from, V &whole, V &rest) noexcept {
    using W = wide_t<V>;
    W z = to_double(x);
    if (cap != 0) {
      z = capped_roughly(W(z * W(__builtin_fabs(scale))), cap).hi;
      scale = 1;
    }
    const double_double<double> by = product(__builtin_fabs(scale), double_double<double>{log2_e[0], log2_e[1]});
    const W magic(0x1.8p52 / K::steps);
    const double_double<W> p = exact_product(z, W(by.hi));
    const W n = W(p.hi + magic) - magic;
    whole = to_float(W(n - W(from)));
    rest = to_float(W(W(p.hi - n) + W(p.lo + rounded(z, W(by.lo)))));
  }

  /// f(index, how many are left) for n elements, apart for whole registers. (g++ 12, Emerald Rapids, AVX2: masked rows
  /// take .92 of the time.)
  template <class F> XACT_INLINE static void in_registers(std::size_t n, const F &f) noexcept {
    std::size_t k = 0;
    for (; n - k >= step; k += step) {
      f(k, step);
    }
    if (k < n) {
      f(k, n - k);
    }
  }

  /// What is added to elements, or, where nothing is, the elements: whole part and `magic`, rest, and what is below it.
  /// `extent`: to be below `enough`; `room`: so is half of it less an element, or floats do not reach down to it.
  struct added_part {
    V whole, rest, low, extent, room;
  };

  /// `only`: there is no more to the logit.
  XACT_INLINE static added_part added(const V &m0, const V &hi, const V &lo, const V &lowest, bool only) noexcept {
    const V m = at_least(m0, lowest), s = fused(m, hi, V(K::magic)), n = s - V(K::magic);
    const V rest = fused_less(m, hi, n);
    return {s, only ? fused(m, lo, rest) : rest, only ? V(T(0)) : rounded(m, lo), V(m0 * hi), V(T(0))};
  }

  /// The same less the origin; what is beyond the limit is cut by doubles, unless it is nothing there.
  [[gnu::noinline]] added_part added_far(const V &m0, const V &hi, const V &lo, bool only) const noexcept {
    const V zero(T(0)), one(T(1)), m = at_least(m0, V(T(beyond ? -furthest : -0x1p20) / first_lane(hi)));
    added_part a = added(m, hi, lo, m, only);
    const V extent = m * hi, most(T(only ? K::limit + 1 : enough)), least(T(beyond ? -2 * K::limit : -furthest));
    const auto is_far = zero < V(select(extent < most, V(select(extent < least, one, zero)), one));
    V n = a.whole - V(K::magic) - V(T(origin.whole)), far_n = n, far_rest = zero;
    if (any_lane(is_far)) {
      const double scale = only ? o.scale : o.mask_kind == option_kind::bytes ? 1 : o.mask_scale;
      cut_far(m, scale, 0, origin.whole, far_n, far_rest);
    }
    a.whole = select(is_far, far_n, n) + V(K::magic);
    a.rest = select(is_far, far_rest, a.rest);
    a.low = select(is_far, zero, a.low);
    a.room = select(is_far, V(T(1.5 * K::limit - 2 * margin)), V(T(beyond ? -1.5 * margin : -furthest)));
    a.extent = m0 * hi * V(T(enough / furthest));
    if (!(origin.whole > furthest * -0.5)) { // else all that is further down is nothing
      a.extent = abs(a.extent);
    }
    return a;
  }

  /// By float arithmetic: what the mask adds and what the element gives each cut into whole part and rest, so that
  /// nothing is lost where both are large and cancel. The mask is first raised to where nothing counts: -inf - -inf is
  /// NaN. f(index, how many are left, whole part and `magic`, rest, extent: right where below `enough`)
  template <float_kind Kind, class F>
  XACT_INLINE void each_float(std::size_t i, std::size_t n, const F &f) const noexcept {
    constexpr bool far_off = Kind >= float_kind::far_terms;
    const bool caps = Kind == float_kind::capped || (Kind == float_kind::far_pairs && o.softcap != 0);
    const bool masked = Kind == float_kind::masked || (far_off && o.mask_kind != option_kind::none);
    const bool only_x = far_off && !caps && o.mask_kind <= option_kind::bytes;
    const scale_in_base_2<T> e = only_x ? c : d;
    const V c_hi(c.hi), c_lo(c.lo);
    const V e_sign(e.hi), e_hi(__builtin_fabsf(e.hi)), e_lo(e.hi < 0 ? -e.lo : e.lo), zero(T(0));
    const V m_lowest(T(-0x1p20) / first_lane(e_hi));
    float_cap cap;
    if (caps) {
      cap.set(o.softcap);
    }
    float buffer[chunk];
    const float *mask = masked ? added_floats(i, n, buffer) : nullptr;
    V last(nan_of<T>);
    added_part a{V(K::magic), zero, zero, V(-infinity_of<T>), zero};
    const auto one = [&](std::size_t k, std::size_t left) XACT_INLINE {
      const V x = load_part<V>(in + i + k, left, caps ? T(0) : hidden());
      if (masked || only_x) {
        V m = mul_sign(masked ? load_part<V>(mask + k, left) : x, e_sign);
        if (only_x && masked) {
          m = select(load_part<V>(mask + k, left) < zero, V(-infinity_of<T>), mul_sign(x, e_sign));
        }
        if (!far_off) {
          a = added(m, e_hi, e_lo, m_lowest, false);
        } else if (any_lane(last != m)) { // a mask's registers are most often alike
          last = m;
          a = added_far(m, e_hi, e_lo, only_x);
        }
      }
      if (only_x) {
        f(k, left, a.whole, a.rest, a.extent);
        return;
      }
      V s = a.whole, r = a.rest, low = a.low, extent = a.extent, factor = c_hi, y = x;
      if (caps) {
        const V x_abs = abs(x), sign = mul_sign(x, c_hi), by(__builtin_fabsf(c.hi)), by_lo(c.hi < 0 ? -c.lo : c.lo);
        const V u = rounded(x_abs, by);
        auto z = cap.of(u, fused(x_abs, by_lo, fused_less(x_abs, by, u)));
        const auto is_far = V(float_cap::end) < u;
        if (any_lane(is_far)) {
          V far_whole, far_rest;
          cut_far(x_abs, o.scale, o.softcap, 0, far_whole, far_rest);
          z.whole = select(is_far, far_whole, z.whole);
          z.rest = select(is_far, far_rest, z.rest);
          z.t = select(is_far, zero, z.t);
        }
        factor = z.slope, y = mul_sign(z.t, sign);
        s = s + mul_sign(z.whole, sign);
        r = masked ? V(r + mul_sign(z.rest, sign)) : mul_sign(z.rest, sign);
      } else {
        low = fused(y, c_lo, low);
        if (far_off) {
          const V x_2 = x * c_hi;
          extent = at_least(at_least(extent, x_2), V(V(a.room - x_2) * V(T(0.5))));
        }
      }
      const V from = s;
      s = s + fused(y, factor, r);
      r = r + fused(y, factor, V(from - s));
      f(k, left, s, masked ? V(r + low) : r, extent);
    };
    if constexpr (Kind == float_kind::masked || Kind == float_kind::far_terms) {
      in_registers(n, one);
    } else {
      for (std::size_t k = 0; k < n; k += step) {
        one(k, n - k);
      }
    }
  }

  /// The same as terms.
  template <float_kind Kind>
  [[gnu::noinline]] void float_terms(std::size_t i, std::size_t n, T shift, T *to) const noexcept {
    const V by(shift - K::magic);
    each_float<Kind>(i, n, [&](std::size_t k, std::size_t left, const V &s, const V &r, const V &) XACT_INLINE {
      store_part(term_of<K>(logit<V>{V(s + by), r}), to + k, left);
    });
  }

  /// Whole parts and rests about an origin, which are +inf where a logit is too large. Returns whether there is none,
  /// and the largest.
  [[gnu::noinline]] bool far_floats(std::size_t i, std::size_t n, T *whole, T *rest, T *most) const noexcept {
    V largest(-infinity_of<T>), worst = largest;
    each_float<float_kind::far_pairs>(
        i, n, [&](std::size_t k, std::size_t left, const V &s, const V &r, const V &extent) XACT_INLINE {
          const V w = first_lanes(V(s - V(K::magic)), left);
          store_lanes(w, whole + k);
          store_lanes(V(select(extent < V(T(enough)), r, V(infinity_of<T>))), rest + k);
          largest = at_least(largest, w);
          worst = at_least(worst, first_lanes(extent, left));
        });
    *most = largest_lane(largest);
    return largest_lane(worst) < T(enough);
  }

  [[gnu::noinline, gnu::cold]] void natural(std::size_t i, std::size_t n, double half_unit, doubles &x, doubles &added,
                                            doubles &hi, doubles &lo) const noexcept {
    copy_as_doubles(in + i, n, x);
    bool adds = o.mask_kind > option_kind::bytes;
    if constexpr (has_options) {
      with_mask(i, [&](const auto *mask) { copy_as_doubles(mask, n, added); });
    }
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
    natural_logits(o, rough_caps, half_unit, origin.added, x, adds ? added : nullptr, hi, lo);
  }

  /// By doubles, but for what the given way can make: that is as it is in a row where nothing is beyond the limit.
  [[gnu::noinline, gnu::cold]] T wide(std::size_t from, std::size_t n, T *whole, T *rest,
                                      logit_way narrow) const noexcept {
    T most = -infinity_of<T>;
    const bool some_are_narrow = narrow != logit_way::wide && !counts_differences();
    const std::size_t padded = (n + step - 1) / step * step;
    for (std::size_t i = 0; i < n; i += wide_block) {
      const std::size_t count = n - i < wide_block ? n - i : wide_block;
      doubles x, added, hi, lo;
      T own_whole[wide_block], own_rest[wide_block]; // a rest of +inf where there is none
      natural(from + i, count, origin.half_unit, x, added, hi, lo);
      to_base_2(origin, K::steps, hi, lo);
      if (!some_are_narrow) {
        fill_n(own_rest, wide_block, infinity_of<T>);
      } else if constexpr (in_floats) {
        T ignored = 0;
        far_floats(from + i, count, own_whole, own_rest, &ignored);
      } else {
        const auto most_2 = K::limit / __builtin_fabs(o.scale * log2_e[0]);
        for (std::size_t k = 0; k < count; k += step) {
          const auto x_k = load_wide(x + k);
          using W = std::remove_const_t<decltype(x_k)>;
          const logit<V> z = K::of(narrowed(x_k), c, V(K::magic));
          const W z_k = load_wide(hi + k), far_x = select(W(most_2) < abs(x_k), W(1.0), W(0.0));
          const auto is_within = narrowed(W(select(abs(z_k) < W(infinity_of<double>), far_x, W(1.0)))) == V(T(0));
          store_lanes(V(V(z.whole - V(K::magic)) - V(static_cast<T>(origin.whole))), own_whole + k);
          store_lanes(V(select(is_within, z.rest, V(infinity_of<T>))), own_rest + k);
        }
      }
      V largest(-infinity_of<T>);
      for (std::size_t k = 0; k < count; k += step) {
        const auto exact = load_wide(hi + k), left = load_wide(lo + k);
        using W = std::remove_const_t<decltype(exact)>;
        const V rounded_whole = narrowed(exact), own = load_lanes<V>(own_rest + k);
        // What was lost of a whole part is in the rest; of an infinite one nothing.
        const W lost = exact - widened(rounded_whole);
        const W all = select(abs(exact) < W(infinity_of<double>), W(lost + left), left);
        const auto is_own = own < V(infinity_of<T>);
        V w = select(is_own, load_lanes<V>(own_whole + k), rounded_whole);
        const V r = select(is_own, own, narrowed(K::natural_rest ? W(all * W(log_2[0])) : all));
        w = first_lanes(w, count - k);
        store_part(w, whole + i + k, padded - i - k);
        store_part(r, rest + i + k, padded - i - k);
        largest = at_least(largest, w);
      }
      const T m = largest_lane(largest);
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
