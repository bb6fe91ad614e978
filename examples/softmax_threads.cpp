// One row of softmax, cut over threads: each adds its piece, the states are merged, each writes its piece. The bits are
// those of one thread, however the row is cut.

#include <xact/xact.hpp>

#include <cmath>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <span>
#include <thread>
#include <vector>

/// Runs f(piece) for each piece, on a thread of its own.
template <class F> static void on_threads(std::size_t pieces, const F &f) {
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < pieces; ++i)
    threads.emplace_back(f, i);
  for (std::thread &thread : threads)
    thread.join();
}

static std::vector<float> softmax_on(std::size_t pieces, const std::vector<float> &logits) {
  const auto piece_of = [&](auto &row, std::size_t i) {
    const std::size_t from = row.size() * i / pieces;
    return std::span(row).subspan(from, row.size() * (i + 1) / pieces - from);
  };
  std::vector<xact::softmax_state> states(pieces);
  on_threads(pieces, [&](std::size_t i) { states[i].update(piece_of(logits, i)); });
  for (std::size_t i = 1; i < pieces; ++i)
    states[0].merge(states[i]);
  std::vector<float> probabilities(logits.size());
  on_threads(pieces, [&](std::size_t i) { states[0].write(piece_of(logits, i), piece_of(probabilities, i)); });
  return probabilities;
}

int main() {
  std::vector<float> logits(151'936); // a large vocabulary
  for (std::size_t i = 0; i < logits.size(); ++i)
    logits[i] = 12 * std::sin(0.7f * static_cast<float>(i % 9973));

  std::vector<float> whole(logits.size());
  xact::softmax(logits, whole);
  bool good = true;
  for (const std::size_t pieces : {std::size_t{1}, std::size_t{2}, std::size_t{8}}) {
    const std::vector<float> cut = softmax_on(pieces, logits);
    const bool same = std::memcmp(cut.data(), whole.data(), cut.size() * sizeof cut[0]) == 0;
    std::printf("%zu threads: %s\n", pieces, same ? "the same bits" : "other bits");
    good = good && same;
  }
  return good ? 0 : 1;
}
