#pragma once
// One function, many ways to call it: each check returns what it found, "" when all is well.

#include "../subject.hpp"

#include <string>

/// f of an element is the same to the bit wherever it stands: arrays of 0 to 130 elements, at every alignment to 64
/// bytes, to another array and in place, among ordinary neighbours, among rare ones, and rare among ordinary. Nothing
/// beside the output is written, and the input is not.
template <class T> std::string positions(const subject<T> &f);

/// Each lane of a batch is f of the scalar, with any neighbours.
template <class T> std::string batches(const subject<T> &f);

/// Lengths that differ and ranges that overlap in part throw, say the sizes, and write nothing.
template <class T> std::string preconditions(const subject<T> &f);
