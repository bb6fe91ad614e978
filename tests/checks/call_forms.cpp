#include "call_forms.hpp"

#include "../values.hpp"

#include <algorithm>
#include <stdexcept>

/// A few hundred values: the first half ordinary, so that no lane takes a rare path, the second half mixed.
template <class T> static std::vector<T> company() {
  auto result = spread<T>(-4, 4, 256);
  const auto rare = edges<T>();
  const auto wide = spread<T>(-110, 110, 256 - rare.size());
  result.insert(result.end(), wide.begin(), wide.end());
  result.insert(result.end(), rare.begin(), rare.end());
  std::shuffle(result.begin() + 256, result.end(), std::mt19937(7));
  return result;
}

template <class T> std::string positions(const subject<T> &f) {
  constexpr std::size_t longest = 130;
  constexpr std::size_t alignments = 64 / sizeof(T);
  constexpr std::size_t guard = 64 / sizeof(T);
  constexpr T untouched = T(-123.25);
  const std::vector<T> pool = company<T>();
  const auto nan =
      static_cast<std::size_t>(std::ranges::find_if(pool, [](T x) { return std::isnan(x); }) - pool.begin());
  std::vector<T> expected;
  for (const T x : pool)
    expected.push_back(f.value(x));

  alignas(64) std::array<T, longest + alignments + 2 * guard> in_storage;
  alignas(64) auto out_storage = in_storage;
  findings found;
  for (std::size_t n = 0; n <= longest; ++n) {
    for (std::size_t k = 0; k < n + alignments; ++k) { // first NaN at each position, then every alignment
      const std::size_t in_offset = k % alignments;
      const std::size_t out_offset = n % 2 == 0 ? in_offset : (5 * in_offset + n) % alignments;
      const std::size_t mixture = (n + k) % 3; // ordinary, one rare among ordinary, anything
      std::array<std::size_t, longest> choice;
      for (std::size_t i = 0; i < n; ++i) {
        const bool rare = mixture == 2 || (mixture == 1 && i == (7 * k + n / 3) % n);
        choice[i] = i == k ? nan : (rare ? 256 : 0) + (13 * n + 31 * k + i) % 256;
      }
      in_storage.fill(untouched);
      out_storage.fill(untouched);
      const std::span<T> in(in_storage.data() + guard + in_offset, n);
      const std::span<T> out(out_storage.data() + guard + out_offset, n);
      std::transform(choice.begin(), choice.begin() + n, in.begin(), [&](std::size_t c) { return pool[c]; });
      const auto original = in_storage;
      const auto where = [&](const char *what) {
        return std::string(what) + " of " + std::to_string(n) + " elements, alignment " + std::to_string(in_offset) +
               " to " + std::to_string(out_offset);
      };
      const auto compare = [&](const auto &storage, std::span<const T> results, const char *call) {
        for (std::size_t i = 0; i < n; ++i) {
          if (!same(results[i], expected[choice[i]])) {
            found.add(where(call) + ": f(" + show(pool[choice[i]]) + ") at " + std::to_string(i) + " is " +
                      show(results[i]) + ", alone " + show(expected[choice[i]]));
          }
        }
        const T *const first = results.data();
        const auto beside = [](T x) { return bits(x) != bits(untouched); };
        if (std::any_of(storage.data(), first, beside) ||
            std::any_of(first + n, storage.data() + storage.size(), beside)) {
          found.add(where(call) + " writes beside the output");
        }
      };
      f.range(in, out);
      compare(out_storage, out, "f(in, out)");
      if (!std::equal(in_storage.begin(), in_storage.end(), original.begin(), same<T>)) {
        found.add(where("f(in, out)") + " writes to the input");
      }
      f.in_place(in);
      compare(in_storage, in, "f(inout)");
    }
  }
  return found.report();
}

template <class T> std::string batches(const subject<T> &f) {
  using batch = lanes<T>;
  const std::vector<T> pool = company<T>();
  findings found;
  if constexpr (!std::is_same_v<batch, T>) {
    for (std::size_t i = 0; i + batch::size <= pool.size(); ++i) {
      std::array<T, batch::size> y;
      f.batch(batch::load_unaligned(pool.data() + i)).store_unaligned(y.data());
      for (std::size_t lane = 0; lane < batch::size; ++lane) {
        const T x = pool[i + lane];
        if (!same(y[lane], f.value(x))) {
          found.add("lane " + std::to_string(lane) + ": f(" + show(x) + ") = " + show(y[lane]) + ", alone " +
                    show(f.value(x)));
        }
      }
    }
  }
  return found.report();
}

template <class T> std::string preconditions(const subject<T> &f) {
  std::vector<T> data = spread<T>(-4, 4, 300);
  const std::vector<T> original = data;
  findings found;
  const auto refuses = [&](const char *what, auto in, auto out, std::string a, std::string b) {
    try {
      f.range(in, out);
      found.add(std::string(what) + " is accepted");
    } catch (const std::invalid_argument &error) {
      const std::string_view message = error.what();
      if (message.find(a) == message.npos || message.find(b) == message.npos) {
        found.add(std::string(what) + ": the message is '" + error.what() + "', without " + a + " and " + b);
      }
    }
    if (!std::equal(data.begin(), data.end(), original.begin(), same<T>))
      found.add(std::string(what) + " writes");
    data = original;
  };
  const std::span<T> all = data;
  refuses("a shorter output", all.first(137), all.last(53), "137", "53");
  refuses("a longer output", all.first(53), all.last(137), "137", "53");
  refuses("an empty output", all.first(53), all.last(0), "53", "0");
  refuses("an empty input", all.first(0), all.last(53), "53", "0");
  refuses("an output one element on", all.first(130), all.subspan(1, 130), "'in' (130", "'out' (130");
  refuses("an output one element back", all.subspan(1, 130), all.first(130), "'in' (130", "'out' (130");
  refuses("an overlap of one element", all.first(130), all.subspan(129, 130), "'in' (130", "'out' (130");

  try {
    f.range(all.first(130), all.subspan(130, 130));
    for (std::size_t i = 0; i < 130; ++i) {
      if (!same(data[130 + i], f.value(original[i])))
        found.add("a neighbouring output is wrong");
    }
  } catch (const std::invalid_argument &) {
    found.add("a neighbouring output is refused");
  }
  return found.report();
}

template std::string positions(const subject<float> &);
template std::string positions(const subject<double> &);
template std::string batches(const subject<float> &);
template std::string batches(const subject<double> &);
template std::string preconditions(const subject<float> &);
template std::string preconditions(const subject<double> &);
