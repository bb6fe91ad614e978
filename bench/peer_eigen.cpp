// Eigen's array expressions, one thread.
#include "bench.hpp"

#include <Eigen/Core>
#include <cmath>
#include <unsupported/Eigen/SpecialFunctions>

namespace {

template <class T> struct as_eigen {
  using type = T;
};
template <> struct as_eigen<xact::float16> {
  using type = Eigen::half;
};
template <> struct as_eigen<xact::bfloat16> {
  using type = Eigen::bfloat16;
};

template <class T> using array = Eigen::Array<typename as_eigen<T>::type, Eigen::Dynamic, 1>;

template <class T> auto map(const T *first, std::size_t n) {
  using element = typename as_eigen<T>::type;
  return Eigen::Map<const array<T>>(reinterpret_cast<const element *>(first), static_cast<Eigen::Index>(n));
}

template <class T> auto map(T *first, std::size_t n) {
  using element = typename as_eigen<T>::type;
  return Eigen::Map<array<T>>(reinterpret_cast<element *>(first), static_cast<Eigen::Index>(n));
}

struct math {
  static auto exp(const auto &x) { return x.exp(); }
  static auto expm1(const auto &x) { return x.expm1(); }
  static auto log1p(const auto &x) { return x.log1p(); }
  static auto erf(const auto &x) { return x.erf(); }
  static auto tanh(const auto &x) { return x.tanh(); }
  static auto abs(const auto &x) { return x.abs(); }
  static auto max(const auto &x, auto y) { return x.max(y); }
  static auto min(const auto &x, auto y) { return x.min(y); }
  static auto sigmoid(const auto &x) { return x.logistic(); }
};

template <class T> void add_expressions(bench::peer &p) {
  p.add_formulas<T, typename as_eigen<T>::type>(
      math(), [](auto f) { return [f](const T *in, T *out, std::size_t n) { map(out, n) = f(map(in, n)); }; },
      [](auto f) { return [f](const T *in, T *out, std::size_t n) { map(out, n) = f(map(in, n), map(in + n, n)); }; });
}

void softmax(const float *in, float *out, std::size_t n) {
  const Eigen::Map<const Eigen::ArrayXf> x(in, static_cast<Eigen::Index>(n));
  Eigen::Map<Eigen::ArrayXf> y(out, static_cast<Eigen::Index>(n));
  y = (x - x.maxCoeff()).exp();
  y *= 1 / y.sum();
}

void log_softmax(const float *in, float *out, std::size_t n) {
  const Eigen::Map<const Eigen::ArrayXf> x(in, static_cast<Eigen::Index>(n));
  const float maximum = x.maxCoeff();
  Eigen::Map<Eigen::ArrayXf>(out, static_cast<Eigen::Index>(n)) = x - (maximum + std::log((x - maximum).exp().sum()));
}

void swiglu(const float *in, float *out, std::size_t n) {
  const auto length = static_cast<Eigen::Index>(n);
  const Eigen::Map<const Eigen::ArrayXf> gate(in, length), up(in + n, length);
  Eigen::Map<Eigen::ArrayXf>(out, length) = gate * gate.logistic() * up;
}

const auto text = [](auto... numbers) { return ((std::to_string(numbers) + ".") + ...); };
#if EIGEN_MAJOR_VERSION >= 5 // counted from then on without the "world", which stays 3
const std::string version = text(EIGEN_MAJOR_VERSION, EIGEN_MINOR_VERSION) + std::to_string(EIGEN_PATCH_VERSION);
#else
const std::string version = text(EIGEN_WORLD_VERSION, EIGEN_MAJOR_VERSION) + std::to_string(EIGEN_MINOR_VERSION);
#endif

[[maybe_unused]] const bool added = [] {
  bench::peer eigen("eigen", version);
  add_expressions<float>(eigen);
  add_expressions<double>(eigen);
  add_expressions<xact::float16>(eigen);
  add_expressions<xact::bfloat16>(eigen);
  eigen.add("swiglu", swiglu).add_rows("softmax", softmax).add_rows("log_softmax", log_softmax);
  return true;
}();

} // namespace
