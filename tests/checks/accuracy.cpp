#include "accuracy.hpp"

#include "../values.hpp"

template <class T> std::string special_values(const subject<T> &f, const record &r) {
  constexpr T infinity = std::numeric_limits<T>::infinity();
  constexpr T nan = std::numeric_limits<T>::quiet_NaN();
  const struct {
    T x;
    double y;
  } cases[] = {{infinity, r.at_infinity},
               {-infinity, r.at_minus_infinity},
               {T(0), r.at_zero},
               {T(-0.0), r.at_zero == 0 ? -0.0 : r.at_zero},
               {nan, nan},
               {-nan, nan},
               {std::numeric_limits<T>::signaling_NaN(), nan}};
  findings found;
  for (const auto &[x, want] : cases) {
    const T y = f.value(x);
    if (!same(y, static_cast<T>(want)))
      found.add("f(" + show(x) + ") = " + show(y) + ", not " + show(want));
  }
  return found.report();
}

/// What a result is worth: infinitely little where it is NaN or a zero of the wrong sign.
template <class T> static double badness(T y, double ulps, bool negative) {
  return std::isnan(ulps) || (y == 0 && std::signbit(y) != negative) ? records::infinity : std::abs(ulps);
}

template <class T> static std::string off_by(T x, T y, double ulps) {
  return "f(" + show(x) + ") = " + show(y) + " is off by " + show(ulps) + " ULP";
}

template <class T>
std::string within_limit(const subject<T> &f, const record &r, double limit, const std::vector<T> &xs) {
  std::vector<T> ys(xs.size());
  f.range(xs, ys);
  findings found;
  for (std::size_t i = 0; i < xs.size(); ++i) {
    if (!std::isfinite(xs[i]))
      continue; // special_values
    const reference::truth truth = r.truth(static_cast<double>(xs[i]));
    if (truth.error > 1e-4 * reference::spacing<T>(truth.value))
      continue;
    if (std::isinf(ys[i]) && ys[i] == static_cast<T>(truth.value.hi))
      continue; // beyond the largest T
    double error = badness(ys[i], reference::ulps(ys[i], truth), std::signbit(truth.value.hi));
    if (static_cast<double>(xs[i]) >= r.eighths_from && std::abs(truth.value.hi) < 0.125)
      error = std::abs((static_cast<double>(ys[i]) - truth.value.hi) /
                       (0.125 * static_cast<double>(std::numeric_limits<T>::epsilon())));
    if (!(error <= limit))
      found.add(off_by(xs[i], ys[i], error), error);
  }
  return found.report();
}

template <class T>
std::string within_limit_of_mpfr(const subject<T> &f, const record &r, double limit, const std::vector<T> &xs) {
  findings found;
  for (const T x : xs) {
    if (!std::isfinite(x))
      continue; // special_values
    const T y = f.value(x);
    const reference::big truth = r.definition(static_cast<double>(x));
    if (std::isinf(y) && y == static_cast<T>(truth))
      continue; // beyond the largest T
    const double ulps = reference::ulps(y, truth);
    double error = badness(y, ulps, truth.negative());
    if (const double value = std::abs(static_cast<double>(truth));
        static_cast<double>(x) >= r.eighths_from && value < 0.125)
      error = std::abs(ulps) * reference::spacing<T>({value, 0}) /
              (0.125 * static_cast<double>(std::numeric_limits<T>::epsilon()));
    if (!(error <= limit))
      found.add(off_by(x, y, error), error);
  }
  return found.report();
}

std::string correctly_rounded(const subject<float> &f, const record &r, const std::vector<float> &xs) {
  std::vector<float> ys(xs.size());
  f.range(xs, ys);
  findings found;
  for (std::size_t i = 0; i < xs.size(); ++i) {
    if (!std::isfinite(xs[i]))
      continue; // special_values
    const auto want = reference::nearest<float>(r.truth(static_cast<double>(xs[i])));
    if (!want.decided)
      found.add("the reference cannot decide f(" + show(xs[i]) + ")", records::infinity);
    if (!same(ys[i], want.value))
      found.add("f(" + show(xs[i]) + ") = " + show(ys[i]) + ", not " + show(want.value));
  }
  return found.report();
}

std::string hard_cases_rounded(const subject<float> &f, const record &r) {
  findings found;
  for (const auto &[x, want] : hard_cases(r.name)) {
    const float y = f.value(x);
    if (!same(y, want))
      found.add("f(" + show(x) + ") = " + show(y) + ", not " + show(want));
  }
  return found.report();
}

template std::string special_values(const subject<float> &, const record &);
template std::string special_values(const subject<double> &, const record &);
template std::string within_limit(const subject<float> &, const record &, double, const std::vector<float> &);
template std::string within_limit(const subject<double> &, const record &, double, const std::vector<double> &);
template std::string within_limit_of_mpfr(const subject<double> &, const record &, double, const std::vector<double> &);
