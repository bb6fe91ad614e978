// Softmax and its kin in the dispatch library, once per ISA: their rows, gradients, and softmax_state.

#include "buffers.cpp"

#include <xact/columns.hpp>
#include <xact/log_softmax.hpp>
#include <xact/softmax.hpp>
#include <xact/softmax_backward.hpp>
#include <xact/softmin.hpp>
#include <xact/sparsemax.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

using types::element;

template <class E, class Out, row_operation Op, row_tier Tier> void rows_of(const types::rows_call &c) noexcept {
  each_row<Op, Tier>(row_view<const E>{static_cast<const E *>(c.from.data), c.count, c.columns, c.from_stride},
                     row_view<Out>{static_cast<Out *>(c.to.data), c.count, c.columns, c.to_stride}, *c.options);
}
template <class E, class Out, row_tier Tier> void rows_in_tier(const types::rows_call &c) noexcept {
  c.of == types::row_function::softmax       ? rows_of<E, Out, row_operation::softmax, Tier>(c)
  : c.of == types::row_function::log_softmax ? rows_of<E, Out, row_operation::log_softmax, Tier>(c)
                                             : rows_of<E, Out, row_operation::logsumexp, Tier>(c);
}
/// The accurate tier and the exact one are the same kernels; narrow results have one tier.
template <class E, class Out> void rows_between(const types::rows_call &c) noexcept {
  if (narrow_element<Out> || c.in == types::tier::standard) {
    rows_in_tier<E, Out, row_tier::standard>(c);
  } else if constexpr (!narrow_element<Out>) {
    rows_in_tier<E, Out, row_tier::accurate>(c);
  }
}

/// What pieces of a row are made to be before they are added or written: elements of In, results of Out.
template <class Kernel, class In, class Out> struct by_pieces {
  using K = Kernel;
  using E = In;
  using O = Out;
};
/// with(by_pieces) for types and a tier that have no kernel of their own.
template <class With> void choose_pieces(element from, element to, types::tier in, const With &with) noexcept {
  constexpr bool fused = has_fma<native<float>>;
  const bool standard = in == types::tier::standard;
  if (from == element::float64) {
    standard ? with(by_pieces<double_terms<false>, double, double>())
             : with(by_pieces<accurate_double_terms, double, double>());
  } else if (to == element::float64 || (to == element::float32 && !standard)) {
    with(by_pieces<double_terms<true>, float, double>());
  } else if (fused || to != element::float32) {
    with(by_pieces<fused_terms, float, float>());
  } else if constexpr (!fused) {
    with(by_pieces<unfused_terms, float, float>());
  }
}

/// Elements that are made into a piece: two buffers of 4 KiB.
inline constexpr std::size_t piece_size = 512;

/// run(i, n, options) of pieces.
template <class Run> void each_piece(std::size_t n, const row_options &o, const Run &run) noexcept {
  const std::size_t mask_size = o.mask_kind == option_kind::doubles  ? 8
                                : o.mask_kind == option_kind::floats ? 4
                                : o.mask_kind == option_kind::bytes  ? 1
                                                                     : 2;
  std::size_t i = 0;
  do {
    row_options part = o;
    if (o.mask_kind != option_kind::none) {
      part.mask = static_cast<const unsigned char *>(o.mask) + i * mask_size;
    }
    part.sink = -infinity_of<double>;
    const std::size_t size = n - i < piece_size ? n - i : piece_size;
    run(i, size, part);
    i += size;
  } while (i < n);
}

template <class P>
void add_row(softmax_state &state, const types::source &row, std::size_t n, const row_options &o) noexcept {
  alignas(64) typename P::E buffer[piece_size];
  each_piece(n, o, [&](std::size_t i, std::size_t size, const row_options &part) {
    load(row, i, own_element<typename P::E>, buffer, size);
    add_piece(state, piece_of<typename P::K>(static_cast<const typename P::E *>(buffer), size, part));
  });
  if (o.sink != -infinity_of<double>) { // an element 0 with the sink as its mask: that is of double in every piece
    row_options of_sink;
    of_sink.mask_kind = option_kind::doubles;
    of_sink.mask = &o.sink;
    buffer[0] = 0;
    add_piece(state, piece_of<typename P::K>(static_cast<const typename P::E *>(buffer), 1, of_sink));
  }
}
template <row_operation Op, class P>
void write_row(const softmax_state &state, const types::source &row, const types::target &out, std::size_t n,
               const row_options &o) noexcept {
  alignas(64) typename P::E buffer[piece_size];
  alignas(64) typename P::O results[piece_size];
  each_piece(n, o, [&](std::size_t i, std::size_t size, const row_options &part) {
    load(row, i, own_element<typename P::E>, buffer, size);
    write_piece<Op>(state, piece_of<typename P::K>(static_cast<const typename P::E *>(buffer), size, part),
                    static_cast<typename P::O *>(results));
    store(own_element<typename P::O>, results, out, i, size);
  });
}
/// Of what kind a row is, and the logarithm of its sum.
template <class K> row_kind kind_of(const softmax_state &state, double &sum) noexcept {
  row_pass<K> p;
  const row_result r = result_of(state, p, true);
  sum = p.kind == row_kind::nan        ? nan_of<double>
        : p.kind == row_kind::empty    ? -infinity_of<double>
        : p.kind == row_kind::infinite ? infinity_of<double>
                                       : log_sum(r, p.logits.origin);
  return p.kind;
}

inline void fill(const types::target &to, std::size_t from, std::size_t end, double value) noexcept {
  double one;
  convert(element::float64, &value, to.type, &one, 1);
  for (std::size_t i = from; i < end; ++i) {
    __builtin_memcpy(byte_at(to, i), &one, size_of(to.type));
  }
}

template <class P> void rows_by_pieces(const types::rows_call &c) noexcept {
  const softmax_options &options = *c.options;
  const bool down = c.height != 0; // a column is a row whose elements lie apart
  const std::size_t rows = down ? c.count * c.columns : c.count, columns = down ? c.height : c.columns;
  for (std::size_t r = 0; r < rows; ++r) {
    const seen_columns seen = seen_by(options, options.queries != 0 ? r % options.queries : r, columns);
    const row_options o = options_of(options, r, rows, columns, seen.begin);
    const std::size_t size = seen.end - seen.begin;
    const std::size_t first = down ? r / c.columns * c.columns * c.height + r % c.columns : 0;
    const std::size_t step = down ? c.columns : 1;
    const types::source row{byte_at(c.from, down ? first : r * c.from_stride + seen.begin), c.from.type, step};
    const types::target out{byte_at(c.to, down ? first : r * c.to_stride), c.to.type, step};
    softmax_state state;
    add_row<P>(state, row, size, o);
    if constexpr (sum_of<typename P::K> != 0) { // the sum beside which infinite logits are counted
      using E = typename P::E;
      add_row<by_pieces<double_terms<std::same_as<E, float>>, E, double>>(state, row, size, o);
    }
    double sum;
    const row_kind kind = kind_of<typename P::K>(state, sum);
    if (c.of == types::row_function::logsumexp) {
      convert(element::float64, &sum, c.to.type, out.data, 1);
      continue;
    }
    const bool log = c.of == types::row_function::log_softmax;
    const types::target visible{byte_at(out, seen.begin), c.to.type, step};
    log ? write_row<row_operation::log_softmax, P>(state, row, visible, size, o)
        : write_row<row_operation::softmax, P>(state, row, visible, size, o);
    const bool no_number = kind == row_kind::nan || (kind == row_kind::empty && !o.zero_if_empty);
    const double nothing = no_number ? nan_of<double> : log ? -infinity_of<double> : 0;
    fill(out, 0, seen.begin, nothing);
    fill(out, seen.end, columns, nothing);
  }
}

template <class E, class Out> void sparsemax_between(const types::rows_call &c) noexcept {
  for (std::size_t r = 0; r < c.count && c.columns != 0; ++r) {
    sparsemax_row(static_cast<const E *>(c.from.data) + r * c.from_stride,
                  static_cast<Out *>(c.to.data) + r * c.to_stride, c.columns);
  }
}

/// Down columns, by the calls of columns.hpp.
template <class E, class Out> void columns_between(const types::rows_call &c) noexcept {
  const column_view<const E> in{static_cast<const E *>(c.from.data), c.count, c.columns, c.height};
  const column_view<Out> out{static_cast<Out *>(c.to.data), c.count, c.columns, c.height};
  const auto in_tier = [&](const auto &f, const auto &accurate_one) {
    if (narrow_element<Out> || c.in == types::tier::standard) {
      f(in, out);
    } else if constexpr (!narrow_element<Out>) {
      accurate_one(in, out);
    }
  };
  if (c.of == types::row_function::sparsemax) {
    sparsemax(in, out);
  } else if (c.of == types::row_function::log_softmax) {
    in_tier(log_softmax, accurate(log_softmax));
  } else if (c.options->scale[0] < 0) {
    in_tier(softmin, accurate(softmin));
  } else {
    in_tier(softmax, accurate(softmax));
  }
}

/// Codes have one tier. Those without a sign are those with one, 128 more.
template <class E> void rows_to_codes(const types::rows_call &c) noexcept {
  const row_view<const E> in{static_cast<const E *>(c.from.data), c.count, c.columns, c.from_stride};
  const row_view<std::int8_t> out{static_cast<std::int8_t *>(c.to.data), c.count, c.columns, c.to_stride};
  const bool is_signed = c.to.type == element::int8;
  each_row<row_operation::softmax, row_tier::standard>(
      in, out, *c.options, quantization{c.codes->scale, c.codes->zero_point - (is_signed ? 0 : 128)});
  for (std::size_t r = 0; !is_signed && r < c.count; ++r) {
    for (std::size_t i = 0; i < c.columns; ++i) {
      out[r][i] = static_cast<std::int8_t>(out[r][i] ^ -128);
    }
  }
}

/// The kernel of two types, if there is one.
using run_of_rows = void (*)(const types::rows_call &) noexcept;
inline run_of_rows rows_kernel(const types::rows_call &c) noexcept {
  const element from = c.from.type, to = c.to.type;
  const auto among = [&]<class E, class Out>(const E &, const Out &) {
    return from != own_element<E> || to != own_element<Out> ? nullptr
           : c.height != 0                                  ? columns_between<E, Out>
           : c.of == types::row_function::sparsemax         ? sparsemax_between<E, Out>
                                                            : rows_between<E, Out>;
  };
  const auto first = [](auto... runs) {
    run_of_rows found = nullptr;
    ((found = found != nullptr ? found : runs), ...);
    return found;
  };
  if (c.codes != nullptr) {
    static constexpr run_of_rows to_codes[] = {rows_to_codes<float>,   nullptr,
                                               rows_to_codes<float16>, rows_to_codes<bfloat16>,
                                               rows_to_codes<e4m3>,    rows_to_codes<e5m2>};
    return to_codes[static_cast<unsigned>(from)];
  }
  constexpr float16 half{};
  constexpr bfloat16 brain{};
  return first(among(1.0f, 1.0f), among(1.0, 1.0), among(half, half), among(brain, brain), among(half, 1.0f),
               among(brain, 1.0f), among(1.0f, half), among(1.0f, brain));
}

void run_rows(const types::rows_call &c) noexcept {
  if (const run_of_rows run = rows_kernel(c)) {
    run(c);
    return;
  }
  choose_pieces(c.from.type, c.to.type, c.in, [&]<class P>(const P &) { rows_by_pieces<P>(c); });
}

template <class E> void row_gradient_in(const types::rows_gradient &c) noexcept {
  const row_view<const E> y{static_cast<const E *>(c.y.data), c.count, c.columns, c.y_stride};
  const row_view<const E> dy{static_cast<const E *>(c.dy.data), c.count, c.columns, c.dy_stride};
  const row_view<E> dx{static_cast<E *>(c.dx.data), c.count, c.columns, c.dx_stride};
  c.of == types::row_function::sparsemax     ? sparsemax_gradient(y, dy, dx, c.options->accumulate)
  : c.of == types::row_function::log_softmax ? softmax_gradient<true>(y, dy, dx, *c.options)
                                             : softmax_gradient<false>(y, dy, dx, *c.options);
}
void run_row_gradient(const types::rows_gradient &c) noexcept {
  c.y.type == element::float32   ? row_gradient_in<float>(c)
  : c.y.type == element::float64 ? row_gradient_in<double>(c)
  : c.y.type == element::float16 ? row_gradient_in<float16>(c)
                                 : row_gradient_in<bfloat16>(c);
}

// softmax_state: all kernels' sums, as softmax_state.hpp has it.

void update_state(softmax_state &state, const types::source &piece, std::size_t n,
                  const softmax_options &options) noexcept {
  const row_options o = options_of(options, 0, 1, n, 0);
  if (piece.type == element::float64) {
    add_row<by_pieces<double_terms<false>, double, double>>(state, piece, n, o);
    add_row<by_pieces<accurate_double_terms, double, double>>(state, piece, n, o);
    return;
  }
  add_row<by_pieces<double_terms<true>, float, double>>(state, piece, n, o);
  add_row<by_pieces<fused_terms, float, float>>(state, piece, n, o);
  if constexpr (!has_fma<native<float>>) {
    add_row<by_pieces<unfused_terms, float, float>>(state, piece, n, o);
  }
}

void merge_states(softmax_state &state, const softmax_state &other) noexcept { merge(state, other); }

void write_state(const softmax_state &state, types::row_function of, types::tier in, const types::source &piece,
                 const types::target &out, std::size_t n, const softmax_options &options) noexcept {
  const row_options o = options_of(options, 0, 1, n, 0);
  choose_pieces(piece.type, out.type, in, [&]<class P>(const P &) {
    of == types::row_function::log_softmax ? write_row<row_operation::log_softmax, P>(state, piece, out, n, o)
                                           : write_row<row_operation::softmax, P>(state, piece, out, n, o);
  });
}

double sum_of_state(const softmax_state &state) noexcept {
  double sum;
  kind_of<double_terms<true>>(state, sum);
  return sum;
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
