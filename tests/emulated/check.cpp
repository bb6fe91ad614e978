// All that must hold on an ISA, in one file and without a test library, for machines that are emulated: every function
// and tier on every hard case and two million floats, narrow types over all inputs, doubles, the softmax family,
// tables.
//
//   check hashes.tsv hard_cases/       compares the hashes of what has the same bits everywhere with those in the file
//   check hashes.tsv hard_cases/ -w    writes them there
//
// What is correctly rounded is compared by its hash; the other tiers with the exact one's results.

#include <xact/xact.hpp>

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <map>
#include <random>
#include <sstream>
#include <string>
#include <vector>

namespace {

std::map<std::string, std::uint64_t> pinned, found;
int failures = 0, checks = 0;

void check(bool holds, const std::string &what) {
  ++checks;
  if (!holds) {
    std::printf("FAILED: %s\n", what.c_str());
    ++failures;
  }
}

/// Bits as a number, those of each NaN alike.
std::uint64_t code_of(float x) { return std::isnan(x) ? 0x7fc00000 : std::bit_cast<std::uint32_t>(x); }
std::uint64_t code_of(std::int8_t x) { return static_cast<std::uint8_t>(x); }
std::uint64_t code_of(std::uint8_t x) { return x; }
template <class T>
  requires requires(T x) { x.bits; }
std::uint64_t code_of(const T &x) {
  return std::isnan(static_cast<float>(x)) ? ~std::uint64_t{0} : std::uint64_t{x.bits};
}

template <class T> void same_everywhere(const std::string &what, const std::vector<T> &results) {
  std::uint64_t hash = 0xcbf29ce484222325; // FNV-1a, a word at a time
  for (const T &y : results) {
    hash = (hash ^ code_of(y)) * 0x100000001b3;
  }
  found[what] = hash;
  if (!pinned.empty()) {
    check(pinned.contains(what) && pinned[what] == hash, what + " has other bits than on x86");
  }
}

/// Every 2047th float: of all magnitudes, with all last bits, infinities and NaN.
const std::vector<float> &floats() {
  static const std::vector<float> all = [] {
    std::vector<float> x((1ull << 32) / 2047);
    for (std::uint32_t i = 0; i < x.size(); ++i) {
      x[i] = std::bit_cast<float>(i * 2047);
    }
    for (const std::uint32_t last : {0x7f800000u, 0xff800000u, 0x7fc00000u, 0x80000000u, 0x7f7fffffu, 1u}) {
      x.push_back(std::bit_cast<float>(last));
    }
    return x;
  }();
  return all;
}

/// The largest distance from `want`, correctly rounded, in its units in the last place; infinite for NaN or a zero of
/// another sign.
template <class T> double farthest(const std::vector<T> &y, const std::vector<T> &want, std::size_t &at) {
  double worst = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    if (std::memcmp(&y[i], &want[i], sizeof(T)) == 0 || (std::isnan(y[i]) && std::isnan(want[i]))) {
      continue;
    }
    const T spacing = std::nextafter(std::abs(want[i]), std::numeric_limits<T>::infinity()) - std::abs(want[i]);
    double off = static_cast<double>((y[i] - want[i]) / spacing);
    off = std::isfinite(off) && std::signbit(y[i]) == std::signbit(want[i]) ? std::abs(off) : HUGE_VAL;
    if (off > worst) {
      worst = off, at = i;
    }
  }
  return worst;
}
template <class T>
void within(const std::string &what, double limit, const std::vector<T> &x, const std::vector<T> &y,
            const std::vector<T> &want) {
  std::size_t at = 0;
  const double worst = farthest(y, want, at);
  char text[96];
  std::snprintf(text, sizeof text, " is off by %.3g ULP at %a", worst, static_cast<double>(x[at]));
  check(worst <= limit, what + text);
}

template <class T, class F, class X> std::vector<T> results(const F &f, const std::vector<X> &x) {
  std::vector<T> y(x.size());
  f(x, y);
  return y;
}

template <class T, class F> void all_inputs(const std::string &what, const F &f) {
  std::vector<T> x(std::size_t{1} << (8 * sizeof(T)));
  for (std::size_t i = 0; i < x.size(); ++i) {
    x[i] = T::from_bits(static_cast<typename T::storage>(i));
  }
  same_everywhere(what, results<T>(f, x));
}

/// Correctly rounded results at the inputs where that is hardest.
template <class F> void hard_cases(const std::string &folder, const std::string &name, const F &f) {
  std::ifstream file(folder + "/" + name + ".txt");
  std::vector<float> x, want;
  for (std::string line; std::getline(file, line);) {
    std::uint32_t in = 0, out = 0;
    if (std::sscanf(line.c_str(), "%x %x", &in, &out) == 2) {
      x.push_back(std::bit_cast<float>(in));
      want.push_back(std::bit_cast<float>(out));
    }
  }
  if (!x.empty()) {
    within("exact(" + name + ") of hard cases", 0, x, results<float>(f, x), want);
  }
}

template <class F>
[[gnu::noinline]] void check_activation(const std::string &folder, const std::string &name, const F &f) {
  const auto &x = floats();
  const auto exact = results<float>(xact::exact(f), x);
  same_everywhere("exact(" + name + ")", exact);
  hard_cases(folder, name, xact::exact(f));
  // Half an ULP of the exact result for what it is rounded by.
  within(name, 4.5, x, results<float>(f, x), exact);
  within("accurate(" + name + ")", 1.5, x, results<float>(xact::accurate(f), x), exact);
  for (std::size_t i = 0; i < x.size(); i += 4099) {
    std::vector<float> few(x.begin() + static_cast<std::ptrdiff_t>(i), x.begin() + static_cast<std::ptrdiff_t>(i) + 1);
    const float alone = f(x[i]);
    f(few);
    check(code_of(alone) == code_of(few[0]), name + ": a value and a range of one differ");
  }
  all_inputs<xact::float16>(name + " of float16", f);
  all_inputs<xact::bfloat16>(name + " of bfloat16", f);
  all_inputs<xact::float8_e4m3>(name + " of float8 e4m3", f);
  all_inputs<xact::float8_e5m2>(name + " of float8 e5m2", f);
  std::vector<double> wide;
  for (std::size_t i = 0; i < x.size(); i += 16) {
    wide.push_back(static_cast<double>(x[i]) * (1 + 0x1p-30));
  }
  within(name + " of double", 5.5, wide, results<double>(f, wide), results<double>(xact::accurate(f), wide));
  std::vector<std::int8_t> codes(256);
  for (int i = 0; i < 256; ++i) {
    codes[static_cast<std::size_t>(i)] = static_cast<std::int8_t>(i);
  }
  const auto table = xact::tabulate<std::int8_t>(f, {.scale = 0.05f, .zero_point = 3}, {.scale = 0.04f});
  same_everywhere("table of " + name, results<std::int8_t>(table, codes));
}

std::vector<float> logits(std::size_t n, float spread) {
  std::mt19937 random(7);
  std::vector<float> x(n);
  for (float &z : x) { // of 32 bits that are the same everywhere, unlike std::normal_distribution's
    z = (static_cast<float>(random() >> 8) - static_cast<float>(random() >> 8)) * 0x1p-24f * spread;
  }
  return x;
}

template <class T> std::vector<T> as(const std::vector<float> &x) {
  std::vector<T> y(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    y[i] = static_cast<T>(x[i]);
  }
  return y;
}

/// Without the sign of zeros: of log_softmax, they stand for what is too small for a float.
std::vector<float> unsigned_zeros(std::vector<float> x) {
  for (float &y : x) {
    y += 0.0f;
  }
  return x;
}

template <class F> void check_rows(const std::string &name, const F &f) {
  for (const std::size_t columns : {1u, 3u, 17u, 100u, 1000u, 2500u}) {
    for (const float spread : {1.0f, 30.0f, 3000.0f, 3e7f}) {
      const std::string what = name + " of " + std::to_string(columns) + " columns, " + std::to_string(spread);
      const std::vector<float> x = logits(5 * columns, spread);
      std::vector<float> y(x.size()), want(x.size()), mask(columns);
      for (std::size_t i = 0; i < columns; i += 3) {
        mask[i] = i % 2 == 0 ? -1e9f : 0.5f;
      }
      int which = 0;
      for (const xact::softmax_options &o :
           {xact::softmax_options{}, xact::softmax_options{.scale = 0.08838834764831845},
            xact::softmax_options{.scale = 1.5, .causal = true, .offset = 2},
            xact::softmax_options{.softcap = 20, .mask = mask}, xact::softmax_options{.scale = 0.25, .mask = mask}}) {
        xact::exact(f)(xact::rows(x, columns), xact::rows(want, columns), o);
        same_everywhere(what + ", options " + std::to_string(which++), want);
        f(xact::rows(x, columns), xact::rows(y, columns), o);
        within(what, 4.51, x, unsigned_zeros(y), unsigned_zeros(want));
        xact::accurate(f)(xact::rows(x, columns), xact::rows(y, columns), o);
        within("accurate " + what, 2.51, x, unsigned_zeros(y), unsigned_zeros(want));
      }
      auto narrow = as<xact::float16>(x);
      f(xact::rows(narrow, columns));
      same_everywhere(what + " of float16", narrow);
      auto brief = as<xact::bfloat16>(x);
      f(xact::rows(brief, columns));
      same_everywhere(what + " of bfloat16", brief);
    }
  }
}

void check_codes() {
  const std::vector<float> x = logits(4096, 6);
  std::vector<std::int8_t> codes(x.size());
  std::vector<std::uint8_t> unsigned_codes(x.size());
  xact::quantize(x, codes, {.scale = 0.037f, .zero_point = -5});
  same_everywhere("quantize to int8", codes);
  xact::quantize(x, unsigned_codes, {.scale = 0.037f, .zero_point = 131});
  same_everywhere("quantize to uint8", unsigned_codes);
  std::vector<std::int32_t> sums(x.size());
  for (std::size_t i = 0; i < sums.size(); ++i) {
    sums[i] = static_cast<std::int32_t>(x[i] * 5000);
  }
  xact::requantize(sums, 0.0011f, xact::gelu, {.scale = 0.03f}, codes);
  same_everywhere("requantize with gelu", codes);
}

} // namespace

int main(int count, char **arguments) {
  if (count < 3) {
    std::puts("usage: check hashes.tsv hard_cases/ [-w]");
    return 2;
  }
  const bool writes = count > 3;
  if (std::ifstream file(arguments[1]); !writes) {
    for (std::string line; std::getline(file, line);) {
      const std::size_t tab = line.find('\t');
      pinned[line.substr(0, tab)] = std::stoull(line.substr(tab + 1), nullptr, 16);
    }
    check(!pinned.empty(), std::string("no hashes in ") + arguments[1]);
  }
  std::apply([&](const auto &...entry) { (check_activation(arguments[2], std::string(entry.name()), entry.f), ...); },
             xact::activations);
  check_rows("softmax", xact::softmax);
  check_rows("log_softmax", xact::log_softmax);
  check_codes();
  check(writes || pinned.size() == found.size(), "not every hash of the file was made");
  if (writes && failures == 0) {
    std::ofstream file(arguments[1]);
    for (const auto &[what, hash] : found) {
      char text[32];
      std::snprintf(text, sizeof text, "\t%016llx\n", static_cast<unsigned long long>(hash));
      file << what << text;
    }
  }
  std::printf("%s: %d of %d checks failed, %zu hashes %s\n", failures == 0 ? "passed" : "FAILED", failures, checks,
              found.size(), writes ? "written" : "compared");
  return failures != 0;
}
