// Two things that few bits do to a model: activations lose what their codes cannot say, and probabilities of float16
// lose what is below 2^-25. Both are held to what is unavoidable.

#include <xact/quantize.hpp>
#include <xact/relu.hpp>
#include <xact/silu.hpp>
#include <xact/softmax.hpp>

#include "records.hpp"
#include "values.hpp"

#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>
#include <numeric>
#include <xact/float16.hpp>
#include <xact/gelu.hpp>

namespace {

template <class T> constexpr int lowest = std::is_same_v<T, xact::int4_pair> ? -8 : -128;

/// Where f's results over every code went.
struct account {
  double inside = 0; // the largest distance, in steps, of results that the codes reach
  double below = 0;  // the sum of what lies below the lowest code, or above the highest
  double above = 0;
  bool at_the_ends = true; // all of that is at the end codes
};

template <class T>
account through(const record &r, const xact::table<T> &table, xact::quantization in, xact::quantization out) {
  const double step = static_cast<double>(out.scale);
  const double bottom = (lowest<T> - out.zero_point) * step;
  const double top = (-lowest<T> - 1 - out.zero_point) * step;
  account sums;
  for (int q = lowest<T>; q < -lowest<T>; ++q) {
    const double y = r.truth((q - in.zero_point) * static_cast<double>(in.scale)).value.hi;
    const int mask = -2 * lowest<T> - 1;
    const int code = ((table.entries[q & mask] - lowest<T>)&mask) + lowest<T>; // with its sign
    const double got = (code - out.zero_point) * step;
    sums.inside = std::max(sums.inside, y < bottom || y > top ? 0 : std::abs(got - y) / step);
    sums.below += std::max(bottom - y, 0.0);
    sums.above += std::max(y - top, 0.0);
    sums.at_the_ends = sums.at_the_ends && (y >= bottom || got == bottom) && (y <= top || got == top);
  }
  return sums;
}

} // namespace

TEMPLATE_TEST_CASE("ReLU, GELU and SiLU lose half a step at most, and beyond the codes only what is beyond them", "",
                   std::int8_t, xact::int4_pair) {
  using T = TestType;
  const float steps = -2 * lowest<T> - 1;
  const auto check = [&](const auto &f, const record &r, float lobe) {
    CAPTURE(r.name);
    const xact::quantization in = {.scale = 6 / steps}; // [-3, 3]
    // Room for the negative lobe, and for all above: nothing is clipped.
    const auto zero = static_cast<int>(std::ceil(-lobe / (3.1f - lobe) * steps));
    const xact::quantization wide = {.scale = (3.1f - lobe) / (steps - 1), .zero_point = lowest<T> + zero};
    const account all = through<T>(r, xact::tabulate<T>(f, in, wide), in, wide);
    CHECK(all.inside <= 0.5 + 1e-9);
    CHECK(all.below == 0);
    CHECK(all.above == 0);
    // All codes for 0 to 1: the lobe is gone, and so is what exceeds 1; both lie at the ends.
    const xact::quantization narrow = {.scale = 1 / steps, .zero_point = lowest<T>};
    const account some = through<T>(r, xact::tabulate<T>(f, in, narrow), in, narrow);
    CHECK(some.inside <= 0.5 + 1e-9);
    CHECK(some.at_the_ends);
    CHECK(some.above > 0);
    CHECK((some.below > 0) == (lobe < 0));
  };
  check(xact::relu, records::of("relu"), 0.0f);
  check(xact::gelu, records::of("gelu"), -0.17f);
  check(xact::silu, records::of("silu"), -0.2785f);
}

TEMPLATE_TEST_CASE("0 stays 0, and all that ReLU cuts off is 0", "", std::int8_t, xact::int4_pair) {
  using T = TestType;
  const xact::quantization q = {.scale = 0.1f, .zero_point = lowest<T> + 3};
  const auto zero = static_cast<std::uint8_t>(q.zero_point & (-2 * lowest<T> - 1));
  for (const auto &table :
       {xact::tabulate<T>(xact::relu, q, q), xact::tabulate<T>(xact::gelu, q, q), xact::tabulate<T>(xact::silu, q, q)})
    CHECK(table.entries[zero] == zero);
  const auto relu = xact::tabulate<T>(xact::relu, q, q);
  for (int below = lowest<T>; below < q.zero_point; ++below)
    CHECK(relu.entries[below & (-2 * lowest<T> - 1)] == zero);
}

TEST_CASE("softmax of float16 over 64K to 1M columns adds up to 1") {
  for (const std::size_t columns : {65'536u, 100'003u, 1'048'576u}) {
    for (const float sigma : {0.0f, 1.0f, 4.0f}) {
      CAPTURE(columns, sigma);
      std::mt19937 random(3);
      std::normal_distribution<float> normal(-20, 1);
      std::vector<xact::float16> logits(columns);
      for (xact::float16 &x : logits)
        x = xact::float16(sigma > 0 ? -20 + sigma * (normal(random) + 20) : -20);
      std::vector<float> wide(columns);
      std::vector<xact::float16> narrow(columns);
      xact::softmax(logits, wide);
      xact::softmax(logits, narrow);
      CHECK(std::abs(std::accumulate(wide.begin(), wide.end(), 0.0) - 1) < 1e-6);

      // Each is the nearest float16 to its probability, within the softmax's own error of 3 ULP of float.
      double mass = 0;
      double room = 0;
      findings found;
      for (std::size_t i = 0; i < columns; ++i) {
        const double p = static_cast<double>(wide[i]);
        const double got = static_cast<double>(static_cast<float>(narrow[i]));
        const double unit = std::max(0x1p-24, std::exp2(std::floor(std::log2(p)) - 10));
        if (!(std::abs(got - p) <= unit / 2 * (1 + 0x1p-10)))
          found.add(show(got) + " for " + show(p));
        mass += got;
        room += unit / 2;
      }
      CHECK(found.report() == "");
      CHECK(std::abs(mass - 1) <= room);
      // Errors of either sign: only equal probabilities, which all round alike, come near that.
      CHECK(std::abs(mass - 1) < (sigma > 0 ? 0.005 : 0.015));
    }
  }
}
