// What the dispatch library has once per ISA. CMake writes files that include this and define XACT_ISA, its name;
// XACT_TABLE, the object's; XACT_BUILT, the slices' objects; XACT_LISTED, their addresses in the order of the list, and
// nullptr for those that are left out.

#include "buffers.cpp"

#include <xact/activation.hpp>
#include <xact/detail/glu/gate.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

// softmax.cpp
void run_rows(const types::rows_call &) noexcept;
void run_row_gradient(const types::rows_gradient &) noexcept;
void update_state(softmax_state &, const types::source &, std::size_t, const softmax_options &) noexcept;
void merge_states(softmax_state &, const softmax_state &) noexcept;
void write_state(const softmax_state &, types::row_function, types::tier, const types::source &, const types::target &,
                 std::size_t, const softmax_options &) noexcept;
double sum_of_state(const softmax_state &) noexcept;

// measures.cpp
void inspect_elements(census &, const types::source &, std::size_t, std::size_t) noexcept;
void compare_elements(drift &, const types::source &, const types::source &, std::size_t, std::size_t,
                      std::size_t) noexcept;

// quantized.cpp
void quantize_elements(const types::source &, std::size_t, const types::target &, std::size_t,
                       const quantization &) noexcept;
void dequantize_elements(const types::source &, std::size_t, const types::target &, std::size_t,
                         const quantization &) noexcept;
void measure_elements(const types::source &, std::size_t, double &, double &) noexcept;
quantization fit_quantization(types::element, double, double) noexcept;
void fill_entries(const types::operation &, types::element, const quantization &, const quantization &,
                  std::uint8_t *) noexcept;
void look_entries_up(const std::uint8_t *, const types::source &, const types::target &, std::size_t) noexcept;
void requantize_elements(const types::operation &, const std::int32_t *, float, const quantization &,
                         const types::target &, std::size_t) noexcept;

// prelu.cpp
void run_prelu(const types::prelu_call &) noexcept;

/// Types that no kernel has: what is read is made float or double, exactly, and what is written rounded once.
inline void apply(const types::operation &f, const types::source &in, const types::target &out,
                  std::size_t n) noexcept {
  using types::element;
  const bool is_double = in.type == element::float64 || out.type == element::float64;
  const bool is_narrow = out.type != element::float32 && out.type != element::float64;
  const bool is_16 = out.type == element::float16 || out.type == element::bfloat16;
  const types::kernel to_16 = out.type == element::float16 ? types::float_to_float16 : types::float_to_bfloat16;
  const bool once = is_16 && !is_double && !f.derivative;
  const element between = once || !(is_double || is_narrow) ? element::float32 : element::float64;
  const types::unary run = once ? f.of->value[to_16]
                           : is_narrow
                               ? f.derivative ? f.of->derivative[types::unrounded] : f.of->value[types::unrounded]
                           : is_double ? kernel_of<double>(f)
                                       : kernel_of<float>(f);
  alignas(64) double buffer[part_size];
  each_part(n, part_size, [&](std::size_t i, std::size_t part) {
    load(in, i, between, buffer, part);
    if (once) {
      run(f.parameters, buffer, static_cast<std::uint16_t *>(out.data) + i, part);
    } else {
      run(f.parameters, buffer, buffer, part);
      store(between, buffer, out, i, part);
    }
  });
}

template <class... Elements> inline bool any_double(const Elements &...e) noexcept {
  return ((e.type == types::element::float64) || ...);
}

template <class T>
void scale_in(types::unary derivative, const double *parameters, const types::source &x, const types::source &dy,
              const types::target &dx, bool accumulate, std::size_t n) noexcept {
  constexpr std::size_t most = part_size * 8 / sizeof(T) / 4;
  constexpr types::element own = own_element<T>;
  alignas(64) T slope[most], above[most], before[most];
  each_part(n, most, [&](std::size_t i, std::size_t part) {
    load(x, i, own, slope, part);
    load(dy, i, own, above, part);
    derivative(parameters, slope, slope, part);
    const T *const d = slope, *const a = above, *const b = before;
    if (accumulate) { // as scaled_derivative has it
      load(as_source(dx), i, own, before, part);
      map<native<T>>([](const auto &g, const auto &s, const auto &old) XACT_INLINE { return mul_add(g, s, old); }, part,
                     slope, a, d, b);
    } else {
      map<native<T>>([](const auto &g, const auto &s) XACT_INLINE { return g * s; }, part, slope, a, d);
    }
    store(own, slope, dx, i, part);
  });
}

inline void scale_by_derivative(const types::operation &f, bool from_output, const types::source &x,
                                const types::source &dy, const types::target &dx, bool accumulate,
                                std::size_t n) noexcept {
  if (any_double(x, dy, dx)) {
    scale_in<double>(from_output ? f.of->from_output[1] : kernel_of<double>(f), f.parameters, x, dy, dx, accumulate, n);
  } else {
    scale_in<float>(from_output ? f.of->from_output[0] : kernel_of<float>(f), f.parameters, x, dy, dx, accumulate, n);
  }
}

// Gated units: what glu/gate.hpp does in one pass, in steps, each of which rounds as there.

inline glu_options options_of(const types::unit &u) noexcept {
  return {.limit = u.limit, .alpha = u.alpha, .offset = u.offset};
}

/// gate and up as the options shape them.
template <class T> inline void shape(const glu_options &options, T *gate, T *up, std::size_t n) noexcept {
  const T *const g = gate, *const u = up;
  map<native<T>>(
      [&](const auto &a, const auto &b) XACT_INLINE {
        using V = std::remove_cvref_t<decltype(a)>;
        const gate_and_up<V> shaped(options, a, b);
        return std::pair<V, V>(shaped.z, shaped.u);
      },
      n, pointer_pair<T, T>{gate, up}, g, u);
}

template <class T>
void glu_in(const types::unit &unit, const types::source &gate, const types::source &up, const types::target &out,
            std::size_t n) noexcept {
  constexpr std::size_t most = part_size * 8 / sizeof(T) / 2;
  constexpr types::element own = own_element<T>;
  const glu_options options = options_of(unit);
  const bool plain = is_plain(options);
  alignas(64) T first[most], second[most];
  each_part(n, most, [&](std::size_t i, std::size_t part) {
    load(gate, i, own, first, part);
    load(up, i, own, second, part);
    if (!plain) {
      shape(options, first, second, part);
    }
    kernel_of<T>(unit.first)(unit.first.parameters, first, first, part);
    if (unit.second.of != nullptr) {
      kernel_of<T>(unit.second)(unit.second.parameters, second, second, part);
    }
    const T *const y = first, *const v = second;
    if (plain || options.alpha == 1) {
      map<native<T>>([](const auto &a, const auto &b) XACT_INLINE { return a * b; }, part, first, y, v);
    } else {
      const T alpha = static_cast<T>(options.alpha);
      map<native<T>>([alpha](const auto &a, const auto &b)
                         XACT_INLINE { return divide(a, std::remove_cvref_t<decltype(a)>(alpha)) * b; },
                     part, first, y, v);
    }
    store(own, first, out, i, part);
  });
}

inline bool rounds(const types::unit &u) noexcept {
  struct another {};
  return u.second.of != nullptr ? rounds_an_argument<another>(options_of(u))
                                : rounds_an_argument<no_function>(options_of(u));
}

/// silu(1.702 g) / 1.702 is gelu_quick(g), as choose_gate has it.
inline types::unit cheapest(types::unit unit, const types::functions *const *listed) noexcept {
  const auto at = [&](types::function f) { return listed[static_cast<unsigned>(f)]; };
  if (unit.alpha == 1.702 && unit.first.of == at(types::function::silu) && unit.first.in == types::tier::standard &&
      !unit.first.derivative && at(types::function::gelu_quick) != nullptr) {
    unit.first.of = at(types::function::gelu_quick);
    unit.alpha = 1;
  }
  return unit;
}

inline void run_glu(const types::unit &given, const types::source &gate, const types::source &up,
                    const types::target &out, std::size_t n) noexcept {
  const types::unit unit = cheapest(given, dispatch_table().activations);
  if (any_double(gate, up, out) || rounds(unit)) {
    if (!any_double(gate, up, out)) { // float results, rounded to float before they are to less
      alignas(64) float result[part_size];
      each_part(n, part_size, [&](std::size_t i, std::size_t part) {
        const auto from = [&](const types::source &s) { return types::source{byte_at(s, i), s.type, s.step}; };
        glu_in<double>(unit, from(gate), from(up), {result, types::element::float32}, part);
        store(types::element::float32, result, out, i, part);
      });
      return;
    }
    glu_in<double>(unit, gate, up, out, n);
  } else {
    glu_in<float>(unit, gate, up, out, n);
  }
}

/// f(x) and f'(x), as value_and_slope has them.
template <class T>
inline void value_and_slope_of(const types::operation &f, const T *x, T *value, T *slope, std::size_t n) noexcept {
  if constexpr (std::same_as<T, float>) {
    if (f.of->both != nullptr && f.in == types::tier::standard && !f.derivative) {
      f.of->both(x, value, slope, n);
      return;
    }
  }
  types::operation derivative = f;
  derivative.derivative = true;
  kernel_of<T>(f)(f.parameters, x, value, n);
  kernel_of<T>(derivative)(f.parameters, x, slope, n);
}

/// The gradients as gate_gradient has them, of few elements: there are many buffers.
template <class T> struct gradients {
  static constexpr std::size_t most = sizeof(T) == 8 ? 96 : 192;
  alignas(64) T gate[most], up[most], dy[most], gate_before[most], up_before[most];
  alignas(64) T z[most], u[most], y[most], slope[most], v_slope[most];

  void load_all(const types::source &g, const types::source &x, const types::source &above, std::size_t i,
                std::size_t n) noexcept {
    constexpr types::element own = own_element<T>;
    load(g, i, own, gate, n);
    load(x, i, own, up, n);
    load(above, i, own, dy, n);
  }

  /// Leaves them in gate and up; `accumulate` adds what was before.
  void run(const types::unit &unit, bool accumulate, std::size_t n) noexcept {
    const glu_options options = options_of(unit);
    const bool plain = is_plain(options), two = unit.second.of != nullptr;
    __builtin_memcpy(z, gate, n * sizeof(T));
    __builtin_memcpy(u, up, n * sizeof(T));
    if (!plain) {
      shape<T>(options, z, u, n);
    }
    value_and_slope_of<T>(unit.first, z, y, slope, n);
    if (two) {
      value_and_slope_of<T>(unit.second, u, u, v_slope, n);
    }
    const T *const g = gate, *const x = up, *const above = dy, *const v = u, *const first = y, *const s = slope,
                   *const w = v_slope, *const old_g = gate_before, *const old_x = up_before;
    const pointer_pair<T, T> to{gate, up};
    const T alpha = static_cast<T>(options.alpha), limit = static_cast<T>(options.limit);
    const bool divides = options.alpha != 1;
    const auto gradient = [=](const auto &d, const auto &b, const auto &a, const auto &da, const auto &db) XACT_INLINE {
      using V = std::remove_cvref_t<decltype(d)>;
      return two ? std::pair<V, V>(V(d * b) * da, V(d * a) * db) : std::pair<V, V>(V(d * b) * da, d * a);
    };
    if (plain && accumulate) { // in one expression, as there: compilers make one operation of the product and the sum
      map<native<T>>(
          [=](const auto &d, const auto &b, const auto &a, const auto &da, const auto &db, const auto &before,
              const auto &other) XACT_INLINE {
            using V = std::remove_cvref_t<decltype(d)>;
            const auto [dz, du] = gradient(d, b, a, da, db);
            return std::pair<V, V>(before + dz, other + du);
          },
          n, to, above, v, first, s, w, old_g, old_x);
      return;
    }
    map<native<T>>(
        [=](const auto &d, const auto &b, const auto &a, const auto &da, const auto &db, const auto &of_gate,
            const auto &of_up) XACT_INLINE {
          using V = std::remove_cvref_t<decltype(d)>;
          auto [dz, du] = gradient(d, b, a, da, db);
          if (plain) {
            return std::pair<V, V>(dz, du);
          }
          const V zero(T(0)), most_of_it(limit);
          du = divides ? divide(du, V(alpha)) : du;
          return std::pair<V, V>(select(most_of_it < of_gate, zero, dz), select(most_of_it < abs(of_up), zero, du));
        },
        n, to, above, v, first, s, w, g, x);
    if (accumulate) {
      add(gate, gate_before, n);
      add(up, up_before, n);
    }
  }

  static void add(T *to, const T *before, std::size_t n) noexcept {
    map<native<T>>([](const auto &x, const auto &old) XACT_INLINE { return old + x; }, n, to,
                   static_cast<const T *>(to), before);
  }
};

template <class T>
void glu_gradient_in(const types::unit &unit, const types::source &gate, const types::source &up,
                     const types::source &dy, const types::target &d_gate, const types::target &d_up, bool accumulate,
                     std::size_t n) noexcept {
  constexpr types::element own = own_element<T>;
  gradients<T> all;
  each_part(n, all.most, [&](std::size_t i, std::size_t part) {
    all.load_all(gate, up, dy, i, part);
    if (accumulate) {
      load(as_source(d_gate), i, own, all.gate_before, part);
      load(as_source(d_up), i, own, all.up_before, part);
    }
    all.run(unit, accumulate, part);
    store(own, all.gate, d_gate, i, part);
    store(own, all.up, d_up, i, part);
  });
}

/// Floats whose arguments would be rounded: in double, and rounded to float before they are added.
inline void wide_glu_gradient(const types::unit &unit, const types::source &gate, const types::source &up,
                              const types::source &dy, const types::target &d_gate, const types::target &d_up,
                              bool accumulate, std::size_t n) noexcept {
  using types::element;
  gradients<double> all;
  alignas(64) float result[all.most], before[all.most];
  each_part(n, all.most, [&](std::size_t i, std::size_t part) {
    all.load_all(gate, up, dy, i, part);
    all.run(unit, false, part);
    const auto finish = [&](const double *from, const types::target &to) {
      convert(element::float64, from, element::float32, result, part);
      if (accumulate) {
        load(as_source(to), i, element::float32, before, part);
        gradients<float>::add(result, before, part);
      }
      store(element::float32, result, to, i, part);
    };
    finish(all.gate, d_gate);
    finish(all.up, d_up);
  });
}

inline void run_glu_gradient(const types::unit &unit, const types::source &gate, const types::source &up,
                             const types::source &dy, const types::target &d_gate, const types::target &d_up,
                             bool accumulate, std::size_t n) noexcept {
  if (any_double(gate, up, dy, d_gate, d_up)) {
    glu_gradient_in<double>(unit, gate, up, dy, d_gate, d_up, accumulate, n);
  } else if (rounds(unit)) {
    wide_glu_gradient(unit, gate, up, dy, d_gate, d_up, accumulate, n);
  } else {
    glu_gradient_in<float>(unit, gate, up, dy, d_gate, d_up, accumulate, n);
  }
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE

inline namespace XACT_TYPES_NAMESPACE {
namespace erased {
namespace detail {

extern const functions XACT_BUILT;
static constexpr const functions *const listed[] = {XACT_LISTED};
static_assert(sizeof listed / sizeof *listed == functions_listed);

extern constinit const table XACT_TABLE{XACT_ISA,
                                        listed,
                                        xact::detail::apply,
                                        xact::detail::scale_by_derivative,
                                        xact::detail::run_glu,
                                        xact::detail::run_glu_gradient,
                                        xact::detail::run_rows,
                                        xact::detail::run_row_gradient,
                                        xact::detail::update_state,
                                        xact::detail::merge_states,
                                        xact::detail::write_state,
                                        xact::detail::sum_of_state,
                                        xact::detail::inspect_elements,
                                        xact::detail::compare_elements,
                                        xact::detail::quantize_elements,
                                        xact::detail::dequantize_elements,
                                        xact::detail::measure_elements,
                                        xact::detail::fit_quantization,
                                        xact::detail::fill_entries,
                                        xact::detail::look_entries_up,
                                        xact::detail::requantize_elements,
                                        xact::detail::run_prelu};

} // namespace detail
} // namespace erased
} // namespace XACT_TYPES_NAMESPACE
} // namespace xact
