// Shapes that do not fit are refused with both numbers, and nothing is written.

#include <xact/rows.hpp>

#include "values.hpp"

#include <catch2/catch_test_macros.hpp>
#include <xact/softmax.hpp>

using xact::rows, xact::softmax;

/// Whether a call throws std::invalid_argument with both numbers in its message.
template <class F> static bool refuses(const F &call, int a, int b) {
  try {
    call();
    return false;
  } catch (const std::invalid_argument &error) {
    const std::string message = error.what();
    return message.find(std::to_string(a)) != message.npos && message.find(std::to_string(b)) != message.npos;
  }
}

TEST_CASE("rows of a shape that makes no sense") {
  std::vector<float> data(143);
  CHECK(refuses([&] { static_cast<void>(rows(data, 0)); }, 0, 143));
  CHECK(refuses([&] { static_cast<void>(rows(data, 37)); }, 37, 143));
  CHECK(refuses([&] { static_cast<void>(rows(data, 144)); }, 144, 143));
  CHECK(refuses([&] { static_cast<void>(rows(data, 13, 11)); }, 13, 11));
  CHECK(refuses([&] { static_cast<void>(rows(data, 11, 17)); }, 17, 143));
  CHECK(rows(data, 13).count == 11);
  CHECK(rows(data, 7, 17).count == 9); // 8 * 17 + 7
  CHECK(rows(data, 11, 13).count == 11);
  CHECK(rows(std::span<float>(), 13).count == 0);
  CHECK(rows(std::span<float>(), 0).count == 0);
}

TEST_CASE("softmax refuses shapes that differ and ranges that overlap in part") {
  const std::vector<float> in = spread<float>(-9, 9, 120);
  std::vector<float> out(120, -7);
  std::vector<float> data = in;
  const std::span<float> all = data;
  CHECK(refuses([&] { softmax(in, std::span(out).first(53)); }, 120, 53));
  CHECK(refuses([&] { softmax(std::span(in).first(53), out); }, 120, 53));
  CHECK(refuses([&] { softmax(rows(in, 10), rows(out, 12)); }, 10, 12));
  CHECK(refuses([&] { softmax(rows(in, 10), rows(std::span(out).first(90), 10)); }, 12, 9));
  CHECK(refuses([&] { softmax(all.first(60), all.subspan(1, 60)); }, 60, 60));
  CHECK(refuses([&] { softmax(all.subspan(1, 60), all.first(60)); }, 60, 60));
  CHECK(refuses([&] { softmax(rows(all.first(80), 10), rows(all.last(80), 10)); }, 80, 80));
  CHECK(refuses([&] { softmax(rows(data, 10), rows(data, 5)); }, 10, 5));
  CHECK(out == std::vector<float>(120, -7));
  CHECK(data == in);
  CHECK_NOTHROW(softmax(rows(all.first(60), 10), rows(all.last(60), 10)));
}
