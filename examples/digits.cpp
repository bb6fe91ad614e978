// Trains a two-layer network on 1797 real handwritten digits, once per activation with everything else held equal: the
// same initial weights, the same order of batches, the same learning rate. Prints what each activation reached and what
// it cost.
//
// Usage: digits [digits.csv]
// Exit status: 0; 1 where relu, leaky_relu, silu or gelu stays below 95 % or any activation wrote a NaN; 2 for bad
// input.

#include "digits_data.hpp"
#include "digits_network.hpp"

#include <xact/xact.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <limits>
#include <span>
#include <string>
#include <vector>

namespace {

constexpr std::uint64_t seed = 1998;
constexpr std::size_t width = 64;
constexpr std::size_t batch = 32;
constexpr std::size_t epochs = 40;
constexpr float rate = 0.05f;
constexpr float momentum = 0.9f;
constexpr double wanted_accuracy = 0.95;

struct requirement {
  const char *activation;
  bool must_reach_wanted_accuracy;
};

/// Trains and prints one line of the table; true where the result is as it should be.
template <class Activation> bool report(const digits::split &data, requirement wanted, Activation activation) {
  using clock = std::chrono::steady_clock;
  digits::network network(activation, width, digits::generator(seed));
  digits::generator random(seed + 1);
  auto fastest = clock::duration::max();

  digits::dataset shuffled;
  std::vector<std::size_t> order(data.training.size());
  for (std::size_t row = 0; row < order.size(); ++row)
    order[row] = row;

  for (std::size_t epoch = 0; epoch < epochs; ++epoch) {
    random.shuffle(order);
    shuffled.images.clear();
    shuffled.labels.clear();
    for (const std::size_t row : order)
      shuffled.append(data.training, row);

    const auto start = clock::now();
    for (std::size_t row = 0; row < shuffled.size(); row += batch) {
      const std::size_t count = std::min(batch, shuffled.size() - row);
      network.train(std::span(shuffled.images).subspan(row * digits::pixels, count * digits::pixels),
                    std::span(shuffled.labels).subspan(row, count), rate, momentum);
    }
    fastest = std::min(fastest, clock::now() - start);
  }

  const double loss = network.evaluate(data.training).loss;
  const double accuracy = network.evaluate(data.held_out).accuracy;
  const auto [nan, written] = network.nans();
  std::printf("%-12s %12.2f %% %15.5f %13.2f %12g\n", wanted.activation, 100 * accuracy, loss,
              std::chrono::duration<double, std::milli>(fastest).count(),
              static_cast<double>(nan) / static_cast<double>(written));

  bool good = true;
  if (nan != 0) {
    std::printf("%s: %zu of %zu values are NaN\n", wanted.activation, nan, written);
    good = false;
  }
  if (wanted.must_reach_wanted_accuracy && !(accuracy > wanted_accuracy)) {
    std::printf("%s: the held-out accuracy is not above %g %%\n", wanted.activation, 100 * wanted_accuracy);
    good = false;
  }
  return good;
}

} // namespace

int main(int argc, char **argv) try {
  if (argc > 2) {
    std::fprintf(stderr, "usage: %s [digits.csv]\n", argv[0]);
    return 2;
  }
  const std::string path = argc == 2 ? argv[1] : XACT_EXAMPLES_DATA "/digits.csv";
  const digits::split data = digits::hold_out_a_quarter(digits::read(path), digits::generator(seed + 2));

  std::printf(
      "Digits: %zu to train on, %zu held out; %zu -> %zu -> %zu, %zu epochs, batches of %zu, rate %g, momentum %g\n\n",
      data.training.size(), data.held_out.size(), digits::pixels, width, digits::classes, epochs, batch,
      static_cast<double>(rate), static_cast<double>(momentum));
  std::printf("%-12s %14s %15s %13s %12s\n", "activation", "held-out acc.", "training loss", "ms per epoch",
              "NaN rate");

  bool good = true;
  good &= report(data, {"relu", true}, xact::relu);
  good &= report(data, {"leaky_relu", true}, xact::leaky_relu);
  good &= report(data, {"sigmoid", false}, xact::sigmoid);
  good &= report(data, {"tanh", false}, xact::tanh);
  good &= report(data, {"silu", true}, xact::silu);
  good &= report(data, {"gelu", true}, xact::gelu);
  good &= report(data, {"gelu_tanh", false}, xact::gelu_tanh);

  std::puts(good ? "\nEvery activation is as it should be." : "\nNot as it should be: see above.");
  return good ? 0 : 1;
} catch (const std::exception &error) {
  std::fprintf(stderr, "digits: %s\n", error.what());
  return 2;
}
