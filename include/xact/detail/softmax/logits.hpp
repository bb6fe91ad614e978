#pragma once

/// @file
/// The logits of a row. A logit is a function of its element, its mask's element and the options alone. There are three
/// ways to it:
/// - `elements`: scale * x, by the kernel itself, from the elements or a copy without those that a mask hides;
/// - `floats`: with a softcap or an additive mask, in float arithmetic (options.hpp);
/// - `wide`: in pairs of doubles, all else: masks of double, scales beyond 2^60, and each logit that is too large.

#include <xact/detail/softmax/sum.hpp>
#include <xact/detail/softmax/wide.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

enum class logit_way { elements, floats, wide };

/// Logits that float arithmetic makes before it asks whether it can.
inline constexpr std::size_t float_block = 1024;

/// n elements from i on as T; `pad` in the rest of the last register.
template <class E, class T>
[[gnu::noinline]] void load_elements(const void *in, std::size_t i, std::size_t n, T *to, T pad) noexcept {
  using F = std::conditional_t<sizeof(E) == 8, double, float>;
  using V = native<F>;
  const E *const from = static_cast<const E *>(in) + i;
  for (std::size_t k = 0; k < n; k += lane_traits<V>::size) {
    const V x = load_part<V>(from + k, n - k, static_cast<F>(pad));
    if constexpr (sizeof(T) == sizeof(F)) {
      store_lanes(x, to + k);
    } else {
      store_lanes(to_double(x), to + k);
    }
  }
}

template <class K> struct row_logits;
template <class K> struct row_pass;

/// What options make of the elements: options.hpp. In a call without them there is none, and none of it is compiled.
template <class K> struct option_functions {
  using T = typename K::scalar;
  using L = row_logits<K>;
  void (*hide)(const L &, std::size_t i, std::size_t n, const T *from, T *to, T hidden);
  void (*natural)(const L &, std::size_t i, std::size_t n, double half_unit, doubles &hi, doubles &lo);
  double_double<double> (*added_to)(const L &, std::size_t i);
  void (*sink)(row_pass<K> &);
  void (*add_exactly)(binned_sum &, const double_double<double> &sink, double exponent);
  // by floats
  double (*far_at_ends)(const L &);
  T (*peak)(const L &, std::size_t i, std::size_t n, T &worst);
  void (*terms)(const L &, std::size_t i, std::size_t n, T shift, T *to);
  bool (*pairs)(const L &, std::size_t i, std::size_t n, T *whole, T *rest, T *most);
};

/// A row's elements, and how they become logits for kernel K.
template <class K> struct row_logits {
  using T = typename K::scalar;
  using V = native<T>;
  static constexpr std::size_t step = lane_traits<V>::size;
  static constexpr std::size_t chunk = 8192 / sizeof(T); ///< elements that are made into logits together

  /// Whether float arithmetic makes a mask's sums and softcaps.
  static constexpr bool in_floats = sizeof(T) == 4 && !K::natural_rest;

  /// Floats cut what is less than this in base 2, doubles what is less than the next.
  static constexpr double margin = 16384, enough = K::limit - margin, furthest = 0x1p46;

  const void *in = nullptr;
  void (*load)(const void *, std::size_t, std::size_t, T *, T) = nullptr; ///< `load_elements` of their type
  std::size_t size = 0;
  row_options o = {};
  const option_functions<K> *more = nullptr;
  logit_way way = logit_way::elements;
  scale_in_base_2<T> c = {}, d = {}; ///< of the scale, with a softcap over it in base e, and the mask's
  logit_origin origin = {};
  bool beyond = false; ///< whether the largest logit is beyond the kernel's limit

  void set_scale(double scale) noexcept {
    o.scale = scale;
    way = K::takes(scale) ? logit_way::elements : logit_way::wide;
    c = base_2_of<K>(scale);
  }

  /// Whether logits are counted from the row's largest or its mask.
  bool counts_differences() const noexcept { return origin.largest.hi != 0 || origin.added.hi != 0; }
  bool in_pairs() const noexcept { return way != logit_way::elements || beyond; }
  T sign() const noexcept { return o.scale < 0 ? T(-1) : T(1); }
  /// What hidden elements and padding are: -inf after the scale.
  T hidden() const noexcept { return o.scale < 0 ? infinity_of<T> : -infinity_of<T>; }

  /// Whether the elements are of T, and none is hidden.
  bool in_place() const noexcept { return load == load_elements<T, T> && o.mask_kind != option_kind::bytes; }
  /// Elements i to i + n as T, hidden ones taken out: in place, or in the buffer and then padded.
  const T *elements(std::size_t i, std::size_t n, T *buffer) const noexcept {
    if (in_place()) {
      return static_cast<const T *>(in) + i;
    }
    copy_elements(i, n, buffer, hidden());
    return buffer;
  }
  [[gnu::noinline]] void copy_elements(std::size_t i, std::size_t n, T *buffer, T hide) const noexcept {
    const bool hides = o.mask_kind == option_kind::bytes, as_it_is = load == load_elements<T, T>;
    if (!hides || !as_it_is) {
      load(in, i, n, buffer, hide);
    }
    if (hides) {
      more->hide(*this, i, n, as_it_is ? static_cast<const T *>(in) + i : buffer, buffer, hide);
    }
  }

  /// Logits i to i + n in base 2, less the origin, padded with -inf. Returns the largest, roughly.
  T pairs(std::size_t i, std::size_t n, T *whole, T *rest) const noexcept {
    T most = -infinity_of<T>;
    const bool too_far = counts_differences() || !(__builtin_fabs(origin.whole) < furthest / 2);
    for (std::size_t k = 0; k < n; k += float_block) {
      const std::size_t count = n - k < float_block ? n - k : float_block;
      T m = 0;
      if (way != logit_way::floats || too_far || !more->pairs(*this, i + k, count, whole + k, rest + k, &m)) {
        m = wide(i + k, count, whole + k, rest + k, way);
      }
      most = m > most ? m : most;
    }
    return most;
  }
  /// The same, by doubles alone.
  T wide_pairs(std::size_t i, std::size_t n, T *whole, T *rest) const noexcept {
    return wide(i, n, whole, rest, logit_way::wide);
  }

  /// Logits i to i + n, at most `wide_block`, in base e and times the unit.
  [[gnu::noinline, gnu::cold]] void natural(std::size_t i, std::size_t n, double half_unit, doubles &hi,
                                            doubles &lo) const noexcept {
    T x[wide_block];
    load(in, i, n, x, T(0));
    fill_n(x + n, wide_block - n, T(0));
    products_in_pairs(x, o.scale, half_unit, hi, lo);
    if (more) {
      more->natural(*this, i, n, half_unit, hi, lo);
    }
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

private:
  /// By doubles, but for what the given way can make: that is as it is in a row where nothing is beyond the limit.
  [[gnu::noinline, gnu::cold]] T wide(std::size_t from, std::size_t n, T *whole, T *rest,
                                      logit_way narrow) const noexcept {
    T most = -infinity_of<T>;
    const bool some_are_narrow = narrow != logit_way::wide && !counts_differences();
    const std::size_t padded = (n + step - 1) / step * step;
    for (std::size_t i = 0; i < n; i += wide_block) {
      const std::size_t count = n - i < wide_block ? n - i : wide_block;
      doubles hi, lo;
      T own_whole[wide_block], own_rest[wide_block]; // a rest of +inf where there is none
      natural(from + i, count, origin.half_unit, hi, lo);
      to_base_2(origin, K::steps, hi, lo);
      if (!some_are_narrow) {
        fill_n(own_rest, wide_block, infinity_of<T>);
      } else if (narrow == logit_way::floats) {
        T ignored = 0;
        more->pairs(*this, from + i, count, own_whole, own_rest, &ignored);
      } else {
        T x[wide_block];
        load(in, from + i, count, x, T(0));
        const auto most_2 = K::limit / __builtin_fabs(o.scale * log2_e[0]);
        for (std::size_t k = 0; k < count; k += step) {
          const V x_k = load_lanes<V>(x + k);
          const auto z_k = load_wide(hi + k);
          using W = std::remove_const_t<decltype(z_k)>;
          const logit<V> z = K::of(x_k, c, V(K::magic));
          const W far_x = select(W(most_2) < abs(widened(x_k)), W(1.0), W(0.0));
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
    } else {
      return detail::load_wide<V>(from);
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
