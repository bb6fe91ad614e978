#pragma once
// One record per function: what is true of it, and what each tier and type promises. Every check runs from these.
// checks/records.cpp has them: to compile all references takes a test longer than its own code.

#include "reference/big.hpp"
#include "reference/truth.hpp"

#include <array>
#include <limits>
#include <span>
#include <string_view>

/// The promises of DESIGN, in ULP; `exact` is besides held to the correctly rounded bits.
struct promises {
  double standard = 4;
  double accurate = 1;
  double exact = 0.5;
  double wide = 4; // double
  double wide_accurate = 1.5;
};

struct record {
  std::string_view name; // also of its file in hard_cases/
  reference::truth (*truth)(double);
  reference::big (*definition)(const reference::big &);
  double at_minus_infinity;
  double at_zero; // f(0) = 0 means f(-0) = -0
  double at_infinity;
  struct {
    double from, to;
  } domain; // outside, even a double is its limit or the identity to the last bit
  bool has_hard_cases = true;
  promises ulp = {};
  std::array<double, 3> closely = {}; // points around which to look: roots, kinks
  double eighths_from =
      std::numeric_limits<double>::infinity(); // from there on, an error counts in ULP of 1/8 at least
};

/// `r` with other parameters: Make returns the reference function that has them.
template <auto Make> record with_parameters(record r, double at_minus_infinity, double at_zero, double at_infinity) {
  r.truth = [](double x) { return Make()(x); };
  r.definition = [](const reference::big &x) { return define(Make(), x); };
  r.at_minus_infinity = at_minus_infinity;
  r.at_zero = at_zero;
  r.at_infinity = at_infinity;
  r.has_hard_cases = false;
  return r;
}

namespace records {

inline constexpr double infinity = std::numeric_limits<double>::infinity();

/// Of the activation of that name, and of its derivative. They throw std::out_of_range where there is none.
const record &of(std::string_view name);
const record &derivative_of(std::string_view name);

std::span<const record> all();
std::span<const record> derivatives();

/// The record of a tier that keeps its relative accuracy at roots too.
constexpr record strict(record r) {
  r.eighths_from = infinity;
  return r;
}

} // namespace records
