#include "row_function.hpp"

#include <map>
#include <memory>

namespace {

constexpr std::size_t columns = 1024;

/// Rows of 1024 that might take longer than N(0, 2) without options: change(logit, its index) instead of each logit, or
/// options, which get one mask for all rows.
template <class F, class Change>
void add_rows_of(const std::string &kind, const F &f, const std::string &by, const Change &change,
                 const xact::softmax_options &options) {
  const auto changed = std::make_shared<std::map<std::size_t, std::vector<float>>>();
  const auto run = [=](const float *in, float *out, std::size_t n) {
    std::vector<float> &logits = (*changed)[n];
    if (logits.empty()) {
      for (std::size_t i = 0; i < n; ++i)
        logits.push_back(change(in[i], i));
    }
    f(xact::rows(std::span<const float>(logits), columns), xact::rows(std::span<float>(out, n), columns), options);
  };
  bench::contenders<float>().push_back({kind + "_softmax_" + std::to_string(columns), by, run, columns});
}

template <class F> void add_kinds(const F &f, const std::string &by) {
  static const std::vector<unsigned char> mask = [] {
    std::vector<unsigned char> result(columns);
    for (std::size_t i = 0; i < columns; ++i)
      result[i] = i * i % 3 != 1;
    return result;
  }();
  const auto same = [](float x, std::size_t) { return x; };
  add_rows_of("far", f, by, [](float x, std::size_t) { return 10 * x; }, {});
  add_rows_of("cut", f, by, [](float x, std::size_t i) { return i * i % 3 == 1 ? -HUGE_VALF : x; }, {});
  add_rows_of("masked", f, by, same, {.mask = mask});
  add_rows_of("causal", f, by, same, {.causal = columns / 2});
  add_rows_of("scaled", f, by, same, {.scale = 0.125});
}

[[maybe_unused]] const bool added = [] {
  bench::add_row_function("softmax", xact::softmax);
  add_kinds(xact::softmax, "default");
  add_kinds(xact::fast(xact::softmax), "fast");
  return true;
}();

} // namespace
