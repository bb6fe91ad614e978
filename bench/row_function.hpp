#pragma once
// What softmax and log_softmax share: rows of 128, 1024 and 32768 columns, as softmax_1024, and one row, as
// softmax_row.

#include "bench.hpp"

#include <xact/softmax.hpp>

namespace bench {

/// Adds a row function of any type: f(rows in, rows out).
template <class T, class F> void add_rows(const std::string &function, const std::string &by, const F &f) {
  for (const std::size_t columns : {128u, 1024u}) {
    const auto run = [f, columns](const T *in, T *out, std::size_t n) {
      f(xact::rows(std::span<const T>(in, n), columns), xact::rows(std::span<T>(out, n), columns));
    };
    contenders<T>().push_back({function + "_" + std::to_string(columns), by, run, columns});
  }
  add<T>(function + "_row", by, f);
}

/// Adds xact's own in every type and tier.
template <class F> bool add_row_function(const std::string &function, const F &f) {
  add_rows<float>(function, "default", f);
  add_rows<float>(function, "accurate", xact::accurate(f));
  add_rows<float>(function, "exact", xact::exact(f));
  add_rows<double>(function, "default", f);
  return true;
}

} // namespace bench
