#pragma once
// What quantization means, for its tests: codes as numbers, and the true code of a result by comparisons with the
// middles between codes, which are exact in double.

#include "narrow_float.hpp"
#include "records.hpp"

#include <algorithm>
#include <stdexcept>
#include <xact/quantize.hpp>

/// What T's codes stand for before scale and zero point, ascending; a tie goes to the even one of two. -0 has no level.
struct level {
  double value;
  unsigned code;
  bool even;
  unsigned negative; // the code of -value for a value of 0, where it differs
};

template <class T> std::vector<level> levels(int zero_point) {
  std::vector<level> result;
  if constexpr (requires { typename T::format; }) {
    for (const T x : all_codes<T>()) {
      const double value = static_cast<double>(static_cast<float>(x));
      if (std::isfinite(value) && x.bits != 0x80)
        result.push_back({value, x.bits, x.bits % 2 == 0, x.bits == 0 ? 0x80u : x.bits});
    }
    std::ranges::sort(result, {}, &level::value);
  } else {
    const int low = std::is_same_v<T, xact::int4_pair> ? -8 : std::is_same_v<T, std::int8_t> ? -128 : 0;
    const int count = std::is_same_v<T, xact::int4_pair> ? 16 : 256;
    for (int q = low; q < low + count; ++q) {
      const unsigned code = static_cast<unsigned>(q) & static_cast<unsigned>(count - 1);
      result.push_back({static_cast<double>(q - zero_point), code, (q - zero_point) % 2 == 0, code});
    }
  }
  return result;
}

/// The level nearest to t / scale; `precisely` is t by MPFR, for where double-double cannot tell.
template <class Precisely>
unsigned nearest_level(const std::vector<level> &all, const reference::truth &t, double scale,
                       const Precisely &precisely) {
  std::size_t i = 0;
  std::size_t count = all.size();
  const auto above_middle = [&](std::size_t k) { // of levels k and k + 1: +1, 0 or -1
    const double middle = (all[k].value + all[k + 1].value) / 2 * scale;
    const double off = (t.value.hi - middle) + t.value.lo;
    const double rest = std::abs(off) < t.error ? static_cast<double>(precisely() - middle) : off;
    const double side = rest != 0 ? rest : off; // 400 bits cannot tell 60 from gelu(60), the tail in t.value.lo can
    return (side > 0) - (side < 0);
  };
  while (count > 1) {
    const std::size_t half = count / 2;
    const int side = above_middle(i + half - 1);
    const bool up = side > 0 || (side == 0 && all[i + half].even);
    i += up ? half : 0;
    count = up ? count - half : half;
  }
  return std::signbit(t.value.hi) ? all[i].negative : all[i].code;
}

/// What f does to q, by the definition: quantize(f(dequantize(q))).
inline unsigned true_code(const record &r, const std::vector<level> &all, double x, float scale) {
  const auto limit = [&](double y) {
    return std::isinf(y) ? (y > 0 ? all.back() : all.front()).code
                         : nearest_level(all, {{y}, 0}, static_cast<double>(scale), [=] { return reference::big(y); });
  };
  if (std::isinf(x))
    return limit(x > 0 ? r.at_infinity : r.at_minus_infinity);
  return nearest_level(all, r.truth(x), static_cast<double>(scale), [&] { return r.definition(x); });
}

/// What the std::invalid_argument of a call says.
template <class Call> std::string message_of(const Call &call) {
  try {
    call();
  } catch (const std::invalid_argument &error) {
    return error.what();
  }
  return "accepted";
}

inline bool says(const std::string &message, const std::string &what) { return message.find(what) != message.npos; }
