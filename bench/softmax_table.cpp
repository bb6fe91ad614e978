// softmax's table: `bench/run.sh --table softmax`. Each line is a shape or an
// option; times are ns an element, least of many interleaved runs, and beside them stand ratios: to plain rows of 64 x
// 1024 of the same run, to a loop on xsimd, and to memcpy of what is read and written.
#include <xact/xact.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <functional>
#include <random>
#include <string>
#include <vector>

using std::size_t;
using std::vector;

namespace {

using batch = xsimd::batch<float>;

/// How one writes it on xsimd: three passes, float sums.
void loop(const float *in, float *out, size_t n, float scale) {
  size_t i = 0;
  batch most(-INFINITY);
  for (; n - i >= batch::size; i += batch::size)
    most = xsimd::max(most, batch::load_unaligned(in + i));
  float m = xsimd::reduce_max(most);
  for (; i < n; ++i)
    m = std::max(m, in[i]);
  batch sums(0.f);
  for (i = 0; n - i >= batch::size; i += batch::size) {
    const batch e = xsimd::exp((batch::load_unaligned(in + i) - m) * scale);
    e.store_unaligned(out + i);
    sums += e;
  }
  float sum = xsimd::reduce_add(sums);
  for (; i < n; ++i)
    sum += out[i] = std::exp((in[i] - m) * scale);
  const float inverse = 1 / sum;
  for (i = 0; n - i >= batch::size; i += batch::size)
    (batch::load_unaligned(out + i) * inverse).store_unaligned(out + i);
  for (; i < n; ++i)
    out[i] *= inverse;
}

struct line {
  std::string name;
  double elements;
  std::function<void()> xact, peer; // peer: the loop, where it can
  double bytes;                     // read and written
  double best = 1e300, peer_best = 1e300, copy_best = 1e300;
};

double time_of(const std::function<void()> &f, size_t repeats) {
  const auto from = std::chrono::steady_clock::now();
  for (size_t i = 0; i < repeats; ++i)
    f();
  return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - from).count() /
         static_cast<double>(repeats);
}

template <class T> struct matrix {
  vector<T> in, out;
  size_t columns;
  matrix(size_t rows, size_t n) : in(rows * n), out(rows * n), columns(n) {
    std::mt19937 random(1);
    std::normal_distribution<float> normal(0, 2);
    for (T &x : in)
      x = T(normal(random));
  }
  auto from() { return xact::rows(std::span<const T>(in), columns); }
  auto to() { return xact::rows(out, columns); }
};

} // namespace

int main(int count, char **arguments) {
  const double seconds = count > 1 ? std::atof(arguments[1]) : 0.2;
  vector<line> lines;
  const auto add = [&](std::string name, size_t rows, size_t columns, auto &m, auto &&call, bool has_peer,
                       float scale = 1) {
    using T = std::remove_cvref_t<decltype(m.in[0])>;
    line l{std::move(name),
           static_cast<double>(rows * columns),
           call,
           {},
           static_cast<double>(2 * sizeof(T) * rows * columns)};
    if constexpr (std::is_same_v<T, float>) {
      if (has_peer)
        l.peer = [&m, rows, columns, scale] {
          for (size_t r = 0; r < rows; ++r)
            loop(&m.in[r * columns], &m.out[r * columns], columns, scale);
        };
    }
    lines.push_back(std::move(l));
  };

  vector<std::unique_ptr<matrix<float>>> kept;
  const auto shape = [&](size_t rows, size_t columns) -> matrix<float> & {
    kept.push_back(std::make_unique<matrix<float>>(rows, columns));
    return *kept.back();
  };
  const std::pair<size_t, size_t> shapes[] = {{64, 1024}, {1, 8},     {1, 16},      {1, 64},       {1, 128},
                                              {1, 1000},  {1, 4096},  {1, 50257},   {1, 128256},   {2, 32768},
                                              {64, 8},    {64, 64},   {64, 128},    {512, 8},      {512, 64},
                                              {512, 128}, {512, 512}, {2048, 2048}, {131072, 128}, {16384, 1024}};
  for (const auto &[rows, columns] : shapes) {
    matrix<float> &m = shape(rows, columns);
    add(
        std::to_string(rows) + " x " + std::to_string(columns), rows, columns, m,
        [&m] { xact::softmax(m.from(), m.to()); }, true);
  }
  constexpr size_t n = 512;
  matrix<float> &m = shape(n, n);
  const auto option = [&](const char *name, const xact::softmax_options &o, bool peer = false, float scale = 1) {
    add(
        std::string("512 x 512, ") + name, n, n, m, [&m, o] { xact::softmax(m.from(), m.to(), o); }, peer, scale);
  };
  vector<float> added(n * n), far(n, -1e9f), sinks(8, 0.5f);
  vector<unsigned char> visible(n * n);
  for (size_t i = 0; i < n * n; ++i)
    added[i] = (visible[i] = i * 2654435761u % 3 != 0) ? 0 : -INFINITY;
  option("scale 1/8", {.scale = 0.125}, true, 0.125f);
  option("scale 1/sqrt(128)", {.scale = std::sqrt(1 / 128.)}, true, std::sqrt(1 / 128.f));
  option("causal", {.causal = true});
  option("window 64", {.causal = true, .window = {.left = 63}});
  option("additive mask", {.mask = added});
  option("boolean mask", {.mask = visible});
  option("sink a head", {.queries = 64, .sink = sinks});
  option("softcap 30", {.softcap = 30});
  option("masked by -1e9", {.mask = far});
  add(
      "512 x 512, log_softmax", n, n, m, [&m] { xact::log_softmax(m.from(), m.to()); }, false);
  add(
      "512 x 512, logsumexp", n, n, m, [&m] { xact::logsumexp(m.from(), std::span(m.out).first(n)); }, false);
  add(
      "512 x 512, accurate", n, n, m, [&m] { xact::accurate(xact::softmax)(m.from(), m.to()); }, false);
  add(
      "512 x 512, backward_from_output", n, n, m,
      [&m] { xact::backward_from_output(xact::softmax, m.from(), m.from(), m.to()); }, false);
  matrix<double> d(64, 1024);
  add(
      "64 x 1024, double", 64, 1024, d, [&d] { xact::softmax(d.from(), d.to()); }, false);
  matrix<xact::float16> h(64, 1024);
  add(
      "64 x 1024, float16", 64, 1024, h, [&h] { xact::softmax(h.from(), h.to()); }, false);
  matrix<xact::bfloat16> b(64, 1024);
  add(
      "64 x 1024, bfloat16", 64, 1024, b, [&b] { xact::softmax(b.from(), b.to()); }, false);

  vector<char> source(1 << 27), target(1 << 27);
  for (double spent = 0; spent < seconds * static_cast<double>(lines.size());) {
    for (line &l : lines) {
      const auto repeats = static_cast<size_t>(std::max(1., 60000 / l.elements));
      const auto bytes = std::min(static_cast<size_t>(l.bytes / 2), source.size());
      const double own = time_of(l.xact, repeats);
      l.best = std::min(l.best, own);
      spent += own * static_cast<double>(repeats) * 2e-9;
      if (l.peer)
        l.peer_best = std::min(l.peer_best, time_of(l.peer, repeats));
      l.copy_best = std::min(l.copy_best, time_of([&] { std::memcpy(target.data(), source.data(), bytes); }, repeats));
    }
  }
  const double plain = lines[0].best / lines[0].elements;
  std::printf("| rows | ns an element | / 64 x 1024 | / xsimd loop | / memcpy |\n|---|---|---|---|---|\n");
  for (const line &l : lines) {
    const double own = l.best / l.elements;
    char peer[16] = "";
    if (l.peer)
      std::snprintf(peer, sizeof peer, "%.2f", l.best / l.peer_best);
    std::printf("| %s | %.3f | %.2f | %s | %.1f |\n", l.name.c_str(), own, own / plain, peer, l.best / l.copy_best);
  }
}
