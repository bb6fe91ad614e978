#pragma once
// A function over all 2^32 floats: how many results are misrounded, the largest error and where, and a hash of all
// bits, by which ISAs and compilers can be compared. The true value is worked out once for all tiers and ISAs.

#include "../records.hpp"
#include "../run_on_isa/cpu_has.hpp"
#include "../values.hpp"
#include "kernels.hpp"

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <ctime>
#include <fcntl.h>
#include <fstream>
#include <memory>
#include <mutex>
#include <set>
#include <span>
#include <sys/file.h>
#include <thread>
#include <unistd.h>

namespace exhaustive {

struct tier {
  std::string isa;
  std::string name;
  kernel *f;
  double limit;
  bool standard; // whose errors may count in eighths
};

struct tally {
  std::uint64_t wrong = 0; // NaN for a number or the reverse, another limit at infinity, a zero of the wrong sign
  std::uint64_t misrounded = 0;
  std::uint64_t undecided = 0; // left to MPFR by the double-double reference
  std::uint64_t hash = 0;      // a sum, so that the order of the blocks does not count
  double worst = 0;
  float worst_at = 0;
};

inline void operator+=(tally &sum, const tally &part) {
  if (part.worst > sum.worst) {
    sum.worst = part.worst;
    sum.worst_at = part.worst_at;
  }
  sum.wrong += part.wrong;
  sum.misrounded += part.misrounded;
  sum.undecided += part.undecided;
  sum.hash += part.hash;
}

inline std::uint64_t mixed(float x, float y) {
  const std::uint64_t both = std::uint64_t{bits(x)} << 32 | (std::isnan(y) ? 0x7fc00000 : bits(y));
  const std::uint64_t product = both * 0x9e3779b97f4a7c15; // 2^64 / golden ratio, odd
  return (product ^ product >> 29) * 0xbf58476d1ce4e5b9;   // any odd number that mixes well
}

/// A result that may be misrounded or worse: near the middle of two floats, or not of the true value's kind.
inline void judge(const record &r, float x, float y, const reference::truth &t, tally &sum) {
  if (!std::isfinite(x)) {
    const double want = std::isnan(x) ? static_cast<double>(x) : x > 0 ? r.at_infinity : r.at_minus_infinity;
    sum.wrong += !same(y, static_cast<float>(want));
    return;
  }
  if (std::isnan(y) || std::signbit(y) != std::signbit(t.value.hi)) {
    ++sum.wrong;
    return;
  }
  const auto [nearest, decided] = reference::nearest<float>(t);
  sum.undecided += !decided;
  sum.misrounded += y != (decided ? nearest : static_cast<float>(r.definition(static_cast<double>(x))));
}

constexpr std::int64_t order(double x) { return std::bit_cast<std::int64_t>(x); }

/// Consecutive patterns, and what is true of them. Arrays, so that the compiler works on many at once.
struct block {
  static constexpr std::uint32_t size = 1 << 12;
  static constexpr std::uint32_t count = (1ull << 32) / size;
  std::array<float, size> xs, ys;
  std::array<double, size> his, los, bounds, scales,
      loose_scales; // 1 / ULP, and that of the tier whose errors count in eighths
  std::array<std::int64_t, size> errors, other_sign, at_root;
};

inline void run_block(const record &r, const std::vector<tier> &tiers, block &b, std::uint32_t number,
                      std::vector<tally> &sums) {
  for (std::uint32_t i = 0; i < block::size; ++i) {
    const auto x = std::bit_cast<float>(number * block::size + i);
    const reference::truth t = r.truth(std::isfinite(x) ? static_cast<double>(x) : 0);
    const bool beyond = !std::isfinite(x) || std::isinf(static_cast<float>(t.value.hi)); // for judge
    b.xs[i] = x;
    b.his[i] = beyond ? std::copysign(std::numeric_limits<double>::infinity(), t.value.hi) : t.value.hi;
    b.los[i] = t.value.lo;
    b.bounds[i] = t.error;
    b.scales[i] = std::bit_cast<double>(order(0x1p1023) - order(reference::spacing<float>(t.value)));
    b.loose_scales[i] = static_cast<double>(x) >= r.eighths_from ? std::min(b.scales[i], 0x1p26) : b.scales[i];
  }
  for (std::size_t k = 0; k < tiers.size(); ++k) {
    tiers[k].f(b.xs.data(), b.ys.data(), block::size);
    tally &sum = sums[k];
    const auto &scales = tiers[k].standard ? b.loose_scales : b.scales;
    for (std::size_t i = 0; i < block::size; ++i)
      sum.hash += mixed(b.xs[i], b.ys[i]);

    // Errors as the bits of a double, which order as integers do. Farther than .5001 ULP a result is misrounded, nearer
    // than .4999 it is not; judge has the others. Around a root the sign is open where the error is within the limit.
    for (std::size_t i = 0; i < block::size; ++i) {
      const auto y = static_cast<double>(b.ys[i]);
      b.errors[i] = order(std::abs((y - b.his[i]) - b.los[i]) * scales[i]);
      b.other_sign[i] = (std::bit_cast<std::int64_t>(y) ^ std::bit_cast<std::int64_t>(b.his[i])) < 0 ? 1 : 0;
      b.at_root[i] = scales[i] != b.scales[i] ? 1 : 0;
    }
    const std::int64_t limit = order(tiers[k].limit);
    const auto is_open = [&](std::size_t i) {
      const std::int64_t error = b.errors[i];
      const std::int64_t settled =
          (error < order(0.4999)) | ((error > order(0.5001)) & (error < order(records::infinity)));
      return ((settled ^ 1) | b.other_sign[i]) & ((b.at_root[i] & (error < limit)) ^ 1);
    };
    std::int64_t open = 0, far = 0, largest = 0;
    for (std::size_t i = 0; i < block::size; ++i) {
      const std::int64_t error = b.errors[i];
      const std::int64_t finite = error < order(records::infinity) ? error : 0;
      largest = largest < finite ? finite : largest;
      far += (finite > order(0.5001)) & (b.other_sign[i] ^ 1) & ((b.at_root[i] & (error < limit)) ^ 1);
      open += is_open(i);
    }
    sum.misrounded += static_cast<std::uint64_t>(far);
    if (largest > order(sum.worst)) {
      sum.worst = std::bit_cast<double>(largest);
      sum.worst_at = b.xs[static_cast<std::size_t>(std::ranges::find(b.errors, largest) - b.errors.begin())];
    }
    for (std::size_t i = 0; open != 0; ++i)
      if (is_open(i)) {
        judge(r, b.xs[i], b.ys[i], {{b.his[i], b.los[i]}, b.bounds[i]}, sum);
        --open;
      }
  }
}

inline std::vector<tally> run(const record &r, const std::vector<tier> &tiers) {
  std::vector<tally> total(tiers.size());
  std::atomic<std::uint32_t> next = 0;
  std::mutex mutex;
  const auto work = [&] {
    std::vector<tally> sums(tiers.size());
    const auto scratch = std::make_unique<block>();
    for (std::uint32_t number; (number = next++) < block::count;)
      run_block(r, tiers, *scratch, number, sums);
    const std::lock_guard lock(mutex);
    for (std::size_t k = 0; k < tiers.size(); ++k)
      total[k] += sums[k];
  };
  std::vector<std::jthread> threads;
  for (unsigned i = 0; i < std::max(1u, std::thread::hardware_concurrency()); ++i)
    threads.emplace_back(work);
  threads.clear(); // joins
  return total;
}

/// One line of results.tsv, which has the last run of each function, tier, ISA and compiler.
inline void record_result(const std::string &key, const std::string &found) {
  const std::string file = XACT_TEST_DATA "/exhaustive/results.tsv";
  const int lock = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644); // tests may end at the same time
  ::flock(lock, LOCK_EX);
  std::set<std::string> lines;
  std::string head, line;
  {
    std::ifstream in(file);
    for (std::getline(in, head); std::getline(in, line);)
      if (!line.starts_with(key + '\t'))
        lines.insert(line);
  }
  lines.insert(key + '\t' + found);
  std::ofstream out(file, std::ios::trunc);
  out << "function\ttier\tISA\tcompiler\tdate\tworst ULP\tinput\tmisrounded\thash\n";
  for (const std::string &l : lines)
    out << l << '\n';
  out.close();
  ::close(lock);
}

inline std::string today() {
  const std::time_t now = std::time(nullptr);
  std::array<char, 16> text;
  std::strftime(text.data(), text.size(), "%Y-%m-%d", std::gmtime(&now));
  return text.data();
}

#if defined(__clang__)
inline const std::string compiler = "clang " + std::to_string(__clang_major__);
#else
inline const std::string compiler = "g++ " + std::to_string(__GNUC__);
#endif

/// Checks each tier's promise for the kernels of the ISAs that this CPU has, prints what was found, and records it.
inline void check(const record &r, kernels_of f, std::span<const kernels *const> isas) {
  std::vector<tier> tiers;
  for (const kernels *k : isas) {
    if (!cpu_has(k->isa)) {
      std::printf("skipped: %s of every float on %s, because this CPU lacks it\n", r.name.data(), k->isa);
      continue;
    }
    tiers.push_back({k->isa, "default", (k->*f)[0], r.ulp.standard, true});
    tiers.push_back({k->isa, "accurate", (k->*f)[1], r.ulp.accurate, false});
    tiers.push_back({k->isa, "exact", (k->*f)[2], r.ulp.exact, false});
  }
  const auto start = std::chrono::steady_clock::now();
  const std::vector<tally> tallies = run(r, tiers);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  for (std::size_t k = 0; k < tiers.size(); ++k) {
    const tally &t = tallies[k];
    const std::string key = std::string(r.name) + '\t' + tiers[k].name + '\t' + tiers[k].isa;
    std::array<char, 128> found;
    std::snprintf(found.data(), found.size(), "%.4f\t%a\t%llu\t%016llx", t.worst, static_cast<double>(t.worst_at),
                  static_cast<unsigned long long>(t.misrounded), static_cast<unsigned long long>(t.hash));
    std::printf("%s\t%s\twrong %llu\n", key.c_str(), found.data(), static_cast<unsigned long long>(t.wrong));
    CAPTURE(key);
    CHECK(t.wrong == 0);
    CHECK(t.worst < tiers[k].limit + 1e-6);
    if (tiers[k].limit == 0.5)
      CHECK(t.misrounded == 0);
    record_result(key + '\t' + compiler, today() + '\t' + found.data());
  }
  std::printf("%s: %.1f s for 2^32 floats by %zu kernels, %llu left to MPFR\n", r.name.data(), taken.count(),
              tiers.size(), static_cast<unsigned long long>(tallies[0].undecided));
  std::fflush(stdout);
}

} // namespace exhaustive
