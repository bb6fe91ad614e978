#include <xact/glu_backward.hpp>

#include "values.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <span>
#include <xact/float16.hpp>
#include <xact/hard_swish.hpp>

using xact::glu_layout, xact::glu_options;

namespace {

constexpr glu_options gpt_oss = {.limit = 7, .alpha = 1.702, .offset = 1};

template <class T> struct pair_of {
  T gate, up;
};

/// The unit in T itself, step by step.
template <class T, class F> T unit(const F &f, const glu_options &o, T gate, T up) {
  const auto limit = static_cast<T>(o.limit);
  const auto alpha = static_cast<T>(o.alpha);
  const T g = gate > limit ? limit : gate;
  const T u = (up > limit ? limit : up < -limit ? -limit : up) + static_cast<T>(o.offset);
  return f(alpha * g) / alpha * u;
}

/// Its gradients: none beyond a limit, all at it.
template <class T, class F> pair_of<T> gradient(const F &f, const glu_options &o, T gate, T up, T dy) {
  const auto limit = static_cast<T>(o.limit);
  const auto alpha = static_cast<T>(o.alpha);
  const T g = alpha * (gate > limit ? limit : gate);
  const T u = (up > limit ? limit : up < -limit ? -limit : up) + static_cast<T>(o.offset);
  return {gate > limit ? 0 : dy * u * xact::derivative(f)(g), std::abs(up) > limit ? 0 : dy * (f(g) / alpha)};
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
        const pair_of<T> d = plain ? pair_of<T>{dy[i] * up[i] * xact::derivative(f)(gate[i]), dy[i] * f(gate[i])}
                                   : gradient(f, options, gate[i], up[i], dy[i]);
        want_gate[i] = d.gate;
        want_up[i] = d.up;
      }

      std::vector<T> out(n), d_gate(n), d_up(n);
      xact::glu(gate, up, out, f, options);
      CHECK(all_same(out, want));
      xact::glu_backward(gate, up, dy, d_gate, d_up, f, options);
      CHECK(all_same(d_gate, want_gate));
      CHECK(all_same(d_up, want_up));
      d_gate = gate; // in place, and crosswise
      d_up = up;
      xact::glu_backward(d_gate, d_up, dy, d_up, d_gate, f, options);
      CHECK(all_same(d_up, want_gate));
      CHECK(all_same(d_gate, want_up));
      out = gate;
      xact::glu(out, up, out, f, options);
      CHECK(all_same(out, want));

      for (const glu_layout layout : {glu_layout::halves, glu_layout::interleaved}) {
        glu_options of_rows = options;
        of_rows.layout = layout;
        std::vector<T> in = fused(layout, columns, gate, up);
        const std::vector<T> want_in = fused(layout, columns, want_gate, want_up);
        std::vector<T> d_in(2 * n);
        std::fill(out.begin(), out.end(), T(3));
        if (rows == 1) {
          xact::glu(in, out, f, of_rows);
          xact::glu_backward(in, dy, d_in, f, of_rows);
        } else if (columns > 0) {
          xact::glu(xact::rows(in, 2 * columns), xact::rows(out, columns), f, of_rows);
          xact::glu_backward(xact::rows(in, 2 * columns), xact::rows(dy, columns), xact::rows(d_in, 2 * columns), f,
                             of_rows);
        }
        CHECK(all_same(out, want));
        CHECK(all_same(d_in, want_in));
        if (rows == 1) {
          xact::glu_backward(in, dy, in, f, of_rows);
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
  check_layouts<float>(xact::silu, gpt_oss, false);
  check_layouts<double>(xact::hard_swish, gpt_oss, false);
}

TEST_CASE("gated units in a tier") {
  const std::vector<float> gate = values<float>(50, 0), up = values<float>(50, 3);
  std::vector<float> a(50), b(50), c(50), d(50);
  xact::glu(gate, up, a, xact::accurate(xact::silu));
  xact::accurate(xact::swiglu)(gate, up, b);
  CHECK(all_same(a, b));
  xact::glu_backward(gate, up, up, a, b, xact::exact(xact::relu));
  xact::glu_backward(gate, up, up, c, d, xact::exact(xact::reglu));
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
  xact::glu_backward(gate, up, dy, d_gate, d_up, xact::reglu, {.limit = 7});
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
  xact::glu_backward(gate, up, wide_up, d_gate, d_up, xact::swiglu);
  findings found;
  for (std::size_t i = 0; i < 500; ++i) {
    const auto as_float = [&](auto x) { return static_cast<float>(x); };
    const auto code = [](xact::float16 x) { return std::bit_cast<std::uint16_t>(x); };
    const float s = xact::silu(as_float(gate[i]));
    const float slope = xact::derivative(xact::silu)(as_float(gate[i]));
    if (wide[i] != s * as_float(up[i]) || code(narrow[i]) != code(xact::float16(s * as_float(up[i]))) ||
        code(from_pairs[i]) != code(xact::float16(s * as_float(pairs[2 * i + 1]))) || d_up[i] != wide_up[i] * s ||
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
  refused([&] { xact::reglu(part(0, 14), part(20, 14), part(1, 14)); }, "56", "56");
  refused([&] { xact::reglu(part(0, 14), part(20, 14), part(40, 14), {.layout = glu_layout::halves}); }, "two ranges",
          "separate");
  refused([&] { xact::reglu(part(0, 14), part(40, 7), {}); }, "one range", "halves");
  refused([&] { xact::reglu(part(0, 14), part(40, 8), {.layout = glu_layout::halves}); }, "14", "8");
  refused([&] { xact::reglu(part(0, 14), part(7, 7), {.layout = glu_layout::interleaved}); }, "56", "28");
  refused([&] { xact::reglu(part(0, 14), part(20, 14), part(40, 14), {.limit = 0}); }, "limit", "0");
  refused([&] { xact::reglu(part(0, 14), part(20, 14), part(40, 14), {.limit = NAN}); }, "limit", "nan");
  refused([&] { xact::reglu(part(0, 14), part(20, 14), part(40, 14), {.alpha = -2}); }, "alpha", "-2");

  const auto back = [&](auto gate, auto up, auto dy, auto d_gate, auto d_up) {
    return [=] { xact::glu_backward(gate, up, dy, d_gate, d_up, xact::reglu); };
  };
  refused(back(part(0, 9), part(10, 10), part(20, 10), part(30, 10), part(40, 10)), "9", "10");
  refused(back(part(0, 10), part(10, 10), part(20, 10), part(30, 10), part(40, 9)), "9", "10");
  refused(back(part(0, 10), part(10, 10), part(20, 10), part(1, 10), part(40, 10)), "40", "40");
  refused(back(part(0, 10), part(10, 10), part(20, 10), part(30, 10), part(30, 10)), "40", "40");
  const auto back_rows = [&](auto in, auto dy, auto d_in, glu_layout layout) {
    return [=] { xact::glu_backward(in, dy, d_in, xact::reglu, {.layout = layout}); };
  };
  refused(back_rows(part(0, 20), part(30, 10), part(50, 20), glu_layout::separate), "one range", "halves");
  refused(back_rows(part(0, 20), part(30, 11), part(50, 20), glu_layout::halves), "11", "20");
  refused(back_rows(part(0, 20), part(30, 10), part(50, 19), glu_layout::halves), "19", "20");
  CHECK(data == original);
}
