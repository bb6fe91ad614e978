#pragma once
// softmax and log_softmax: each check returns what it found, "" when all is well.

#include "../reference/softmax.hpp"

#include <functional>
#include <span>
#include <string>
#include <vector>

/// A row function in one tier; see subject.hpp.
template <class T> struct row_subject {
  std::function<void(std::span<const T>, std::span<T>)> range;
  std::function<void(std::span<T>)> in_place;

  template <class F>
  explicit row_subject(const F &f)
      : range([f](std::span<const T> in, std::span<T> out) { f(in, out); }), in_place([f](std::span<T> x) { f(x); }) {}
};

/// What the true value of element x is, in a row.
using element_truth = reference::truth (reference::row_truth::*)(double) const;

/// Rows that are hard in their own ways: N(0,3), N(0,20), constant, one peak, one 0 among -27.9, a flat top with
/// -inf, and huge logits.
template <class T> std::vector<std::vector<T>> kinds_of_row(std::size_t columns);

/// At most `limit` ULP in every element.
template <class T>
std::string row_within_limit(const row_subject<T> &f, element_truth truth, double limit, const std::vector<T> &row);

/// The same bits at every alignment, in place, among guards, and for the elements in another order.
template <class T> std::string row_positions(const row_subject<T> &f);
