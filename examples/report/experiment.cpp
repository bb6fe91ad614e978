#include "experiment.hpp"
#include "engine.hpp"

#include <algorithm>
#include <atomic>
#include <bit>
#include <chrono>
#include <cmath>
#include <functional>
#include <limits>
#include <thread>

namespace report {
namespace {

using clock = std::chrono::steady_clock;

constexpr std::uint64_t seed = 1998;
constexpr std::size_t width = 32;
constexpr std::size_t batch = 32;
constexpr std::size_t epochs = 40;
constexpr float rate = 0.05f;
constexpr float momentum = 0.9f;
constexpr std::size_t neighbours = 5;
constexpr std::size_t most_indexed = 2048; ///< training rows among which the nearest are looked for

double seconds_since(clock::time_point start) { return std::chrono::duration<double>(clock::now() - start).count(); }

void train(network &n, const dataset &data, training_result &result, progress &done) {
  generator random(seed + 1);
  std::vector<std::size_t> order(data.size());
  for (std::size_t row = 0; row < order.size(); ++row) {
    order[row] = row;
  }
  double fastest = std::numeric_limits<double>::infinity();
  for (std::size_t epoch = 0; epoch < epochs; ++epoch) {
    random.shuffle(order);
    dataset shuffled = data.none_of();
    for (const std::size_t row : order) {
      shuffled.append(data, row);
    }
    const auto start = clock::now();
    for (std::size_t row = 0; row < shuffled.size(); row += batch) {
      const std::size_t count = std::min(batch, shuffled.size() - row);
      n.train(std::span(shuffled.images).subspan(row * data.columns, count * data.columns),
              std::span(shuffled.labels).subspan(row, count), rate, momentum);
    }
    fastest = std::min(fastest, seconds_since(start));
    done.add(1);
  }
  result.activation = n.function().name;
  result.milliseconds = 1e3 * fastest;
  result.loss = n.loss(data);
  result.nan_rate = n.written().nan_rate();
}

std::uint64_t hash_of(const network &n) { // FNV-1a
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const floats values : {n.gate().weights(), n.gate().bias(), n.up().weights(), n.up().bias(),
                              n.output().weights(), n.output().bias()}) {
    for (const float value : values) {
      hash = (hash ^ std::bit_cast<std::uint32_t>(value)) * 0x100000001b3u;
    }
  }
  return hash;
}

/// The hidden layers of the training rows, as directions, a column each: what similar rows are looked for in.
class index_of_rows {
public:
  explicit index_of_rows(std::size_t size) : size_(size), directions_(width * size) {}

  void put(std::size_t row, floats hidden) {
    const float length = length_of(hidden);
    for (std::size_t i = 0; i < width; ++i) {
      directions_[i * size_ + row] = length > 0 ? hidden[i] / length : 0;
    }
  }
  /// The cosine with each.
  void look_up(floats hidden, std::span<float> similarity) const {
    const float length = length_of(hidden);
    std::fill(similarity.begin(), similarity.end(), 0.0f);
    for (std::size_t i = 0; i < width; ++i) {
      add_scaled(length > 0 ? hidden[i] / length : hidden[i], directions_.data() + i * size_, similarity.data(), size_);
    }
  }

private:
  std::size_t size_;
  std::vector<float> directions_;

  static float length_of(floats x) {
    float squares = 0;
    for (const float v : x) {
      squares += v * v;
    }
    return std::sqrt(squares);
  }
};

/// @param similarity of each held-out row with the training rows, by the float run: set by it, compared with by others
cohort score(engine &at, const split &data, std::vector<float> &similarity, bool is_float, bool is_off_by_one) {
  const std::size_t size = std::min(data.training.size(), most_indexed);
  outcome seen;
  index_of_rows index(size);
  for (std::size_t row = 0; row < size; ++row) {
    at.run(data.training.image(row), seen);
    index.put(row, seen.hidden);
  }
  cohort c;
  std::vector<float> own(size);
  for (std::size_t row = 0; row < data.held_out.size(); ++row) {
    // The fault: the second batch is read one row too far on.
    at.run(data.held_out.image(is_off_by_one && row / batch == 1 ? row + 1 : row), seen);
    index.look_up(seen.hidden, own);
    const auto of_float = std::span(similarity).subspan(row * size, size);
    if (is_float) {
      std::copy(own.begin(), own.end(), of_float.begin());
    }
    const auto &p = seen.probabilities;
    const bool is_number = xact::inspect(p).nan == 0;
    c.rows.push_back({
        .sample = row,
        .predicted = is_number ? static_cast<std::size_t>(std::max_element(p.begin(), p.end()) - p.begin()) : no_class,
        .hidden = seen.hidden,
        .probabilities = p,
        .retrieval = xact::compare(xact::rows(of_float, size), xact::rows(own, size), neighbours).recall(),
        .saturated =
            seen.quantized == 0 ? 0 : static_cast<double>(seen.saturated) / static_cast<double>(seen.quantized),
    });
  }
  return c;
}

/// The least of several times for each row.
void time_rows(engine &at, const dataset &data, cohort &c) {
  outcome seen;
  for (int repetition = 0; repetition < 5; ++repetition) {
    for (row_score &row : c.rows) {
      const auto start = clock::now();
      at.run(data.image(row.sample), seen);
      row.nanoseconds = std::fmin(row.nanoseconds, 1e9 * seconds_since(start));
    }
  }
}

void on_threads(std::size_t threads, std::size_t tasks, const std::function<void(std::size_t)> &run) {
  std::atomic<std::size_t> next = 0;
  std::vector<std::jthread> workers;
  for (std::size_t t = 0; t < std::min(threads, tasks); ++t) {
    workers.emplace_back([&] {
      for (std::size_t task = next++; task < tasks; task = next++) {
        run(task);
      }
    });
  }
}

std::vector<std::uint8_t> pixels_of(floats image) {
  const xact::census all = xact::inspect(image);
  const double low = std::fmin(0, all.minimum), high = std::fmax(low + 1e-9, all.maximum);
  std::vector<std::uint8_t> pixels;
  for (const float x : image) {
    const double share = (static_cast<double>(x) - low) / (high - low);
    pixels.push_back(share >= 0 ? static_cast<std::uint8_t>(255 * share + 0.5) : std::uint8_t{0});
  }
  return pixels;
}

} // namespace

experiment experiment_on(const std::string &name, const dataset &all, std::size_t threads, const std::string &fault) {
  const split data = hold_out_a_quarter(all, generator(seed + 2));
  const std::vector<activation> functions = activations();
  constexpr std::size_t each = std::size(precisions);

  experiment result;
  result.training.resize(functions.size());
  run &scores = result.scores;
  scores = {name,
            xsimd::default_arch::name(),
#ifdef __clang__
            "clang++ " __clang_version__,
#else
            "g++ " __VERSION__,
#endif
            seed,
            {},
            std::vector<cohort>(functions.size() * each)};
  for (std::size_t row = 0; row < data.held_out.size(); ++row) {
    const auto image = data.held_out.image(row);
    scores.samples.push_back(
        {data.held_out.places[row], data.held_out.labels[row], pixels_of(image), xact::inspect(image).nan != 0});
  }

  progress done(static_cast<double>(functions.size()) * (epochs + 5 * each));
  std::vector<network> networks;
  for (const activation &f : functions) {
    networks.emplace_back(f, data.training.columns, width, all.classes, generator(seed));
  }
  std::vector<std::unique_ptr<engine>> engines(scores.cohorts.size());
  on_threads(threads, functions.size(), [&](std::size_t k) {
    train(networks[k], data.training, result.training[k], done);
    const std::uint64_t model = hash_of(networks[k]);
    layers training;
    networks[k].forward(data.training.images, training);
    if (fault == "gelu_tanh" && functions[k].name == std::string("gelu")) {
      networks[k].swap(functions[k + 1]);
    }
    std::vector<float> similarity(data.held_out.size() * std::min(data.training.size(), most_indexed));
    for (std::size_t p = 0; p < each; ++p) {
      const std::size_t at = k * each + p;
      const bool is_off_by_one = fault == "cohort" && functions[k].name == std::string("silu") && p == 1;
      engines[at] = deploy(networks[k], precisions[p], training, fault);
      cohort c = score(*engines[at], data, similarity, p == 0, is_off_by_one);
      c.activation = functions[k].name;
      c.precision = precisions[p];
      c.model = model;
      scores.cohorts[at] = std::move(c);
      done.add(4);
    }
  });
  for (std::size_t at = 0; at < engines.size(); ++at) { // on a quiet machine
    time_rows(*engines[at], data.held_out, scores.cohorts[at]);
    done.add(1);
  }
  for (std::size_t k = 0; k < functions.size(); ++k) {
    result.training[k].accuracy = measure(scores, scores.cohorts[k * each]).accuracy;
  }
  return result;
}

} // namespace report
