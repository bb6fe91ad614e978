#pragma once
// All checks that softmax and log_softmax share, in every type and tier.

#include "checks/rows.hpp"
#include "values.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <xact/detail/row_function.hpp>

template <class T> void check_row_tier(const char *name, const row_subject<T> &f, element_truth truth, double limit) {
  DYNAMIC_SECTION(name) {
    for (const std::size_t columns : std::initializer_list<std::size_t>{1, 2, 3, 17, 130, 1000, 4097, 70'000}) {
      for (const std::vector<T> &row : kinds_of_row<T>(columns))
        CHECK(row_within_limit(f, truth, limit, row) == "");
    }
    CHECK(row_positions(f) == "");
  }
}

template <class F> void check_row_function(const F &f, element_truth truth) {
  check_row_tier("float", row_subject<float>(f), truth, 3);
  check_row_tier("double", row_subject<double>(f), truth, 4);
  check_row_tier("fast float", row_subject<float>(xact::fast(f)), truth, 16);
  check_row_tier("fast double", row_subject<double>(xact::fast(f)), truth, 4);
  check_row_tier("exact float", row_subject<float>(xact::exact(f)), truth, 0.51);
}

/// f of a short row.
template <class T, class F, class... Options>
std::vector<T> result_of(const F &f, std::vector<T> row, const Options &...options) {
  f(row, options...);
  return row;
}

template <class T> bool same_rows(const std::vector<T> &a, const std::vector<T> &b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), same<T>);
}

/// Many rows at once, of every kind side by side, against one row at a time by another way: softmax_state.
template <class F, class Write> void check_rows_together(const F &f, const Write &by_state) {
  constexpr float inf = std::numeric_limits<float>::infinity();
  std::mt19937_64 random(5);
  std::normal_distribution<float> normal(0, 3);
  for (const std::size_t columns : std::initializer_list<std::size_t>{
           1, 2, 3, 5, 7, 8, 9, 15, 16, 17, 24, 31, 32, 33, 47, 63, 64, 65, 127, 128, 129, 200, 255, 256, 257, 513}) {
    for (const std::size_t count : std::initializer_list<std::size_t>{1, 2, 3, 5, 8, 16, 17, 37}) {
      const std::size_t stride = columns + count % 3;
      std::vector<float> in((count - 1) * stride + columns);
      for (float &x : in)
        x = normal(random);
      for (std::size_t i = 0; i < count; ++i) {
        const std::span<float> row = std::span(in).subspan(i * stride, columns);
        float &x = row[random() % columns];
        switch ((i * 7 + columns) % 17) {
        case 1:
          x = NAN;
          break;
        case 2:
          x = inf;
          break;
        case 3:
          x = 1e30f;
          break;
        case 4:
          std::fill(row.begin(), row.end(), -inf);
          break;
        case 5:
          std::fill(row.begin(), row.end(), 1.7f);
          break;
        case 6:
          x = 25;
          break;
        case 7:
          x = 90;
          break;
        case 8:
          x = 300;
          break;
        case 9:
          std::fill(row.begin(), row.end(), -inf), x = 3;
          break;
        case 10:
          x = -65290;
          break;
        case 11:
          x = 11;
          break;
        case 12:
          row[0] = inf, x = NAN;
          break;
        default:
          break;
        }
      }
      std::vector<float> want(in.size(), -7), out(in.size(), -7), inout = in;
      for (std::size_t i = 0; i < count; ++i)
        by_state(std::span<const float>(in).subspan(i * stride, columns), std::span(want).subspan(i * stride, columns));
      f(xact::rows(in, columns, stride), xact::rows(out, columns, stride));
      f(xact::rows(inout, columns, stride));
      for (std::size_t i = 0; i < in.size(); ++i) {
        if (i % stride >= columns)
          inout[i] = -7;
      }
      CAPTURE(columns, count);
      CHECK(same_rows(out, want)); // and -7 in the gaps
      CHECK(same_rows(inout, want));
    }
  }
}
