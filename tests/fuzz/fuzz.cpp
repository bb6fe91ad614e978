// Random calls of the public surface, judged by properties: sanitizers, nothing written outside of an output, one value
// = one lane = a range = rows = pieces, errors before anything is written, results beside a plain one in long double.
// `sh tests/run.sh --fuzz SECONDS` builds and runs it: by libFuzzer, or where clang lacks it by the driver at the end.

#include <xact/xact.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace {

using std::size_t;

std::string subject; ///< what is called, for the message

[[noreturn]] void fail(const std::string &what) {
  std::fprintf(stderr, "fuzz: %s: %s\n", subject.c_str(), what.c_str());
  std::abort();
}
std::string show(double x) {
  char text[40];
  std::snprintf(text, sizeof text, "%a", x);
  return text;
}

/// The fuzzer's bytes as choices; after their end zeros.
struct source {
  const std::uint8_t *at;
  size_t left;

  std::uint8_t byte() {
    if (left == 0)
      return 0;
    --left;
    return *at++;
  }
  size_t below(size_t n) { return (byte() | static_cast<size_t>(byte()) << 8) % n; }
  bool coin() { return (byte() & 1) != 0; }
  template <class T> T bits() {
    T x{};
    unsigned char raw[sizeof(T)];
    for (unsigned char &b : raw)
      b = byte();
    std::memcpy(&x, raw, sizeof x);
    return x;
  }
};

/// What the elements of a range are like.
enum class kind { usual, wide, special, same, ends, bits, count };

template <class T> T element(kind k, std::mt19937 &random, float center) {
  const auto uniform = [&] { return std::uniform_real_distribution<float>(-1, 1)(random); };
  switch (k) {
  case kind::usual:
    return T(4 * uniform());
  case kind::wide:
    return T(std::ldexp(uniform(), static_cast<int>(random() % 260) - 150));
  case kind::same:
    return T(center);
  case kind::special: {
    const float some[] = {NAN,       HUGE_VALF, -HUGE_VALF, 0.0f,    -0.0f,   1e-40f, -1e-40f, 65504,  -65504, -65536,
                          0x1p-126f, 0x1p127f,  -0x1p127f,  65519.f, 262144., -1e9f,  88.72f,  -87.3f, 1,      -1};
    return random() % 4 == 0 ? T(some[random() % std::size(some)]) : T(9 * uniform());
  }
  case kind::ends:
    return T(center + std::ldexp(uniform(), static_cast<int>(random() % 24) - 20));
  default: {
    using I = std::conditional_t<sizeof(T) == 1, std::uint8_t,
                                 std::conditional_t<sizeof(T) == 2, std::uint16_t,
                                                    std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>>>;
    const I code = static_cast<I>(random() | static_cast<std::uint64_t>(random()) << 32);
    T x;
    std::memcpy(static_cast<void *>(&x), &code, sizeof x);
    return x;
  }
  }
}

/// A misaligned range in memory of its own length, so that the sanitizer sees each step beside it.
template <class T> class range {
  std::unique_ptr<unsigned char[]> memory;
  size_t offset, n;

public:
  explicit range(size_t length, size_t shift = 0)
      : memory(new unsigned char[(length + shift) * sizeof(T) + 1]), offset(shift * sizeof(T)), n(length) {
    std::memset(memory.get(), 0x5a, (length + shift) * sizeof(T) + 1);
  }
  range(const range &other) : range(other.n, other.offset / sizeof(T)) {
    if (n != 0)
      std::memcpy(data(), other.data(), n * sizeof(T));
  }
  range &operator=(const range &) = delete;
  T *data() { return reinterpret_cast<T *>(memory.get() + offset); }
  const T *data() const { return reinterpret_cast<const T *>(memory.get() + offset); }
  size_t size() const { return n; }
  T &operator[](size_t i) { return data()[i]; }
  const T &operator[](size_t i) const { return data()[i]; }
  std::span<T> all() { return {data(), n}; }
  std::span<const T> all() const { return {data(), n}; }
  T *begin() { return data(); }
  T *end() { return data() + n; }
};

template <class T> range<T> numbers(size_t n, source &s) {
  range<T> x(n, s.byte() % 4);
  const kind k = static_cast<kind>(s.byte() % static_cast<unsigned>(kind::count));
  std::mt19937 random(s.bits<std::uint32_t>());
  const float centers[] = {0,      1,      -1,       88,      -88,   708,   -745,    65280,
                           -65520, 262144, -0x1p19f, 0x1p31f, -1e9f, 3e38f, -3.4e38f};
  const float center = centers[s.byte() % std::size(centers)];
  for (T &each : x)
    each = element<T>(k, random, center);
  return x;
}

template <class T> bool same(const T &a, const T &b) {
  return std::memcmp(&a, &b, sizeof(T)) == 0 || (a != a && b != b);
}
template <class T> void expect_same(const char *what, std::span<const T> a, std::span<const T> b) {
  for (size_t i = 0; i < a.size(); ++i)
    if (!same(a[i], b[i]))
      fail(std::string(what) + ": " + show(static_cast<double>(a[i])) + " and " + show(static_cast<double>(b[i])) +
           " at " + std::to_string(i) + " of " + std::to_string(a.size()));
}

size_t a_length(source &s) {
  const size_t lengths[] = {1, 7, 16, 33, 64, 100, 129, 300, 700, 1100};
  const size_t most = lengths[s.byte() % std::size(lengths)];
  return s.below(most + 1);
}

/// Calls, and says whether it was refused; then `untouched` must be what it was.
template <class Call, class T> bool refused(const Call &call, range<T> &untouched) {
  const range<T> before = untouched;
  try {
    call();
  } catch (const std::invalid_argument &) {
    if (before.size() != 0 && std::memcmp(before.data(), untouched.data(), before.size() * sizeof(T)) != 0)
      fail("refused, and written");
    return true;
  }
  return false;
}

// --- Activations
// ---------------------------------------------------------------------------------------------------------

template <class T, class F> void element_wise(const F &f, source &s) {
  const range<T> x = numbers<T>(a_length(s), s);
  const size_t n = x.size();
  range<T> y(n, s.byte() % 4);
  if (refused([&] { f(x.all(), y.all()); }, y))
    return;
  for (size_t i = 0; i < n; ++i) {
    const T one = f(x[i]);
    if (!same(one, y[i]))
      fail("a value and a range: f(" + show(static_cast<double>(x[i])) + ") is " + show(static_cast<double>(one)) +
           " and " + show(static_cast<double>(y[i])));
    if (x[i] != x[i] && y[i] == y[i])
      fail("NaN is lost");
  }
  range<T> in_place = x;
  f(in_place.all());
  expect_same<T>("in place", y.all(), in_place.all());
  const size_t columns = 1 + s.below(20), stride = columns + s.below(3), rows = n / stride;
  range<T> gaps(rows * stride);
  const range<T> before = gaps;
  f(xact::rows(x.all().first(rows * stride), columns, stride), xact::rows(gaps.all(), columns, stride));
  for (size_t i = 0; i < gaps.size(); ++i)
    if (!same(gaps[i], i % stride < columns ? y[i] : before[i]))
      fail("rows with gaps");
  const size_t cut = n == 0 ? 0 : s.below(n + 1);
  range<T> parts(n, 1);
  f(x.all().first(cut), parts.all().first(cut));
  f(x.all().subspan(cut), parts.all().subspan(cut));
  expect_same<T>("two parts", y.all(), parts.all());
  xact::census watched;
  range<T> seen(n, 2);
  xact::watch(f, watched)(x.all(), seen.all());
  expect_same<T>("watched", y.all(), seen.all());
  const xact::census whole = xact::inspect(y.all());
  if (std::memcmp(&whole, &watched, sizeof whole) != 0)
    fail("watch and inspect differ");
}

/// Tiers beside each other: float within 4 and 1 ULP of exact, exact the rounded double.
template <class F> void tiers(const F &f, source &s) {
  const range<float> x = numbers<float>(a_length(s), s);
  range<float> y(x.size());
  if (refused([&] { f(x.all(), y.all()); }, y)) // values of such a parameter mean nothing
    return;
  for (size_t i = 0; i < x.size(); ++i) {
    const float exact = xact::exact(f)(x[i]), accurate = xact::accurate(f)(x[i]), usual = f(x[i]);
    const double wide = xact::accurate(f)(static_cast<double>(x[i]));
    if (!same(exact, static_cast<float>(wide)) &&
        std::abs(static_cast<double>(exact) - wide) >
            0.500001 * std::abs(static_cast<double>(std::nextafter(exact, INFINITY)) - static_cast<double>(exact)))
      fail("exact(" + show(static_cast<double>(x[i])) + ") is " + show(static_cast<double>(exact)) + ", double " +
           show(wide));
    const auto order = [](float v) {
      const auto code = std::bit_cast<std::int32_t>(v);
      return static_cast<std::int64_t>(code < 0 ? std::numeric_limits<std::int32_t>::min() - code : code);
    };
    if (exact != exact || (accurate != accurate) || usual != usual) {
      if (!(exact != exact && accurate != accurate && usual != usual))
        fail("NaN of some tiers only at " + show(static_cast<double>(x[i])));
      continue;
    }
    if (std::abs(order(accurate) - order(exact)) > 1 || std::abs(order(usual) - order(exact)) > 4)
      fail("tiers at " + show(static_cast<double>(x[i])) + ": " + show(static_cast<double>(usual)) + ", " +
           show(static_cast<double>(accurate)) + ", " + show(static_cast<double>(exact)));
  }
}

template <class T, class F> void gradients(const F &f, source &s) {
  const size_t n = a_length(s);
  const range<T> x = numbers<T>(n, s), dy = numbers<T>(n, s);
  range<T> dx(n, s.byte() % 4);
  if (refused([&] { xact::backward(f, x.all(), dy.all(), dx.all()); }, dx))
    return;
  range<T> in_place = x, over_dy = dy, parts(n), tail(n, 3);
  xact::backward(f, in_place.all(), dy.all(), in_place.all());
  expect_same<T>("backward in place", dx.all(), in_place.all());
  xact::backward(f, x.all(), over_dy.all(), over_dy.all());
  expect_same<T>("backward over dy", dx.all(), over_dy.all());
  for (size_t i = 0; i < n; ++i)
    xact::backward(f, x.all().subspan(i, 1), dy.all().subspan(i, 1), parts.all().subspan(i, 1));
  expect_same<T>("backward one by one", dx.all(), parts.all());
  range<T> sum = numbers<T>(n, s), same_sum = sum;
  xact::backward(f, x.all(), dy.all(), sum.all(), {.accumulate = true});
  for (size_t i = 0; i < n; ++i)
    xact::backward(f, x.all().subspan(i, 1), dy.all().subspan(i, 1), same_sum.all().subspan(i, 1),
                   {.accumulate = true});
  expect_same<T>("backward added, one by one", sum.all(), same_sum.all());
}

template <class T, class F> void gated(const F &unit, source &s) {
  const size_t n = a_length(s);
  const range<T> gate = numbers<T>(n, s), up = numbers<T>(n, s);
  xact::glu_options o;
  if (s.coin())
    o.alpha = s.coin() ? 1.702 : s.bits<double>();
  if (s.coin())
    o.limit = s.coin() ? 7 : s.bits<double>();
  if (s.coin())
    o.offset = s.coin() ? 1 : s.bits<double>();
  o.swapped = s.coin();
  range<T> y(n, s.byte() % 4);
  if (refused([&] { unit(gate.all(), up.all(), y.all(), o); }, y))
    return;
  range<T> halves(2 * n), pairs(2 * n), z(n), one(n);
  std::copy(gate.data(), gate.data() + n, halves.data());
  std::copy(up.data(), up.data() + n, halves.data() + n);
  for (size_t i = 0; i < n; ++i) {
    pairs[2 * i] = gate[i];
    pairs[2 * i + 1] = up[i];
    unit(gate.all().subspan(i, 1), up.all().subspan(i, 1), one.all().subspan(i, 1), o);
  }
  expect_same<T>("gated one by one", y.all(), one.all());
  o.layout = xact::glu_layout::halves;
  unit(halves.all(), z.all(), o);
  expect_same<T>("halves", y.all(), z.all());
  o.layout = xact::glu_layout::interleaved;
  unit(pairs.all(), z.all(), o);
  expect_same<T>("pairs", y.all(), z.all());
}

template <class F> void one_activation(const F &f, source &s) {
  subject = xact::detail::name_of<F>::text.data();
  if constexpr (sizeof(F) == sizeof(double)) {
    double parameter;
    std::memcpy(&parameter, &f, sizeof parameter);
    subject += " with " + show(parameter);
  }
  switch (s.byte() % 9) {
  case 0:
    return element_wise<float>(f, s);
  case 1:
    return element_wise<double>(f, s);
  case 2:
    return element_wise<xact::float16>(f, s);
  case 3:
    return element_wise<xact::bfloat16>(f, s);
  case 4:
    return tiers(f, s);
  case 5:
    return gradients<float>(f, s);
  case 6:
    return gradients<xact::bfloat16>(f, s);
  case 7:
    return gated<float>(xact::glu(f), s);
  default:
    return element_wise<float>(xact::derivative(f), s);
  }
}

void activations(source &s) {
  const auto parameter = [&] { return s.coin() ? s.bits<double>() : static_cast<double>(s.bits<std::int8_t>()) / 16; };
  switch (s.byte() % 6) { // one of each kind of kernel, and with parameters
  case 0:
    return one_activation(xact::gelu, s);
  case 1:
    return one_activation(xact::silu, s);
  case 2:
    return one_activation(xact::leaky_relu_t{.negative_slope = parameter()}, s);
  case 3:
    return one_activation(xact::softplus_t{.beta = parameter()}, s);
  case 4:
    return one_activation(xact::hard_swish, s);
  default:
    return one_activation(xact::softcap_t{.cap = parameter()}, s);
  }
}

// --- Softmax
// -------------------------------------------------------------------------------------------------------------

struct row_setup {
  size_t count, columns;
  xact::softmax_options o;
  std::vector<float> mask, sinks;
  std::vector<unsigned char> seen;
  std::vector<double> scales;
  bool wild = false; ///< numbers that are too large for the plain result
};

double a_number(source &s, bool &wild) {
  switch (s.byte() % 6) {
  case 0:
    wild = true;
    return s.bits<double>();
  case 1:
    return 1 / std::sqrt(128.0);
  case 2:
    return 0.7;
  case 3:
    return -1;
  case 4:
    return 0;
  default:
    return static_cast<double>(s.bits<std::int8_t>()) / 8;
  }
}

void choose(row_setup &r, source &s) {
  const unsigned what = s.byte() | static_cast<unsigned>(s.byte()) << 8;
  auto &o = r.o;
  if (what & 1)
    o.scale = a_number(s, r.wild);
  if (what & 2) {
    for (size_t i = 0; i < r.count; ++i)
      r.scales.push_back(a_number(s, r.wild));
    o.scale = r.scales;
  }
  if (what & 4)
    o.softcap = std::abs(a_number(s, r.wild)) * 8;
  if ((what & 8) && r.columns != 0 && r.count != 0) {
    const range<float> x = numbers<float>(s.coin() ? r.columns : r.count * r.columns, s);
    r.mask.assign(x.data(), x.data() + x.size());
    if (what & 16) {
      for (const float v : r.mask)
        r.seen.push_back(v < 0);
      o.mask = r.seen;
    } else {
      r.wild |= std::any_of(r.mask.begin(), r.mask.end(), [](float v) { return !(v < 1e4f); });
      o.mask = r.mask;
      if (what & 32)
        o.mask_scale = a_number(s, r.wild);
    }
  }
  if (what & 64) {
    o.causal = true;
    o.offset = static_cast<std::ptrdiff_t>(s.below(8)) - 3;
  }
  if (what & 128)
    o.window = {s.below(40), s.below(40)};
  if (what & 256)
    o.sink = a_number(s, r.wild);
  if (what & 512)
    o.on_empty_row = xact::empty_row::zero;
}

/// The logits of a row, of what is seen; -inf elsewhere.
std::vector<long double> logits(const row_setup &r, size_t row, const auto *x) {
  std::vector<long double> l(r.columns, -HUGE_VALL);
  const long double scale = r.scales.empty() ? r.o.scale[0] : r.scales[row];
  const auto q = static_cast<std::ptrdiff_t>(row);
  for (size_t c = 0; c < r.columns; ++c) {
    const auto at = static_cast<std::ptrdiff_t>(c);
    if (r.o.causal && at > q + r.o.offset)
      continue;
    if (r.o.window.left != xact::softmax_window::unlimited &&
        (at < q + r.o.offset - static_cast<std::ptrdiff_t>(r.o.window.left) ||
         at > q + r.o.offset + static_cast<std::ptrdiff_t>(r.o.window.right)))
      continue;
    const size_t m = r.mask.size() == r.columns ? c : row * r.columns + c;
    if (!r.seen.empty() && r.seen[m] == 0)
      continue;
    long double v = static_cast<long double>(static_cast<double>(x[c])) * scale;
    if (r.o.softcap > 0 && std::isfinite(r.o.softcap))
      v = static_cast<long double>(r.o.softcap) * std::tanh(v / static_cast<long double>(r.o.softcap));
    if (!r.mask.empty() && r.seen.empty())
      v += static_cast<long double>(r.mask[m]) * r.o.mask_scale[0];
    l[c] = v;
  }
  return l;
}

template <class T, class F> void rows_of(const F &f, bool is_log, bool exactly, source &s) {
  subject = is_log ? "log_softmax" : "softmax";
  row_setup r;
  r.count = 1 + s.below(5);
  r.columns = s.coin() ? s.below(40) : s.below(900);
  choose(r, s);
  subject += std::string(sizeof(T) == 2 ? " 16" : "") + (exactly ? " exact" : "") + ", scale " + show(r.o.scale[0]) +
             (r.scales.empty() ? "" : " a row") + ", softcap " + show(r.o.softcap) +
             (r.mask.empty()   ? ""
              : r.seen.empty() ? ", mask"
                               : ", boolean mask") +
             (r.o.causal ? ", causal" : "") + (r.o.window.left == xact::softmax_window::unlimited ? "" : ", window") +
             ", sink " + show(r.o.sink[0]);
  const size_t n = r.count * r.columns;
  const range<T> x = numbers<T>(n, s);
  range<T> y(n, s.byte() % 4);
  const auto views = [&](range<T> &to) { f(xact::rows(x.all(), r.columns), xact::rows(to.all(), r.columns), r.o); };
  if (r.columns == 0)
    return;
  if (refused([&] { views(y); }, y))
    return;
  const auto far = [&](T v) {
    const double z = std::abs(static_cast<double>(v) * r.o.scale[0]);
    return z > 0x1p100 && std::isfinite(z);
  };
  range<T> in_place = x;
  f(xact::rows(in_place.all(), r.columns), r.o);
  expect_same<T>("rows in place", y.all(), in_place.all());
  if (r.o.scale.is_one() && !r.o.causal && r.o.window.left == xact::softmax_window::unlimited &&
      r.mask.size() <= r.columns && std::isinf(r.o.sink[0]) && std::abs(r.o.scale[0]) < 1e270 &&
      (r.mask.empty() || !r.seen.empty() ||
       (std::abs(r.o.mask_scale[0]) < 1e270 && std::ranges::none_of(x.all(), far)))) {
    // A state takes a sink as a piece of its own. Known: it loses what a mask adds to logits of 2^120 and more, and
    // pieces whose products with the scale overflow double may be merged wrong.
    range<T> one(r.columns, 1);
    const size_t row = s.below(r.count);
    f(x.all().subspan(row * r.columns, r.columns), one.all(), r.o);
    expect_same<T>("a row alone", y.all().subspan(row * r.columns, r.columns), one.all());
    xact::softmax_state parts[2];
    const size_t first = s.below(r.columns + 1), second = first + s.below(r.columns - first + 1);
    const size_t edges[] = {0, first, second, r.columns};
    const auto piece_options = [&](size_t i) {
      xact::softmax_options o = r.o;
      if (!r.seen.empty())
        o.mask = xact::softmax_mask(std::span<const unsigned char>(r.seen).subspan(edges[i], edges[i + 1] - edges[i]));
      else if (!r.mask.empty())
        o.mask = xact::softmax_mask(std::span<const float>(r.mask).subspan(edges[i], edges[i + 1] - edges[i]));
      return o;
    };
    for (const size_t i : {size_t(2), size_t(0), size_t(1)})
      if (edges[i] != edges[i + 1] || i == 1)
        parts[i % 2].update(x.all().subspan(row * r.columns + edges[i], edges[i + 1] - edges[i]), piece_options(i));
    parts[0].merge(parts[1]);
    for (size_t i = 0; i < 3; ++i) {
      if (edges[i] == edges[i + 1])
        continue;
      parts[0].write(f, x.all().subspan(row * r.columns + edges[i], edges[i + 1] - edges[i]),
                     one.all().subspan(edges[i], edges[i + 1] - edges[i]), piece_options(i));
    }
    expect_same<T>("a row and its state", y.all().subspan(row * r.columns, r.columns), one.all());
  }
  if (r.wild)
    return;
  for (size_t row = 0; row < r.count; ++row) {
    const std::vector<long double> l = logits(r, row, x.data() + row * r.columns);
    long double most = static_cast<long double>(r.o.sink[0]), sum = 0;
    bool usual = true;
    for (const long double v : l)
      most = std::max(most, v);
    for (const long double v : l) // of what is far below the rest, as masks of -1e9 make it, the term is 0
      usual &= v < 1e4L && (v > -1e4L || v < most - 2e4L);
    if (!usual || !std::isfinite(most))
      continue;
    auto all = l; // the largest aside, so that log1p sees how little the others are
    all.push_back(static_cast<long double>(r.o.sink[0]));
    std::sort(all.begin(), all.end());
    all.pop_back();
    for (const long double v : all)
      sum += std::exp(v - most);
    for (size_t c = 0; c < r.columns; ++c) {
      const long double true_value = is_log ? l[c] - most - std::log1p(sum) : std::exp(l[c] - most) / (1 + sum);
      const T is = y[row * r.columns + c];
      if (std::isinf(l[c])) {
        if (static_cast<double>(is) != (is_log ? -HUGE_VAL : 0))
          fail("nothing is " + show(static_cast<double>(is)) + " at " + std::to_string(c) + ", element " +
               show(static_cast<double>(x[row * r.columns + c])) + (r.seen.empty() ? "" : ", seen") +
               (r.mask.empty() ? "" : ", mask"));
        continue;
      }
      const auto rounded = static_cast<float>(true_value);
      const float magnitude = std::max(std::abs(rounded), 0x1p-126f);
      long double ulp = std::ldexp(1.0L, std::ilogb(magnitude) - 23), limit = exactly ? 0.52L : 4;
      if constexpr (sizeof(T) == 2) {
        using format = typename T::format;
        ulp = std::ldexp(1.0L, std::max(std::ilogb(magnitude), 1 - format::bias) - format::mantissa_bits);
        limit = 0.52L;
        if (std::isinf(static_cast<double>(is)) && std::isinf(static_cast<double>(T(rounded))))
          continue; // beyond the type's range
      }
      const long double near_root = is_log ? std::abs(l[c]) * 0x1p-60L : 0; // the plain result's own error
      if (!(std::abs(static_cast<long double>(static_cast<double>(is)) - true_value) <= limit * ulp + near_root))
        fail(std::string(is_log ? "log_softmax: " : "softmax: ") + show(static_cast<double>(is)) + ", not " +
             show(static_cast<double>(true_value)) + " (logit " + show(static_cast<double>(l[c] - most)) + " below, " +
             std::to_string(r.columns) + " columns)");
    }
  }
}

template <class T> void down_columns(source &s) {
  const size_t width = s.below(50), height = s.below(50), matrices = 1 + s.below(3);
  const range<T> x = numbers<T>(width * height * matrices, s);
  range<T> y(x.size(), s.byte() % 4);
  if (width == 0 || height == 0)
    return;
  xact::softmax(xact::columns(x.all(), width, height), xact::columns(y.all(), width, height));
  for (size_t m = 0; m < matrices; ++m)
    for (size_t c = 0; c < width; ++c) {
      range<T> one(height), want(height);
      for (size_t i = 0; i < height; ++i) {
        one[i] = x[(m * height + i) * width + c];
        want[i] = y[(m * height + i) * width + c];
      }
      xact::softmax(one.all());
      expect_same<T>("a column and a row", want.all(), one.all());
    }
}

void softmax_family(source &s) {
  switch (s.byte() % 9) {
  case 0:
    return rows_of<float>(xact::softmax, false, false, s);
  case 1:
    return rows_of<float>(xact::log_softmax, true, false, s);
  case 2:
    return rows_of<float>(xact::exact(xact::softmax), false, true, s);
  case 3:
    return rows_of<xact::bfloat16>(xact::softmax, false, false, s);
  case 4:
    return rows_of<xact::float16>(xact::softmax, false, false, s);
  case 5:
    return rows_of<xact::float16>(xact::log_softmax, true, false, s);
  case 6:
    return down_columns<float>(s);
  case 7:
    return down_columns<xact::float16>(s);
  default:
    return rows_of<float>(xact::softmax, false, false, s);
  }
}

// --- Codes, census
// -------------------------------------------------------------------------------------------------------

template <class E, class T> void codes(source &s) {
  const range<E> x = numbers<E>(a_length(s), s);
  const xact::quantization q = s.coin() ? xact::calibrate<T>(x.all())
                                        : xact::quantization{s.bits<float>(), static_cast<int>(s.bits<std::int8_t>())};
  range<T> c(x.size(), s.byte() % 4);
  if (refused([&] { xact::quantize(x.all(), c.all(), q); }, c))
    return;
  for (size_t i = 0; i < x.size(); ++i) {
    const long double steps = static_cast<long double>(static_cast<double>(x[i])) / static_cast<long double>(q.scale);
    const long double low = std::numeric_limits<T>::min() - q.zero_point,
                      high = std::numeric_limits<T>::max() - q.zero_point;
    const long double want = std::isnan(steps) ? 0 : std::nearbyint(std::clamp(steps, low, high));
    const long double is = static_cast<long double>(c[i]) - q.zero_point;
    const bool tie = std::abs(std::abs(steps - std::trunc(steps)) - 0.5L) < 1e-15L;
    if (is != want && !(tie && std::abs(is - want) <= 1))
      fail("quantize: " + show(static_cast<double>(steps)) + " steps are " + show(static_cast<double>(is)));
  }
  range<float> back(x.size());
  xact::dequantize(c.all(), back.all(), q);
  for (size_t i = 0; i < x.size(); ++i)
    if (back[i] != static_cast<float>(static_cast<double>(c[i] - q.zero_point) * static_cast<double>(q.scale)))
      fail("dequantize");
}

template <class T> void censuses(source &s) {
  const range<T> x = numbers<T>(a_length(s), s);
  const xact::census c = xact::inspect(x.all());
  xact::census want, split;
  want.count = x.size();
  const size_t cut = s.below(x.size() + 1);
  split.merge(xact::inspect(x.all().subspan(cut), cut));
  split.merge(xact::inspect(x.all().first(cut)));
  if (std::memcmp(&c, &split, sizeof c) != 0)
    fail("inspect of two parts");
  for (size_t i = 0; i < x.size(); ++i) {
    const auto v = static_cast<double>(x[i]);
    if (std::isnan(v)) {
      ++want.nan;
      want.first_nan = std::min(want.first_nan, i);
      continue;
    }
    want.zero += v == 0 && !std::signbit(v);
    want.negative_zero += v == 0 && std::signbit(v);
    want.positive_infinity += v == HUGE_VAL;
    want.negative_infinity += v == -HUGE_VAL;
    want.minimum = std::min(want.minimum, v);
    want.maximum = std::max(want.maximum, v);
  }
  if (c.count != want.count || c.nan != want.nan || c.first_nan != want.first_nan || c.zero != want.zero ||
      c.negative_zero != want.negative_zero || c.positive_infinity != want.positive_infinity ||
      c.negative_infinity != want.negative_infinity || c.minimum != want.minimum || c.maximum != want.maximum)
    fail("inspect");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, size_t size) {
  source s{data, size};
  switch (s.byte() % 8) {
  case 0:
  case 1:
  case 2:
    activations(s);
    break;
  case 3:
  case 4:
  case 5:
    softmax_family(s);
    break;
  case 6:
    s.coin() ? codes<float, std::int8_t>(s) : codes<xact::float16, std::uint8_t>(s);
    break;
  default:
    switch (s.byte() % 4) {
    case 0:
      censuses<float>(s);
      break;
    case 1:
      censuses<double>(s);
      break;
    case 2:
      censuses<xact::float16>(s);
      break;
    default:
      censuses<xact::float8_e4m3>(s);
      break;
    }
  }
  return 0;
}

#if !defined(XACT_LIBFUZZER)
/// fuzz SECONDS FILE...: what was found before, and then random inputs; the last one is left in build/fuzzer.
int main(int argc, char **argv) {
  for (int i = 2; i < argc; ++i) {
    std::ifstream file(argv[i], std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t *>(bytes.data()), bytes.size());
  }
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(argc > 1 ? std::atoi(argv[1]) : 10);
  std::mt19937 random(std::random_device{}());
  std::string bytes(200, ' ');
  size_t calls = 0;
  for (; std::chrono::steady_clock::now() < end; ++calls) {
    for (char &b : bytes)
      b = static_cast<char>(random());
    std::ofstream("build/fuzzer/last", std::ios::binary) << bytes;
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t *>(bytes.data()), bytes.size());
  }
  std::printf("fuzz: %zu random inputs, nothing found\n", calls);
}
#endif
