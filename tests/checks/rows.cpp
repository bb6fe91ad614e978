#include "rows.hpp"

#include "../values.hpp"

#include <algorithm>
#include <numeric>
#include <xact/float16.hpp>
#include <xact/log_softmax.hpp>
#include <xact/logsumexp.hpp>
#include <xact/rows.hpp>
#include <xact/softmax.hpp>
#include <xact/softmax_state.hpp>

namespace {

enum class tiers { standard, accurate, exact };
template <tiers tier, class F> constexpr auto in_tier(const F &f) {
  if constexpr (tier == tiers::accurate)
    return xact::accurate(f);
  else if constexpr (tier == tiers::exact)
    return xact::exact(f);
  else
    return f;
}

template <class T> using wider = std::conditional_t<sizeof(T) == 8, double, float>;

template <tiers tier, class In, class Out>
std::vector<double> call(row_operation op, std::span<const double> row, const xact::softmax_options &options,
                         row_form form) {
  constexpr std::size_t block = 64; // elements before and behind
  const float untouched = -123;     // of every type
  std::vector<In> in(row.size() + 2 * block, In(untouched));
  for (std::size_t i = 0; i < row.size(); ++i)
    in[form.skew % block + i] = In(static_cast<wider<In>>(row[i]));
  const std::span<In> from(in.data() + form.skew % block, row.size());
  const std::size_t columns = form.columns ? form.columns : row.size();
  const std::size_t stride = form.stride ? form.stride : columns;
  const auto of = [&](const auto &f) {
    std::vector<Out> out(in.size(), Out(untouched));
    const std::size_t at = form.in_place ? form.skew % block : (7 * form.skew + 3) % block;
    const std::span<Out> to(out.data() + at, row.size());
    if constexpr (std::is_same_v<In, Out>) {
      if (form.in_place) {
        form.columns ? f(xact::rows(from, columns, stride), options) : f(from, options);
        out = in;
      }
    }
    if (!form.in_place)
      form.columns ? f(xact::rows(std::span<const In>(from), columns, stride), xact::rows(to, columns, stride), options)
                   : f(std::span<const In>(from), to, options);
    for (std::size_t i = 0; i < out.size(); ++i) {
      if ((i < at || i >= at + row.size()) && static_cast<float>(out[i]) != untouched)
        throw std::runtime_error("written outside of the output");
    }
    std::vector<double> result;
    for (const Out y : std::span(out).subspan(at, row.size()))
      result.push_back(static_cast<double>(static_cast<wider<Out>>(y)));
    return result;
  };
  switch (op) {
  case row_operation::softmax:
    return of(in_tier<tier>(xact::softmax));
  case row_operation::log_softmax:
    return of(in_tier<tier>(xact::log_softmax));
  default:
    const auto rows = xact::rows(std::span<const In>(from), columns, stride);
    std::vector<Out> sums(rows.count);
    in_tier<tier>(xact::logsumexp)(rows, sums, options);
    std::vector<double> result;
    for (const Out y : sums)
      result.push_back(static_cast<double>(static_cast<wider<Out>>(y)));
    return result;
  }
}

template <tiers tier, class In, class Out>
std::vector<double> by_state(row_operation op, std::span<const double> row, const xact::softmax_options &options,
                             std::span<const std::size_t> cuts, unsigned seed) {
  std::vector<In> in;
  for (const double x : row)
    in.push_back(In(static_cast<wider<In>>(x)));
  std::mt19937 random(seed);
  std::vector<std::size_t> order(cuts.size() - 1);
  std::iota(order.begin(), order.end(), 0u);
  std::shuffle(order.begin(), order.end(), random);
  const auto piece = [&](auto &v, std::size_t i) { return std::span(v).subspan(cuts[i], cuts[i + 1] - cuts[i]); };
  const auto options_of = [&](std::size_t i) {
    xact::softmax_options o = options;
    const std::size_t from = cuts[i], n = cuts[i + 1] - cuts[i];
    if (o.mask.holds() == xact::option_kind::floats)
      o.mask = std::span(static_cast<const float *>(o.mask.first()) + from, n);
    if (o.mask.holds() == xact::option_kind::doubles)
      o.mask = std::span(static_cast<const double *>(o.mask.first()) + from, n);
    if (o.mask.holds() == xact::option_kind::bytes)
      o.mask = std::span(static_cast<const unsigned char *>(o.mask.first()) + from, n);
    o.sink = -HUGE_VAL;
    return o;
  };
  xact::softmax_state states[3];
  for (const std::size_t i : order)
    states[random() % 3].update(piece(in, i), options_of(i));
  if (options.sink[0] > -HUGE_VAL)
    states[1].update(std::vector<In>{In(static_cast<wider<In>>(options.sink[0]))});
  xact::softmax_state whole =
      std::bit_cast<xact::softmax_state>(std::bit_cast<std::array<char, sizeof states[0]>>(states[seed % 3]));
  whole.merge(states[(seed + 2) % 3]);
  whole.merge(states[(seed + 1) % 3]);
  std::vector<Out> out(row.size());
  for (const std::size_t i : order) {
    if (op == row_operation::softmax)
      whole.write(in_tier<tier>(xact::softmax), piece(in, i), piece(out, i), options_of(i));
    else
      whole.write(in_tier<tier>(xact::log_softmax), piece(in, i), piece(out, i), options_of(i));
  }
  std::vector<double> result;
  for (const Out y : out)
    result.push_back(static_cast<double>(static_cast<wider<Out>>(y)));
  return result;
}

template <tiers tier, class In, class Out>
row_subject subject(const char *name, double limit, double lse_limit, reference::binary_format format) {
  const auto round = [](double x) {
    return static_cast<double>(static_cast<wider<In>>(In(static_cast<wider<In>>(x))));
  };
  return {name, limit, lse_limit, format, std::is_same_v<In, Out>, round, call<tier, In, Out>, by_state<tier, In, Out>};
}

} // namespace

const std::vector<row_subject> &row_subjects() {
  using xact::float16, xact::bfloat16;
  constexpr reference::binary_format single{24, -125}, wide{53, -1021}, half{11, -13}, brain{8, -125};
  static const std::vector<row_subject> all = {
      subject<tiers::standard, float, float>("float", 4, 4, single),
      subject<tiers::accurate, float, float>("accurate float", 2, 1, single),
      subject<tiers::exact, float, float>("exact float", 0.51, 0.51, single),
      subject<tiers::standard, double, double>("double", 4, 4, wide),
      subject<tiers::accurate, double, double>("accurate double", 2, 1.5, wide),
      subject<tiers::standard, float16, float16>("float16", 0.51, 0.51, half),
      subject<tiers::standard, bfloat16, bfloat16>("bfloat16", 0.501, 0.51, brain),
      subject<tiers::exact, float, bfloat16>("exact float to bfloat16", 0.501, 0.51, brain),
      subject<tiers::standard, float16, float>("float16 to float", 4, 4, single),
      subject<tiers::standard, float, double>("float to double", 4, 4, wide),
  };
  return all;
}

std::vector<reference::dd> logits_of(std::span<const double> row, double scale, double softcap,
                                     std::span<const double> mask, double mask_scale) {
  using reference::dd;
  std::vector<dd> z;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const double m = mask.empty() ? 0 : mask[i % mask.size()] * (std::isinf(mask[i % mask.size()]) ? 1 : mask_scale);
    if (std::isinf(row[i]) && softcap == 0) {
      z.push_back({row[i] * scale});
      continue;
    }
    dd x = std::isinf(row[i]) ? dd{row[i]} : reference::exact_product(row[i], scale);
    if (softcap != 0) {
      const dd u = std::isinf(x.hi) ? dd{std::copysign(50., x.hi)} : x / dd{softcap};
      const dd e = reference::exp({std::clamp(u.hi, -50., 50.) * 2, std::abs(u.hi) < 50 ? u.lo * 2 : 0});
      x = std::abs(u.hi) < 1e-12 ? x : dd{softcap} * ((e - dd{1}) / (e + dd{1}));
    }
    z.push_back(std::isinf(m) ? dd{m}
                              : x + reference::exact_product(mask.empty() ? 0 : mask[i % mask.size()], mask_scale));
  }
  return z;
}

std::vector<std::vector<double>> kinds_of_row(std::size_t columns, std::function<double(double)> round) {
  std::mt19937_64 random(columns);
  const auto filled = [&](auto &&element) {
    std::vector<double> row(columns);
    for (double &x : row)
      x = round(element());
    return row;
  };
  std::normal_distribution<double> normal;
  std::vector<std::vector<double>> rows = {
      filled([&] { return 3 * normal(random); }),
      filled([&] { return normal(random); }),
      filled([] { return -27.9; }),
      filled([&] { return random() % 3 == 0 ? -HUGE_VAL : 0.25; }),
      filled([&] { return 20 * normal(random); }),
      filled([] { return 1.7; }),
      filled([&] { return -104 * std::abs(normal(random)); }),
  };
  rows[1][columns / 2] = round(30);
  rows[2][columns / 3] = 0;
  rows[3][columns - 1] = 0.25;
  rows[6][columns / 2] = 0;
  // Both sides of the kernels' limits in base 2, 2^18, 500 and 2^40, of where halves end, and far beyond.
  constexpr double ln2 = 0x1.62e42fefa39efp-1;
  for (const double centre : {0x1p18 * ln2, (200 - 0x1p18) * ln2, -0x1p18 * ln2, 500 * ln2, -300 * ln2, 65504., -65504.,
                              0x1p40 * ln2, -0x1p40 * ln2, 1e4, -1e6, 1e10, -1e15, 1e17, 1e30})
    rows.push_back(filled([&] { return centre + 8 * normal(random); }));
  std::erase_if(rows, [](const std::vector<double> &row) {
    return std::ranges::any_of(row, [](double x) { return std::isinf(x) && x > 0; }) ||
           std::ranges::all_of(row, [](double x) { return std::isinf(x); }); // of float16
  });
  return rows;
}

std::string within_limit(const row_subject &f, row_operation op, const std::vector<double> &got,
                         std::span<const reference::dd> logits, std::span<const reference::dd> and_sink) {
  std::vector<reference::dd> all(logits.begin(), logits.end());
  all.insert(all.end(), and_sink.begin(), and_sink.end());
  const reference::row_truth row{std::span<const reference::dd>(all)};
  const double largest = std::ldexp(2 - std::ldexp(1.0, 1 - f.format.digits), f.format.digits == 11 ? 15 : 127);
  findings found;
  for (std::size_t i = 0; i < got.size(); ++i) {
    const bool lse = op == row_operation::logsumexp;
    const reference::truth t = lse                            ? row.logsumexp()
                               : op == row_operation::softmax ? row.softmax(logits[i])
                                                              : row.log_softmax(logits[i]);
    const double size = lse ? std::max(std::abs(t.value.hi), std::abs(row.maximum.hi)) : std::abs(t.value.hi);
    const int exponent =
        std::max(size > 0 && std::isfinite(size) ? std::ilogb(size) + 1 : -4000, f.format.min_exponent);
    const double unit = std::ldexp(1.0, exponent - f.format.digits);
    if (t.error > 1e-4 * unit)
      continue; // double results below 2^-850
    const bool equal = got[i] == t.value.hi || (f.format.digits < 53 && std::abs(t.value.hi) > largest &&
                                                std::isinf(got[i]) && std::signbit(got[i]) == std::signbit(t.value.hi));
    const double error =
        equal && (t.error == 0 || std::isinf(got[i])) ? 0 : std::abs(((got[i] - t.value.hi) - t.value.lo) / unit);
    if (!(error <= (lse ? f.lse_limit : f.limit))) {
      found.add(std::string(f.name) + ", element " + std::to_string(i) + " of " + std::to_string(got.size()) + ": " +
                    show(got[i]) + " for " + show(t.value.hi) + " is off by " + show(error) + " ULP",
                error);
    }
  }
  return found.report();
}
