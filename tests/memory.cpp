// Loads and stores: nothing outside of the ranges is touched, and an element's bits depend on neither its position, the
// length, nor the alignment. Ranges end right before, or start right after, a page that cannot be accessed.

#include <xact/xact.hpp>

#include <catch2/catch_template_test_macros.hpp>

#include <cstring>
#include <span>
#include <vector>

#include <sys/mman.h>
#include <unistd.h>

namespace {

/// Some pages between two that cannot be accessed.
class guarded_pages {
public:
  guarded_pages() {
    void *all = mmap(nullptr, bytes + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    REQUIRE(all != MAP_FAILED);
    base = static_cast<unsigned char *>(all);
    REQUIRE(mprotect(base + page, bytes, PROT_READ | PROT_WRITE) == 0);
  }
  guarded_pages(const guarded_pages &) = delete;
  guarded_pages &operator=(const guarded_pages &) = delete;
  ~guarded_pages() { munmap(base, bytes + 2 * page); }

  /// n elements that end, or start, at a boundary.
  template <class E> std::span<E> range(std::size_t n, bool at_end) const {
    unsigned char *from = base + page + (at_end ? bytes - n * sizeof(E) : 0);
    return {reinterpret_cast<E *>(from), n};
  }

private:
  std::size_t page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  std::size_t bytes = (32768 + page - 1) / page * page;
  unsigned char *base = nullptr;
};

constexpr std::size_t most = 130;

template <class E> E element(std::size_t i) {
  const auto numerator = static_cast<float>(static_cast<int>(i * 37 % 101) - 50);
  return static_cast<E>(numerator / 16.0f);
}
template <> std::int32_t element<std::int32_t>(std::size_t i) {
  return static_cast<std::int32_t>(i * 7919 % 2001) - 1000;
}
template <> std::int8_t element<std::int8_t>(std::size_t i) { return static_cast<std::int8_t>(i * 37 % 256); }
template <> xact::int4_pair element<xact::int4_pair>(std::size_t i) {
  return {static_cast<std::uint8_t>(i * 37 % 256)};
}

template <class E> void fill(std::span<E> range) {
  for (std::size_t i = 0; i < range.size(); ++i) {
    range[i] = element<E>(i);
  }
}

template <class E> bool same(std::span<E> a, const std::vector<std::type_identity_t<E>> &b) {
  return a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(E)) == 0; // not even 0 bytes of no memory
}

/// call(in, out) for every length, at either end of the pages: out[i] is what `one` gives for in[i].
template <class In, class Out, class Call, class One> void check_ranges(Call call, One one) {
  const guarded_pages in_pages, out_pages;
  std::vector<Out> expected(most);
  for (std::size_t i = 0; i < most; ++i) {
    expected[i] = one(element<In>(i));
  }
  for (std::size_t n = 0; n <= most; ++n) {
    for (const int ends : {0, 1, 2, 3}) {
      const auto in = in_pages.range<In>(n, ends % 2 != 0);
      const auto out = out_pages.range<Out>(n, ends / 2 != 0);
      fill(in);
      call(in, out);
      INFO(n << " elements, ends " << ends);
      REQUIRE(same(out, expected));
      if constexpr (sizeof(In) == sizeof(Out) && std::is_same_v<In, Out>) {
        call(in, in);
        REQUIRE(same(in, expected));
      }
    }
  }
}

template <class In, class Out> struct types {};

template <class F, class In, class Out> void check_function(const F &f, types<In, Out>) {
  check_ranges<In, Out>([&](const auto &in, const auto &out) { f(in, out); },
                        [&](In x) {
                          if constexpr (std::is_same_v<In, Out>) {
                            return f(x);
                          } else {
                            Out y[1];
                            f(std::span<const In>(&x, 1), y);
                            return y[0];
                          }
                        });
}

} // namespace

#define ALIKE(E) (types<E, E>)
TEMPLATE_TEST_CASE("ranges of every length at the ends of pages", "[memory]", ALIKE(float), ALIKE(double),
                   ALIKE(xact::float16), ALIKE(xact::bfloat16), ALIKE(xact::float8_e4m3), ALIKE(xact::float8_e5m2),
                   (types<float, double>), (types<double, float>), (types<float, xact::bfloat16>),
                   (types<xact::float16, float>), (types<xact::bfloat16, xact::float16>),
                   (types<double, xact::float8_e5m2>), (types<xact::float8_e4m3, double>)) {
  check_function(xact::silu, TestType());
  check_function(xact::leaky_relu, TestType());
}

TEST_CASE("tiers, the exact one too, at the ends of pages", "[memory]") {
  check_function(xact::exact(xact::tanh), types<float, float>());
  check_function(xact::accurate(xact::gelu), types<float, float>());
}

TEST_CASE("elements that two formats read and write at one place", "[memory]") {
  const guarded_pages pages;
  for (std::size_t n = 0; n <= most; ++n) {
    for (const bool at_end : {false, true}) {
      const auto in = pages.range<xact::float16>(n, at_end);
      const auto out = pages.range<xact::bfloat16>(n, at_end);
      fill(in);
      std::vector<xact::bfloat16> expected(n);
      xact::silu(in, expected);
      xact::silu(in, out);
      REQUIRE(same(out, expected));
    }
  }
}

TEMPLATE_TEST_CASE("several inputs, one of them the output", "[memory]", float, double, xact::bfloat16) {
  using E = TestType;
  const guarded_pages a_pages, b_pages;
  const auto f = [](auto a, auto b) { return a * b + a; };
  for (std::size_t n = 0; n <= most; ++n) {
    for (const bool at_end : {false, true}) {
      const auto a = a_pages.range<E>(n, at_end);
      const auto b = b_pages.range<E>(n, !at_end);
      std::vector<E> expected(n);
      fill(a);
      fill(b);
      for (std::size_t i = 0; i < n; ++i) {
        xact::transform(f, a.subspan(i, 1), b.subspan(i, 1), std::span(expected).subspan(i, 1));
      }
      INFO(n << " elements");
      xact::transform(f, a, b, a);
      REQUIRE(same(a, expected));
      fill(a);
      xact::transform(f, a, b, b);
      REQUIRE(same(b, expected));
    }
  }
}

TEMPLATE_TEST_CASE("interleaved pairs", "[memory]", float, double, xact::float16) {
  using E = TestType;
  const guarded_pages pairs_pages, out_pages;
  for (std::size_t n = 0; n <= most; ++n) {
    for (const bool at_end : {false, true}) {
      const auto pairs = pairs_pages.range<E>(2 * n, at_end);
      const auto out = out_pages.range<E>(n, at_end);
      fill(pairs);
      std::vector<E> gate(n), up(n), expected(n);
      for (std::size_t i = 0; i < n; ++i) {
        gate[i] = pairs[2 * i];
        up[i] = pairs[2 * i + 1];
      }
      xact::swiglu(gate, up, expected);
      xact::swiglu(pairs, out, {.layout = xact::glu_layout::interleaved});
      INFO(n << " pairs");
      REQUIRE(same(out, expected));
    }
  }
}

TEST_CASE("tables and requantized sums", "[memory]") {
  const auto bytes = xact::tabulate<std::int8_t>(xact::silu, {.scale = 0.05f}, {.scale = 0.04f});
  check_ranges<std::int8_t, std::int8_t>([&](const auto &in, const auto &out) { bytes(in, out); },
                                         [&](std::int8_t x) {
                                           std::int8_t y[1] = {x};
                                           bytes(y);
                                           return y[0];
                                         });
  const auto nibbles = xact::tabulate<xact::int4_pair>(xact::silu, {.scale = 0.5f}, {.scale = 0.4f});
  check_ranges<xact::int4_pair, xact::int4_pair>([&](const auto &in, const auto &out) { nibbles(in, out); },
                                                 [&](xact::int4_pair x) {
                                                   xact::int4_pair y[1] = {x};
                                                   nibbles(y);
                                                   return y[0];
                                                 });
  const auto requantized = [](const auto &in, const auto &out) {
    xact::requantize(in, 0.01f, xact::gelu, {.scale = 0.05f}, out);
  };
  check_ranges<std::int32_t, std::int8_t>(requantized, [&](std::int32_t x) {
    std::int8_t y[1];
    requantized(std::span<const std::int32_t>(&x, 1), std::span<std::int8_t>(y));
    return y[0];
  });
}

TEMPLATE_TEST_CASE("every alignment, in place and not", "[memory]", float, double, xact::bfloat16, xact::float8_e5m2) {
  using E = TestType;
  const guarded_pages in_pages, out_pages;
  for (const std::size_t n : {511u, 512u, 513u, 520u, 577u, 1024u, 1100u}) {
    std::vector<E> expected(n);
    for (std::size_t i = 0; i < n; ++i) {
      expected[i] = xact::leaky_relu(element<E>(i));
    }
    for (std::size_t offset = 0; offset <= 64; ++offset) {
      const auto in = in_pages.range<E>(n + offset, true).first(n);
      const auto out = out_pages.range<E>(n + 2 * offset, true).first(n);
      fill(in);
      INFO(n << " elements, offset " << offset);
      xact::leaky_relu(in, out);
      REQUIRE(same(out, expected));
      xact::leaky_relu(in);
      REQUIRE(same(in, expected));
    }
  }
}

TEST_CASE("streamed outputs", "[memory]") {
  std::vector<float> in((std::size_t{16} << 18) + 1100), out(in.size() + 64, -1.0f);
  fill(std::span(in));
  for (const std::size_t offset : {0u, 1u, 5u, 17u}) {
    for (const std::size_t n : {std::size_t{16} << 18, (std::size_t{16} << 18) + 1077}) {
      std::fill(out.begin(), out.end(), -100.0f);
      xact::leaky_relu(std::span(in).first(n), std::span(out).subspan(offset, n));
      std::size_t wrong = 0;
      for (std::size_t i = 0; i < n; ++i) {
        wrong += out[offset + i] != xact::leaky_relu(in[i]);
      }
      REQUIRE(wrong == 0);
      REQUIRE((offset == 0 || out[offset - 1] == -100.0f));
      REQUIRE(out[offset + n] == -100.0f);
    }
  }
}
