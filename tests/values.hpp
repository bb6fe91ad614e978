#pragma once
// The inputs that the checks use, and how they are told.

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <limits>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

template <class T> using bits_of = std::conditional_t<sizeof(T) == 8, std::uint64_t, std::uint32_t>;

template <class T> auto bits(T x) { return std::bit_cast<bits_of<T>>(x); }

/// Equal to the bit; NaN is NaN, whatever its payload (x86 takes it from either operand, as the compiler orders them).
template <class T> bool same(T a, T b) { return bits(a) == bits(b) || (std::isnan(a) && std::isnan(b)); }

inline std::string show(double x) {
  std::array<char, 64> text;
  std::snprintf(text.data(), text.size(), "%a (%.9g)", x, x);
  return text.data();
}

/// What a check found: nothing, or how often it failed and the first or worst instance.
class findings {
public:
  void add(std::string_view what, double badness = 0) {
    if (count++ == 0 || badness > worst) {
      worst = badness;
      text = what;
    }
  }
  bool any() const { return count > 0; }
  std::string report() const { return any() ? std::to_string(count) + " times, like: " + text : ""; }

private:
  std::size_t count = 0;
  double worst = 0;
  std::string text;
};

/// Patterns a prime stride apart, over all patterns of T: every sign, exponent and NaN, about 300,000 values.
template <class T> std::vector<T> strided() {
  constexpr bits_of<T> stride = sizeof(T) == 4 ? 14341 : 61489146912449;
  constexpr auto count = std::numeric_limits<bits_of<T>>::max() / stride;
  std::vector<T> result(static_cast<std::size_t>(count));
  bits_of<T> pattern = 0;
  for (T &x : result)
    x = std::bit_cast<T>(pattern += stride);
  return result;
}

/// Evenly distributed over an interval, with a quarter of them ever nearer to 0.
template <class T> std::vector<T> spread(double from, double to, std::size_t count) {
  std::mt19937_64 random(20240229);
  std::uniform_real_distribution<double> where(from, to);
  std::uniform_real_distribution<double> octaves(0, 60);
  std::vector<T> result(count);
  for (std::size_t i = 0; i < count; ++i) {
    const double x = where(random);
    result[i] = static_cast<T>(i % 4 == 0 ? x * std::exp2(-octaves(random)) : x);
  }
  return result;
}

/// Where kernels change their ways or give up: the ends of the type, and the tails.
template <class T> std::vector<T> edges() {
  using limits = std::numeric_limits<T>;
  std::vector<T> result;
  for (const T x : {T(0),
                    limits::denorm_min(),
                    3 * limits::denorm_min(),
                    limits::min() - limits::denorm_min(),
                    limits::min(),
                    limits::epsilon() / 4,
                    T(1e-4),
                    T(0.5),
                    T(1),
                    T(3),
                    T(5.6),
                    T(8.9),
                    T(13.9),
                    T(14.4),
                    T(17),
                    T(37.5),
                    T(80),
                    T(88.5),
                    T(103.5),
                    T(300),
                    T(705),
                    T(740),
                    limits::max(),
                    limits::infinity(),
                    limits::quiet_NaN()}) {
    result.push_back(x);
    result.push_back(-x);
  }
  return result;
}

struct hard_case {
  float x;
  float result; // correctly rounded
};

/// The inputs of hard_cases/NAME.txt. Throws where the file cannot be read, so that it is never skipped quietly.
inline std::vector<hard_case> hard_cases(std::string_view name) {
  const std::string file = XACT_TEST_DATA "/hard_cases/" + std::string(name) + ".txt";
  std::ifstream in(file);
  std::vector<hard_case> result;
  for (std::string line; std::getline(in, line);) {
    unsigned x = 0;
    unsigned y = 0;
    if (std::sscanf(line.c_str(), "%x %x", &x, &y) == 2) {
      result.push_back({std::bit_cast<float>(x), std::bit_cast<float>(y)});
    }
  }
  if (result.empty())
    throw std::runtime_error("no hard cases in " + file);
  return result;
}
