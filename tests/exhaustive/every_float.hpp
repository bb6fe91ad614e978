#pragma once
// A function over all 2^32 floats: how many results are misrounded, the largest error and where, and a hash of all
// bits, by which ISAs and compilers can be compared. The true value is worked out once for all tiers.

#include "records.hpp"
#include "values.hpp"

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <functional>
#include <mutex>
#include <span>
#include <thread>
#include <xact/exact.hpp>

namespace exhaustive {

struct tier {
  const char *name;
  std::function<void(std::span<const float>, std::span<float>)> f;
  double limit;
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

/// A result that may be misrounded or worse.
inline void judge(const record &r, float x, float y, tally &sum) {
  if (!std::isfinite(x)) {
    const double want = std::isnan(x) ? static_cast<double>(x) : x > 0 ? r.at_infinity : r.at_minus_infinity;
    sum.wrong += !same(y, static_cast<float>(want));
    return;
  }
  const reference::truth t = r.truth(static_cast<double>(x));
  if (std::isnan(y) || std::signbit(y) != std::signbit(t.value.hi)) {
    ++sum.wrong;
    return;
  }
  const auto [nearest, decided] = reference::nearest<float>(t);
  sum.undecided += !decided;
  sum.misrounded += y != (decided ? nearest : static_cast<float>(r.definition(static_cast<double>(x))));
}

/// All patterns from first * 2^16, for every tier.
inline void run_block(const record &r, const std::vector<tier> &tiers, std::uint32_t first, std::vector<tally> &sums) {
  constexpr std::size_t size = 1 << 16;
  static thread_local std::vector<float> xs(size), ys(size);
  static thread_local std::vector<double> his(size), los(size), scales(size);
  for (std::size_t i = 0; i < size; ++i) {
    xs[i] = std::bit_cast<float>(first << 16 | static_cast<std::uint32_t>(i));
    const reference::truth t = r.truth(std::isfinite(xs[i]) ? static_cast<double>(xs[i]) : 0);
    his[i] = std::isfinite(xs[i]) ? t.value.hi : std::numeric_limits<double>::quiet_NaN();
    los[i] = t.value.lo;
    scales[i] = 1 / reference::spacing<float>(t.value);
  }
  for (std::size_t k = 0; k < tiers.size(); ++k) {
    tiers[k].f(xs, ys);
    tally &sum = sums[k];
    for (std::size_t i = 0; i < size; ++i)
      sum.hash += mixed(xs[i], ys[i]);
    for (std::size_t i = 0; i < size; ++i) {
      const double error = std::abs((static_cast<double>(ys[i]) - his[i]) - los[i]) * scales[i]; // reference::ulps
      if (error > sum.worst) {
        sum.worst = error;
        sum.worst_at = xs[i];
      }
      if (!(error < 0.4999) || std::signbit(ys[i]) != std::signbit(his[i]))
        judge(r, xs[i], ys[i], sum);
    }
  }
}

inline std::vector<tally> run(const record &r, const std::vector<tier> &tiers) {
  std::vector<tally> total(tiers.size());
  std::atomic<std::uint32_t> next = 0;
  std::mutex mutex;
  const auto work = [&] {
    std::vector<tally> sums(tiers.size());
    for (std::uint32_t block; (block = next++) < 1 << 16;)
      run_block(r, tiers, block, sums);
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

/// Prints a line for each tier, and checks its promise.
template <class F> void check(const F &f, const record &r) {
  const std::vector<tier> tiers = {
      {"standard", f, r.ulp.standard}, {"fast", xact::fast(f), r.ulp.fast}, {"exact", xact::exact(f), r.ulp.exact}};
  const auto start = std::chrono::steady_clock::now();
  const std::vector<tally> tallies = run(r, tiers);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  for (std::size_t k = 0; k < tiers.size(); ++k) {
    const tally &t = tallies[k];
    std::printf("%-10s %-8s " XACT_TEST_ISA ": max %.4f ULP at %s, misrounded %llu, wrong %llu, bits %016llx\n",
                r.name.data(), tiers[k].name, t.worst, show(t.worst_at).c_str(),
                static_cast<unsigned long long>(t.misrounded), static_cast<unsigned long long>(t.wrong),
                static_cast<unsigned long long>(t.hash));
    CAPTURE(r.name, tiers[k].name);
    CHECK(t.wrong == 0);
    CHECK(t.worst < tiers[k].limit + 1e-6);
    if (tiers[k].limit == 0.5)
      CHECK(t.misrounded == 0);
  }
  std::printf("%-10s %.1f s for 2^32 floats in %zu tiers, %llu left to MPFR\n", r.name.data(), taken.count(),
              tiers.size(), static_cast<unsigned long long>(tallies[0].undecided));
  std::fflush(stdout);
}

} // namespace exhaustive
