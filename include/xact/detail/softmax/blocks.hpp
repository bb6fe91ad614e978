#pragma once

/// @file
/// Blocks of a row whose logits and terms are floats: their maximum, their sum, and what is written in the end.

#include <xact/detail/softmax/logits.hpp>
#include <xact/detail/softmax/near_sum.hpp>
#include <xact/detail/softmax/two_largest.hpp>
#include <xact/detail/types/freestanding.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// The lanes that a step over floats takes.
template <class V> struct step_of {
  using type = pack<V, 2>;
};
template <> struct step_of<float> {
  using type = float;
};
using float_step = typename step_of<native<float>>::type;

template <class P, class E> XACT_INLINE inline P load_step(const E *from) noexcept {
  if constexpr (std::is_arithmetic_v<P>) {
    return load_lanes<P>(from);
  } else {
    P x;
    using V = std::remove_cvref_t<decltype(x.part[0])>;
    constexpr std::size_t size = lane_traits<V>::size;
    each_index<lane_traits<P>::size / size>([&](auto k) XACT_INLINE { x.part[k] = load_lanes<V>(from + k * size); });
    return x;
  }
}

template <class P, class Out> XACT_INLINE inline void store_step(const P &x, Out *to) noexcept {
  if constexpr (std::is_arithmetic_v<P>) {
    store_lanes(x, to);
  } else {
    using V = std::remove_cvref_t<decltype(x.part[0])>;
    each_index<2>([&](auto k) XACT_INLINE { store_lanes(x.part[k], to + k * lane_traits<V>::size); });
  }
}

/// Logits that are the elements, read from where they lie.
template <class E> struct direct_logits {
  using lanes = float_step;
  static constexpr bool is_padded = false;
  const E *in;

  XACT_INLINE lanes at(std::size_t i) const noexcept { return load_step<lanes>(in + i); }
};

/// Logits of a block that options have made, padded with -inf.
struct staged_logits {
  using lanes = double_double<float_step>;
  static constexpr bool is_padded = true;
  static constexpr std::size_t most = 1024;
  float hi[most];
  float lo[most];

  XACT_INLINE lanes at(std::size_t i) const noexcept {
    return {load_each<float_step>(hi + i), load_each<float_step>(lo + i)};
  }
};

template <class V> XACT_INLINE inline const V &upper_part(const V &x) noexcept { return x; }
template <class V> XACT_INLINE inline const V &upper_part(const double_double<V> &x) noexcept { return x.hi; }

/// f(i, lanes) for all lanes of n logits, the last ones padded with -inf. One loop for all, because f is inlined.
template <class L, class F> XACT_INLINE inline void each_step(const L &x, std::size_t n, const F &f) noexcept {
  constexpr std::size_t step = lane_traits<float_step>::size;
  if constexpr (L::is_padded) {
    for (std::size_t i = 0; i < n; i += step) {
      f(i, x.at(i));
    }
  } else {
    using E = std::remove_cvref_t<decltype(*x.in)>;
    E padded[step];
    L part = x;
    for (std::size_t from = 0, end = n / step * step;;) {
      for (std::size_t i = from; i < end; i += step) {
        f(i, part.at(i - from));
      }
      if (end >= n) {
        return;
      }
      for (std::size_t k = 0; k < step; ++k) {
        padded[k] = end + k < n ? x.in[end + k] : E(-detail::infinity_of<float>);
      }
      part.in = padded;
      from = end;
      end += step;
    }
  }
}

/// Which logits of a row take part: all.
struct all_logits {
  template <class L, class V> XACT_INLINE static const V &keep(const L &, const V &value, const V &) noexcept {
    return value;
  }
};
/// All; the largest of a block is summed apart where it may dominate.
struct largest_apart : all_logits {};
/// All that differ from one.
struct all_logits_but {
  double_double<float> one;

  template <class V> XACT_INLINE V keep(const V &x, const V &value, const V &otherwise) const noexcept {
    return select(x == V(one.hi), otherwise, value);
  }
  template <class V> XACT_INLINE V keep(const double_double<V> &x, const V &value, const V &otherwise) const noexcept {
    return select(x.hi == V(one.hi), select(x.lo == V(one.lo), otherwise, value), value);
  }
};

/// The two largest, or for `all_logits` the first of them; a NaN may be passed over.
template <class Which, class V> XACT_INLINE inline void add_largest(two_largest<V> &largest, const V &x) noexcept {
  if constexpr (std::is_same_v<Which, all_logits>) {
    largest.first = at_least(x, largest.first);
  } else {
    largest.add(x);
  }
}
template <class Which, class L>
[[gnu::noinline]] two_largest<float_step> largest_of_block(const L &x, std::size_t n) noexcept {
  two_largest<float_step> largest;
  each_step(x, n, [&](std::size_t, const auto &z) XACT_INLINE { add_largest<Which>(largest, upper_part(z)); });
  return largest;
}

/// The second part of the largest, whose first part is hi.
template <class E> float low_of_maximum(const direct_logits<E> &, std::size_t, float) noexcept { return 0; }
inline float low_of_maximum(const staged_logits &x, std::size_t n, float hi) noexcept {
  float_step largest(-1.0f);
  each_step(x, n, [&](std::size_t, const auto &z) XACT_INLINE {
    largest = at_least(select(z.hi == float_step(hi), z.lo, float_step(-1.0f)), largest);
  });
  return largest_lane(largest);
}

template <class L> [[gnu::noinline]] bool has_nan(const L &x, std::size_t n) noexcept {
  float_step nan(0.0f); // stays 0, or becomes NaN
  each_step(x, n, [&](std::size_t, const auto &z) XACT_INLINE {
    nan = nan + select(upper_part(z) == upper_part(z), float_step(0.0f), upper_part(z));
  });
  const float sum = sum_of_lanes(nan);
  return sum != sum;
}

/// A sum of terms, times 2^scale, and by how much it may be wrong.
struct running_sum {
  double sum = 0;
  double error = 0;
  double scale = detail::infinity_of<double>;

  bool is_empty() const noexcept { return scale == detail::infinity_of<double>; }

  void add(const running_sum &other) noexcept {
    if (other.is_empty()) {
      return;
    }
    running_sum lower = other;
    if (lower.scale < scale) { // that of the larger maximum
      std::swap(*this, lower);
    }
    const double by = times_power(1.0, at_least(scale - lower.scale, -1000.0));
    sum = mul_add(lower.sum, by, sum);
    error = mul_add(sum, 0x1p-52, mul_add(lower.error, by, error));
  }
};

/// Nothing to be done beside a sum.
struct nothing_beside {
  XACT_INLINE void operator()(std::size_t) const noexcept {}
};

/// The sum over a block of at most 4096, in the unit of its maximum or, if that is left out, of the next largest.
/// `largest`: the largest of each lane. Beside it, `next(i)` may look at what comes next.
template <class Tier, bool Precise, class Which, class L, class Next>
[[gnu::noinline]] running_sum sum_of_block(const Which &which, const L &x, std::size_t n, float maximum,
                                           const float_step &largest, const Next &next) noexcept {
  const scaled_exp<Tier, float_step> e(maximum);
  const auto term = [&](std::size_t i, const auto &z) XACT_INLINE {
    next(i);
    return which.keep(z, e(z), float_step(0.0f));
  };
  if constexpr (Precise || std::is_arithmetic_v<float_step>) {
    wide_t<float_step> sum(0.0);
    each_step(x, n, [&](std::size_t i, const auto &z) XACT_INLINE { sum = sum + to_double(term(i, z)); });
    const double total = sum_of_lanes(sum);
    return {total, total * error_of_sum<wide_t<float_step>>(n), e.scale()};
  } else {
    near_sum<Tier, native<float>> sum;
    sum.begin(e.power_above(at_most(at_least(largest.part[0], largest.part[1]), native<float>(maximum))));
    std::size_t left = sum.most;
    each_step(x, n, [&](std::size_t i, const auto &z) XACT_INLINE {
      sum.add(term(i, z));
      if (--left == 0) {
        sum.flush();
        left = sum.most;
      }
    });
    sum.flush();
    return {sum.total(), sum.error(n), e.scale()};
  }
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
