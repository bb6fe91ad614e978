// Who tests the tests: kernels with one planted fault each, and the check that must find it.

#include "checks/accuracy.hpp"
#include "checks/call_forms.hpp"
#include "checks/flushed.hpp"
#include "checks/rows.hpp"
#include "values.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <xact/exact.hpp>
#include <xact/silu.hpp>

namespace {

using range = std::span<float>;
using const_range = std::span<const float>;

float last_bit(float x) { return std::bit_cast<float>(std::bit_cast<std::uint32_t>(x) ^ 1); }

subject<float> right() { return subject<float>(xact::exact(xact::silu)); }

/// silu with another value wherever `wrong(x)`.
subject<float> with_fault(bool (*wrong)(float), float (*value)(float x, float y)) {
  subject<float> f = right();
  f.value = [=, y = f.value](float x) { return wrong(x) ? value(x, y(x)) : y(x); };
  f.range = [=, y = f.value](const_range in, range out) { std::ranges::transform(in, out.begin(), y); };
  return f;
}

bool found(const std::string &report) { return report != ""; }

const auto strided_floats = strided<float>();
const auto near_zero = spread<float>(-20, 20, 100'000);

} // namespace

TEST_CASE("no check complains of a right kernel") {
  const subject<float> f = right();
  CHECK(special_values(f, records::of("silu")) == "");
  CHECK(within_limit(f, records::of("silu"), 0.5, strided_floats) == "");
  CHECK(correctly_rounded(f, records::of("silu"), strided_floats) == "");
  CHECK(hard_cases_rounded(f, records::of("silu")) == "");
  CHECK(positions(f) == "");
  CHECK(batches(f) == "");
  CHECK(preconditions(f) == "");
}

TEST_CASE("a wrong last bit is found") {
  const auto flip = [](float, float y) { return last_bit(y); };
  CHECK(found(
      correctly_rounded(with_fault([](float x) { return x > 1 && x < 1.01f; }, flip), records::of("silu"), near_zero)));
  CHECK(
      found(correctly_rounded(with_fault([](float x) { return x < -87; }, flip), records::of("silu"), strided_floats)));
  CHECK(found(hard_cases_rounded(with_fault([](float x) { return x == 0x1.0p-24f * 2; }, flip), records::of("silu"))));
}

TEST_CASE("two wrong bits, flushed results and early zeros are found by the limits") {
  const auto off = [](float, float y) { return last_bit(y) * (1 + 0x1p-21f); };
  CHECK(found(
      within_limit(with_fault([](float x) { return x > 1 && x < 1.01f; }, off), records::of("silu"), 1, near_zero)));
  const auto zero = [](float, float y) { return std::copysign(0.f, y); };
  CHECK(found(within_limit(with_fault([](float x) { return x < -88; }, zero), records::of("silu"), 4, strided_floats)));
  CHECK(found(within_limit(with_fault([](float x) { return std::abs(x) < 0x1p-126f; }, zero), records::of("silu"), 4,
                           strided_floats)));
  const auto positive = [](float, float y) { return std::abs(y); };
  CHECK(found(
      within_limit(with_fault([](float x) { return x < -110; }, positive), records::of("silu"), 4, strided_floats)));
}

TEST_CASE("wrong special values are found") {
  const auto nan = [](float, float) { return NAN; };
  const auto zero = [](float, float) { return 0.f; };
  CHECK(found(special_values(with_fault([](float x) { return x == -HUGE_VALF; }, nan), records::of("silu"))));
  CHECK(
      found(special_values(with_fault([](float x) { return x == -HUGE_VALF; }, zero), records::of("silu")))); // not -0
  CHECK(found(special_values(with_fault([](float x) { return x == 0; }, zero), records::of("silu"))));
  CHECK(found(special_values(with_fault([](float x) { return std::isnan(x); }, zero), records::of("silu"))));
}

TEST_CASE("a lane, an end, an alignment or a neighbour that counts is found") {
  const auto faulty = [](auto &&wrong) {
    subject<float> f = right();
    f.range = [=, y = f.value](const_range in, range out) {
      for (std::size_t i = 0; i < in.size(); ++i)
        out[i] = wrong(in, i) ? last_bit(y(in[i])) : y(in[i]);
    };
    return f;
  };
  CHECK(found(positions(faulty([](const_range in, std::size_t i) { return i + 1 == in.size(); }))));
  CHECK(found(positions(faulty([](const_range in, std::size_t i) { return in.size() == 129 && i == 128; }))));
  CHECK(found(positions(faulty([](const_range, std::size_t i) { return i == 61; }))));
  CHECK(found(positions(faulty(
      [](const_range in, std::size_t i) { return i == 0 && std::bit_cast<std::uintptr_t>(in.data()) % 64 == 60; }))));
  CHECK(found(positions(faulty([](const_range in, std::size_t i) { return i > 0 && std::isinf(in[i - 1]); }))));
}

TEST_CASE("NaN lost at one place is found") {
  subject<float> f = right();
  f.range = [y = f.range](const_range in, range out) {
    y(in, out);
    if (in.size() == 18 && std::isnan(out[17]))
      out[17] = 0;
  };
  CHECK(found(positions(f)));
}

TEST_CASE("writing beside the output or to the input is found") {
  subject<float> beside = right();
  beside.range = [y = beside.range](const_range in, range out) {
    y(in, out);
    if (out.size() == 77)
      out.data()[77] = 0;
  };
  CHECK(found(positions(beside)));
  subject<float> input = right();
  input.range = [y = input.range](const_range in, range out) {
    y(in, out);
    if (in.size() == 3)
      const_cast<float *>(in.data())[1] = 0;
  };
  CHECK(found(positions(input)));
}

TEST_CASE("another result in place is found") {
  subject<float> f = right();
  f.in_place = [y = f.in_place](range x) {
    y(x);
    if (x.size() == 130)
      x[64] = last_bit(x[64]);
  };
  CHECK(found(positions(f)));
}

TEST_CASE("a wrong lane of a batch, and swapped lanes, are found") {
  subject<float> f = right();
  if (xsimd::batch<float>::size > 1) {
    f.batch = [y = f.batch](xsimd::batch<float> x) {
      std::array<float, xsimd::batch<float>::size> lanes;
      y(x).store_unaligned(lanes.data());
      std::swap(lanes.front(), lanes.back());
      return xsimd::batch<float>::load_unaligned(lanes.data());
    };
    CHECK(found(batches(f)));
  }
  f.batch = [y = right().batch](xsimd::batch<float> x) {
    std::array<float, xsimd::batch<float>::size> lanes;
    y(x).store_unaligned(lanes.data());
    lanes.back() = last_bit(lanes.back());
    return xsimd::batch<float>::load_unaligned(lanes.data());
  };
  CHECK(found(batches(f)));
}

TEST_CASE("preconditions that are missing, silent or late are found") {
  subject<float> f = right();
  f.range = [](const_range, range) {};
  CHECK(found(preconditions(f)));
  f.range = [](const_range, range) { throw std::invalid_argument("no"); };
  CHECK(found(preconditions(f)));
  f.range = [y = right().range](const_range in, range out) {
    if (!out.empty() && in.size() != out.size())
      out.front() = 0;
    y(in, out);
  };
  CHECK(found(preconditions(f)));
}

TEST_CASE("a kernel that FTZ breaks is found") {
  if constexpr (flush_subnormals::possible) {
    subject<float> f = right();
    f.range = [](const_range in, range out) {
      const volatile float down = 0x1p-100f;
      const volatile float up = 0x1p100f;
      for (std::size_t i = 0; i < in.size(); ++i)
        out[i] = (in[i] * down) * up;
    };
    CHECK(found(unharmed_by_flushing(f, near_zero)));
  }
}

TEST_CASE("a softmax whose sum has an error is found") {
  for (const row_subject &f : row_subjects()) {
    const auto row = kinds_of_row(1000, f.round)[0];
    auto y = f.call(row_operation::softmax, row, {}, {});
    CHECK(!found(within_limit(f, row_operation::softmax, y, logits_of(row, 1))));
    for (double &x : y)
      x *= 1 + (f.limit + 1) * std::ldexp(1.0, 1 - f.format.digits);
    CHECK(found(within_limit(f, row_operation::softmax, y, logits_of(row, 1))));
  }
}
