#pragma once
// All checks that softmax and log_softmax share, in every type and tier.

#include "checks/rows.hpp"
#include "values.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <xact/detail/call/rows.hpp>

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
  check_row_tier("accurate float", row_subject<float>(xact::accurate(f)), truth, 3);
  check_row_tier("accurate double", row_subject<double>(xact::accurate(f)), truth, 4);
  check_row_tier("float", row_subject<float>(f), truth, 16);
  check_row_tier("double", row_subject<double>(f), truth, 4);
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

struct options_of_rows {
  double scale = 1;
  enum { no_mask, one_mask, own_masks } mask = no_mask;
  std::optional<std::ptrdiff_t> causal = {};
  xact::empty_row on_empty_row = xact::empty_row::nan;
};

/// Many rows at once, of every kind side by side, against one row at a time by another way: softmax_state.
template <class F, class Write>
void check_rows_together(const F &f, const Write &by_state, const options_of_rows &with = {}) {
  constexpr float inf = std::numeric_limits<float>::infinity();
  std::mt19937_64 random(5);
  std::normal_distribution<float> normal(0, 3);
  for (const std::size_t columns :
       std::initializer_list<std::size_t>{1,  2,  3,  5,  7,   8,   9,   15,  16,  17,  24,  31,  32,   33,
                                          47, 63, 64, 65, 127, 128, 129, 200, 255, 256, 257, 513, 1025, 4129}) {
    for (const std::size_t count : std::initializer_list<std::size_t>{1, 2, 3, 5, 8, 16, 17, 37}) {
      if (columns > 1000 && count % 8 != 5)
        continue;
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
        case 13:
          x = 3e38f;
          break;
        default:
          break;
        }
      }
      std::vector<unsigned char> mask(with.mask == with.own_masks ? count * columns : columns);
      for (unsigned char &m : mask)
        m = random() % 4 == 0 ? 0 : static_cast<unsigned char>(random() % 255 + 1);
      const auto options_of = [&](std::span<const unsigned char> part) {
        xact::softmax_options options{.scale = with.scale, .on_empty_row = with.on_empty_row};
        if (with.mask != with.no_mask)
          options.mask = part;
        return options;
      };
      std::vector<float> want(in.size(), -7), out(in.size(), -7), inout = in;
      for (std::size_t i = 0; i < count; ++i) {
        const auto seen = static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(
            with.causal ? static_cast<std::ptrdiff_t>(i) + *with.causal + 1 : std::ptrdiff_t(columns), 0,
            static_cast<std::ptrdiff_t>(columns)));
        const std::span<const unsigned char> part(&mask[with.mask == with.own_masks ? i * columns : 0], seen);
        const std::span<float> row = std::span(want).subspan(i * stride, columns);
        const float none = result_of<float>(f, {0, -inf})[1];
        std::fill(row.begin(), row.end(), with.on_empty_row == xact::empty_row::nan && seen == 0 ? NAN : none);
        by_state(std::span<const float>(in).subspan(i * stride, seen), row.first(seen), options_of(part));
        if (std::isnan(row[0]))
          std::fill(row.begin(), row.end(), NAN);
      }
      xact::softmax_options options = options_of(mask);
      options.causal = with.causal;
      f(xact::rows(in, columns, stride), xact::rows(out, columns, stride), options);
      f(xact::rows(inout, columns, stride), options);
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
