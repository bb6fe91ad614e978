#include "bench.hpp"

#include <xact/activations.hpp>

namespace {

template <class T> bool add_all() {
  return std::apply(
      [](const auto &...entry) { return (bench::add<T>(std::string(entry.name()), "default", entry.f) && ...); },
      xact::activations);
}

[[maybe_unused]] const bool added = add_all<xact::float16>() && add_all<xact::bfloat16>();

} // namespace
