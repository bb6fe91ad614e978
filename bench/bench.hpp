#pragma once
// What the benchmarks measure. bench/NAME.cpp adds the functions of xact/NAME.hpp, bench/peer_NAME.cpp those of another
// library. Programs run them, once per ISA: alone.cpp one function, compare.cpp and plain.cpp all of them.

#include "formulas.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <functional>
#include <memory>
#include <new>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include <xact/exact.hpp>
#include <xact/float16.hpp>

namespace bench {

/// Lengths for which input and output lie in L1, in L2, in memory; half as many doubles.
template <class T> inline constexpr std::size_t in_level_1 = sizeof(T) > sizeof(float) ? 2048 : 4096;
template <class T> inline constexpr std::size_t in_level_2 = 16 * in_level_1<T>;
template <class T> inline constexpr std::size_t in_memory = 4096 * in_level_1<T>;

/// Lengths at which the call itself counts.
inline constexpr std::size_t short_lengths[] = {1, 8, 17, 100};

template <class T> inline constexpr std::string_view type_name = "float";
template <> inline constexpr std::string_view type_name<double> = "double";
template <> inline constexpr std::string_view type_name<xact::float16> = "float16";
template <> inline constexpr std::string_view type_name<xact::bfloat16> = "bfloat16";
template <> inline constexpr std::string_view type_name<std::int8_t> = "int8";

/// One function by one of its makers: a tier of xact (default, accurate, exact) or a peer. A function of two inputs
/// finds the second n elements after the first: in has 2n.
template <class T> struct contender {
  std::string function;
  std::string by;
  std::function<void(const T *in, T *out, std::size_t n)> run;
  std::size_t columns = 1; // lengths that are no multiple of it are left out
};

/// Of T, in the order in which they are shown.
template <class T> std::vector<contender<T>> &contenders() {
  static std::vector<contender<T>> all = {
      {"memcpy", "libc", [](const T *in, T *out, std::size_t n) { std::memcpy(out, in, n * sizeof(T)); }}};
  return all;
}

/// Adds an activation in one tier.
template <class T, class F> bool add(const std::string &function, const std::string &tier, const F &f) {
  contenders<T>().push_back({function, tier, [f](const T *in, T *out, std::size_t n) {
                               f(std::span<const T>(in, n), std::span<T>(out, n));
                             }});
  return true;
}

/// Adds an activation in every type and tier.
template <class F> bool add_tiers(const std::string &function, const F &f) {
  return add<float>(function, "default", f) && add<float>(function, "accurate", xact::accurate(f)) &&
         add<float>(function, "exact", xact::exact(f)) && add<double>(function, "default", f);
}

/// The peers that were compiled in: name and version.
inline std::vector<std::pair<std::string, std::string>> &peers() {
  static std::vector<std::pair<std::string, std::string>> all;
  return all;
}

/// Adds functions of a peer: peer("libm", "glibc").add("tanh", [](const float *in, float *out, std::size_t n) {...});
class peer {
public:
  peer(const std::string &its_name, const std::string &version) : name(its_name) {
    peers().emplace_back(name, version);
  }

  template <class T = float, class Run>
  peer &add(const std::string &function, const Run &run, std::size_t columns = 1) {
    contenders<T>().push_back({function, name, run, columns});
    return *this;
  }

  /// Adds formulas.hpp, computed in C: loop(f) runs f over arrays of T, loop_of_two(f) over x and dy.
  template <class T, class C, class Math, class Loop, class Loop2>
  peer &add_formulas(const Math &math, const Loop &loop, const Loop2 &loop_of_two) {
    each_formula<C>(
        math, [&](const char *function, const auto &f) { add<T>(function, loop(f)); },
        [&](const char *function, const auto &f) { add<T>(function, loop_of_two(f)); });
    return *this;
  }

  /// Adds a function of rows, f(in, out, columns, rows), by the names of row_function.hpp.
  template <class F> peer &add_matrices(const std::string &function, const F &f) {
    for (const std::size_t columns : {128u, 1024u}) {
      const auto run = [f, columns](const float *in, float *out, std::size_t n) { f(in, out, columns, n / columns); };
      add(function + "_" + std::to_string(columns), run, columns);
    }
    return add(function + "_row", [f](const float *in, float *out, std::size_t n) { f(in, out, n, 1); });
  }

  /// Adds a function of one row, f(in, out, columns).
  template <class F> peer &add_rows(const std::string &function, const F &f) {
    return add_matrices(function, [f](const float *in, float *out, std::size_t columns, std::size_t rows) {
      for (std::size_t i = 0; i < rows; ++i)
        f(in + i * columns, out + i * columns, columns);
    });
  }

private:
  std::string name;
};

/// Runs f over arrays, a batch at a time; the end through a padded buffer. f may take the n elements after the first n,
/// too.
template <class T, std::size_t Inputs = 1, class F> auto each_batch(const F &f) {
  return [f](const T *in, T *out, std::size_t n) {
    using batch = xsimd::batch<T>;
    const auto call = [&f](const T *x, const T *second) {
      if constexpr (Inputs == 1) {
        return f(batch::load_unaligned(x));
      } else {
        return f(batch::load_unaligned(x), batch::load_unaligned(second));
      }
    };
    std::size_t i = 0;
    for (; n - i >= batch::size; i += batch::size)
      call(in + i, in + n + i).store_unaligned(out + i);
    if (i < n) {
      T end[Inputs][batch::size] = {};
      for (std::size_t k = 0; k < Inputs; ++k)
        std::copy_n(in + k * n + i, n - i, end[k]);
      call(end[0], end[Inputs - 1]).store_unaligned(end[0]);
      std::copy_n(end[0], n - i, out + i);
    }
  };
}

/// Input from N(0, sigma) and room for output. They start 1 KiB apart modulo a page, because a load that has a store at
/// the same offset in its page just before it waits for that store on many CPUs.
template <class T> class buffers {
public:
  buffers(std::size_t n, double sigma) : in_(allocate(2 * n)), out_(allocate(n + offset)) {
    std::mt19937 random(1);
    std::normal_distribution<double> normal(0, sigma);
    const std::size_t drawn = std::min<std::size_t>(2 * n, 1 << 20);
    std::generate_n(in_.get(), drawn, [&] { return from<T>(normal(random)); });
    for (std::size_t i = drawn; i < 2 * n; ++i)
      in_[i] = in_[i - drawn];
    std::fill_n(out_.get(), n + offset, T()); // so that its pages exist
  }

  const T *in() const { return in_.get(); }
  T *out() const { return out_.get() + offset; }

private:
  template <class U> static U from(double x) {
    if constexpr (std::is_integral_v<U>) {
      return static_cast<U>(std::clamp(x * 20, -128.0, 127.0)); // a scale of 0.05
    } else {
      return static_cast<U>(x);
    }
  }

  static constexpr std::size_t offset = 1024 / sizeof(T);
  static constexpr std::align_val_t page{4096};
  struct release {
    void operator()(T *p) const { ::operator delete(p, page); }
  };
  static std::unique_ptr<T[], release> allocate(std::size_t n) {
    return std::unique_ptr<T[], release>(static_cast<T *>(::operator new(n * sizeof(T), page)));
  }

  std::unique_ptr<T[], release> in_, out_;
};

} // namespace bench
