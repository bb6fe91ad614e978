#include "dispatch.hpp"

#include <xact/backward_from_output.hpp>
#include <xact/columns.hpp>
#include <xact/compare.hpp>
#include <xact/inspect.hpp>
#include <xact/logsumexp.hpp>
#include <xact/names.hpp>
#include <xact/prelu.hpp>
#include <xact/softmax_backward.hpp>
#include <xact/softmax_quantized.hpp>
#include <xact/softmax_state.hpp>
#include <xact/softmin.hpp>

#include <algorithm>
#include <stdexcept>

TEST_CASE("dispatch: element types that differ") {
  dispatched::compare<double, float>(xact::gelu, xact::dispatch::gelu);
  dispatched::compare<float, double>(xact::accurate(xact::gelu), xact::dispatch::accurate(xact::dispatch::gelu));
  dispatched::compare<xact::bfloat16, float>(xact::exact(xact::gelu), xact::dispatch::exact(xact::dispatch::gelu));
  dispatched::compare<xact::float16, xact::bfloat16>(xact::gelu, xact::dispatch::gelu);
  dispatched::compare<float, xact::float8_e5m2>(xact::gelu, xact::dispatch::gelu);
  dispatched::compare<double, xact::float16>(xact::gelu, xact::dispatch::gelu);
  dispatched::compare<xact::float8_e4m3, xact::float8_e5m2>(xact::gelu, xact::dispatch::gelu);
  dispatched::compare<xact::float16, double>(xact::gelu, xact::dispatch::gelu);
  dispatched::compare<float, xact::bfloat16>(xact::derivative(xact::gelu),
                                             xact::dispatch::derivative(xact::dispatch::gelu));
}

TEST_CASE("dispatch: parameters that are not the default ones") {
  const xact::leaky_relu_t f{.negative_slope = -1.75};
  const xact::dispatch::leaky_relu_t d{.negative_slope = -1.75};
  dispatched::compare<float, float>(f, d);
  dispatched::compare<double, double>(xact::accurate(f), xact::dispatch::accurate(d));
  dispatched::compare<xact::bfloat16, xact::bfloat16>(f, d);
  dispatched::compare<float, float>(xact::derivative(f), xact::dispatch::derivative(d));
}

template <class F> static std::string error_of(const F &call) {
  try {
    call();
  } catch (const std::invalid_argument &e) {
    return e.what();
  }
  return "";
}

TEST_CASE("dispatch: errors are those of the direct call, before anything is written") {
  std::vector<float> x(10, 1.0f);
  std::vector<double> wide(9);
  const auto equal = [&](const auto &direct, const auto &dispatch) {
    const std::vector<float> before = x;
    const std::string wanted = error_of(direct);
    CHECK(wanted != "");
    CHECK(error_of(dispatch) == wanted);
    CHECK(x == before);
  };
  equal([&] { xact::gelu(x, wide); }, [&] { xact::dispatch::gelu(x, wide); });
  const std::span<float> some(x);
  equal([&] { xact::exact(xact::gelu)(some.first(9), some.last(9)); },
        [&] { xact::dispatch::exact(xact::dispatch::gelu)(some.first(9), some.last(9)); });
  equal([&] { xact::derivative(xact::leaky_relu)(xact::rows(x, 5), xact::rows(x, 2)); },
        [&] { xact::dispatch::derivative(xact::dispatch::leaky_relu)(xact::rows(x, 5), xact::rows(x, 2)); });
  const double infinite = std::numeric_limits<double>::infinity();
  equal([&] { xact::leaky_relu_t{.negative_slope = infinite}(x, wide); },
        [&] { xact::dispatch::leaky_relu_t{.negative_slope = infinite}(x, wide); });
}

using dispatched::first_difference;
using dispatched::same_bytes;

/// n numbers from -11 to 11 that hang on the seed.
template <class T> static std::vector<T> numbers(std::size_t n, unsigned seed) {
  std::vector<T> x(n);
  for (T &each : x) {
    seed = seed * 1664525u + 1013904223u;
    each = T(static_cast<float>(static_cast<int>(seed >> 8) % 20001 - 10000) * 0.0011f);
  }
  return x;
}

template <class T, class DX, class F, class D> static void check_backward(const F &f, const D &d) {
  const std::size_t n = 3000;
  const auto x = numbers<T>(n, 1), dy = numbers<T>(n, 2);
  auto want = numbers<DX>(n, 3), is = want;
  for (const bool accumulate : {false, true}) {
    xact::backward(f, x, dy, want, {.accumulate = accumulate});
    xact::dispatch::backward(d, x, dy, is, {.accumulate = accumulate});
    CHECK(first_difference(want, is) == "");
  }
  xact::backward(f, xact::rows(x, 3, 4), xact::rows(dy, 3, 4), xact::rows(want, 3, 4));
  xact::dispatch::backward(d, xact::rows(x, 3, 4), xact::rows(dy, 3, 4), xact::rows(is, 3, 4));
  CHECK(first_difference(want, is) == "");
}

TEST_CASE("dispatch: backward") {
  check_backward<float, float>(xact::gelu, xact::dispatch::gelu);
  check_backward<double, xact::bfloat16>(xact::accurate(xact::gelu), xact::dispatch::accurate(xact::dispatch::gelu));
  check_backward<xact::float16, xact::float16>(xact::leaky_relu, xact::dispatch::leaky_relu);
  const auto y = numbers<float>(100, 1), dy = numbers<float>(100, 2);
  std::vector<float> want(100), is(100);
  xact::backward_from_output(xact::leaky_relu, y, dy, want);
  xact::dispatch::backward_from_output(xact::dispatch::leaky_relu, y, dy, is);
  CHECK(first_difference(want, is) == "");
}

template <class T, class F, class D> static void check_unit(const F &f, const D &d) {
  const std::size_t n = 998;
  const auto gate = numbers<T>(n, 1), up = numbers<T>(n, 5), dy = numbers<T>(n, 2), fused = numbers<T>(2 * n, 9);
  auto want = numbers<T>(n, 3), is = want, want_up = numbers<T>(n, 4), is_up = want_up;
  auto want_fused = numbers<T>(2 * n, 8), is_fused = want_fused;
  for (xact::glu_options o : {xact::glu_options{},
                              {.swapped = true},
                              {.limit = 7, .offset = 1, .accumulate = true},
                              {.limit = 7, .alpha = 1.702, .offset = 1},
                              {.alpha = 0.7, .accumulate = true},
                              {.accumulate = true}}) {
    CAPTURE(o.alpha, o.limit, o.accumulate);
    xact::backward(f, gate, up, dy, want, want_up, o);
    xact::dispatch::backward(d, gate, up, dy, is, is_up, o);
    CHECK(first_difference(want, is) == "");
    CHECK(first_difference(want_up, is_up) == "");
    for (const auto layout : {xact::glu_layout::halves, xact::glu_layout::interleaved}) {
      o.layout = layout;
      xact::backward(f, fused, dy, want_fused, o);
      xact::dispatch::backward(d, fused, dy, is_fused, o);
      CHECK(first_difference(want_fused, is_fused) == "");
    }
    o.accumulate = false;
    f(xact::rows(fused, 4), xact::rows(want, 2), o);
    d(xact::rows(fused, 4), xact::rows(is, 2), o);
    CHECK(first_difference(want, is) == "");
    o.layout = xact::glu_layout::separate;
    f(gate, up, want, o);
    d(gate, up, is, o);
    CHECK(first_difference(want, is) == "");
  }
}

TEST_CASE("dispatch: gated units") {
  check_unit<float>(xact::geglu, xact::dispatch::geglu);
  check_unit<float>(xact::exact(xact::glu(xact::gelu, xact::leaky_relu)),
                    xact::dispatch::exact(xact::dispatch::glu(xact::dispatch::gelu, xact::dispatch::leaky_relu)));
  check_unit<xact::bfloat16>(xact::glu(xact::leaky_relu), xact::dispatch::glu(xact::dispatch::leaky_relu));
}

template <class In, class Out, class F, class D> static void check_rows(const F &f, const D &d) {
  const std::size_t count = 6;
  for (const std::size_t columns : {1u, 5u, 40u, 1500u}) {
    const std::size_t n = count * columns;
    auto x = numbers<In>(n, 1);
    const auto mask = numbers<float>(n, 5);
    std::vector<unsigned char> seen(n);
    for (std::size_t i = 0; i < n; ++i)
      seen[i] = i % 7 != 0 && i / columns != 1;
    const std::vector<double> scales(count, 0.125);
    std::vector<Out> want(n), is(n);
    const auto check = [&](const xact::softmax_options &o) {
      CAPTURE(columns, o.softcap, o.causal, o.mask.size(), x.back() != x.back());
      f(xact::rows(x, columns), xact::rows(want, columns), o);
      d(xact::rows(x, columns), xact::rows(is, columns), o);
      CHECK(first_difference(want, is) == "");
    };
    check({});
    check({.scale = scales});
    check({.softcap = 5, .mask = mask});
    check({.mask = seen, .sink = 0.7, .on_empty_row = xact::empty_row::zero});
    check({.causal = true, .offset = 3, .window = {.left = 4}, .sink = 1.3});
    x[columns / 2] = std::numeric_limits<float>::infinity();
    x.back() = std::numeric_limits<float>::quiet_NaN();
    check({.causal = true});
  }
}

TEST_CASE("dispatch: softmax and its kin") {
  check_rows<float, float>(xact::softmax, xact::dispatch::softmax);
  check_rows<xact::bfloat16, float>(xact::exact(xact::softmin), xact::dispatch::exact(xact::dispatch::softmin));
  // By pieces, as no kernel has these types.
  check_rows<xact::float16, xact::bfloat16>(xact::softmax, xact::dispatch::softmax);
  check_rows<double, float>(xact::accurate(xact::log_softmax), xact::dispatch::accurate(xact::dispatch::log_softmax));
  const auto x = numbers<float>(1700, 3), dy = numbers<float>(1700, 9);
  std::vector<float> want(1700), is(1700);
  xact::softmax(x, want);
  xact::backward_from_output(xact::softmax, want, dy, want, {.scale = 0.3});
  xact::dispatch::softmax(x, is);
  xact::dispatch::backward_from_output(xact::dispatch::softmax, is, dy, is, {.scale = 0.3});
  CHECK(first_difference(want, is) == "");
  xact::sparsemax(x, want);
  xact::dispatch::sparsemax(x, is);
  CHECK(first_difference(want, is) == "");
  CHECK(xact::dispatch::accurate(xact::dispatch::logsumexp)(x) == xact::accurate(xact::logsumexp)(x));
  xact::softmax_state state, other;
  state.update(x);
  other.update(dy, {.scale = 0.5});
  state.merge(other);
  xact::dispatch::softmax_state here, there;
  here.update(x);
  there.update(dy, {.scale = 0.5});
  here.merge(there);
  state.write(x, want);
  here.write(x, is);
  CHECK(first_difference(want, is) == "");
  CHECK(here.logsumexp() == state.logsumexp());
}

template <class In, class Out, class F, class D> static void check_columns(const F &f, const D &d) {
  for (const auto &[count, width, height] :
       std::initializer_list<std::array<std::size_t, 3>>{{2, 3, 5}, {1, 133, 21}, {1, 2, 4500}}) {
    auto x = numbers<In>(count * width * height, 4);
    x[1] = static_cast<In>(std::numeric_limits<float>::infinity());
    std::vector<Out> want(x.size()), is(x.size());
    f(xact::columns(x, width, height), xact::columns(want, width, height));
    d(xact::columns(x, width, height), xact::columns(is, width, height));
    CAPTURE(width, height);
    CHECK(first_difference(want, is) == "");
  }
}

TEST_CASE("dispatch: down columns") {
  namespace library = xact::dispatch;
  check_columns<float, float>(xact::softmax, library::softmax);
  check_columns<float, float>(xact::exact(xact::log_softmax), library::exact(library::log_softmax));
  check_columns<float, xact::bfloat16>(xact::softmin, library::softmin);
  check_columns<float, float>(xact::sparsemax, library::sparsemax);
  // By pieces.
  check_columns<double, float>(xact::softmin, library::softmin);
  std::vector<float> x(12), y(12);
  const auto error = [&](const auto &f) {
    return error_of([&] { f(xact::columns(x, 4, 3), xact::columns(y, 3, 4)); });
  };
  CHECK(error(library::softmax) == error(xact::softmax));
}

template <class In, class Code> static void check_coded(int zero_point) {
  for (const std::size_t columns : {3u, 100u, 5000u}) {
    const auto x = numbers<In>(3 * columns, 7);
    const auto mask = numbers<float>(columns, 2);
    std::vector<Code> want(3 * columns), is(3 * columns);
    const xact::quantization q{.scale = 1 / 256.0f, .zero_point = zero_point};
    for (const xact::softmax_options &o : {xact::softmax_options(), {.mask = mask}, {.causal = true}}) {
      xact::softmax(xact::rows(x, columns), xact::rows(want, columns), q, o);
      xact::dispatch::exact(xact::dispatch::softmax)(xact::rows(x, columns), xact::rows(is, columns), q, o);
      CHECK(want == is);
    }
  }
}

TEST_CASE("dispatch: softmax into codes") {
  check_coded<float, std::int8_t>(-128);
  check_coded<float, std::uint8_t>(3);
  std::vector<float> x(5, 1.0f);
  std::vector<std::uint8_t> want(5), is(5);
  xact::softmin(x, want, xact::quantization{.scale = 0.01f});
  xact::dispatch::softmin(x, is, xact::quantization{.scale = 0.01f});
  CHECK(want == is);
  CHECK(error_of([&] { xact::dispatch::softmin(x, is, xact::quantization{.zero_point = -1}); }) ==
        error_of([&] { xact::softmin(x, is, xact::quantization{.zero_point = -1}); }));
}

template <class E, class S> static void check_prelu() {
  for (const auto &shape : std::initializer_list<std::array<std::size_t, 2>>{{1, 3}, {1, 700}, {1, 1}, {50, 7}}) {
    const std::size_t width = shape[0], height = shape[1];
    const std::size_t n = 6 * width * height;
    const auto x = numbers<E>(n, 1), dy = numbers<E>(n, 2);
    const auto slopes = numbers<S>(height, 3);
    std::vector<E> want(n), is(n);
    std::vector<S> want_slopes(height), is_slopes(height);
    const auto check = [&](const auto &view) {
      xact::prelu(view(x), slopes, view(want));
      xact::dispatch::prelu(view(x), slopes, view(is));
      CHECK(first_difference(want, is) == "");
      xact::backward(xact::prelu, view(x), slopes, view(dy), view(want), want_slopes);
      xact::dispatch::backward(xact::dispatch::prelu, view(x), slopes, view(dy), view(is), is_slopes);
      CHECK(first_difference(want, is) == "");
      CHECK(first_difference(want_slopes, is_slopes) == "");
    };
    CAPTURE(width, height);
    check([&](auto &range) { return xact::columns(range, width, height); });
    if (width == 1) {
      check([](auto &range) { return std::span(range); });
      check([&](auto &range) { return xact::rows(std::span(range).first(5 * height), height, height + height / 4); });
    }
  }
}

TEST_CASE("dispatch: prelu and its gradient") {
  check_prelu<float, float>();
  check_prelu<xact::bfloat16, float>();
  // By parts.
  check_prelu<xact::float8_e5m2, xact::bfloat16>();
  check_prelu<float, double>();
  std::vector<float> x(10);
  const std::vector<float> slopes(3);
  CHECK(error_of([&] { xact::dispatch::prelu(x, slopes, x); }) == error_of([&] { xact::prelu(x, slopes, x); }));
}

TEST_CASE("dispatch: inspect and compare") {
  auto x = numbers<float>(1003, 1);
  x[7] = std::numeric_limits<float>::quiet_NaN();
  x[500] = -0.0f;
  std::vector<xact::bfloat16> y(x.begin(), x.end());
  const auto bytes_of = [](const auto &result) {
    std::vector<unsigned char> bytes(sizeof result);
    std::memcpy(bytes.data(), &result, sizeof result);
    return bytes;
  };
  CHECK(bytes_of(xact::dispatch::inspect(x, 3)) == bytes_of(xact::inspect(x, 3)));
  CHECK(bytes_of(xact::dispatch::inspect(xact::rows(y, 17))) == bytes_of(xact::inspect(xact::rows(y, 17))));
  const std::vector<std::int8_t> codes{-128, 0, 1, 127};
  CHECK(bytes_of(xact::dispatch::inspect(codes)) == bytes_of(xact::inspect(codes)));
  const xact::drift want = xact::compare(xact::rows(x, 17), xact::rows(y, 17), 3);
  const xact::drift is = xact::dispatch::compare(xact::rows(x, 17), xact::rows(y, 17), 3);
  CHECK(bytes_of(is) == bytes_of(want));
  std::vector<xact::float16> narrow(x.size()), watched(x.size());
  for (const std::size_t columns : {x.size(), std::size_t{17}}) {
    xact::census seen;
    xact::gelu(x, narrow);
    xact::dispatch::accurate(xact::dispatch::watch(xact::dispatch::gelu, seen))(xact::rows(x, columns),
                                                                                xact::rows(watched, columns));
    CHECK(same_bytes(narrow, watched));
    CHECK(bytes_of(seen) == bytes_of(xact::inspect(narrow)));
  }
  xact::census seen;
  xact::dispatch::watch(xact::dispatch::gelu, seen)(x);
  CHECK(xact::dispatch::watch(xact::dispatch::gelu, seen)(2.0f) == xact::gelu(2.0f));
  CHECK(seen.count == x.size() + 1);
  xact::dispatch::softmax(xact::rows(x, 17), xact::rows(narrow, 17), {.scale = 3});
  xact::census of_rows;
  xact::dispatch::watch(xact::dispatch::softmax, of_rows)(xact::rows(x, 17), xact::rows(watched, 17), {.scale = 3});
  CHECK(bytes_of(of_rows) == bytes_of(xact::inspect(narrow)));
  xact::census of_gate, of_gradient;
  xact::dispatch::watch(xact::dispatch::geglu, of_gate)(x, x, narrow);
  CHECK(bytes_of(of_gate) == bytes_of(xact::inspect(narrow)));
  xact::dispatch::backward(xact::dispatch::watch(xact::dispatch::gelu, of_gradient), x, x, narrow);
  CHECK(bytes_of(of_gradient) == bytes_of(xact::inspect(narrow)));
  const std::span<const float> less(x.data(), 1000);
  CHECK(error_of([&] { static_cast<void>(xact::dispatch::compare(x, less)); }) ==
        error_of([&] { static_cast<void>(xact::compare(x, less)); }));
}

/// Numbers of In to codes of T and back, and how they are calibrated.
template <class In, class T> static void check_codes(std::size_t pairs_of = 1) {
  const std::size_t columns = 1501, rows = 3;
  const auto x = numbers<In>(rows * columns, 5);
  const xact::quantization q = xact::dispatch::calibrate<T>(x);
  CHECK(q.scale == xact::calibrate<T>(x).scale);
  CHECK(q.zero_point == xact::calibrate<T>(x).zero_point);
  std::vector<xact::quantization> each(rows), want_each(rows);
  xact::calibrate<T>(xact::rows(x, columns), want_each);
  xact::dispatch::calibrate<T>(xact::rows(x, columns), each);
  CHECK(same_bytes(each, want_each));
  const std::size_t wide = (columns + pairs_of - 1) / pairs_of;
  std::vector<T> want(rows * wide), is(rows * wide);
  xact::quantize(xact::rows(x, columns), xact::rows(want, wide), each);
  xact::dispatch::quantize(xact::rows(x, columns), xact::rows(is, wide), each);
  CHECK(same_bytes(want, is));
  std::vector<In> back(rows * columns), is_back(rows * columns);
  xact::dequantize(xact::rows(want, wide), xact::rows(back, columns), q);
  xact::dispatch::dequantize(xact::rows(want, wide), xact::rows(is_back, columns), q);
  CHECK(first_difference(back, is_back) == "");
}

TEST_CASE("dispatch: quantize, dequantize, calibrate, tables, requantize") {
  check_codes<float, std::int8_t>();
  check_codes<double, std::uint8_t>();
  check_codes<xact::float16, xact::int4_pair>(2);
  check_codes<xact::bfloat16, xact::float8_e4m3>();
  check_codes<float, xact::float8_e5m2>();
  namespace library = xact::dispatch;
  dispatched::check_table<std::uint8_t>(xact::derivative(xact::gelu), library::derivative(library::gelu));
  dispatched::check_table<xact::int4_pair>(xact::leaky_relu, library::accurate(library::leaky_relu));
  dispatched::check_table<xact::float8_e4m3>(xact::leaky_relu_t{.negative_slope = 0.3},
                                             library::leaky_relu_t{.negative_slope = 0.3});
  dispatched::check_requantize<std::uint8_t>(xact::derivative(xact::gelu), library::derivative(library::gelu));
  const std::vector<xact::quantization> in{{.scale = 0.05f}, {.scale = 0.5f}}, out{{.scale = 0.25f}, {.scale = 0.1f}};
  std::vector<xact::table<std::int8_t>> want(2);
  std::vector<library::table<std::int8_t>> tables(2);
  xact::tabulate<std::int8_t>(xact::gelu, in, out, want);
  library::tabulate<std::int8_t>(library::gelu, in, out, tables);
  CHECK(std::memcmp(want.data(), tables.data(), sizeof(want[0]) * 2) == 0);
  std::vector<float> x(10, 1.0f);
  std::vector<std::int8_t> codes(10, 5), nine(9);
  const std::vector<std::int8_t> before = codes;
  const auto equal = [&](const auto &direct, const auto &dispatched) {
    CHECK(error_of(direct) != "");
    CHECK(error_of(direct) == error_of(dispatched));
    CHECK(same_bytes(codes, before));
  };
  equal([&] { xact::quantize(x, codes, {.scale = -1}); }, [&] { library::quantize(x, codes, {.scale = -1}); });
  equal([&] { xact::quantize(x, nine, {}); }, [&] { library::quantize(x, nine, {}); });
  equal([&] { static_cast<void>(xact::tabulate<std::int8_t>(xact::gelu, {}, {.zero_point = 300})); },
        [&] { static_cast<void>(library::tabulate<std::int8_t>(library::gelu, {}, {.zero_point = 300})); });
  const std::vector<std::int32_t> sums(10);
  equal([&] { xact::requantize(sums, NAN, xact::gelu, {}, codes); },
        [&] { library::requantize(sums, NAN, library::gelu, {}, codes); });
  std::vector<xact::quantization> few(3);
  equal([&] { xact::tabulate<std::int8_t>(xact::gelu, in, few, want); },
        [&] { library::tabulate<std::int8_t>(library::gelu, in, few, tables); });
  equal([&] { xact::calibrate<std::int8_t>(xact::rows(x, 5), few); },
        [&] { library::calibrate<std::int8_t>(xact::rows(x, 5), few); });
}

TEST_CASE("dispatch: activations by name") {
  for (const std::string_view name : xact::names()) {
    CAPTURE(name);
    CHECK(xact::dispatch::find(name));
  }
  CHECK_FALSE(xact::dispatch::find("gelu_newer"));
  CHECK_FALSE(xact::dispatch::find(""));
  std::vector<float> x = dispatched::inputs<float>(), y(x.size()), z(x.size());
  const xact::dispatch::activation f = xact::dispatch::find("LeakyReLU");
  xact::leaky_relu(x, y);
  f(x, z);
  CHECK(dispatched::first_difference(y, z) == "");
  CHECK(f(-3.0) == xact::leaky_relu(-3.0));
  xact::exact(xact::derivative(xact::gelu))(x, y);
  xact::dispatch::derivative(xact::dispatch::exact(xact::dispatch::find("gelu_erf")))(x, z);
  CHECK(dispatched::first_difference(y, z) == "");
  CHECK(error_of([&] { xact::dispatch::find("gelu_newer")(x); }).find("empty") != std::string::npos);
  // ONNX's HardSigmoid has another slope than PyTorch's.
  CHECK(xact::dispatch::find("HardSigmoid").parameters[0] == 0.2);
  CHECK(xact::dispatch::find("Hardsigmoid").parameters[0] == 1.0 / 6);
}

TEST_CASE("dispatch: ISAs") {
  const auto all = xact::dispatch::isas();
  CHECK(std::ranges::count(all, xact::dispatch::isa()) == 1);
}
