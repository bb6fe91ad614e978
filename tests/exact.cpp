// `exact` gives the same bits in all registers that the ISA of this file has.

#include <xact/exact.hpp>

#include "listed.hpp"
#include "values.hpp"

#include <catch2/catch_test_macros.hpp>
#include <xact/xact.hpp>

// The next narrower registers; the first ISA has none, and CMakeLists.txt leaves this file out there.
#if XSIMD_WITH_AVX512BW
using others = xsimd::arch_list<xsimd::fma3<xsimd::avx2>>;
#elif XSIMD_WITH_AVX
using others = xsimd::arch_list<xsimd::sse2>;
#else
using others = xsimd::arch_list<xsimd::default_arch>;
#endif

/// Lanes of other registers than the widest that differ from the scalar call.
template <class F, class... Arch> static std::string differences(const F &f, xsimd::arch_list<Arch...>) {
  const auto xs = spread<float>(-110, 110, 4096);
  findings found;
  const auto compare = [&]<class A>(A) {
    using batch = xsimd::batch<float, A>;
    for (std::size_t i = 0; i < xs.size(); i += batch::size) {
      std::array<float, batch::size> y;
      f(batch::load_unaligned(xs.data() + i)).store_unaligned(y.data());
      for (std::size_t lane = 0; lane < batch::size; ++lane) {
        const float x = xs[i + lane];
        if (!same(y[lane], f(x)))
          found.add(std::string(A::name()) + ": f(" + show(x) + ") = " + show(y[lane]));
      }
    }
  };
  (compare(Arch()), ...);
  return found.report();
}

TEST_CASE("exact gives the same bits in all registers") {
  for_each_activation([](const auto &f, const record &r) {
    CAPTURE(r.name);
    CHECK(differences(xact::exact(f), others()) == "");
  });
}
