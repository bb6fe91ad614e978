// A cover of the matrix, computed and compared with the reference within the promises: each form of each element type,
// and each type in each tier, on each ISA a fifth of them, with the operations in turn. With XACT_MATRIX_WHOLE (the
// targets matrix-<isa>) each operation in each form, which takes minutes to compile. compile/matrix.cpp instantiates
// every cell there is.

#include "matrix.hpp"

#include "records.hpp"
#include "values.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

namespace {

using namespace matrix;

constexpr std::size_t parts = 5, part =
#if defined(XSIMD_NO_SUPPORTED_ARCHITECTURE)
                                     4;
#elif defined(__AVX512F__)
                                     2;
#elif defined(__AVX2__)
                                     1;
#elif defined(__SSE2__)
                                     0;
#else // NEON
                                     3;
#endif

/// What a cell was given and wrote, as numbers that hold all types.
using real = long double;
struct outcome {
  std::vector<real> x, up, dy, y, z;
  std::array<int, 256> table;
  std::vector<std::int8_t> codes;
};

template <class T> T number(double x) {
  if constexpr (sizeof(T) < 4)
    return T(x);
  else
    return static_cast<T>(x);
}
template <class T> std::vector<real> wide(const std::vector<T> &x) {
  std::vector<real> y;
  for (const T e : x) {
    if constexpr (sizeof(T) < 4)
      y.push_back(static_cast<real>(static_cast<float>(e)));
    else
      y.push_back(static_cast<real>(e));
  }
  return y;
}
constexpr double untouched = -7;

template <class A> A made() {
  using I = typename A::in;
  using O = typename A::out;
  A a;
  std::mt19937 random(5);
  std::uniform_real_distribution<double> about_0(-1, 1);
  for (std::size_t i = 0; i < count; ++i) {
    a.x.push_back(number<I>(4 * about_0(random)));
    a.up.push_back(number<I>(1.5 * about_0(random)));
    a.dy.push_back(number<I>(1.5 * about_0(random)));
  }
  a.x[7] = number<I>(std::numeric_limits<double>::quiet_NaN());
  a.halves = a.x;
  a.halves.insert(a.halves.end(), a.up.begin(), a.up.end());
  for (std::size_t i = 0; i < count; ++i)
    a.pairs.push_back(a.x[i]), a.pairs.push_back(a.up[i]);
  a.y.assign(count, number<O>(untouched));
  a.z = a.y;
  for (int i = -64; i < 64; ++i)
    a.sums.push_back(i);
  a.codes.resize(a.sums.size());
  return a;
}

struct cell {
  std::string_view operation;
  form_name form;
  std::size_t type, adaptor;
  outcome (*run)();
};

template <std::size_t I, std::size_t Form, std::size_t Type, std::size_t Adaptor> outcome run() {
  using T = std::tuple_element_t<Type, element_types>;
  auto a = made<arguments<typename T::in, typename T::out>>();
  std::get<Form>(forms)(std::get<Adaptor>(adaptors)(std::get<I>(operations).f), a);
  outcome o{wide(a.x), wide(a.up), wide(a.dy), wide(a.y), wide(a.z), {}, a.codes};
  std::ranges::transform(a.table.entries, o.table.begin(), [](std::uint8_t e) { return static_cast<std::int8_t>(e); });
  return o;
}

int refused = 0;
template <std::size_t I, std::size_t Form, std::size_t Type, std::size_t Adaptor>
void add_cell(std::vector<cell> &cells) {
  using T = std::tuple_element_t<Type, element_types>;
  using A = arguments<typename T::in, typename T::out>;
  if constexpr (has_cell<I, Form, Adaptor, A>)
    cells.push_back(
        {std::get<I>(operations).name(), static_cast<form_name>(Form), Type, Adaptor, run<I, Form, Type, Adaptor>});
  else if constexpr (Adaptor != 0)
    add_cell<I, Form, Type, 0>(cells);
  else
    ++refused;
}
std::vector<cell> all_cells() {
  std::vector<cell> cells;
#if defined(XACT_MATRIX_WHOLE)
  const auto add = [&]<std::size_t K>() {
    constexpr std::size_t operation = K / form_count, form = K % form_count;
    add_cell<operation, form, (operation + form) % type_count, operation % adaptor_count>(cells);
  };
  constexpr std::size_t all = operation_count * form_count;
#else
  const auto add = [&]<std::size_t K>() {
    constexpr std::size_t form = K / type_count, type = K % type_count;
    // Two thirds have the first of the list, which are quick to compile.
    constexpr std::size_t operation = (5 * form + 3 * type) % (K % 3 == 0 ? operation_count : 17);
    if constexpr ((form + 2 * type) % parts == part)
      add_cell<operation, form, type, (form + type) % adaptor_count>(cells);
  };
  constexpr std::size_t all = form_count * type_count;
#endif
  [&]<std::size_t... K>(std::index_sequence<K...>) {
    (add.template operator()<K>(), ...);
  }(std::make_index_sequence<all>());
  return cells;
}

/// A type's precision; spacing(x) is that of its numbers about x.
struct precision {
  int digits, lowest;
  real spacing(real x) const {
    const int exponent = x == 0 ? lowest : std::max(std::ilogb(x), lowest);
    return std::ldexp(real(1), exponent - digits + 1);
  }
};
template <class T> constexpr precision precision_of() {
  if constexpr (sizeof(T) >= 4)
    return {std::numeric_limits<T>::digits, std::numeric_limits<T>::min_exponent - 1};
  else
    return {T::format::mantissa_bits + 1, 1 - T::format::bias};
}
struct precisions {
  precision in, out;
};
constexpr auto precisions_of = []<class... T>(std::tuple<T...> *) {
  return std::array{precisions{precision_of<typename T::in>(), precision_of<typename T::out>()}...};
}(static_cast<element_types *>(nullptr));

real f_of(std::string_view name, double x, bool derivative) {
  if (std::isnan(x)) // where some references index tables
    return x;
  if (name == "own")
    return derivative ? 2 * std::abs(static_cast<real>(x)) : static_cast<real>(x) * std::abs(static_cast<real>(x));
  const record &r = derivative ? records::derivative_of(name) : records::of(name);
  const reference::truth t = r.truth(x);
  return static_cast<real>(t.value.hi) + static_cast<real>(t.value.lo);
}

std::string check(const cell &c) {
  const outcome o = c.run();
  const precision in = precisions_of[c.type].in, out = precisions_of[c.type].out;
  const precision work = in.digits == 53 || out.digits == 53 ? precision_of<double>() : precision_of<float>();
  const bool is_slope = c.adaptor == 3, best = c.adaptor == 1 || c.adaptor == 2;
  const double tier = is_slope ? 8 : best ? (work.digits == 53 ? 1.5 : 1) : 4;
  findings found;
  const auto f = [&](real x, bool slope = false) {
    return f_of(c.operation, static_cast<double>(x), is_slope || slope);
  };
  const auto compare = [&](const char *what, std::size_t i, real got, real want, real allowed) {
    if (out.digits < work.digits)
      allowed += out.spacing(want) * 0.5L;
    if (std::isnan(o.x[i]) ? !std::isnan(got) : !(std::abs(got - want) <= allowed * (1 + 0x1p-8L)))
      found.add(std::string(what) + " at " + std::to_string(i) + ", x = " + show(static_cast<double>(o.x[i])) + ": " +
                show(static_cast<double>(got)) + " for " + show(static_cast<double>(want)));
  };
  // An error of f or f' that is multiplied by `by`.
  const auto error_of = [&](real y, bool slope, double ulps) {
    return static_cast<real>(ulps) * work.spacing(slope ? std::max(std::abs(y), real(0.125)) : y);
  };
  const auto elementwise = [&](std::size_t i) {
    const real want = f(o.x[i]);
    const bool rounded = out.digits < 24 && c.operation != "own";
    compare("f(x)", i, o.y[i], want, rounded ? 0 : error_of(want, is_slope, tier));
  };
  switch (c.form) {
  case value:
  case batch:
    elementwise(0);
    break;
  case tabulate:
  case requantize:
    for (int q = -64; q < 64; ++q) {
      const bool is_table = c.form == tabulate;
      const double scale = static_cast<double>(step.scale);
      const real y = f(scale * (is_table ? q - step.zero_point : q)) / scale + step.zero_point;
      const int code = is_table ? o.table[static_cast<std::uint8_t>(q)] : o.codes[static_cast<std::size_t>(q + 64)];
      if (!(std::abs(code - std::clamp(y, real(-128), real(127))) <= 0.5L + 0x1p-40L))
        found.add("code " + std::to_string(q) + ": " + std::to_string(code) + " for " + show(static_cast<double>(y)));
    }
    break;
  default:
    for (std::size_t i = 0; i < count; ++i) {
      if (c.form == rows && i % stride >= columns) {
        if (o.y[i] != untouched)
          found.add("the gap is written at " + std::to_string(i));
      } else if (c.form == transform || c.form < transform || c.form == watch) {
        if (c.form == transform && out.digits < work.digits) { // the float result, rounded once
          const real want = f(o.x[i]);
          compare("transform", i, o.y[i], want, error_of(want, is_slope, tier));
        } else {
          elementwise(i);
        }
      } else if (c.form == backward) {
        const real slope = f(o.x[i], true);
        const real product = slope * o.dy[i];
        compare("dx", i, o.y[i], product,
                error_of(slope, true, best ? 2 : 8) * std::abs(o.dy[i]) + work.spacing(product) / 2);
      } else {
        const real y = f(o.x[i]), product = y * o.up[i];
        const real of_product = is_slope ? error_of(y, true, 8) * std::abs(o.up[i]) + work.spacing(product) / 2
                                         : work.spacing(product) * (best ? 3 : 6);
        if (c.form == backward_gated) {
          const real slope = f(o.x[i], true), by = o.dy[i] * o.up[i];
          compare("d_gate", i, o.y[i], slope * by,
                  error_of(slope, true, best ? 2 : 8) * std::abs(by) + work.spacing(slope * by) * 2);
          compare("d_up", i, o.z[i], y * o.dy[i], work.spacing(y * o.dy[i]) * (best ? 3 : 6));
        } else {
          compare("gated", i, o.y[i], product, of_product);
        }
      }
    }
  }
  return found.report();
}

} // namespace

TEST_CASE("each operation in each form, of some type, in some tier") {
  refused = 0;
  const std::vector<cell> cells = all_cells();
  for (const cell &c : cells) {
    CAPTURE(c.operation, c.form, c.type, c.adaptor);
    CHECK(check(c) == "");
  }
#if !defined(XACT_MATRIX_WHOLE)
  // What is refused: one value or in place of two types, a batch of 16 or 8 bits or, of plain scalars, of any.
  constexpr std::array<int, parts> pinned{4, 4, 4, 2, 4};
  CHECK(refused == pinned[part]);
  CHECK(cells.size() == (form_count * type_count + parts - 1 - part) / parts - static_cast<std::size_t>(refused));
#endif
}
