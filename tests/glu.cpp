#include <xact/backward.hpp>

#include "values.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <random>
#include <span>
#include <xact/exponential.hpp>
#include <xact/float16.hpp>
#include <xact/hard_swish.hpp>
#include <xact/sigmoid.hpp>
#include <xact/tanh.hpp>

using xact::glu_layout, xact::glu_options;

namespace {

constexpr glu_options shaped = {.limit = 7, .alpha = 1.5, .offset = 1};

template <class T> struct pair_of {
  T gate, up;
};

/// The unit step by step, in double where it has an alpha.
template <class T, class F> T unit(const F &f, const glu_options &o, T gate, T up) {
  if constexpr (sizeof(T) == 4) {
    return static_cast<float>(unit<double>(f, o, gate, up));
  } else {
    const T g = gate > o.limit ? o.limit : gate;
    const T u = (up > o.limit ? o.limit : up < -o.limit ? -o.limit : up) + o.offset;
    return f(static_cast<T>(o.alpha * g)) / o.alpha * u;
  }
}

/// Its gradients: none beyond a limit, all at it.
template <class T, class F> pair_of<T> gradient(const F &f, const glu_options &o, T gate, T up, T dy) {
  if constexpr (sizeof(T) == 4) {
    const pair_of<double> d = gradient<double>(f, o, gate, up, dy);
    return {static_cast<float>(d.gate), static_cast<float>(d.up)};
  } else {
    const T g = o.alpha * (gate > o.limit ? o.limit : gate);
    const T u = (up > o.limit ? o.limit : up < -o.limit ? -o.limit : up) + o.offset;
    return {gate > o.limit ? 0 : dy * u * xact::derivative(f)(g), std::abs(up) > o.limit ? 0 : dy * f(g) / o.alpha};
  }
}

/// f(x) and f'(x) as the gradients have them: of some f both come from one exponential, within their limits.
template <class T, class F> pair_of<T> value_and_slope(const F &f, T x) {
  using namespace xact::detail;
  const auto [y, slope] = xact::detail::value_and_slope(f, xact::derivative(f), native<T>(x));
  return {first_lane(y), first_lane(slope)};
}

/// Values about the limit, and NaN among them.
template <class T> std::vector<T> values(std::size_t n, unsigned salt) {
  std::vector<T> x = spread<T>(-9, 9, n + salt);
  x.erase(x.begin(), x.begin() + salt);
  for (std::size_t i = salt; i < n; i += 11)
    x[i] = i % 2 == 0 ? T(7) : T(-7);
  if (n > 5)
    x[n - 1 - salt % 5] = std::numeric_limits<T>::quiet_NaN();
  return x;
}

/// Rows of gates and ups as a layout has them.
template <class T>
std::vector<T> fused(glu_layout layout, std::size_t columns, const std::vector<T> &gate, const std::vector<T> &up) {
  std::vector<T> result(2 * gate.size());
  for (std::size_t i = 0; i < gate.size(); ++i) {
    const std::size_t row = i / columns * 2 * columns, column = i % columns;
    const bool halves = layout == glu_layout::halves;
    result[row + (halves ? column : 2 * column)] = gate[i];
    result[row + (halves ? columns + column : 2 * column + 1)] = up[i];
  }
  return result;
}

template <class T> bool all_same(const std::vector<T> &a, const std::vector<T> &b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), same<T>);
}

template <class T, class F> void check_layouts(const F &f, const glu_options &options, bool plain) {
  for (const std::size_t columns : {0u, 1u, 2u, 7u, 16u, 33u, 100u}) {
    for (const std::size_t rows : {1u, 3u}) {
      CAPTURE(columns, rows);
      const std::size_t n = rows * columns;
      const std::vector<T> gate = values<T>(n, 0), up = values<T>(n, 3), dy = spread<T>(-2, 2, n);
      std::vector<T> want(n), want_gate(n), want_up(n);
      for (std::size_t i = 0; i < n; ++i) {
        want[i] = plain ? f(gate[i]) * up[i] : unit(f, options, gate[i], up[i]);
        const auto [y, slope] = value_and_slope(f, gate[i]);
        const pair_of<T> d =
            plain ? pair_of<T>{dy[i] * up[i] * slope, dy[i] * y} : gradient(f, options, gate[i], up[i], dy[i]);
        want_gate[i] = d.gate;
        want_up[i] = d.up;
      }

      std::vector<T> out(n), d_gate(n), d_up(n);
      xact::glu(f)(gate, up, out, options);
      CHECK(all_same(out, want));
      xact::backward(xact::glu(f), gate, up, dy, d_gate, d_up, options);
      CHECK(all_same(d_gate, want_gate));
      CHECK(all_same(d_up, want_up));
      d_gate = gate; // in place, and crosswise
      d_up = up;
      xact::backward(xact::glu(f), d_gate, d_up, dy, d_up, d_gate, options);
      CHECK(all_same(d_up, want_gate));
      CHECK(all_same(d_gate, want_up));
      out = gate;
      xact::glu(f)(out, up, out, options);
      CHECK(all_same(out, want));

      for (const glu_layout layout : {glu_layout::halves, glu_layout::interleaved}) {
        glu_options of_rows = options;
        of_rows.layout = layout;
        std::vector<T> in = fused(layout, columns, gate, up);
        const std::vector<T> want_in = fused(layout, columns, want_gate, want_up);
        std::vector<T> d_in(2 * n);
        std::fill(out.begin(), out.end(), T(3));
        if (rows == 1) {
          xact::glu(f)(in, out, of_rows);
          xact::backward(xact::glu(f), in, dy, d_in, of_rows);
        } else if (columns > 0) {
          xact::glu(f)(xact::rows(in, 2 * columns), xact::rows(out, columns), of_rows);
          xact::backward(xact::glu(f), xact::rows(in, 2 * columns), xact::rows(dy, columns),
                         xact::rows(d_in, 2 * columns), of_rows);
        }
        CHECK(all_same(out, want));
        CHECK(all_same(d_in, want_in));
        if (rows == 1) {
          xact::backward(xact::glu(f), in, dy, in, of_rows);
          CHECK(all_same(in, want_in));
        }
      }
    }
  }
}

template <class Call> void refused(const Call &call, const char *a, const char *b) {
  try {
    call();
    FAIL_CHECK("accepted");
  } catch (const std::invalid_argument &error) {
    const std::string message = error.what();
    CAPTURE(message);
    CHECK(message.find(a) != message.npos);
    CHECK(message.find(b) != message.npos);
  }
}

} // namespace

TEST_CASE("gated units and their gradients in every layout") {
  check_layouts<float>(xact::silu, {}, true);
  check_layouts<float>(xact::silu, shaped, false);
  check_layouts<double>(xact::hard_swish, shaped, false);
}

TEST_CASE("gated units of two functions, swapped, accumulated") {
  const std::vector<float> gate = values<float>(50, 0), up = values<float>(50, 3), dy = spread<float>(-2, 2, 50);
  std::vector<float> a(50), b(50), da(50), db(50), sum_a = gate, sum_b = up;
  const auto wavenet = xact::glu(xact::tanh, xact::sigmoid);
  wavenet(gate, up, a);
  wavenet(up, gate, b, {.swapped = true});
  CHECK(all_same(a, b));
  xact::backward(wavenet, gate, up, dy, da, db);
  xact::backward(wavenet, gate, up, dy, sum_a, sum_b, {.accumulate = true});
  std::vector<float> swapped_a(50), swapped_b(50);
  xact::backward(wavenet, up, gate, dy, swapped_b, swapped_a, {.swapped = true});
  CHECK(all_same(da, swapped_a));
  CHECK(all_same(db, swapped_b));
  for (std::size_t i = 0; i < 50; ++i) {
    CAPTURE(gate[i], up[i]);
    CHECK(same(a[i], xact::tanh(gate[i]) * xact::sigmoid(up[i])));
    const auto [s, s_slope] = value_and_slope(xact::sigmoid, up[i]);
    CHECK(same(da[i], dy[i] * s * xact::derivative(xact::tanh)(gate[i])));
    CHECK(same(db[i], dy[i] * xact::tanh(gate[i]) * s_slope));
    CHECK(same(sum_a[i], gate[i] + da[i]));
    CHECK(same(sum_b[i], up[i] + db[i]));
  }
  for (const glu_layout layout : {glu_layout::halves, glu_layout::interleaved}) {
    const std::vector<float> in = fused(layout, 50, up, gate);
    std::vector<float> d_in = in, want = fused(layout, 50, db, da);
    wavenet(in, b, {.layout = layout, .swapped = true});
    CHECK(all_same(a, b));
    xact::backward(wavenet, in, dy, d_in, {.layout = layout, .swapped = true, .accumulate = true});
    for (std::size_t i = 0; i < 100; ++i)
      CHECK(same(d_in[i], in[i] + want[i]));
  }
}

TEST_CASE("an alpha costs no accuracy, in the tail either") {
  std::vector<float> gate = spread<float>(-60, 7, 2000);
  const std::vector<float> up(gate.size(), 1.0f);
  std::vector<float> y(gate.size()), best(gate.size()), d_gate(gate.size()), d_up(gate.size());
  for (const double alpha : {1.702, 0.5, 1.0 / 3, 2.2}) {
    CAPTURE(alpha);
    xact::swiglu(gate, up, y, {.alpha = alpha});
    xact::accurate(xact::swiglu)(gate, up, best, {.alpha = alpha});
    xact::backward(xact::swiglu, gate, up, up, d_gate, d_up, {.alpha = alpha});
    double worst = 0, worst_best = 0, worst_up = 0, worst_gate = 0;
    for (std::size_t i = 0; i < gate.size(); ++i) {
      const auto g = static_cast<long double>(gate[i]), z = alpha * g, s = 1 / (1 + std::exp(-z));
      const long double want = g * s, slope = s * (1 + z * (1 - s));
      if (std::abs(want) < 0x1p-126L)
        continue;
      const auto ulps = [](float got, long double truth, long double least) {
        const long double size = std::max(std::abs(truth), least);
        return static_cast<double>(std::abs(got - truth) / std::ldexp(1.0L, std::ilogb(size) - 23));
      };
      REQUIRE(std::isfinite(y[i] + best[i] + d_up[i] + d_gate[i]));
      worst = std::max(worst, ulps(y[i], want, 0));
      worst_best = std::max(worst_best, ulps(best[i], want, 0));
      worst_up = std::max(worst_up, ulps(d_up[i], want, 0));
      worst_gate = std::max(worst_gate, ulps(d_gate[i], slope, z > -2 ? 0.125L : 0.0L));
    }
    CHECK(worst <= 6);
    CHECK(worst_best <= 3);
    CHECK(worst_up <= 6);
    CHECK(worst_gate <= 9);
  }
}

// Gates about 0 and in the tail, as long as f of them is a normal float, and ups of every magnitude.
template <class Unit, class F> double worst_of(const Unit &unit, const F &f, const glu_options &o) {
  std::mt19937 random(11);
  const std::size_t n = 20000;
  std::vector<float> gate(n), up(n), y(n);
  for (std::size_t i = 0; i < n; ++i) {
    const auto draw = [&](float below) { return (static_cast<float>(random() % 0x1000000) / 0x1p23f - 1) * below; };
    gate[i] = draw(i % 3 == 0 ? 80.0f : i % 3 == 1 ? 9.0f : 1e-3f);
    up[i] = i % 2 == 0 ? draw(4) : std::ldexp(draw(1), static_cast<int>(random() % 200) - 100);
  }
  unit(gate, up, y, o);
  double worst = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const auto limit = static_cast<long double>(o.limit), alpha = static_cast<long double>(o.alpha);
    const long double g = std::min<long double>(gate[i], limit), u = std::clamp<long double>(up[i], -limit, limit);
    const long double factor = f(alpha * g) / alpha, want = factor * (u + o.offset), size = std::abs(want);
    if (std::abs(factor) >= 0x1p-126L && size >= 0x1p-126L && size < 0x1p127L) {
      const auto error = static_cast<double>(std::abs(y[i] - want) / std::ldexp(1.0L, std::ilogb(size) - 23));
      worst = error <= worst ? worst : error; // NaN stays
    }
  }
  return worst;
}

TEST_CASE("gated units with any options, and ups of every size") {
  const auto silu = [](long double x) { return x / (1 + std::exp(-x)); };
  const auto exponential = [](long double x) { return std::exp(x); };
  for (const glu_options &o : {glu_options{},
                               {.limit = 7, .alpha = 1.702, .offset = 1},
                               {.limit = 0.1},
                               {.limit = 80.3},
                               {.offset = 0.1},
                               {.alpha = 1e30},
                               {.alpha = 1e150, .offset = 0.1},
                               {.alpha = 1e-30},
                               {.alpha = 1e-150}}) {
    CAPTURE(o.limit, o.alpha, o.offset);
    CHECK(worst_of(xact::swiglu, silu, o) <= 6);
    CHECK(worst_of(xact::accurate(xact::swiglu), silu, o) <= 3);
    CHECK(worst_of(xact::exact(xact::swiglu), silu, o) <= 3);
    if (o.alpha < 2)
      CHECK(worst_of(xact::accurate(xact::glu(xact::exponential)), exponential, o) <= 3);
  }
}

TEST_CASE("gated units in a tier") {
  const std::vector<float> gate = values<float>(50, 0), up = values<float>(50, 3);
  std::vector<float> a(50), b(50), c(50), d(50);
  xact::glu(xact::accurate(xact::silu))(gate, up, a);
  xact::accurate(xact::swiglu)(gate, up, b);
  CHECK(all_same(a, b));
  xact::backward(xact::glu(xact::exact(xact::relu)), gate, up, up, a, b);
  xact::backward(xact::exact(xact::reglu), gate, up, up, c, d);
  CHECK(all_same(a, c));
  CHECK(all_same(b, d));
}

TEST_CASE("gated units by name") {
  const std::vector<float> gate = {-1, 2}, up = {3, 5};
  std::vector<float> out(2);
  xact::reglu(gate, up, out);
  CHECK(out == std::vector<float>{0, 10});
  xact::swiglu(gate, up, out);
  CHECK(out == std::vector<float>{xact::silu(-1.0f) * 3, xact::silu(2.0f) * 5});
  xact::geglu(std::vector<float>{-1, 3, 2, 5}, out, {.layout = glu_layout::interleaved});
  CHECK(out == std::vector<float>{xact::gelu(-1.0f) * 3, xact::gelu(2.0f) * 5});
}

TEST_CASE("a gradient passes at the limit, and not beyond") {
  const float above = std::nextafter(7.0f, 8.0f);
  const std::vector<float> gate = {7, above, 1, 1, 1, -above}, up = {1, 1, 7, -above, above, -7}, dy(6, 1.0f);
  std::vector<float> d_gate(6), d_up(6);
  xact::backward(xact::reglu, gate, up, dy, d_gate, d_up, {.limit = 7});
  CHECK(d_gate == std::vector<float>{1, 0, 7, -7, 7, -0.0f});
  CHECK(d_up == std::vector<float>{7, 7, 1, 0, 0, 0});
}

TEST_CASE("gated units of mixed types are rounded once") {
  const std::vector<float> wide_gate = spread<float>(-9, 9, 500), wide_up = spread<float>(-3, 3, 500);
  const std::vector<xact::float16> gate(wide_gate.begin(), wide_gate.end());
  const std::vector<xact::bfloat16> up(wide_up.begin(), wide_up.end());
  const auto pairs =
      fused(glu_layout::interleaved, 500, gate, std::vector<xact::float16>(wide_up.begin(), wide_up.end()));
  std::vector<xact::float16> narrow(500), from_pairs(500), d_gate(500);
  std::vector<float> wide(500), d_up(500);
  xact::swiglu(gate, up, narrow);
  xact::swiglu(gate, up, wide);
  xact::swiglu(pairs, from_pairs, {.layout = glu_layout::interleaved});
  xact::backward(xact::swiglu, gate, up, wide_up, d_gate, d_up);
  findings found;
  for (std::size_t i = 0; i < 500; ++i) {
    const auto as_float = [&](auto x) { return static_cast<float>(x); };
    const auto code = [](xact::float16 x) { return std::bit_cast<std::uint16_t>(x); };
    const float s = xact::silu(as_float(gate[i]));
    const auto [y, slope] = value_and_slope(xact::silu, as_float(gate[i]));
    if (wide[i] != s * as_float(up[i]) || code(narrow[i]) != code(xact::float16(s * as_float(up[i]))) ||
        code(from_pairs[i]) != code(xact::float16(s * as_float(pairs[2 * i + 1]))) || d_up[i] != wide_up[i] * y ||
        code(d_gate[i]) != code(xact::float16(wide_up[i] * as_float(up[i]) * slope)))
      found.add(show(static_cast<double>(as_float(gate[i]))));
  }
  CHECK(found.report() == "");
}

TEST_CASE("gated units refuse what does not fit, and write nothing") {
  std::vector<float> data = spread<float>(-4, 4, 200);
  const std::vector<float> original = data;
  const std::span<float> all = data;
  const auto part = [&](std::size_t from, std::size_t count) { return all.subspan(from, count); };
  refused([&] { xact::reglu(part(0, 14), part(20, 13), part(40, 14)); }, "13", "14");
  refused([&] { xact::reglu(part(0, 14), part(20, 14), part(40, 13)); }, "13", "14");
  refused([&] { xact::reglu(part(0, 14), part(20, 14), part(1, 14)); }, "14", "14");
  refused([&] { xact::reglu(part(0, 14), part(20, 14), part(40, 14), {.layout = glu_layout::halves}); }, "two ranges",
          "separate");
  refused([&] { xact::reglu(part(0, 14), part(40, 7), {}); }, "one range", "halves");
  refused([&] { xact::reglu(part(0, 14), part(40, 8), {.layout = glu_layout::halves}); }, "14", "8");
  refused([&] { xact::reglu(part(0, 14), part(7, 7), {.layout = glu_layout::interleaved}); }, "14", "7");
  refused([&] { xact::reglu(part(0, 14), part(20, 14), part(40, 14), {.limit = 0}); }, "limit", "0");
  refused([&] { xact::reglu(part(0, 14), part(20, 14), part(40, 14), {.limit = NAN}); }, "limit", "nan");
  refused([&] { xact::reglu(part(0, 14), part(20, 14), part(40, 14), {.alpha = -2}); }, "alpha", "-2");
  refused([&] { xact::reglu(part(0, 14), part(20, 14), part(40, 14), {.alpha = 1e-160}); }, "2^-512", "1e-160");
  refused([&] { xact::reglu(part(0, 14), part(20, 14), part(40, 14), {.offset = INFINITY}); }, "offset", "inf");
  refused([&] { xact::reglu(part(0, 14), part(20, 14), part(40, 14), {.accumulate = true}); }, "accumulate",
          "backward");
  const xact::leaky_relu_t no_function{.negative_slope = NAN};
  refused([&] { xact::glu(no_function)(part(0, 14), part(20, 14), part(40, 14)); }, "leaky_relu: negative_slope",
          "nan");
  refused(
      [&] {
        xact::backward(xact::glu(no_function), part(0, 14), part(20, 14), part(40, 14), part(60, 14), part(80, 14));
      },
      "leaky_relu: negative_slope", "nan");

  const auto back = [&](auto gate, auto up, auto dy, auto d_gate, auto d_up) {
    return [=] { xact::backward(xact::reglu, gate, up, dy, d_gate, d_up); };
  };
  refused(back(part(0, 9), part(10, 10), part(20, 10), part(30, 10), part(40, 10)), "9", "10");
  refused(back(part(0, 10), part(10, 10), part(20, 10), part(30, 10), part(40, 9)), "9", "10");
  refused(back(part(0, 10), part(10, 10), part(20, 10), part(1, 10), part(40, 10)), "10", "10");
  refused(back(part(0, 10), part(10, 10), part(20, 10), part(30, 10), part(30, 10)), "d_gate", "d_up");
  const auto back_rows = [&](auto in, auto dy, auto d_in, glu_layout layout) {
    return [=] { xact::backward(xact::reglu, in, dy, d_in, {.layout = layout}); };
  };
  refused(back_rows(part(0, 20), part(30, 10), part(50, 20), glu_layout::separate), "one range", "halves");
  refused(back_rows(part(0, 20), part(30, 11), part(50, 20), glu_layout::halves), "11", "20");
  refused(back_rows(part(0, 20), part(30, 10), part(50, 19), glu_layout::halves), "19", "20");
  CHECK(data == original);
}
