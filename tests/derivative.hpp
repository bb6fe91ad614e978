#pragma once
// The checks of a derivative: those of an activation, at the roots too.

#include "activation.hpp"
#include "derivative_records.hpp"

#include <xact/derivative.hpp>

/// The numbers of T around x: every neighbour at first, then ever farther.
template <class T> std::vector<T> around(double x) {
  std::vector<T> result;
  for (int k = 0; k < 400; ++k) {
    const auto step = static_cast<bits_of<T>>(k < 200 ? k : std::exp2((k - 200) * (sizeof(T) == 4 ? 0.1 : 0.23)));
    for (const bits_of<T> pattern : {bits(static_cast<T>(x)) - step, bits(static_cast<T>(x)) + step})
      result.push_back(std::bit_cast<T>(pattern));
  }
  return result;
}

/// A function by its call on ranges alone: a fourth of what a subject has to compile.
template <class T> class by_range {
public:
  template <class F>
  explicit by_range(const F &f) : run([f](std::span<const T> in, std::span<T> out) { f(in, out); }) {}

  void operator()(std::span<const T> in, std::span<T> out) const { run(in, out); }
  void operator()(std::span<T> x) const { run(x, x); }
  T operator()(T x) const noexcept {
    T y;
    run(std::span<const T>(&x, 1), std::span<T>(&y, 1));
    return y;
  }
  xsimd::batch<T> operator()(xsimd::batch<T> x) const noexcept {
    std::array<T, xsimd::batch<T>::size> lanes;
    x.store_unaligned(lanes.data());
    run(lanes, lanes);
    return xsimd::batch<T>::load_unaligned(lanes.data());
  }

private:
  std::function<void(std::span<const T>, std::span<T>)> run;
};

/// `Call` is how the default tier is called: subject, in every form, or by_range. `roots` are of f', and other points
/// worth a closer look.
template <template <class> class Call, class F>
void check_derivative(const F &f, const record &r, std::initializer_list<double> roots = {}) {
  const auto f_prime = xact::derivative(f);
  const subject<float> standard{Call<float>(f_prime)};
  const subject<double> wide{Call<double>(f_prime)};
  const subject<float> accurate{by_range<float>(xact::accurate(f_prime))};
  const subject<float> exact{by_range<float>(xact::exact(f_prime))};
  CAPTURE(r.name);
  for (const double root : roots) {
    CAPTURE(root);
    CHECK(within_limit(standard, r, r.ulp.standard, around<float>(root)) == "");
    CHECK(within_limit(accurate, r, r.ulp.accurate, around<float>(root)) == "");
    CHECK(within_limit(exact, r, r.ulp.exact, around<float>(root)) == "");
    CHECK(within_limit_of_mpfr(wide, r, r.ulp.wide, around<double>(root)) == "");
  }
  check_tier("float", standard, r, r.ulp.standard);
  check_tier("double", wide, r, r.ulp.wide);
  check_tier("accurate float", accurate, r, r.ulp.accurate);
  check_tier("exact float", exact, r, r.ulp.exact);
  if (r.ulp.exact == 0.5) {
    CHECK(correctly_rounded(exact, r, edges<float>()) == "");
    CHECK(correctly_rounded(exact, r, strided<float>()) == "");
    CHECK(correctly_rounded(exact, r, spread<float>(r.domain.from, r.domain.to, 100'000)) == "");
  }
}
