#pragma once

/// @file
/// A row between its passes: the largest logit, the terms and their sum. README.md draws them.

#include <xact/detail/softmax/logits.hpp>
#include <xact/detail/softmax/passes.hpp>
#include <xact/detail/softmax/sum.hpp>
#include <xact/detail/types/quantization.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// What a row comes to: `finite`, or one of those that need no arithmetic.
enum class row_kind : unsigned char { finite, empty, infinite, nan };

/// A row between its passes. `with_log`: the term of the largest logit is kept apart from the sum of the others, so
/// that log_softmax keeps its relative accuracy where one logit dominates.
template <class K> struct row_pass {
  using T = typename K::scalar;
  static constexpr std::size_t chunk = has_parts<K> ? low_parts<T> : row_buffers<T>::size;
  static_assert(chunk <= summed_together && chunk <= row_logits<K>::chunk);

  row_logits<K> logits;
  quantization codes = {};                                         ///< of results that are codes
  std::size_t (*with_log)(row_pass &, row_buffers<T> &) = nullptr; ///< finds a largest logit
  bool direct = false;  ///< whether terms are made without logits in a buffer
  bool paired = false;  ///< of a kept row, whether its logits are in the buffers
  T *terms = nullptr;   ///< where all its terms go, or null
  std::size_t slot = 0; ///< of the buffers; rows that go together have one each
  row_kind kind = row_kind::finite;
  std::size_t infinite = 0; ///< how often +inf
  double exponent = 0;      ///< of the largest logit in base 2, less the origin; even, so that ties do not hang on it
  running_sum total = {};   ///< near the sum of the terms, with_log of the others
  double_double<double> sink = {0, 0};    ///< its term
  T largest_x = 0;                        ///< the largest element times the sign of the scale
  double_double<double> one = {0, 0};     ///< with_log: the largest logit's term
  double_double<double> largest = {0, 0}; ///< with_log: the largest logit in base e

  using V = native<T>;
  static constexpr std::size_t step = lane_traits<V>::size;

  /// The elements of a kept row, once measured.
  const T *kept_elements(row_buffers<T> &b) const noexcept {
    return logits.in_place() ? static_cast<const T *>(logits.in) : b.whole + slot;
  }

  bool is_kept() const noexcept { return logits.size <= chunk; }
  std::size_t count(std::size_t i) const noexcept { return logits.size - i < chunk ? logits.size - i : chunk; }

  /// That log_softmax or logsumexp is wanted; softmax alone does not have what only they need.
  void set_with_log() noexcept {
    with_log = [](row_pass &p, row_buffers<T> &b) noexcept { return p.find_largest(b); };
  }

  /// First pass.
  void measure(row_buffers<T> &b) noexcept {
    const double away = logits.way == logit_way::floats ? logits.more->far_at_ends(logits) : 0;
    logits.beyond = away != 0;
    logits.origin.whole = origin_near(away);
    double peak = peak_of(b);
    if (logits.beyond && !suits(peak)) {
      logits.beyond = false;
      logits.origin.whole = 0;
      peak = peak_of(b);
    }
    // Rough is near enough to count from. A row masked by -1e9 comes here, and twice with a softcap.
    for (int i = 0; i < 2 && __builtin_fabs(peak) < furthest_added - 0x1p30 && !suits(peak); ++i) {
      logits.beyond = true;
      logits.origin.whole += origin_near(peak);
      peak = peak_of(b);
    }
    if (!suits(peak)) [[unlikely]] {
      peak = examine(b);
    }
    exponent = even_near(peak);
  }

  /// Second pass; `kind` may become `nan` only after it.
  void sum(row_buffers<T> &b) noexcept {
    if (kind != row_kind::finite) [[unlikely]] {
      return;
    }
    std::size_t at = static_cast<std::size_t>(-1);
    if (with_log) {
      at = with_log(*this, b);
    }
    total = {};
    each_terms(b, [&](T *t, std::size_t i, std::size_t n) {
      take_one(t, at - i, n);
      add_terms(total, t, n);
      if constexpr (has_parts<K>) {
        add_terms(total, t + low_parts<T>, n);
      }
    });
    if (logits.o.sink > -infinity_of<double>) {
      logits.more->sink(*this);
    }
  }

  /// f(terms, index of their first, count), for all terms, made anew.
  template <class F> XACT_INLINE void each_terms(row_buffers<T> &b, const F &f) noexcept {
    for (std::size_t i = 0; i < logits.size; i += chunk) {
      f(make_terms(b, i, count(i)), i, count(i));
    }
  }

  /// Terms i to i + n, at most `chunk`.
  [[gnu::noinline]] T *make_terms(row_buffers<T> &b, std::size_t i, std::size_t n) noexcept {
    T *const to = terms ? terms + i : b.terms + slot;
    if (direct) {
      logits.more->terms(logits, i, n, shift(), to);
    } else if (logits.in_pairs()) {
      if (!paired) {
        logits.pairs(i, n, b.whole + slot, b.rest + slot);
      }
      terms_of_pairs<K>(b.whole + slot, b.rest + slot, n, shift(), to);
    } else {
      const T *x = is_kept() ? kept_elements(b) : logits.elements(i, n, b.whole + slot);
      terms_of_elements<K>(x, n, logits.c, shift(), logits.hidden(), to);
    }
    return to;
  }

  /// A logit in base e as whole part and rest, less the origin.
  [[gnu::noinline, gnu::cold]] logit<T> pair_of(const double_double<double> &natural) const noexcept {
    doubles hi, lo;
    fill_n(hi, wide_block, natural.hi);
    fill_n(lo, wide_block, natural.lo);
    to_base_2(logits.origin, K::steps, hi, lo);
    const auto whole = static_cast<T>(hi[0]);
    const double left = (hi[0] - static_cast<double>(whole)) + lo[0];
    const bool is_finite = __builtin_fabs(hi[0]) < infinity_of<double>;
    return {whole, static_cast<T>(!is_finite ? 0 : K::natural_rest ? left * log_2[0] : left)};
  }

  /// Counts logits from where it suits the largest, given in base e. Returns what is then left of it.
  double set_largest(const double_double<double> &most, double half_unit) noexcept {
    const double peak = most.hi * log2_e[0];
    logits.origin = {0, {0, 0}, half_unit, logits.origin.added};
    const bool is_near = half_unit == 1 && suits(peak);
    logits.beyond = !is_near || logits.origin.added.hi != 0;
    if (is_near) {
      exponent = even_near(peak);
      return peak;
    }
    double left = 0;
    if (half_unit == 1 && __builtin_fabs(peak) < only_order) {
      logits.origin.whole = origin_near(peak);
      left = static_cast<double>(pair_of(most).whole);
    } else {
      logits.origin.largest = most;
    }
    exponent = even_near(left);
    return left;
  }

  T shift() const noexcept { return shift_of<K>(exponent); }

  /// The sum of terms, rounded, 0 where a term is NaN.
  running_sum rounded_sum(row_buffers<T> &b) noexcept {
    const double error = total.hi * sum_error<K>(logits.size + 1);
    const running_sum sum = round(total, error), other = round(total, -error);
    if (sum.hi == other.hi && sum.lo == other.lo) [[likely]] {
      return sum;
    }
    return sum.hi == sum.hi ? round(exact_sum(b).total(exponent - K::top)) : running_sum{};
  }
  static running_sum round(const running_sum &s, double error = 0) noexcept {
    const double sum = round_sum<K::sum_bits>(s, error);
    return {sum, round_rest<has_parts<K>>(s, error, sum)};
  }

  /// The exact sum of what `total` sums, in units of 1.
  [[gnu::noinline, gnu::cold]] binned_sum exact_sum(row_buffers<T> &b) noexcept {
    binned_sum s;
    if (terms) {
      add_exactly(s, terms, logits.size);
    } else if (is_kept()) {
      add_made(s, b.terms + slot, logits.size);
    } else {
      const double_double<double> kept_largest = largest; // a sink, maybe
      const double_double<double> kept_one = one;
      collect(b, s);
      largest = kept_largest, one = kept_one;
    }
    if (logits.more) {
      logits.more->add_exactly(s, sink, exponent - K::top);
    }
    return s;
  }

  /// Adds all terms but, with_log, a largest one to an exact sum.
  void collect(row_buffers<T> &b, binned_sum &s) noexcept {
    const std::size_t at = with_log ? with_log(*this, b) : static_cast<std::size_t>(-1);
    each_terms(b, [&](T *t, std::size_t i, std::size_t n) {
      take_one(t, at - i, n);
      add_made(s, t, n);
    });
  }

  double_double<double> sink_logit() const noexcept {
    const logit_origin &o = logits.origin;
    const double z = logits.o.sink * o.half_unit * o.half_unit;
    return o.added.hi == 0 ? double_double<double>{z, 0} : double_double<double>{(z - o.added.hi) - o.added.lo, 0};
  }
  static bool is_less(const double_double<double> &a, const double_double<double> &b) noexcept {
    return a.hi < b.hi || (a.hi == b.hi && a.lo < b.lo);
  }

private:
  static bool suits(double peak) noexcept { return peak <= K::limit && peak >= 200 - K::limit; }

  /// Takes term i, if it is one of n, out of them as `one`.
  XACT_INLINE void take_one(T *t, std::size_t i, std::size_t n) noexcept {
    if (i < n) {
      one = {static_cast<double>(t[i]), 0};
      t[i] = T(0);
      if constexpr (has_parts<K>) {
        one.lo = t[low_parts<T> + i];
        t[low_parts<T> + i] = 0;
      }
    }
  }

  void add_exactly(binned_sum &s, const T *t, std::size_t n) const noexcept { s.add_terms(t, n, exponent - K::top); }
  void add_made(binned_sum &s, const T *t, std::size_t n) const noexcept {
    add_exactly(s, t, n);
    if constexpr (has_parts<K>) {
      s.add(t + low_parts<T>, n, exponent - K::top);
    }
  }

  /// The largest logit less the origin, and how terms are to be made.
  double peak_of(row_buffers<T> &b) noexcept {
    double peak = -infinity_of<double>;
    const bool elements = logits.way == logit_way::elements, caps = !elements && logits.o.softcap != 0;
    paired = false;
    direct = logits.way == logit_way::floats && !caps && !logits.beyond && logits.size != 0;
    if (direct) {
      T most = -infinity_of<T>, worst = most;
      for (std::size_t i = 0; i < logits.size; i += chunk) {
        const T m = logits.more->peak(logits, i, count(i), worst);
        most = m > most ? m : most;
      }
      direct = worst < T(row_logits<K>::enough);
      peak = static_cast<double>(most);
    }
    const bool capped = caps && logits.way == logit_way::floats && !logits.beyond &&
                        logits.o.mask_kind == option_kind::none && logits.size != 0;
    if (elements || capped) {
      largest_x = logits.beyond ? largest_x : find_largest_element(b);
      const double z = static_cast<double>(largest_x) * __builtin_fabs(logits.o.scale);
      peak = (caps ? logits.o.softcap * __builtin_tanh(z / logits.o.softcap) : z) * log2_e[0] - logits.origin.whole;
    }
    if (!direct && !capped && logits.in_pairs()) {
      peak = pairs_peak(b);
      paired = is_kept();
    }
    const double sink_left = logits.o.sink * log2_e[0] - logits.origin.whole;
    return sink_left > peak ? sink_left : peak;
  }

  T find_largest_element(row_buffers<T> &b) const noexcept {
    if (logits.in_place()) {
      return largest_element(static_cast<const T *>(logits.in), logits.size, logits.sign());
    }
    T most = -infinity_of<T>;
    for (std::size_t i = 0; i < logits.size; i += chunk) {
      const T m = largest_element(logits.elements(i, count(i), b.whole + slot), count(i), logits.sign());
      most = m > most ? m : most;
    }
    return most;
  }

  [[gnu::noinline]] double pairs_peak(row_buffers<T> &b) const noexcept {
    T most = -infinity_of<T>;
    for (std::size_t i = 0; i < logits.size; i += chunk) {
      const T m = logits.pairs(i, count(i), b.whole + slot, b.rest + slot);
      most = m > most ? m : most;
    }
    return static_cast<double>(most);
  }

  /// f(logits in base e: parts, index of the first, count)
  template <class F> void each_natural(double half_unit, const F &f) const noexcept {
    for (std::size_t i = 0; i < logits.size; i += wide_block) {
      const std::size_t n = logits.size - i < wide_block ? logits.size - i : wide_block;
      doubles hi, lo;
      logits.natural(i, n, half_unit, hi, lo);
      f(hi, lo, i, n);
    }
  }
  /// A row whose largest logit is beyond the kernel's limit, infinite or NaN: where its logits are to be counted from.
  [[gnu::noinline, gnu::cold]] double examine(row_buffers<T> &b) noexcept {
    double_double<double> most = {0, 0};
    for (const double half_unit : {1.0, 0x1p-600}) { // the second where products overflow
      bool has_nan = logits.o.sink != logits.o.sink;
      most = {logits.o.sink * half_unit * half_unit, 0};
      infinite = 0;
      logits.origin = {0, {0, 0}, half_unit, {0, 0}};
      each_natural(half_unit, [&](const doubles &hi, const doubles &lo, std::size_t, std::size_t n) {
        for (std::size_t k = 0; k < n; ++k) {
          const double_double<double> z{hi[k], lo[k]};
          has_nan = has_nan || z.hi != z.hi;
          infinite += z.hi == infinity_of<double>;
          most = is_less(most, z) ? z : most;
        }
      });
      infinite += logits.o.sink == infinity_of<double>;
      if (has_nan) {
        kind = row_kind::nan;
        return 0;
      }
      if (__builtin_fabs(most.hi) < infinity_of<double>) {
        break;
      }
      kind = most.hi > 0 ? row_kind::infinite : row_kind::empty;
    }
    if (!(__builtin_fabs(most.hi) < infinity_of<double>)) {
      return 0;
    }
    kind = row_kind::finite;
    direct = false;
    if (logits.o.mask_kind > option_kind::bytes && logits.size != 0 && logits.origin.half_unit == 1 &&
        __builtin_fabs(most.hi) >= furthest_added / 2) {
      const double_double<double> added = logits.more->added_to(logits, find_natural());
      if (__builtin_fabs(added.hi) * log2_e[0] >= furthest_added && !is_less(largest, sink_logit())) {
        logits.origin.added = added;
        find_natural();
        most = is_less(largest, sink_logit()) ? sink_logit() : largest;
      }
    }
    const double peak = set_largest(most, logits.origin.half_unit);
    paired = is_kept() && logits.in_pairs();
    if (paired) {
      logits.pairs(0, logits.size, b.whole + slot, b.rest + slot);
    }
    return peak;
  }

  /// The index of a largest logit.
  std::size_t find_largest(row_buffers<T> &b) noexcept {
    if (logits.way == logit_way::elements) {
      return find_element(b);
    }
    return find_natural();
  }
  [[gnu::noinline]] std::size_t find_element(row_buffers<T> &b) noexcept {
    const V sign(logits.sign()), wanted(largest_x);
    largest = exact_product_of(static_cast<double>(largest_x * logits.sign()), logits.o.scale);
    for (std::size_t i = 0; largest_x > -infinity_of<T> && i < logits.size; i += chunk) {
      const std::size_t n = count(i);
      // Of kept rows the copy is there; else the terms' buffer serves, which is not filled yet.
      const T *x = logits.beyond || !is_kept() ? logits.elements(i, n, b.terms + slot) : kept_elements(b);
      for (std::size_t k = 0; k < n; k += step) {
        if (any_lane(V(load_part<V>(x + k, n - k, logits.hidden()) * sign) == wanted)) {
          while (x[k] * logits.sign() != largest_x) {
            ++k;
          }
          return i + k;
        }
      }
    }
    return 0;
  }
  static double_double<double> exact_product_of(double a, double b) noexcept {
    using D = native<double>;
    const double_double<D> p = exact_product(D(a), D(b));
    return {first_lane(p.hi), first_lane(p.lo)};
  }
  [[gnu::noinline, gnu::cold]] std::size_t find_natural() noexcept {
    std::size_t at = 0;
    largest = {-infinity_of<double>, 0};
    each_natural(logits.origin.half_unit, [&](const doubles &hi, const doubles &lo, std::size_t i, std::size_t n) {
      for (std::size_t k = 0; k < n; ++k) {
        const double_double<double> z{hi[k], lo[k]};
        if (is_less(largest, z)) {
          largest = z;
          at = i + k;
        }
      }
    });
    return at;
  }
};

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
