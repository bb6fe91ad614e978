// The activations that are compared, each behind the same pointers, so that network and engine are compiled once; their
// errors over x, by tier, and as each is usually written.
#pragma once

#include <xact/float16.hpp>
#include <xact/inspect.hpp>

#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace report {

using floats = std::span<const float>;

/// A gated unit is f(gate) * up; of all others `up` is empty.
struct activation {
  const char *name;
  bool is_gated;

  template <class E>
  using forward = void (*)(std::span<const E> gate, std::span<const E> up, std::span<E> out, xact::census &written);
  forward<float> in_float;
  forward<xact::float16> in_float16;
  forward<xact::bfloat16> in_bfloat16;
  void (*backward)(floats gate, floats up, floats dy, std::span<float> d_gate, std::span<float> d_up);

  void (*accurate)(floats, floats, std::span<float>);
  void (*exact)(floats, floats, std::span<float>); // null where there is none
  void (*in_double)(std::span<const double>, std::span<const double>, std::span<double>);
  float (*textbook)(float gate, float up);

  /// The kernel for ranges of E, which counts what it writes.
  template <class E> forward<E> of() const {
    if constexpr (std::is_same_v<E, float>) {
      return in_float;
    } else if constexpr (std::is_same_v<E, xact::float16>) {
      return in_float16;
    } else {
      return in_bfloat16;
    }
  }
};

std::vector<activation> activations();

struct error_curve {
  std::string activation, method;
  std::vector<std::pair<double, double>> points; ///< x, and the largest error near it in ULP of float
};
/// Against the true values, which are those of double. Of a gated unit the gate is x, and 1 goes through it.
std::vector<error_curve> measure_errors();

} // namespace report
