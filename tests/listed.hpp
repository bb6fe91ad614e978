#pragma once
// Every activation of the one list (xact/activations.hpp), with its record.

#include "records.hpp"

#include <xact/activations.hpp>

/// check(f, record) for each.
template <class Check> void for_each_activation(const Check &check) {
  std::apply([&](const auto &...entry) { (check(entry.f, records::of(entry.name())), ...); }, xact::activations);
}
