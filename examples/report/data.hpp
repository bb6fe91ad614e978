// The rows that a network learns from and is tried on: a fixed random generator, the reader of CSV and NumPy files, and
// the split into training and held-out rows.
#pragma once

#include "npy.hpp"

#include <xact/inspect.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace report {

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

/// Rows of numbers, divided by the largest of all, the class that each belongs to, and its place in the file, from 0.
struct dataset {
  std::size_t columns = 0, classes = 0;
  std::vector<float> images;
  std::vector<std::size_t> labels, places;

  std::size_t size() const { return labels.size(); }
  std::span<const float> image(std::size_t row) const { return std::span(images).subspan(row * columns, columns); }

  void append(const dataset &from, std::size_t row) {
    const auto image = from.image(row);
    images.insert(images.end(), image.begin(), image.end());
    labels.push_back(from.labels[row]);
    places.push_back(from.places[row]);
  }
  dataset none_of() const { return {columns, classes, {}, {}, {}}; }
};

struct split {
  dataset training, held_out;
};

namespace detail {

inline constexpr double most_classes = 1000;

/// Lines of numbers, separated by commas, the last of them the label. A pixel may be nan.
inline dataset read_csv(const std::string &path) {
  const std::string text = whole_file(path);
  dataset data;
  std::size_t line = 0;
  for (const char *at = text.data(), *const end = at + text.size(); at != end;) {
    ++line;
    const char *const stop = std::find(at, end, '\n');
    std::size_t column = 0;
    double value = 0;
    const auto fail = [&](const std::string &expected) {
      throw broken_file(path + ":" + std::to_string(line) + ": column " + std::to_string(column) + ": expected " +
                        expected);
    };
    for (bool more = true; more;) {
      ++column;
      const char *const comma = std::find(at, stop, ',');
      const char *last = comma;
      last -= last != at && last[-1] == '\r' ? 1 : 0;
      const auto [parsed, error] = std::from_chars(at, last, value);
      if (error != std::errc() || parsed != last || std::isinf(value)) {
        fail("a number, not '" + std::string(at, last) + "'");
      }
      more = comma != stop;
      at = more ? comma + 1 : comma;
      if (more) {
        data.images.push_back(static_cast<float>(value));
      }
    }
    if (!(value >= 0 && value < most_classes && value == std::floor(value))) {
      fail("a label: a whole number from 0 to " + std::to_string(static_cast<int>(most_classes) - 1));
    }
    data.labels.push_back(static_cast<std::size_t>(value));
    data.columns = line == 1 ? column - 1 : data.columns;
    if (column != data.columns + 1 || column == 1) {
      fail(line == 1 ? "numbers and a label" : std::to_string(data.columns + 1) + " columns, as in line 1");
    }
    at = stop == end ? end : stop + 1;
  }
  return data;
}

/// Rows of numbers, the last of each the label.
inline dataset read_array(const std::string &path) {
  const npy array = read_npy(path);
  dataset data;
  data.columns = array.columns - 1;
  const auto fail = [&](std::size_t row, std::size_t column, const std::string &expected) {
    throw broken_file(path + ": row " + std::to_string(row) + ", column " + std::to_string(column) +
                      " (from 0): expected " + expected);
  };
  if (data.columns == 0) {
    fail(0, 0, "rows of numbers and a label");
  }
  std::visit(
      [&](const auto &values) {
        for (std::size_t i = 0; i < values.size(); ++i) {
          const std::size_t row = i / array.columns, column = i % array.columns;
          const auto value = static_cast<double>(static_cast<float>(values[i]));
          if (std::isinf(value)) {
            fail(row, column, "a finite number or NaN");
          }
          if (column != data.columns) {
            data.images.push_back(static_cast<float>(value));
          } else if (value >= 0 && value < most_classes && value == std::floor(value)) {
            data.labels.push_back(static_cast<std::size_t>(value));
          } else {
            fail(row, column,
                 "a label: a whole number from 0 to " + std::to_string(static_cast<int>(most_classes) - 1));
          }
        }
      },
      array.values);
  return data;
}

} // namespace detail

/// Throws broken_file that names line and column, or the byte, and what was expected there.
inline dataset read(const std::string &path) {
  dataset data = path.ends_with(".npy") ? detail::read_array(path) : detail::read_csv(path);
  std::size_t whole = 0;
  for (std::size_t row = 0; row < data.size(); ++row) {
    data.places.push_back(row);
    whole += xact::inspect(data.image(row)).nan == 0 ? 1 : 0;
  }
  if (whole < 100) {
    throw broken_file(path + ": expected at least 100 rows without NaN to learn from, and there are " +
                      std::to_string(whole));
  }
  const xact::census all = xact::inspect(data.images);
  const double largest = std::max(std::abs(all.minimum), std::abs(all.maximum));
  for (float &pixel : data.images) {
    pixel /= largest > 0 ? static_cast<float>(largest) : 1.0f;
  }
  data.classes = std::max<std::size_t>(2, *std::max_element(data.labels.begin(), data.labels.end()) + 1);
  return data;
}

/// Holds out every fourth row after a shuffle, so that both parts come from the same writers, and each with a NaN:
/// nothing can be learnt from it.
inline split hold_out_a_quarter(const dataset &data, generator random) {
  std::vector<std::size_t> order = data.places;
  random.shuffle(order);

  split parts{data.none_of(), data.none_of()};
  std::vector<std::size_t> held_out;
  for (std::size_t k = 0; k < order.size(); ++k) {
    if (k % 4 == 0 || xact::inspect(data.image(order[k])).nan != 0)
      held_out.push_back(order[k]);
    else
      parts.training.append(data, order[k]);
  }
  std::sort(held_out.begin(), held_out.end());
  for (const std::size_t row : held_out)
    parts.held_out.append(data, row);
  return parts;
}

} // namespace report
