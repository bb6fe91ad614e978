// Files as text, and how a broken one is told of.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <system_error>

namespace report {

/// One line that says which file, where in it, and what was expected there. The program's exit status is 2.
struct broken_file : std::runtime_error {
  using std::runtime_error::runtime_error;
};

inline std::string whole_file(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  std::error_code none;
  if (!file || std::filesystem::is_directory(path, none)) {
    throw broken_file(path + ": cannot be opened");
  }
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (file.bad()) {
    throw broken_file(path + ": reading failed");
  }
  return text;
}

} // namespace report
