#pragma once

/// @file
/// The one place that chooses which kernel of an activation a call gets, and how many batches go through it together.

#include <xact/detail/call/arguments.hpp>
#include <xact/detail/lanes/convert.hpp>
#include <xact/detail/numbers/tier.hpp>
#include <xact/detail/types/facts.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// The kernels that an activation may have; `none`: it is a plain callable.
enum class kernel { none, standard, accurate, nearly_rounded, rounded, in_double, accurate_in_double };

template <kernel K, class F, class V> XACT_INLINE constexpr auto call_kernel(const F &f, const V &x) noexcept {
  if constexpr (K == kernel::standard) {
    return f.standard(x);
  } else if constexpr (K == kernel::accurate) {
    return f.accurate(x);
  } else if constexpr (K == kernel::nearly_rounded) {
    return f.nearly_rounded(x);
  } else if constexpr (K == kernel::rounded) {
    return f.rounded(x);
  } else if constexpr (K == kernel::in_double) {
    return f.in_double(x);
  } else if constexpr (K == kernel::accurate_in_double) {
    return f.accurate_in_double(x);
  } else {
    return f(x);
  }
}

/// Whether F has a kernel for lanes V.
template <kernel K, class F, class V> consteval bool has_kernel() {
  if constexpr (K == kernel::standard) {
    return requires(const F &f, const V &x) { f.standard(x); };
  } else if constexpr (K == kernel::accurate) {
    return requires(const F &f, const V &x) { f.accurate(x); };
  } else if constexpr (K == kernel::nearly_rounded) {
    return requires(const F &f, const V &x) { f.nearly_rounded(x); };
  } else if constexpr (K == kernel::rounded) {
    return requires(const F &f, const V &x) { f.rounded(x); };
  } else if constexpr (K == kernel::in_double) {
    return requires(const F &f, const V &x) { f.in_double(x); };
  } else {
    return requires(const F &f, const V &x) { f.accurate_in_double(x); };
  }
}
template <class F, kernel K, class V>
concept has = has_kernel<K, F, V>();

template <class F> consteval facts facts_of() {
  if constexpr (requires { F::about(); }) {
    return F::about();
  } else {
    return {};
  }
}

/// Whether F is made of kernels, and not a plain callable.
template <class F>
concept described = has<F, kernel::standard, native<float>> || has<F, kernel::accurate, native<float>> ||
                    has<F, kernel::rounded, native<double>> || has<F, kernel::in_double, native<double>>;

/// The first of some kernels that F has for lanes V.
template <class F, class V, kernel... K> consteval kernel first_of() {
  kernel found = kernel::none;
  (void)((has<F, K, V> ? (found = K, true) : false) || ...);
  return found;
}

/// The kernel for lanes V (a batch or a scalar) of float or double, where V is its own.
template <class F, class Tier, class V> consteval kernel kernel_of_own() {
  constexpr facts about = facts_of<F>();
  if (!described<F>) {
    return kernel::none;
  }
  if constexpr (std::is_same_v<scalar_t<V>, double>) {
    if (std::is_same_v<Tier, tier::exact>) {
      return first_of<F, V, kernel::rounded, kernel::in_double, kernel::accurate, kernel::standard>();
    }
    if (std::is_same_v<Tier, nearly_exact>) {
      return first_of<F, V, kernel::nearly_rounded, kernel::rounded, kernel::in_double, kernel::accurate,
                      kernel::standard>();
    }
    if (std::is_same_v<Tier, tier::accurate> && has<F, kernel::accurate_in_double, V>) {
      return kernel::accurate_in_double;
    }
    return first_of<F, V, kernel::in_double, kernel::rounded, kernel::accurate, kernel::standard>();
  } else {
    if (about.exact || about.rounded) {
      return kernel::standard;
    }
    if (std::is_same_v<Tier, tier::standard>) {
      return first_of<F, V, kernel::standard, kernel::accurate>();
    }
    return std::is_same_v<Tier, tier::accurate> ? first_of<F, V, kernel::accurate>() : kernel::none;
  }
}

template <class V> struct part_of {
  using type = V;
};
template <class V, std::size_t N> struct part_of<pack<V, N>> {
  using type = V;
};
template <class V> using part_t = typename part_of<V>::type;

/// f's kernel of a tier, for any lanes. Where float lanes have no kernel of their own, they go through double.
template <class Tier, class F, class V> XACT_INLINE constexpr V evaluate(const F &f, const V &x) noexcept {
  constexpr kernel own = kernel_of_own<F, Tier, part_t<V>>();
  if constexpr (requires { typename F::tier_of; }) {
    return evaluate<typename F::tier_type>(f.f, x);
  } else if constexpr (own == kernel::none && std::is_same_v<scalar_t<V>, float> && described<F>) {
    return to_float(
        evaluate<std::conditional_t<std::is_same_v<Tier, tier::exact>, tier::exact, nearly_exact>>(f, to_double(x)));
  } else {
    constexpr auto together = facts_of<F>().together;
    constexpr std::size_t most = own == kernel::standard                                   ? together.standard
                                 : own == kernel::accurate                                 ? together.accurate
                                 : own == kernel::none                                     ? 0
                                 : own == kernel::rounded || own == kernel::nearly_rounded ? together.rounded
                                                                                           : together.in_double;
    if constexpr (most == 0 && !std::is_same_v<part_t<V>, V>) { // the kernel takes single batches only
      return each([&f](const part_t<V> &p) XACT_INLINE { return part_t<V>(call_kernel<own>(f, p)); }, x);
    } else {
      return V(call_kernel<own>(f, x));
    }
  }
}

/// f by way of double, on float lanes: what a float kernel gives those lanes to that are beyond its range.
template <class F> struct through_double {
  F f;
  template <class V> XACT_INLINE V operator()(const V &x) const noexcept {
    return to_float(evaluate<nearly_exact>(f, to_double(x)));
  }
};
template <class F> XACT_INLINE constexpr through_double<F> through_double_of(const F &f) noexcept { return {f}; }

/// The activation itself, without an adaptor that only chooses a tier.
template <class F> XACT_INLINE constexpr const auto &untiered(const F &f) noexcept {
  if constexpr (requires { typename F::tier_of; }) {
    return untiered(f.f);
  } else {
    return f;
  }
}

/// Whether values of T can be computed by F. (Asked in this order: the call of an activation asks it again.)
template <class F, class T> consteval bool can_compute() {
  if constexpr (requires { typename F::tier_of; }) {
    return F::template takes<T> && can_compute<typename F::tier_of, T>();
  } else if constexpr (described<F>) {
    return std::is_same_v<T, float> || kernel_of_own<F, tier::standard, native<double>>() != kernel::none;
  } else {
    return requires(const F &f, const native<T> &x) {
      { f(x) } -> std::convertible_to<native<T>>;
    };
  }
}
template <class F, class T> inline constexpr bool computes = can_compute<F, T>();

/// Whether F computes values of T better than its `standard` float kernel does.
template <class F, class T>
inline constexpr bool has_accurate =
    computes<F, double> ||
    (computes<F, T> && (facts_of<F>().exact || facts_of<F>().rounded || has<F, kernel::accurate, native<float>>));

template <class F> using untiered_t = std::remove_cvref_t<decltype(untiered(std::declval<const F &>()))>;

/// An activation's kernel in its tier, as a callable on lanes.
template <class F> struct kernel_call {
  F f;
  template <class V> XACT_INLINE V operator()(const V &x) const noexcept { return evaluate<tier::standard>(f, x); }
};

/// How many batches V go through f together.
template <class F, class V> inline constexpr std::size_t unroll = 1;
template <class F, class Tier, class V> consteval std::size_t batches_together() {
  if constexpr (std::is_arithmetic_v<V>) {
    return 1;
  } else if constexpr (requires { typename F::tier_of; }) {
    return batches_together<typename F::tier_of, typename F::tier_type, V>();
  } else {
    constexpr kernel own = kernel_of_own<F, Tier, V>();
    constexpr auto together = facts_of<F>().together;
    constexpr std::size_t n = own == kernel::standard              ? together.standard
                              : own == kernel::accurate            ? together.accurate
                              : std::is_same_v<scalar_t<V>, float> ? together.rounded
                                                                   : together.in_double;
    return n == 0 ? 1 : n;
  }
}
template <class F, class V>
inline constexpr std::size_t unroll<kernel_call<F>, V> = batches_together<F, tier::standard, V>();

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
