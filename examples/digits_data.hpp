// The data of digits.cpp: a fixed random generator, the reader of digits.csv and the split into training and held-out
// rows.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace digits {

inline constexpr std::size_t pixels = 64;
inline constexpr std::size_t classes = 10;

/// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", OOPSLA 2014). The distributions of
/// <random> differ between standard libraries; with this one, every platform trains on the same numbers.
class generator {
public:
  explicit generator(std::uint64_t seed) : state_(seed) {}

  /// Uniform in [-limit, limit), a multiple of limit / 2^23.
  float uniform(float limit) { return limit * (static_cast<float>(next() >> 40) * 0x1p-23f - 1.0f); }

  template <class T> void shuffle(std::vector<T> &items) {
    for (std::size_t left = items.size(); left > 1; --left)
      std::swap(items[left - 1], items[static_cast<std::size_t>(next() % left)]);
  }

private:
  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }

  std::uint64_t state_;
};

/// Images as rows of 64 pixels in [0, 1], and the digit that each shows.
struct dataset {
  std::vector<float> images;
  std::vector<std::size_t> labels;

  std::size_t size() const { return labels.size(); }

  void append(const dataset &from, std::size_t row) {
    const float *image = from.images.data() + row * pixels;
    images.insert(images.end(), image, image + pixels);
    labels.push_back(from.labels[row]);
  }
};

struct split {
  dataset training, held_out;
};

/// Reads lines of 64 pixels of 0 to 16 and a digit of 0 to 9, separated by commas.
/// Throws std::runtime_error naming the file, the line and what is wrong with it.
inline dataset read(const std::string &path) {
  std::ifstream file(path);
  if (!file)
    throw std::runtime_error(path + ": cannot be opened");

  dataset data;
  std::string line;
  for (std::size_t number = 1; std::getline(file, line); ++number) {
    const auto fail = [&](const std::string &what) {
      throw std::runtime_error(path + ":" + std::to_string(number) + ": " + what);
    };
    if (!line.empty() && line.back() == '\r')
      line.pop_back();

    const auto columns = static_cast<std::size_t>(std::count(line.begin(), line.end(), ',')) + 1;
    if (columns != pixels + 1)
      fail(std::to_string(columns) + " columns where " + std::to_string(pixels + 1) + " are expected");

    const char *at = line.data();
    const char *const end = at + line.size();
    for (std::size_t column = 0; column < columns; ++column) {
      unsigned value = 0;
      const auto [stop, error] = std::from_chars(at, end, value);
      const std::string where = "column " + std::to_string(column + 1);
      if (error != std::errc() || (stop != end && *stop != ','))
        fail(where + " is not a whole number");
      const unsigned largest = column < pixels ? 16 : classes - 1;
      if (value > largest)
        fail(where + " is " + std::to_string(value) + ", outside 0 to " + std::to_string(largest));
      if (column < pixels)
        data.images.push_back(static_cast<float>(value) / 16.0f);
      else
        data.labels.push_back(value);
      at = stop == end ? end : stop + 1;
    }
  }
  if (file.bad())
    throw std::runtime_error(path + ": reading failed");
  if (data.size() < 100)
    throw std::runtime_error(path + ": " + std::to_string(data.size()) +
                             " rows, too few to learn from (100 are needed)");
  return data;
}

/// Holds out every fourth row after a shuffle, so that both parts come from the same writers.
inline split hold_out_a_quarter(const dataset &data, generator random) {
  std::vector<std::size_t> order(data.size());
  for (std::size_t row = 0; row < order.size(); ++row)
    order[row] = row;
  random.shuffle(order);

  split parts;
  for (std::size_t k = 0; k < order.size(); ++k)
    (k % 4 == 0 ? parts.held_out : parts.training).append(data, order[k]);
  return parts;
}

} // namespace digits
