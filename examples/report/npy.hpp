// NumPy's array files, as far as rows of numbers need them: float64, float32, float16, and bfloat16 as uint16.
#pragma once

#include "files.hpp"

#include <xact/float16.hpp>

#include <bit>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace report {

static_assert(std::endian::native == std::endian::little, "the files' bytes are taken as they are");

/// An array as rows: all dimensions but the last are one. A vector is one row.
struct npy {
  std::variant<std::vector<float>, std::vector<double>, std::vector<xact::float16>, std::vector<xact::bfloat16>> values;
  std::size_t rows = 0, columns = 0;
};

namespace detail {

/// Reads the header, and tells at which byte something else was expected.
class npy_header {
public:
  npy_header(const std::string &path, std::string_view bytes) : path_(path), bytes_(bytes) {}

  [[noreturn]] void fail(std::size_t byte, const std::string &expected) const {
    throw broken_file(path_ + ": byte " + std::to_string(byte) + ": expected " + expected);
  }

  std::string type;
  std::size_t rows = 1, columns = 0, data = 0;

  void read() {
    using namespace std::string_view_literals;
    if (!bytes_.starts_with("\x93NUMPY"sv)) {
      fail(0, "the six bytes that a NumPy file begins with");
    }
    if (bytes_.size() < 10 || (bytes_[6] != 1 && bytes_[6] != 2 && bytes_[6] != 3)) {
      fail(6, "version 1, 2 or 3 of the format, and a header's length");
    }
    const std::size_t begin = bytes_[6] == 1 ? 10 : 12;
    std::size_t length = 0;
    for (std::size_t i = begin; i-- > 8 && begin <= bytes_.size();) {
      length = length << 8 | static_cast<unsigned char>(bytes_[i]);
    }
    if (begin > bytes_.size() || length > bytes_.size() - begin) {
      fail(8, "a header that ends within the file");
    }
    data = begin + length;

    std::size_t at = value_of("'descr'", begin);
    if (bytes_[at] != '\'') {
      fail(at, "one of the types '<f4', '<f8', '<f2', '<u2', and no structure");
    }
    const std::size_t quote = bytes_.substr(0, data).find('\'', at + 1);
    type = bytes_.substr(at + 1, quote == std::string_view::npos ? 0 : quote - at - 1);
    if (type != "<f4" && type != "<f8" && type != "<f2" && type != "<u2") {
      fail(at, "one of the types '<f4', '<f8', '<f2', '<u2' (for bfloat16), not '" + type + "'");
    }
    at = value_of("'fortran_order'", begin);
    if (!bytes_.substr(at).starts_with("False")) {
      fail(at, "False: rows that lie one after the other");
    }
    read_shape(value_of("'shape'", begin));
  }

private:
  const std::string &path_;
  std::string_view bytes_;

  std::size_t value_of(std::string_view key, std::size_t begin) const {
    const std::size_t found = bytes_.substr(0, data).find(key, begin);
    if (found == std::string_view::npos) {
      fail(begin, std::string(key) + " in the header");
    }
    const std::size_t value = bytes_.substr(0, data).find_first_not_of(": ", found + key.size());
    if (value == std::string_view::npos) {
      fail(found + key.size(), "a value");
    }
    return value;
  }

  void read_shape(std::size_t at) {
    if (bytes_[at] != '(') {
      fail(at, "a shape in parentheses");
    }
    std::vector<std::size_t> shape;
    for (++at; at < data && bytes_[at] != ')';) {
      std::size_t n = 0;
      const auto [stop, error] = std::from_chars(bytes_.data() + at, bytes_.data() + data, n);
      if (error != std::errc() || n == 0) {
        fail(at, "a length from 1 on");
      }
      shape.push_back(n);
      at = bytes_.substr(0, data).find_first_not_of(", ", static_cast<std::size_t>(stop - bytes_.data()));
      if (at == std::string_view::npos) {
        fail(data, "the end of the shape");
      }
    }
    if (shape.empty()) {
      fail(at, "at least one dimension");
    }
    columns = shape.back();
    shape.pop_back();
    for (const std::size_t n : shape) {
      if (n > std::numeric_limits<std::size_t>::max() / 64 / columns / rows) {
        fail(at, "a shape of numbers that a memory can hold");
      }
      rows *= n;
    }
  }
};

template <class E> std::vector<E> elements(std::string_view bytes) {
  std::vector<E> values(bytes.size() / sizeof(E));
  std::memcpy(static_cast<void *>(values.data()), bytes.data(), bytes.size());
  return values;
}

} // namespace detail

/// Throws broken_file with the byte and what was expected there.
inline npy read_npy(const std::string &path) {
  const std::string bytes = whole_file(path);
  detail::npy_header header(path, bytes);
  header.read();
  const std::size_t size = header.type == "<f8" ? 8 : header.type == "<f4" ? 4 : 2;
  const std::string_view data = std::string_view(bytes).substr(header.data);
  if (data.size() != header.rows * header.columns * size) {
    header.fail(header.data, std::to_string(header.rows) + " x " + std::to_string(header.columns) + " x " +
                                 std::to_string(size) + " bytes of numbers to the file's end, which is " +
                                 std::to_string(data.size()) + " bytes on");
  }
  npy array;
  array.rows = header.rows;
  array.columns = header.columns;
  if (header.type == "<f8") {
    array.values = detail::elements<double>(data);
  } else if (header.type == "<f4") {
    array.values = detail::elements<float>(data);
  } else if (header.type == "<f2") {
    array.values = detail::elements<xact::float16>(data);
  } else {
    array.values = detail::elements<xact::bfloat16>(data);
  }
  return array;
}

} // namespace report
