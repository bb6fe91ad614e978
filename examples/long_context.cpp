// Softmax of attention scores over 1K to 1M columns, by element type and by how it is written: what share of the
// probability is lost, how many numbers of the next layer are NaN, the error, the time. float16 throughout is NaN
// from 16K columns on; bfloat16's sum stands still; xact keeps them.
//
// Exit status: 0; 1 where xact loses more than rounding the probabilities to the type does.

#include "report/attention.hpp"

#include <cmath>
#include <cstdio>

int main() {
  bool good = true;
  std::printf("%8s  %-9s %-12s %12s %10s %12s %10s %10s\n", "columns", "type", "method", "lost", "NaN next", "error",
              "vanished", "ns/column");
  for (const report::attention_result &r : report::measure_attention(std::size_t{1} << 20)) {
    std::printf("%8zu  %-9s %-12s %12.3g %10.3g %12.3g %10.3g %10.3g\n", r.columns, r.type.c_str(), r.method.c_str(),
                r.lost, r.nan_rate, r.error, r.vanished, r.nanoseconds);
    if (r.method == "xact") {
      // Rounding alone: half a unit of each, and what is below half of the least subnormal of float16.
      const double rounding = r.type == "float" ? 2e-6 : r.type == "bfloat16" ? 0x1p-8 : 0x1p-10;
      const double vanishing = r.type == "float16" ? std::ldexp(static_cast<double>(r.columns), -25) : 0;
      good = good && std::abs(r.lost) <= rounding + vanishing && r.nan_rate == 0;
    }
  }
  std::puts(good ? "\nxact loses nothing but what the type cannot hold." : "\nNot as it should be: see above.");
  return good ? 0 : 1;
}
