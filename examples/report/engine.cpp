#include "engine.hpp"

#include <algorithm>
#include <cmath>
#include <type_traits>

namespace report {
namespace {

template <class E> void copy(std::span<const float> in, std::vector<E> &out) {
  out.resize(in.size());
  xact::linear(in, out);
}
template <class E> void copy(const std::vector<E> &in, std::vector<float> &out) {
  out.resize(in.size());
  xact::linear(in, out);
}

/// Rows of `columns` to rows of as many as there were rows.
std::vector<float> transposed(floats matrix, std::size_t columns) {
  std::vector<float> result(matrix.size());
  const std::size_t rows = matrix.size() / columns;
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < columns; ++c) {
      result[c * rows + r] = matrix[r * columns + c];
    }
  }
  return result;
}

/// How rows of numbers are stored as T: floating-point types by rounding, codes by a quantization for all, or one a
/// column.
template <class T, bool by_column> class storage {
  static constexpr bool has_codes = xact::tabulated<T>;
  struct range {
    float low, high;
  };

public:
  storage() = default;
  storage(floats calibration, std::size_t columns, float scale = 1) : columns_(columns) {
    if constexpr (has_codes) {
      if (by_column) {
        q_.resize(columns);
        const std::vector<float> channels = transposed(calibration, columns);
        xact::calibrate<T>(xact::rows(channels, calibration.size() / columns), q_);
      } else {
        q_ = {xact::calibrate<T>(calibration)};
      }
      for (xact::quantization &q : q_) {
        q.scale *= scale;
        ranges_.push_back(range_of(q));
      }
    }
  }

  /// Replaces numbers by those that are stored for them, and counts those that do not fit.
  void keep(std::vector<float> &values, outcome &seen) {
    if constexpr (has_codes) {
      seen.quantized += values.size();
      for (std::size_t i = 0; i < values.size(); ++i) {
        const range &fits = ranges_[by_column ? i % columns_ : 0];
        seen.saturated += values[i] < fits.low || values[i] > fits.high ? 1 : 0;
      }
      constexpr std::size_t each = std::is_same_v<T, xact::int4_pair> ? 2 : 1;
      if (by_column) {
        std::vector<float> channels = transposed(values, columns_);
        const std::size_t n = values.size() / columns_;
        codes_.resize(columns_ * ((n + each - 1) / each));
        const auto codes = xact::rows(codes_, (n + each - 1) / each);
        xact::quantize(xact::rows(channels, n), codes, q_);
        xact::dequantize(codes, xact::rows(channels, n), q_);
        values = transposed(channels, n);
      } else {
        codes_.resize((values.size() + each - 1) / each);
        xact::quantize(values, codes_, q_[0]);
        xact::dequantize(codes_, values, q_[0]);
      }
    } else if constexpr (!std::is_same_v<T, float>) {
      copy<T>(values, codes_);
      copy(codes_, values);
    }
  }

private:
  std::size_t columns_ = 1;
  std::vector<xact::quantization> q_;
  std::vector<range> ranges_;
  std::vector<T> codes_;

  /// The numbers that the lowest and the highest code still stand for, half a step further.
  static range range_of(const xact::quantization &q) {
    std::vector<T> ends;
    std::vector<float> numbers(2);
    if constexpr (std::is_same_v<T, xact::int4_pair>) {
      ends = {xact::int4_pair::of(-8, 7)};
    } else if constexpr (std::is_same_v<T, std::int8_t>) {
      ends = {-128, 127};
    } else {
      ends = {T(-448.0f), T(448.0f)};
    }
    xact::dequantize(ends, numbers, q);
    const float half = std::is_same_v<T, xact::float8_e4m3> ? 16 * q.scale : q.scale / 2;
    return {numbers[0] - half * 1.001f, numbers[1] + half * 1.001f};
  }
};

/// e^x / sum e^x, every step in float16: what --plant float16_softmax puts into place.
void textbook_softmax(std::vector<xact::float16> &x) {
  float sum = 0;
  for (xact::float16 &e : x) {
    e = xact::float16(std::exp(static_cast<float>(e)));
    sum = xact::float16(sum + static_cast<float>(e));
  }
  for (xact::float16 &p : x) {
    p = xact::float16(static_cast<float>(p) / sum);
  }
}

/// The maximum of x and 0 as a processor has it, where a NaN loses: what --plant nan_to_zero puts into place.
template <class E>
void relu_without_nan(std::span<const E> x, std::span<const E>, std::span<E> y, xact::census &written) {
  for (std::size_t i = 0; i < x.size(); ++i) {
    y[i] = static_cast<float>(x[i]) > 0 ? x[i] : E(0.0f);
  }
  written.merge(xact::inspect(y));
}

template <class T, bool by_column = false> class engine_of : public engine {
  using E = std::conditional_t<xact::tabulated<T>, float, T>; // what activation and softmax compute on
  using store = storage<T, by_column>;

public:
  engine_of(const network &n, const layers &training, const std::string &fault)
      : textbook_(fault == "float16_softmax"), f_(n.function().of<E>()),
        gate_weights_(n.gate().weights().begin(), n.gate().weights().end()),
        up_weights_(n.up().weights().begin(), n.up().weights().end()),
        output_weights_(n.output().weights().begin(), n.output().weights().end()), gate_bias_(n.gate().bias()),
        up_bias_(n.up().bias()), output_bias_(n.output().bias()) {
    const std::size_t width = gate_bias_.size(), classes = output_bias_.size();
    outcome none;
    store(gate_weights_, width).keep(gate_weights_, none);
    store(output_weights_, classes).keep(output_weights_, none);
    const float wrong = fault == "int4_scale" && std::is_same_v<T, xact::int4_pair> ? 2.0f : 1.0f;
    input_ = store(training.input, gate_weights_.size() / width);
    gate_ = store(training.gate, width, wrong);
    hidden_ = store(training.hidden, width, wrong);
    logits_ = store(training.logits, classes, wrong);
    if (!up_bias_.empty()) {
      store(up_weights_, width).keep(up_weights_, none);
      up_ = store(training.up, width);
    }
    if (fault == "nan_to_zero" && n.function().name == std::string("relu")) {
      f_ = relu_without_nan<E>;
    }
  }

  void run(floats row, outcome &seen) override {
    seen.quantized = seen.saturated = 0;
    x_.input.assign(row.begin(), row.end());
    input_.keep(x_.input, seen);

    multiply(x_.input, gate_weights_, gate_bias_, x_.gate);
    gate_.keep(x_.gate, seen);
    if (!up_bias_.empty()) {
      multiply(x_.input, up_weights_, up_bias_, x_.up);
      up_.keep(x_.up, seen);
    }
    if constexpr (std::is_same_v<E, float>) {
      x_.hidden.resize(x_.gate.size());
      f_(x_.gate, x_.up, x_.hidden, written_);
      hidden_.keep(x_.hidden, seen);
    } else {
      copy(x_.gate, gate_as_);
      copy(x_.up, up_as_);
      hidden_as_.resize(gate_as_.size());
      f_(gate_as_, up_as_, hidden_as_, written_);
      copy(hidden_as_, x_.hidden);
    }

    multiply(x_.hidden, output_weights_, output_bias_, x_.logits);
    logits_.keep(x_.logits, seen);
    copy(x_.logits, logits_as_);
    softmax(logits_as_, seen.probabilities);
    seen.hidden = x_.hidden;
  }

private:
  /// Probabilities are floats: those below 2^-24 are 0 in float16.
  void softmax(std::vector<E> &logits, std::vector<float> &probabilities) const {
    probabilities.resize(logits.size());
    if constexpr (std::is_same_v<E, xact::float16>) {
      if (textbook_) {
        textbook_softmax(logits);
        return xact::linear(logits, probabilities);
      }
    }
    xact::softmax(logits, probabilities);
  }

  bool textbook_;
  activation::forward<E> f_;
  std::vector<float> gate_weights_, up_weights_, output_weights_;
  floats gate_bias_, up_bias_, output_bias_;
  store input_, gate_, up_, hidden_, logits_;
  layers x_;
  std::vector<E> gate_as_, up_as_, hidden_as_, logits_as_;
  xact::census written_;
};

} // namespace

std::unique_ptr<engine> deploy(const network &n, const std::string &precision, const layers &training,
                               const std::string &fault) {
  if (precision == "float") {
    return std::make_unique<engine_of<float>>(n, training, fault);
  } else if (precision == "bfloat16") {
    return std::make_unique<engine_of<xact::bfloat16>>(n, training, fault);
  } else if (precision == "float16") {
    return std::make_unique<engine_of<xact::float16>>(n, training, fault);
  } else if (precision == "float8_e4m3") {
    return std::make_unique<engine_of<xact::float8_e4m3>>(n, training, fault);
  } else if (precision == "int8") {
    return std::make_unique<engine_of<std::int8_t>>(n, training, fault);
  } else if (precision == "int4 (channel)") {
    return std::make_unique<engine_of<xact::int4_pair, true>>(n, training, fault);
  }
  return std::make_unique<engine_of<xact::int4_pair>>(n, training, fault);
}

} // namespace report
