#pragma once
// How near to the truth: each check returns what it found, "" when all is well.

#include "../records.hpp"
#include "../subject.hpp"

#include <string>
#include <vector>

/// Limits, zeros, NaN: the same in every tier and type.
template <class T> std::string special_values(const subject<T> &f, const record &r);

/// At most `limit` ULP at each x, and never a zero of the wrong sign. Points that the reference does not resolve
/// (results of double below 2^-850) are left to within_limit_of_mpfr.
template <class T>
std::string within_limit(const subject<T> &f, const record &r, double limit, const std::vector<T> &xs);

/// The same against MPFR: a thousand times slower, and for the last subnormal too.
template <class T>
std::string within_limit_of_mpfr(const subject<T> &f, const record &r, double limit, const std::vector<T> &xs);

/// The correctly rounded bits at each x.
std::string correctly_rounded(const subject<float> &f, const record &r, const std::vector<float> &xs);

/// The inputs whose results are hardest to round, with their results from MPFR.
std::string hard_cases_rounded(const subject<float> &f, const record &r);
