// xact/compare.hpp; compare.cpp is a program.

#include "bench.hpp"

#include <xact/compare.hpp>

namespace {

xact::drift seen;

// Of the first n elements with the n after them.
template <class T> bool add_compare() {
  bench::contenders<T>().push_back({"drift", "default", [](const T *in, T *, std::size_t n) {
                                      seen.merge(xact::compare(std::span(in, n), std::span(in + n, n)));
                                    }});
  return true;
}

[[maybe_unused]] const bool added = add_compare<float>() && add_compare<double>() && add_compare<xact::bfloat16>();

} // namespace
