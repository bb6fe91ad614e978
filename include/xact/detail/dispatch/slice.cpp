// Some activations of the dispatch library on one ISA. CMake writes files that include this and say XACT_SLICE(relu,
// avx2) and so on, each compiled with that ISA's flags.

#include <xact/activations.hpp>
#include <xact/backward_from_output.hpp>
#include <xact/detail/types/dispatch.hpp>
#include <xact/float16.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

namespace types = xact::erased::detail;

/// The activation whose parameters these are.
template <class F> XACT_INLINE inline F with_parameters(const double *parameters) noexcept {
  F f{};
  if constexpr (!std::is_empty_v<F>) {
    static_assert(std::is_trivially_copyable_v<F> && sizeof f <= types::most_parameters * sizeof(double));
    __builtin_memcpy(static_cast<void *>(&f), parameters, sizeof f);
  }
  return f;
}

/// How much code a kernel may be.
enum class copies { each_place, one, shortest };

/// What a kernel of types::kernel calls on lanes.
struct as_it_is {
  static constexpr copies code = copies::each_place;
  template <class F> XACT_INLINE auto operator()(const F &f) const noexcept { return kernel_call<F>{f}; }
};
struct to_accurate {
  static constexpr copies code = copies::one;
  template <class F> XACT_INLINE auto operator()(const F &f) const noexcept {
    return kernel_call<accurate_t<F>>{accurate_t<F>(f)};
  }
};
struct to_exact {
  static constexpr copies code = copies::one;
  template <class F> XACT_INLINE auto operator()(const F &f) const noexcept {
    return kernel_call<exact_t<F>>{exact_t<F>(f)};
  }
};
template <class Out, class In> struct to_narrow {
  static constexpr copies code = std::same_as<In, Out> ? copies::each_place : copies::one;
  template <class F> XACT_INLINE auto operator()(const F &f) const noexcept { return kernel_into<Out, In>(f); }
};

/// A kernel that is compiled once for single batches: those of value calls, and of the ends of ranges; and, where
/// several go through it together, once more for those. Copies in each place were a third of the library. What is
/// called most has them: each call of `one` takes 2 ns.
template <class K, bool Together> struct out_of_line {
  K kernel;

  template <class V> [[gnu::noinline]] auto one(V x) const noexcept { return kernel(x); }
  template <class V> XACT_INLINE auto operator()(const V &x) const noexcept { return one(x); }
  template <class V, std::size_t N> XACT_INLINE auto operator()(const pack<V, N> &x) const noexcept {
    return kernel(x);
  }
};
template <class K, bool Together, class V>
inline constexpr std::size_t unroll<out_of_line<K, Together>, V> = Together ? unroll<K, V> : 1;
template <class K, bool Together> inline constexpr bool gives_codes<out_of_line<K, Together>> = gives_codes<K>;

template <copies Copies, class V, class K> XACT_INLINE inline auto compiled(const K &kernel) noexcept {
  if constexpr (Copies == copies::shortest || (Copies == copies::one && unroll<K, V> > 1)) {
    return out_of_line<K, Copies == copies::one>{kernel};
  } else {
    return kernel;
  }
}

/// An activation, or what a member of it gives, as `Of` makes it.
struct itself {
  template <class F> XACT_INLINE static F of(const double *parameters) noexcept {
    return with_parameters<F>(parameters);
  }
};
struct its_derivative {
  template <class F> XACT_INLINE static auto of(const double *parameters) noexcept {
    return with_parameters<F>(parameters).derivative();
  }
};
struct its_output_derivative {
  template <class F> XACT_INLINE static auto of(const double *parameters) noexcept {
    return output_derivative<F>{with_parameters<F>(parameters)};
  }
};

template <class Of, class F, class In, class Out, class Kernel, copies Copies = Kernel::code>
void run_kernel(const double *parameters, const void *in, void *out, std::size_t n) noexcept {
  using V = native<compute_t<In, Out>>;
  const auto run = [&](const auto &f) {
    map<V>(compiled<Copies, V>(Kernel()(f)), n, static_cast<Out *>(out), static_cast<const In *>(in));
  };
  if constexpr (std::same_as<Kernel, as_it_is> && sizeof(Out) == 4) { // elsewhere the gain is not worth two loops
    with_constants(Of::template of<F>(parameters), run);
  } else {
    run(Of::template of<F>(parameters));
  }
}

/// The same of one value.
template <class Of, class F, class T, class Kernel>
XACT_INLINE inline T one_value(const double *parameters, T x) noexcept {
  using V = native<compute_t<T>>;
  const auto kernel = compiled<Kernel::code, V>(Kernel()(Of::template of<F>(parameters)));
  const auto y = kernel(V(static_cast<compute_t<T>>(x)));
  if constexpr (narrow_element<T>) {
    T buffer[lane_traits<V>::size];
    store_lanes(y, buffer);
    return buffer[0];
  } else {
    return first_lane(y);
  }
}
template <class Of, class F, class T, class Kernel> T run_one(const double *parameters, T x) noexcept {
  return one_value<Of, F, T, Kernel>(parameters, x);
}
template <class Of, class F, class T>
typename T::storage run_code(const double *parameters, typename T::storage code) noexcept {
  return one_value<Of, F, T, to_narrow<T, T>>(parameters, T::from_bits(code)).bits;
}

/// The kernels that are there for F; those of tiers that are the same are compiled once.
template <class Of, class F, std::size_t N> consteval void list_kernels(types::unary (&to)[N], types::of_one &one) {
  using G = decltype(Of::template of<F>(nullptr));
  constexpr bool one_tier = facts_of<G>().exact || facts_of<G>().rounded;
  static_assert(narrowable<G>, "narrow results go by `unrounded`");
  to[types::float_standard] = run_kernel<Of, F, float, float, as_it_is>;
  to[types::double_standard] = run_kernel<Of, F, double, double, as_it_is>;
  one.of_float[0] = run_one<Of, F, float, as_it_is>;
  one.of_double[0] = run_one<Of, F, double, as_it_is>;
  if constexpr (one_tier) {
    to[types::float_accurate] = to[types::float_exact] = to[types::float_standard];
    to[types::double_accurate] = to[types::double_exact] = to[types::double_standard];
    one.of_float[1] = one.of_float[2] = one.of_float[0];
    one.of_double[1] = one.of_double[0];
  } else {
    to[types::float_accurate] = run_kernel<Of, F, float, float, to_accurate>;
    to[types::float_exact] = run_kernel<Of, F, float, float, to_exact>;
    to[types::double_accurate] = run_kernel<Of, F, double, double, to_accurate>;
    if constexpr (facts_of<G>().rational) {
      to[types::double_exact] = run_kernel<Of, F, double, double, to_exact, copies::shortest>;
    }
    one.of_float[1] = run_one<Of, F, float, to_accurate>;
    one.of_float[2] = run_one<Of, F, float, to_exact>;
    one.of_double[1] = run_one<Of, F, double, to_accurate>;
  }
  to[types::unrounded] = run_kernel<Of, F, double, double, to_narrow<e5m2, double>, copies::shortest>;
  if constexpr (N == types::kernels) {
    to[types::of_float16] = run_kernel<Of, F, float16, float16, to_narrow<float16, float16>>;
    to[types::of_bfloat16] = run_kernel<Of, F, bfloat16, bfloat16, to_narrow<bfloat16, bfloat16>>;
    to[types::float_to_float16] = run_kernel<Of, F, float, float16, to_narrow<float16, float>>;
    to[types::float_to_bfloat16] = run_kernel<Of, F, float, bfloat16, to_narrow<bfloat16, float>>;
    one.of_16[0] = run_code<Of, F, float16>;
    one.of_16[1] = run_code<Of, F, bfloat16>;
  }
}

/// What tables and requantize ask of an activation and of its derivative.
template <class Of, class F, std::size_t I> consteval void list_midpoints(types::functions &to) {
  using G = decltype(Of::template of<F>(nullptr));
  using V = native<double>;
  to.rational[I] = facts_of<G>().rational;
  if constexpr (requires(const G &g, const V &x) { g.side_of_midpoint(x, x); }) {
    to.side[I] = [](const double *parameters, double x, double y) noexcept {
      return static_cast<int>(first_lane(side_of(Of::template of<F>(parameters), V(x), V(y))));
    };
  }
}

template <class F> void run_both(const float *in, float *value, float *slope, std::size_t n) noexcept {
  map<native<float>>([](const auto &x) XACT_INLINE { return value_and_slope(F(), F().derivative(), x); }, n,
                     pointer_pair<float, float>{value, slope}, in);
}

template <std::size_t I> consteval types::functions functions_of_listed() {
  constexpr const auto &entry = std::get<I>(activations);
  using F = std::remove_cvref_t<decltype(entry.f)>;
  types::functions all{};
  list_kernels<itself, F>(all.value, all.value_of_one);
  list_kernels<its_derivative, F>(all.derivative, all.derivative_of_one);
  if constexpr (determined_by_output<F>) {
    all.from_output[0] = run_kernel<its_output_derivative, F, float, float, as_it_is>;
    all.from_output[1] = run_kernel<its_output_derivative, F, double, double, as_it_is>;
  }
  if constexpr (requires(const native<float> &x) { F().with_derivative(x); }) {
    all.both = run_both<F>;
  }
  if constexpr (requires { F().refusal(); }) {
    all.refusal = [](const double *parameters) noexcept {
      const refusal r = with_parameters<F>(parameters).refusal();
      return types::refused{r.format, r.value};
    };
  }
  if constexpr (requires { F().is_invertible(); }) {
    all.is_invertible = [](const double *parameters) noexcept {
      return with_parameters<F>(parameters).is_invertible();
    };
  }
  list_midpoints<itself, F, 0>(all);
  list_midpoints<its_derivative, F, 1>(all);
  if constexpr (requires { F().steepest(); }) {
    all.steepest = [](const double *parameters) noexcept -> double {
      return with_parameters<F>(parameters).steepest();
    };
  }
  all.name = name_of<F>::text.data();
  all.derivative_name = name_of<decltype(F().derivative())>::text.data();
  return all;
}

/// That the list of the library is the one list.
template <std::size_t I, class Parameters> consteval bool is_listed(std::string_view name) {
  constexpr const auto &entry = std::get<I>(activations);
  using F = std::remove_cvref_t<decltype(entry.f)>;
  if (name != entry.name() || std::is_empty_v<Parameters> != std::is_empty_v<F>) {
    return false;
  }
  if constexpr (!std::is_empty_v<F>) {
    if constexpr (sizeof(F) == sizeof(Parameters)) {
      using all = std::array<double, sizeof(F) / sizeof(double)>;
      return __builtin_bit_cast(all, entry.f) == __builtin_bit_cast(all, Parameters());
    } else {
      return false;
    }
  }
  return true;
}
#define XACT_PLAIN_(name)                                                                                              \
  struct parameters_of_##name {};
#define XACT_WITH_(name, ...)                                                                                          \
  struct parameters_of_##name {                                                                                        \
    __VA_ARGS__                                                                                                        \
  };
XACT_DISPATCHED(XACT_PLAIN_, XACT_WITH_)
#undef XACT_PLAIN_
#undef XACT_WITH_

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact

#define XACT_SLICE(name, isa)                                                                                          \
  namespace xact {                                                                                                     \
  static_assert(detail::is_listed<static_cast<std::size_t>(erased::detail::function::name),                            \
                                  detail::parameters_of_##name>(#name),                                                \
                "XACT_DISPATCHED (detail/types/dispatch.hpp) and activations.hpp differ in " #name);                   \
  inline namespace XACT_TYPES_NAMESPACE {                                                                              \
  namespace erased {                                                                                                   \
  namespace detail {                                                                                                   \
  extern constinit const functions name##_##isa =                                                                      \
      xact::detail::functions_of_listed<static_cast<std::size_t>(function::name)>();                                   \
  }                                                                                                                    \
  }                                                                                                                    \
  }                                                                                                                    \
  }
