// Codes, tables and requantize in the dispatch library, once per ISA.

#include "buffers.cpp"

#include <xact/quantize.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

using types::element;

/// run(T) for the type of codes.
template <class Run> auto with_codes(element codes, const Run &run) noexcept {
  switch (codes) {
  case element::int8:
    return run(std::int8_t());
  case element::uint8:
    return run(std::uint8_t());
  case element::int4:
    return run(int4_pair());
  case element::e4m3:
    return run(e4m3());
  default:
    return run(e5m2());
  }
}

/// Numbers that are not float go as floats, which has all narrow ones.
void quantize_elements(const types::source &numbers, std::size_t n, const types::target &to, std::size_t m,
                       const quantization &q) noexcept {
  with_codes(to.type, [&]<class T>(T) {
    const quantizer<native<float>, T> codes(q);
    T *const out = static_cast<T *>(to.data);
    if (numbers.type == element::float32) {
      codes(static_cast<const float *>(numbers.data), n, out, m);
    } else if (numbers.type == element::float64) {
      codes(static_cast<const double *>(numbers.data), n, out, m);
    } else {
      alignas(64) float buffer[part_size];
      each_part(n, part_size, [&](std::size_t i, std::size_t part) {
        load(numbers, i, element::float32, buffer, part);
        const std::size_t first = i / codes_each<T>;
        const std::size_t elements = part / codes_each<T> + part % codes_each<T>;
        codes(static_cast<const float *>(buffer), part, out + first, elements);
      });
    }
  });
}

/// Narrow numbers are rounded once, from double, in which the product is exact.
void dequantize_elements(const types::source &from, std::size_t n, const types::target &numbers, std::size_t m,
                         const quantization &q) noexcept {
  with_codes(from.type, [&]<class T>(T) {
    const dequantizer<native<float>, T> values(q);
    const T *const in = static_cast<const T *>(from.data);
    if (numbers.type == element::float32) {
      values(in, n, static_cast<float *>(numbers.data), m);
    } else if (numbers.type == element::float64) {
      values(in, n, static_cast<double *>(numbers.data), m);
    } else {
      alignas(64) double buffer[part_size];
      each_part(m, part_size, [&](std::size_t i, std::size_t part) {
        const std::size_t first = i / codes_each<T>;
        values(in + first, part / codes_each<T> + part % codes_each<T>, static_cast<double *>(buffer), part);
        store(element::float64, buffer, numbers, i, part);
      });
    }
  });
}

void measure_elements(const types::source &numbers, std::size_t n, double &low, double &high) noexcept {
  span_of_numbers seen{low, high};
  if (numbers.type == element::float64) {
    seen.add(static_cast<const double *>(numbers.data), n);
  } else {
    alignas(64) float buffer[part_size];
    each_part(n, part_size, [&](std::size_t i, std::size_t part) {
      load(numbers, i, element::float32, buffer, part);
      seen.add(static_cast<const float *>(buffer), part);
    });
  }
  low = seen.low;
  high = seen.high;
}

quantization fit_quantization(element codes, double low, double high) noexcept {
  return with_codes(codes, [&]<class T>(T) { return quantization_of<T>(span_of_numbers{low, high}); });
}

/// An activation of the library as one of activation.hpp: its kernels are calls, of a register's lanes each. So tables
/// and requantize are those of xact, with the same codes, for they hang on the true values alone.
struct by_calls {
  types::operation f;

  static constexpr facts about() { return {}; }
  template <float_lanes V> V standard(const V &x) const noexcept { return run(types::float_standard, x); }
  template <class V> V in_double(const V &x) const noexcept { return run(types::double_standard, x); }
  template <class V> V accurate_in_double(const V &x) const noexcept {
    return run(f.of->rational[f.derivative] ? types::double_exact : types::double_accurate, x);
  }
  template <class V> V side_of_midpoint(const V &x, const V &y) const noexcept {
    constexpr std::size_t lanes = lane_traits<V>::size;
    double at[lanes], result[lanes], side[lanes] = {};
    store_lanes(x, at);
    store_lanes(y, result);
    if (const auto side_of = f.of->side[f.derivative]) {
      for (std::size_t k = 0; k < lanes; ++k) {
        side[k] = side_of(f.parameters, at[k], result[k]);
      }
    }
    return load_lanes<V>(static_cast<const double *>(side));
  }
  double steepest() const noexcept {
    return f.of->steepest == nullptr || f.derivative ? infinity_of<double> : f.of->steepest(f.parameters);
  }

private:
  template <class V> V run(types::kernel k, const V &x) const noexcept {
    constexpr std::size_t lanes = lane_traits<V>::size;
    scalar_t<V> buffer[lanes];
    store_lanes(x, buffer);
    (f.derivative ? f.of->derivative : f.of->value)[k](f.parameters, buffer, buffer, lanes);
    return load_lanes<V>(static_cast<const scalar_t<V> *>(buffer));
  }
};

void fill_entries(const types::operation &f, element codes, const quantization &in, const quantization &out,
                  std::uint8_t *entries) noexcept {
  with_codes(codes, [&]<class T>(T) {
    const by_calls called{f};
    const auto t = fill_table<T>(in, out, evaluator(called));
    __builtin_memcpy(entries, t.entries, sizeof t.entries);
  });
}

void look_entries_up(const std::uint8_t *entries, const types::source &in, const types::target &out,
                     std::size_t n) noexcept {
  (in.type == element::int4 ? map_bytes<nibble_lookup>
                            : map_bytes<byte_lookup>)(entries, static_cast<const std::uint8_t *>(in.data),
                                                      static_cast<std::uint8_t *>(out.data), n);
}

void requantize_elements(const types::operation &f, const std::int32_t *accumulators, float scale,
                         const quantization &to, const types::target &out, std::size_t n) noexcept {
  const by_calls called{f};
  const auto run = [&]<class T>(T *codes) {
    requantizer<native<float>, T, by_calls>(called, scale, to)(accumulators, codes, n);
  };
  out.type == element::int8 ? run(static_cast<std::int8_t *>(out.data)) : run(static_cast<std::uint8_t *>(out.data));
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
