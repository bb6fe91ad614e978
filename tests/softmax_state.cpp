// A row in pieces: the bits of the row as a whole, however it is cut and whichever order the pieces come in.

#include <xact/softmax_state.hpp>

#include "row_function.hpp"

#include <cstring>
#include <xact/float16.hpp>
#include <xact/logsumexp.hpp>

using std::vector;

static_assert(std::is_trivially_copyable_v<xact::softmax_state>);
static_assert(std::is_trivially_copyable_v<xact::basic_softmax_state<double>>);
static_assert(sizeof(xact::softmax_state) == 56);
static_assert(sizeof(xact::basic_softmax_state<double, xact::detail::tier::exact>) == sizeof(xact::softmax_state));

namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();

/// The kinds of rows, and those with NaN, with +inf, and around 2^16, where terms are no longer floats.
template <class T> vector<vector<T>> rows_of(std::size_t columns) {
  vector<vector<T>> rows = kinds_of_row<T>(columns);
  std::mt19937_64 random(columns);
  for (const double centre : {65530., -65270., -65800., 0.}) {
    vector<T> row = spread<T>(centre - 12, centre + 12, columns);
    std::shuffle(row.begin(), row.end(), random);
    rows.push_back(row);
  }
  rows.push_back(rows[0]);
  rows.back()[random() % columns] = std::numeric_limits<T>::quiet_NaN();
  rows.push_back(rows[0]);
  rows.back()[random() % columns] = std::numeric_limits<T>::infinity();
  rows.back()[random() % columns] = std::numeric_limits<T>::infinity();
  for (std::size_t i = 0; i < columns; ++i) // half of it far below, as finite masks have it
    rows[0][i] = static_cast<T>(rows[0][i] + (i < columns / 2 ? T(-1e9) : T(0)));
  return rows;
}

/// As bytes through a pipe.
template <class State> State sent(const State &state) {
  unsigned char bytes[sizeof state];
  std::memcpy(bytes, &state, sizeof state);
  State received;
  std::memcpy(&received, bytes, sizeof state);
  return received;
}

/// Cuts a row at random, spreads the pieces over three states, merges these, and writes the pieces.
template <class State, class T> vector<T> in_pieces(const vector<T> &row, std::mt19937_64 &random, bool log) {
  vector<std::span<const T>> pieces;
  for (std::size_t i = 0; i < row.size();) {
    const std::size_t n = std::min<std::size_t>(random() % (row.size() / 3 + 2), row.size() - i);
    pieces.push_back(std::span(row).subspan(i, n));
    i += n;
  }
  std::shuffle(pieces.begin(), pieces.end(), random);
  State states[3];
  for (const auto &piece : pieces)
    states[random() % 3].update(piece);
  const std::size_t first = random() % 3;
  State whole = sent(states[first]);
  whole.merge(sent(states[(first + 2) % 3]));
  whole.merge(states[(first + 1) % 3]);
  vector<T> result(row.size());
  for (const auto &piece : pieces) {
    const auto out = std::span(result).subspan(static_cast<std::size_t>(piece.data() - row.data()), piece.size());
    log ? whole.write_log(piece, out) : whole.write(piece, out);
  }
  return result;
}

template <class State, class T, class F, class Log> void check_state(const F &softmax, const Log &log_softmax) {
  std::mt19937_64 random(11);
  for (const std::size_t columns : std::initializer_list<std::size_t>{1, 2, 31, 64, 513, 4099}) {
    for (vector<T> row : rows_of<T>(columns)) {
      const vector<T> want = result_of<T>(softmax, row);
      const vector<T> want_log = result_of<T>(log_softmax, row);
      for (int i = 0; i < 3; ++i) {
        CAPTURE(columns, i);
        CHECK(same_rows(in_pieces<State>(row, random, false), want));
        CHECK(same_rows(in_pieces<State>(row, random, true), want_log));
      }
    }
  }
}

} // namespace

TEST_CASE("softmax_state of float") { check_state<xact::softmax_state, float>(xact::softmax, xact::log_softmax); }

TEST_CASE("softmax_state of float, default") {
  check_state<xact::basic_softmax_state<float, xact::detail::tier::standard>, float>(xact::softmax, xact::log_softmax);
}

TEST_CASE("softmax_state of float, exact") {
  check_state<xact::basic_softmax_state<float, xact::detail::tier::exact>, float>(xact::exact(xact::softmax),
                                                                                  xact::exact(xact::log_softmax));
}

TEST_CASE("softmax_state of double") {
  check_state<xact::basic_softmax_state<double>, double>(xact::softmax, xact::log_softmax);
}

TEST_CASE("softmax_state of bfloat16") {
  std::mt19937_64 random(12);
  for (const vector<float> &row : rows_of<float>(1000)) {
    const vector<xact::bfloat16> small(row.begin(), row.end());
    vector<xact::bfloat16> want(row.size());
    xact::softmax(small, want);
    const auto got = in_pieces<xact::basic_softmax_state<xact::bfloat16>>(small, random, false);
    CHECK(same_rows(vector<float>(got.begin(), got.end()), vector<float>(want.begin(), want.end())));
  }
}

TEST_CASE("softmax_state with options, and a sink as a piece of its own") {
  const vector<float> row = spread<float>(-40, 40, 1100);
  vector<float> mask(row.size());
  for (std::size_t i = 0; i < mask.size(); ++i)
    mask[i] = i % 7 == 3 ? -infinity : -0.01f * static_cast<float>(i % 100);
  const vector<float> sink = {1.3f};
  const xact::softmax_options whole{.scale = 0.3, .softcap = 9, .mask = mask, .sink = static_cast<double>(sink[0])};
  const auto part = [](const vector<float> &of, int i) {
    return std::span(of).subspan(i == 0 ? 0 : 700, i == 0 ? 700 : 400);
  };
  xact::softmax_state state;
  for (const int i : {1, 0})
    state.update(part(row, i), {.scale = 0.3, .softcap = 9, .mask = part(mask, i)});
  state.update(sink);
  vector<float> got(row.size()), got_log(row.size());
  for (const int i : {0, 1}) {
    const xact::softmax_options options{.scale = 0.3, .softcap = 9, .mask = part(mask, i)};
    const std::size_t from = i == 0 ? 0 : 700;
    state.write(part(row, i), std::span(got).subspan(from, part(row, i).size()), options);
    state.write_log(part(row, i), std::span(got_log).subspan(from, part(row, i).size()), options);
  }
  CHECK(same_rows(got, result_of<float>(xact::softmax, row, whole)));
  CHECK(same_rows(got_log, result_of<float>(xact::log_softmax, row, whole)));
  CHECK_FALSE(same_rows(
      got, result_of<float>(xact::softmax, row, xact::softmax_options{.scale = 0.3, .softcap = 9, .mask = mask})));
}

TEST_CASE("softmax_state: pieces that are empty, masked, or refused") {
  xact::softmax_state state;
  CHECK(state.logsumexp() == -HUGE_VAL);
  state.update(vector<float>{});
  state.update(vector<float>(5, -infinity));
  vector<float> y(5, -7);
  state.write(vector<float>(5, -infinity), y);
  CHECK(std::isnan(y[0]));
  state.write(vector<float>(5, -infinity), y, {.on_empty_row = xact::empty_row::zero});
  CHECK(y == vector<float>(5, 0));

  const vector<float> row = {1, 2, 3, 4};
  state.update(row);
  CHECK(static_cast<float>(state.logsumexp()) == xact::logsumexp(row));
  const std::array<bool, 3> mask = {};
  y.assign(5, -7);
  CHECK_THROWS_AS(state.update(row, {.mask = mask}), std::invalid_argument);
  CHECK_THROWS_AS(state.write(row, y), std::invalid_argument);
  CHECK_THROWS_AS(state.update(row, {.causal = 0}), std::invalid_argument);
  CHECK_THROWS_AS(state.write(row, std::span(y).first(4), {.sink = 1.0}), std::invalid_argument);
  CHECK_THROWS_AS(state.write(row, std::span(y).first(4), {.mask = mask}), std::invalid_argument);
  CHECK(y == vector<float>(5, -7));
  CHECK(static_cast<float>(state.logsumexp()) == xact::logsumexp(row)); // as before
}

namespace {
/// f(row, out), which is softmax or log_softmax, by way of a state: from the exact sum.
template <class Tier, class F> auto by_state(const F &) {
  return [](std::span<const float> in, std::span<float> out, const xact::softmax_options &options = {}) {
    xact::basic_softmax_state<float, Tier> state;
    state.update(in, options);
    if constexpr (std::is_same_v<F, xact::softmax_t<Tier>>)
      state.write(in, out, options);
    else
      state.write_log(in, out, options);
  };
}

template <class Tier> void check_many_rows() {
  const auto check = [](const options_of_rows &options) {
    const auto check_one = [&](const auto &f) { check_rows_together(f, by_state<Tier>(f), options); };
    check_one(xact::softmax_t<Tier>());
    check_one(xact::log_softmax_t<Tier>());
  };
  using o = options_of_rows;
  check({});
  check({.scale = 0.125, .mask = o::one_mask});
  check({.mask = o::own_masks, .causal = 3, .on_empty_row = xact::empty_row::zero});
  check({.scale = 0x1p-64, .causal = -2});
  check({.scale = 0.3, .mask = o::own_masks, .causal = 20});
  check({.scale = 2});
}

/// Of about one in 200 of these rows, the cheap sum leaves open what the exact one is rounded to.
template <class Tier> void check_open_rows() {
  std::mt19937_64 random(14);
  std::normal_distribution<float> normal(0, 20);
  const auto check = [](const auto &f, const auto &row, const xact::softmax_options &options) {
    const vector<float> wide(row.begin(), row.end());
    vector<float> got(row.size()), want(row.size());
    f(row, got, options);
    by_state<Tier>(f)(wide, want, options);
    return same_rows(got, want);
  };
  const auto check_both = [&](const auto &row, const xact::softmax_options &options) {
    CHECK(check(xact::softmax_t<Tier>(), row, options));
    CHECK(check(xact::log_softmax_t<Tier>(), row, options));
  };
  for (int i = 0; i < 1000; ++i) {
    CAPTURE(i);
    vector<float> row(4096); // its terms are kept
    for (float &x : row)
      x = normal(random);
    check_both(row, {});
    if (i % 4 != 0)
      continue;
    vector<xact::bfloat16> blocks(20000);
    for (auto &x : blocks)
      x = static_cast<xact::bfloat16>(normal(random));
    check_both(blocks, {});
    check_both(row, {.scale = 0.9});
  }
}
} // namespace

TEST_CASE("many rows together are rows by softmax_state") { check_many_rows<xact::detail::tier::accurate>(); }

TEST_CASE("many rows together are rows by softmax_state, default") { check_many_rows<xact::detail::tier::standard>(); }

TEST_CASE("rows whose sum has to be known exactly") { check_open_rows<xact::detail::tier::accurate>(); }

TEST_CASE("rows whose sum has to be known exactly, default") { check_open_rows<xact::detail::tier::standard>(); }
