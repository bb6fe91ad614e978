#include "bench.hpp"

#include <xact/gelu.hpp>
#include <xact/relu.hpp>
#include <xact/silu.hpp>
#include <xact/tanh.hpp>
#include <xact/watch.hpp>

namespace {

xact::census seen;

// What a census costs is the ratio of the two, in one run.
template <class T, class F> bool add_both(const std::string &function, const F &f) {
  return bench::add<T>(function + "_unwatched", "default", f) &&
         bench::add<T>(function + "_watched", "default", xact::watch(f, seen));
}
template <class F> bool add_types(const std::string &function, const F &f) {
  return add_both<float>(function, f) && add_both<double>(function, f) && add_both<xact::float16>(function, f) &&
         add_both<xact::bfloat16>(function, f);
}
template <class T> bool add_inspect() {
  bench::contenders<T>().push_back({"inspect", "default", [](const T *in, T *, std::size_t n) {
                                      seen.merge(xact::inspect(std::span<const T>(in, n)));
                                    }});
  return true;
}

[[maybe_unused]] const bool added = add_types("gelu", xact::gelu) && add_types("silu", xact::silu) &&
                                    add_types("tanh", xact::tanh) && add_types("relu", xact::relu) &&
                                    add_inspect<float>() && add_inspect<xact::bfloat16>() && add_inspect<std::int8_t>();

} // namespace
