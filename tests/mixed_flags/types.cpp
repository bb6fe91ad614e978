// Functions of plain types of xact's in a file of flags of its own, FILE_NAME its name; and, without it, who calls them
// all: they link only if no flag is part of such a type's name. calls.cpp looks at code, this at types.

#include <xact/xact.hpp>

#include <cstdio>

struct parts {
  xact::bfloat16 brain;
  xact::float16 half;
  xact::float8_e4m3 e4m3;
  xact::float8_e5m2 e5m2;
  xact::quantization quantization;
  xact::int4_pair pair;
};

#define DECLARE(file)                                                                                                  \
  namespace file {                                                                                                     \
  xact::bfloat16 brain(xact::bfloat16 x, xact::float16 y);                                                             \
  xact::float8_e4m3 byte(xact::float8_e4m3 x, const xact::float8_e5m2 &y);                                             \
  xact::quantization finer(xact::quantization q);                                                                      \
  xact::int4_pair swapped(xact::int4_pair x);                                                                          \
  float last(const xact::row_view<const float> &rows);                                                                 \
  float last(const xact::row_view<xact::bfloat16> &rows);                                                              \
  double alpha(const xact::glu_options &options);                                                                      \
  xact::census merged(xact::census a, const xact::census &b);                                                          \
  double mean(xact::drift a, const xact::drift &b);                                                                    \
  parts all(float x);                                                                                                  \
  }

#ifdef FILE_NAME
DECLARE(FILE_NAME)
namespace FILE_NAME {
xact::bfloat16 brain(xact::bfloat16 x, xact::float16 y) { return xact::bfloat16(x + y); }
xact::float8_e4m3 byte(xact::float8_e4m3 x, const xact::float8_e5m2 &y) { return xact::float8_e4m3(x * y); }
xact::quantization finer(xact::quantization q) { return {.scale = q.scale / 2, .zero_point = q.zero_point}; }
xact::int4_pair swapped(xact::int4_pair x) { return xact::int4_pair::of(x.second(), x.first()); }
float last(const xact::row_view<const float> &rows) { return rows[rows.count - 1][rows.columns - 1]; }
float last(const xact::row_view<xact::bfloat16> &rows) { return rows[0][rows.extent() - 1]; }
double alpha(const xact::glu_options &options) { return options.alpha; }
xact::census merged(xact::census a, const xact::census &b) {
  a.merge(b);
  return a;
}
double mean(xact::drift a, const xact::drift &b) {
  a.merge(b);
  return a.mean_error() + a.cosine() + a.recall();
}
parts all(float x) {
  return {xact::bfloat16(x),        xact::float16(x), xact::float8_e4m3(x), xact::float8_e5m2(x), {},
          xact::int4_pair::of(1, 2)};
}
} // namespace FILE_NAME
#else

#define CHECK(file)                                                                                                    \
  static bool check_##file() {                                                                                         \
    xact::bfloat16 brains[4] = {1.0f, 2.0f, 3.0f, 4.0f};                                                               \
    const float floats[4] = {1.0f, 2.0f, 3.0f, 5.0f};                                                                  \
    const parts p = file::all(1.5f);                                                                                   \
    return float(file::brain(1.01f, 2.0f)) == 3.0f && float(file::byte(3.0f, 0.5f)) == 1.5f &&                         \
           file::finer({.scale = 1.0f, .zero_point = 3}).scale == 0.5f &&                                              \
           file::swapped(xact::int4_pair::of(-8, 7)).first() == 7 && file::last(xact::rows(floats, 2)) == 5.0f &&      \
           file::last(xact::rows(brains, 2)) == 4.0f && file::alpha({.alpha = 1.5}) == 1.5 &&                          \
           file::merged(xact::inspect(floats), {}).count == 4 && !(file::mean({}, {}) == 0) &&                         \
           float(p.brain) == 1.5f && float(p.half) == 1.5f && float(p.e4m3) == 1.5f && float(p.e5m2) == 1.5f &&        \
           p.quantization.scale == 1.0f && p.pair.second() == 2;                                                       \
  }
DECLARE(baseline)
DECLARE(avx2)
DECLARE(no_exceptions)
DECLARE(other_compiler)
CHECK(baseline)
CHECK(avx2)
CHECK(no_exceptions)
CHECK(other_compiler)

int main(int argc, char **) { // with an argument: the file of AVX2 is linked, and must not be touched
  const bool right = check_baseline() && check_no_exceptions() && check_other_compiler() && (argc > 1 || check_avx2());
  std::printf("types: %s\n", right ? "right" : "wrong");
  return right ? 0 : 1;
}
#endif
