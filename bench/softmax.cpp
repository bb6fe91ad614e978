#include "row_function.hpp"

#include <cmath>
#include <map>
#include <memory>

namespace {

constexpr std::size_t columns = 1024;

template <class F> void add_kind(const std::string &kind, const std::string &by, const F &run) {
  bench::contenders<float>().push_back({kind + "_softmax_" + std::to_string(columns), by, run, columns});
}

/// Rows of other logits: change(logit, its index).
template <class F, class Change>
void add_logits(const std::string &kind, const F &f, const std::string &by, const Change &change) {
  const auto kept = std::make_shared<std::map<std::size_t, std::vector<float>>>();
  add_kind(kind, by, [=](const float *in, float *out, std::size_t n) {
    constexpr std::size_t page = 4096; // see bench::buffers
    std::vector<float> &logits = (*kept)[n];
    const bool is_new = logits.empty();
    if (is_new)
      logits.resize(n + page / sizeof(float));
    float *const first = logits.data() + -reinterpret_cast<std::uintptr_t>(logits.data()) % page / sizeof(float);
    for (std::size_t i = 0; is_new && i < n; ++i)
      first[i] = change(in[i], i);
    f(xact::rows(std::span<const float>(first, n), columns), xact::rows(std::span<float>(out, n), columns));
  });
}

/// Rows with options.
template <class F>
void add_options(const std::string &kind, const F &f, const std::string &by, const xact::softmax_options &options) {
  add_kind(kind, by, [=](const float *in, float *out, std::size_t n) {
    f(xact::rows(std::span<const float>(in, n), columns), xact::rows(std::span<float>(out, n), columns), options);
  });
}

/// What might take longer than N(0, 2) without options.
template <class F> void add_kinds(const F &f, const std::string &by) {
  constexpr auto is_cut = [](std::size_t i) { return i * 2654435761 % 4294967296 < 1431655765; }; // a third
  static const std::vector<unsigned char> mask = [=] {
    std::vector<unsigned char> result(columns);
    for (std::size_t i = 0; i < columns; ++i)
      result[i] = !is_cut(i);
    return result;
  }();
  add_logits("far", f, by, [](float x, std::size_t) { return 10 * x; });
  add_logits("cut", f, by, [=](float x, std::size_t i) { return is_cut(i) ? -HUGE_VALF : x; });
  add_logits("huge", f, by, [](float x, std::size_t) { return 1e5f + x; });
  add_options("masked", f, by, {.mask = mask});
  add_options("causal", f, by, {.causal = true, .offset = columns / 2});
  add_options("scaled", f, by, {.scale = 0.125});
  add_options("scaled_by_a_tenth", f, by, {.scale = 0.1});
}

[[maybe_unused]] const bool added = [] {
  bench::add_row_function("softmax", xact::softmax);
  add_kinds(xact::softmax, "default");
  add_kinds(xact::accurate(xact::softmax), "accurate");
  return true;
}();

} // namespace
