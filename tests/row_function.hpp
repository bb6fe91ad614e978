#pragma once
// All checks that softmax and log_softmax share, in every type and tier.

#include "checks/rows.hpp"
#include "values.hpp"

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
