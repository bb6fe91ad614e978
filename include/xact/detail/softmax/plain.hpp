#pragma once

/// @file
/// softmax of rows without options but a scale, of any size and element types, without a row's bookkeeping.

#include <xact/detail/softmax/results.hpp>
#include <xact/detail/softmax/short.hpp>
#include <xact/detail/types/rows.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// As short_rows, for rows of any size, elements and results of any type: by the passes, without the options'
/// bookkeeping, which takes 40 to 80 ns a row. `terms` has room for those of all rows, and may be the results; or, with
/// a stride of 0, for `summed_together` of them, which are then made twice. (That is quicker than to read a copy of the
/// elements: g++ 12, Zen 4, rows of 16 bits beside float, AVX2 and AVX-512: bfloat16 1.36 and 1.15 for 1.45 and 1.27,
/// float16 1.02 and 1.01 for 1.20 and 1.07.)
template <class K, class E, class T, class Out>
[[gnu::noinline]] unsigned plain_rows(const row_view<const E> &in, T *terms, std::size_t terms_stride,
                                      const row_view<Out> &out, double scale) noexcept {
  const scale_in_base_2<T> c = base_2_of<K>(scale);
  const T sign = scale < 0 ? T(-1) : T(1), hidden = sign * -infinity_of<T>;
  const std::size_t n = in.columns;
  const double to_base_2 = __builtin_fabs(scale) * log2_e[0], error = sum_error<K>(n);
  unsigned odd = 0;
  double exponent[most_rows];
  running_sum total[most_rows];
  const auto make_terms = [&](std::size_t g, std::size_t i, std::size_t part) {
    T *const to = terms_stride == 0 ? terms : terms + g * terms_stride + i;
    terms_of_elements<K>(in[g] + i, part, c, shift_of<K>(exponent[g]), hidden, to);
    return to;
  };
  const auto each_part = [&](const auto &f) {
    for (std::size_t i = 0; i < n; i += summed_together) {
      f(i, n - i < summed_together ? n - i : summed_together);
    }
  };
  for (std::size_t g = 0; g < in.count; ++g) {
    const double peak = static_cast<double>(largest_element(in[g], n, sign)) * to_base_2;
    odd |= static_cast<unsigned>(!(peak <= K::limit && peak >= 200 - K::limit)) << g;
    exponent[g] = even_near(peak);
  }
  for (std::size_t g = 0; g < in.count; ++g) {
    total[g] = {};
    if ((odd >> g & 1) == 0) {
      each_part([&](std::size_t i, std::size_t part) { add_terms(total[g], make_terms(g, i, part), part); });
    }
  }
  for (std::size_t g = 0; g < in.count; ++g) {
    if (odd >> g & 1) [[unlikely]] {
      continue;
    }
    T *const from = terms + g * terms_stride;
    double sum = round_sum<K::sum_bits>(total[g], total[g].hi * error);
    if (!(sum == round_sum<K::sum_bits>(total[g], total[g].hi * -error))) [[unlikely]] {
      if (sum != sum) {
        fill_n(out[g], n, static_cast<Out>(nan_of<T>));
        continue;
      }
      if (terms_stride == 0) {
        odd |= 1u << g;
        continue;
      }
      binned_sum exactly;
      exactly.add_terms(from, n, exponent[g] - K::top);
      sum = round_sum<K::sum_bits>(exactly.total(exponent[g] - K::top), 0);
    }
    const T inverse = static_cast<T>(1 / sum);
    if (terms_stride != 0) {
      write_products<K>(from, n, inverse, T(0), out[g]);
    } else {
      each_part([&](std::size_t i, std::size_t part) {
        write_products<K>(make_terms(g, i, part), part, inverse, T(0), out[g] + i);
      });
    }
  }
  return odd;
}

/// Of rows of up to so many columns, of which elements or results are not floats, all terms lie on the stack.
inline constexpr std::size_t most_staged = 4096;

/// Numbers of a type of at most 32 bits as those of another.
template <class From, class To> [[gnu::noinline]] void convert(const From *from, std::size_t n, To *to) noexcept {
  using V = native<float>;
  for (std::size_t i = 0; i < n; i += lane_traits<V>::size) {
    store_part(load_part<V>(from + i, n - i), to + i, n - i);
  }
}

/// short_rows or plain_rows by way of the stack. (g++ 12, Emerald Rapids: 16-bit rows of 8 take a fifth of their time
/// by the passes, of 64 a half.)
template <class K, class E, class Out>
[[gnu::noinline]] unsigned staged_rows(bool are_short, const row_view<const E> &in, const row_view<Out> &out,
                                       double scale, const quantization &codes) noexcept {
  alignas(64) float stage[most_staged];
  unsigned odd = 0;
  if (!are_short) {
    if constexpr (!byte_code<Out>) {
      return plain_rows<K>(in, stage, in.columns <= most_staged ? in.columns : 0, out, scale);
    } else {
      odd = plain_rows<K>(in, stage, in.columns, row_view<float>{stage, in.count, in.columns, in.columns}, scale);
    }
  } else {
    const float *from = stage;
    std::size_t stride = in.columns;
    if constexpr (std::is_same_v<E, float>) {
      from = in.data, stride = in.stride;
    } else {
      const bool at_once = in.stride == in.columns;
      std::size_t g = 0;
      do { // there is a row, which g++ 12 would ask for
        convert(in[g], at_once ? in.count * in.columns : in.columns, stage + g * in.columns);
        g += at_once ? in.count : 1;
      } while (g < in.count);
    }
    odd = short_rows<K>(from, stride, stage, in.columns, in.columns, in.count, scale);
  }
  const bool at_once = odd == 0 && out.stride == in.columns;
  for (std::size_t g = 0; g < in.count; g += at_once ? in.count : 1) {
    const std::size_t n = at_once ? in.count * in.columns : in.columns;
    if (odd >> g & 1) {
    } else if constexpr (byte_code<Out>) {
      write_codes(stage + g * in.columns, n, 1 / codes.scale, codes.zero_point, out[g]);
    } else {
      convert(stage + g * in.columns, n, out[g]);
    }
  }
  return odd;
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
