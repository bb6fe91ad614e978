// Every pair of what a call reads and what it writes: overlapping memory is refused before anything is written,
// whatever the element types and strides, unless both are the same elements.

#include <xact/xact.hpp>

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstring>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

struct place {
  const char *name;
  bool written;
  const char *kind; ///< two of one kind may be the same memory, if one is read; "" may not
};

/// call(p) with p[i] the memory of place i: apart it works; each two of them, one written, 8 bytes apart, or one upon
/// the other and not of one kind, it refuses.
template <class Call> void check(const char *name, const std::vector<place> &places, Call call) {
  constexpr std::size_t each = 4096;
  std::vector<double> memory((places.size() + 2) * each / sizeof(double));
  auto *const base = reinterpret_cast<std::byte *>(memory.data());
  std::vector<std::byte *> p(places.size());
  const auto lay_out = [&] {
    std::fill(memory.begin(), memory.end(), std::bit_cast<double>(xact::quantization{.scale = 0.5f}));
    for (std::size_t i = 0; i < p.size(); ++i)
      p[i] = base + (i + 1) * each;
  };
  lay_out();
  INFO(name);
  CHECK_NOTHROW(call(p));
  for (std::size_t w = 0; w < p.size(); ++w) {
    for (std::size_t a = 0; places[w].written && a < p.size(); ++a) {
      for (const int shift : {-8, 0, 8}) {
        const bool same = std::strcmp(places[a].kind, places[w].kind) == 0 && *places[a].kind != 0;
        if (a == w || (shift == 0 && same && !places[a].written))
          continue;
        lay_out();
        p[a] = p[w] + shift;
        const std::vector<double> before = memory;
        INFO(places[a].name << " at " << places[w].name << " + " << shift);
        CHECK_THROWS_AS(call(p), std::invalid_argument);
        CHECK(std::memcmp(before.data(), memory.data(), memory.size() * sizeof(double)) == 0);
      }
    }
  }
}

template <class T> std::span<T> at(std::byte *p, std::size_t n) { return {reinterpret_cast<T *>(p), n}; }
using memory = const std::vector<std::byte *> &;
constexpr std::size_t n = 32;
std::span<float> f(std::byte *p) { return at<float>(p, n); }
std::span<std::int8_t> codes(std::byte *p) { return at<std::int8_t>(p, n); }
auto rows(std::byte *p) { return xact::rows(f(p), 8); }
/// Four rows of eight float16 that end where those of floats without gaps do.
auto half_rows(std::byte *p) { return xact::rows(at<xact::float16>(p, 3 * 16 + 8), 8, 16); }

constexpr place in{"in", false, "float"}, out{"out", true, "float"};
constexpr place other{"other", false, "float"}, second{"second", true, "float"};
constexpr place narrow{"narrow", false, "float16"}, narrow_out{"narrow out", true, "float16"};
constexpr place of_codes{"codes", false, "int8"}, codes_out{"codes out", true, "int8"};
constexpr place mask{"mask", false, ""}, few{"few", false, ""};
constexpr place sums{"sums", true, ""}, quantizations{"quantizations", false, ""};
constexpr xact::quantization q{.scale = 0.5f};

} // namespace

TEST_CASE("what element-wise calls read and write") {
  check("gelu", {in, out}, [](memory p) { xact::gelu(f(p[0]), f(p[1])); });
  check("gelu of rows of two types", {narrow, out}, [](memory p) { xact::gelu(half_rows(p[0]), rows(p[1])); });
  check("gelu into rows of float16", {in, narrow_out}, [](memory p) { xact::gelu(rows(p[0]), half_rows(p[1])); });
  check("swiglu", {in, other, out}, [](memory p) { xact::swiglu(f(p[0]), f(p[1]), f(p[2])); });
  check("swiglu of halves", {{"in", false, ""}, out},
        [](memory p) { xact::swiglu(at<float>(p[0], 2 * n), f(p[1]), {.layout = xact::glu_layout::halves}); });
  check("transform", {in, other, out},
        [](memory p) { xact::transform([](auto a, auto b) { return a + b; }, f(p[0]), f(p[1]), f(p[2])); });
  check("transform to two", {in, out, second}, [](memory p) {
    xact::transform([](auto a) { return std::pair(a, -a); }, f(p[0]), xact::outputs(f(p[1]), f(p[2])));
  });
  check("backward", {in, narrow, out},
        [](memory p) { xact::backward(xact::gelu, rows(p[0]), half_rows(p[1]), rows(p[2])); });
  check("backward of swiglu", {in, other, in, out, second},
        [](memory p) { xact::backward(xact::swiglu, f(p[0]), f(p[1]), f(p[2]), f(p[3]), f(p[4])); });
  check("backward_from_output", {in, other, out},
        [](memory p) { xact::backward_from_output(xact::tanh, f(p[0]), f(p[1]), f(p[2])); });
  check("prelu", {in, few, out}, [](memory p) { xact::prelu(rows(p[0]), at<float>(p[1], 8), rows(p[2])); });
  check("backward of prelu", {in, few, other, out, sums}, [](memory p) {
    xact::backward(xact::prelu, f(p[0]), at<float>(p[1], 4), f(p[2]), f(p[3]), at<float>(p[4], 4));
  });
}

TEST_CASE("what softmax and its kin read and write") {
  const auto options = [](memory p, std::size_t i) {
    return xact::softmax_options{.scale = at<float>(p[i], 4),
                                 .queries = 1,
                                 .mask = f(p[i + 1]),
                                 .mask_scale = at<float>(p[i + 2], 4),
                                 .sink = at<float>(p[i + 3], 4)};
  };
  const std::vector<place> optional{few, mask, few, few};
  const auto with_options = [&](std::vector<place> places) {
    places.insert(places.end(), optional.begin(), optional.end());
    return places;
  };
  check("softmax", with_options({in, out}), [&](memory p) { xact::softmax(rows(p[0]), rows(p[1]), options(p, 2)); });
  check("log_softmax", with_options({narrow, out}),
        [&](memory p) { xact::log_softmax(half_rows(p[0]), rows(p[1]), options(p, 2)); });
  check("softmin", with_options({in, narrow_out}),
        [&](memory p) { xact::softmin(rows(p[0]), half_rows(p[1]), options(p, 2)); });
  check("softmax into codes", with_options({{"in", false, ""}, codes_out}),
        [&](memory p) { xact::softmax(rows(p[0]), xact::rows(codes(p[1]), 8), q, options(p, 2)); });
  check("logsumexp", with_options({{"in", false, ""}, sums}),
        [&](memory p) { xact::logsumexp(rows(p[0]), at<float>(p[1], 4), options(p, 2)); });
  check("sparsemax", {narrow, out}, [](memory p) { xact::sparsemax(half_rows(p[0]), rows(p[1])); });
  check("softmax of columns", {in, out},
        [](memory p) { xact::softmax(xact::columns(f(p[0]), 8, 4), xact::columns(f(p[1]), 8, 4)); });
  check("sparsemax of columns", {{"in", false, "float16"}, out}, [](memory p) {
    xact::sparsemax(xact::columns(at<xact::float16>(p[0], n), 8, 4), xact::columns(f(p[1]), 8, 4));
  });
  check("backward of softmax", with_options({in, narrow, out}), [&](memory p) {
    xact::backward_from_output(xact::softmax, rows(p[0]), half_rows(p[1]), rows(p[2]), options(p, 3));
  });
  check("backward of sparsemax", {in, other, out},
        [](memory p) { xact::backward_from_output(xact::sparsemax, f(p[0]), f(p[1]), f(p[2])); });
  check("softmax_state::write", {in, out}, [](memory p) {
    xact::softmax_state s;
    s.update(f(p[0]));
    s.write(f(p[0]), f(p[1]));
  });
}

TEST_CASE("what calls of codes read and write") {
  check("quantize", {in, codes_out}, [](memory p) { xact::quantize(f(p[0]), codes(p[1]), q); });
  check("quantize by row", {in, codes_out, quantizations},
        [](memory p) { xact::quantize(rows(p[0]), xact::rows(codes(p[1]), 8), at<xact::quantization>(p[2], 4)); });
  check("dequantize by row", {of_codes, out, quantizations},
        [](memory p) { xact::dequantize(xact::rows(codes(p[0]), 8), rows(p[1]), at<xact::quantization>(p[2], 4)); });
  check("calibrate", {{"in", false, ""}, {"q", true, ""}},
        [](memory p) { xact::calibrate<std::int8_t>(rows(p[0]), at<xact::quantization>(p[1], 4)); });
  check("tabulate", {quantizations, quantizations, {"tables", true, ""}}, [](memory p) {
    xact::tabulate<std::int8_t>(xact::gelu, at<xact::quantization>(p[0], 4), at<xact::quantization>(p[1], 4),
                                at<xact::table<std::int8_t>>(p[2], 4));
  });
  check("dequantize", {of_codes, out}, [](memory p) { xact::dequantize(codes(p[0]), f(p[1]), q); });
  check("requantize", {{"sums", false, "int32"}, codes_out},
        [](memory p) { xact::requantize(at<std::int32_t>(p[0], n), 0.5f, xact::gelu, q, codes(p[1])); });
  check("a table", {of_codes, codes_out}, [](memory p) {
    static const auto table = xact::tabulate<std::int8_t>(xact::gelu, q, q);
    table(codes(p[0]), codes(p[1]));
  });
}
