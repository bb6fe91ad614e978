#include "flushed.hpp"

#include "../values.hpp"

template <class T> std::string unharmed_by_flushing(const subject<T> &f, const std::vector<T> &xs) {
  std::vector<T> ordinary(xs.size());
  std::vector<T> flushed(xs.size());
  f.range(xs, ordinary);
  {
    [[maybe_unused]] const flush_subnormals mode;
    f.range(xs, flushed);
  }
  const auto subnormal = [](T x) { return std::fpclassify(x) == FP_SUBNORMAL; };
  findings found;
  for (std::size_t i = 0; i < xs.size(); ++i) {
    const T y = flushed[i];
    const bool as_zero = subnormal(xs[i]) && same(y, f.value(std::copysign(T(0), xs[i])));
    const bool to_zero = subnormal(ordinary[i]) && same(y, std::copysign(T(0), ordinary[i]));
    if (!same(y, ordinary[i]) && !as_zero && !to_zero) {
      found.add("f(" + show(xs[i]) + ") = " + show(y) + " with FTZ and DAZ, " + show(ordinary[i]) + " without");
    }
  }
  return found.report();
}

template std::string unharmed_by_flushing(const subject<float> &, const std::vector<float> &);
template std::string unharmed_by_flushing(const subject<double> &, const std::vector<double> &);
