#include "page.hpp"
#include "svg.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <set>

namespace report {
namespace {

std::string percent(double share, int digits = 1) {
  return std::isnan(share) ? "-" : text("%.*f %%", digits, 100 * share);
}
std::string number(double x, int digits = 4) { return std::isnan(x) ? "-" : text("%.*g", digits, x); }
std::string class_name(std::size_t c) { return c == no_class ? "NaN" : std::to_string(c); }

double drop_of(const cohort_pair &p) { return p.before.accuracy - p.after.accuracy; }
bool is_broken(const contents &c, std::size_t cohort) {
  return std::any_of(c.findings.begin(), c.findings.end(), [&](const finding &f) { return f.cohort == cohort; });
}
std::vector<std::size_t> flipped(const cohort_pair &pair) {
  std::vector<std::size_t> rows;
  for (const row_pair &row : pair.rows) {
    if (row.before != row.after) {
      rows.push_back(row.sample);
    }
  }
  return rows;
}
const char *before_name(const contents &c) {
  return c.is_gated ? c.scores != nullptr ? "before" : "the reference" : "float";
}

/// The columns of every table.
struct column {
  const char *name, *unit;
  std::string (*value)(const cohort_pair &);
};
const column columns[] = {
    {"rows", "", [](const cohort_pair &p) { return std::to_string(p.after.rows); }},
    {"accuracy", "", [](const cohort_pair &p) { return number(p.after.accuracy); }},
    {"drop", "", [](const cohort_pair &p) { return number(drop_of(p)); }},
    {"flipped", "", [](const cohort_pair &p) { return std::to_string(flipped(p).size()); }},
    {"agreement", "", [](const cohort_pair &p) { return number(p.after.agreement); }},
    {"recall_at_3", "", [](const cohort_pair &p) { return number(p.after.recall); }},
    {"cosine", "", [](const cohort_pair &p) { return number(p.after.cosine, 10); }},
    {"max_error", "", [](const cohort_pair &p) { return number(p.after.max_error); }},
    {"retrieval_at_5", "", [](const cohort_pair &p) { return number(p.after.retrieval); }},
    {"kl_divergence", "", [](const cohort_pair &p) { return number(p.after.divergence); }},
    {"nan_rate", "", [](const cohort_pair &p) { return number(p.after.nan_rate); }},
    {"saturated", "", [](const cohort_pair &p) { return number(p.after.saturated); }},
    {"p50_ns", "", [](const cohort_pair &p) { return number(p.after.p50); }},
    {"p99_ns", "", [](const cohort_pair &p) { return number(p.after.p99); }},
};

/// Names in the order in which they come.
template <class F> std::vector<std::string> names(const contents &c, const F &of) {
  std::vector<std::string> all;
  for (const cohort_pair &pair : c.compared.cohorts) {
    if (std::find(all.begin(), all.end(), of(pair)) == all.end()) {
      all.push_back(of(pair));
    }
  }
  return all;
}
std::vector<std::string> activations_of(const contents &c) {
  return names(c, [](const cohort_pair &p) { return p.activation; });
}
std::vector<std::string> precisions_of(const contents &c) {
  return names(c, [](const cohort_pair &p) { return p.precision; });
}

grid grid_of(const contents &c) {
  const auto down = activations_of(c), across = precisions_of(c);
  const bool is_turned = across.size() > 8 && across.size() > down.size();
  grid g{is_turned ? down : across, is_turned ? across : down, {}};
  g.cells.resize(g.rows.size() * g.columns.size());
  for (std::size_t k = 0; k < c.compared.cohorts.size(); ++k) {
    const cohort_pair &pair = c.compared.cohorts[k];
    const auto i = static_cast<std::size_t>(std::find(down.begin(), down.end(), pair.activation) - down.begin());
    const auto j = static_cast<std::size_t>(std::find(across.begin(), across.end(), pair.precision) - across.begin());
    cell &to = g.cells[is_turned ? j * down.size() + i : i * across.size() + j];
    const double drop = drop_of(pair);
    to.value = percent(pair.after.accuracy);
    to.note = drop == 0 ? "same" : text("%+.1f", -100 * drop);
    to.looks = drop > 0.05 ? state::bad : drop > 0.01 ? state::worse : state::fine;
    to.tip = pair.name() + ": " + std::to_string(flipped(pair).size()) + " rows flipped against " + before_name(c);
    for (const finding &f : c.findings) {
      if (f.cohort == k) {
        to.note = to.looks == state::broken ? to.note + ", " + f.measure : f.measure;
        to.looks = state::broken;
        to.tip += "; " + f.text;
      }
    }
  }
  return g;
}

int colour_of(const std::vector<std::string> &all, const std::string &name) {
  return static_cast<int>(std::find(all.begin(), all.end(), name) - all.begin()) % 8;
}

/// A measure by precision, a line an activation.
template <class F> plot by_precision(const contents &c, const char *title, const char *y, const F &of) {
  plot p{title, "", y, {}, precisions_of(c)};
  p.height = 280;
  const auto all = activations_of(c);
  for (const std::string &name : all) {
    series line{name, {}, colour_of(all, name)};
    for (const cohort_pair &pair : c.compared.cohorts) {
      if (pair.activation == name) {
        const auto at = std::find(p.categories.begin(), p.categories.end(), pair.precision) - p.categories.begin();
        line.points.push_back({static_cast<double>(at), of(pair.after)});
      }
    }
    p.lines.push_back(line);
  }
  for (std::string &name : p.categories) {
    name = name.substr(0, name.find("_e4m3"));
  }
  return p;
}

std::vector<plot> error_plots(const contents &c) {
  std::map<std::string, plot> plots;
  std::vector<std::string> order;
  const std::vector<std::string> methods{"plain", "accurate", "exact", "", "textbook"};
  for (const error_curve &curve : c.errors) {
    const auto [at, is_new] = plots.try_emplace(curve.activation);
    plot &p = at->second;
    if (is_new) {
      order.push_back(curve.activation);
      p = {.title = curve.activation + ": error over x",
           .x = "x",
           .y = "largest error, ULP (the lowest line: none)",
           .lines = {},
           .is_log_y = true,
           .lowest = 0.01,
           .highest = 1e9,
           .width = 510,
           .height = 250};
    }
    series line{curve.method, {}, colour_of(methods, curve.method)};
    line.has_marks = false;
    for (const auto &[x, ulp] : curve.points) {
      line.points.push_back({x, std::max(ulp, 0.01)});
    }
    p.lines.push_back(line);
  }
  std::vector<plot> all;
  for (const std::string &name : order) {
    all.push_back(plots[name]);
  }
  return all;
}

/// Of the hidden layer: what the float run has, and what is left of it at a precision.
std::vector<plot> distribution_plots(const contents &c) {
  std::vector<plot> plots;
  if (c.scores == nullptr) {
    return plots;
  }
  for (const cohort &whole : c.scores->cohorts) {
    if (whole.precision != "float") {
      continue;
    }
    double low = 0, high = 0;
    for (const row_score &row : whole.rows) {
      for (const float x : row.hidden) {
        if (std::isfinite(x)) {
          low = std::min(low, static_cast<double>(x));
          high = std::max(high, static_cast<double>(x));
        }
      }
    }
    high = std::max(high, low + 1e-6);
    plot p{.title = whole.activation + ": hidden layer",
           .x = "value; clipped:",
           .y = "share of the numbers",
           .lines = {},
           .is_log_y = true,
           .lowest = 1e-5,
           .highest = 1,
           .width = 510,
           .height = 250};
    for (const auto &[precision, colour] : {std::pair{"float", 0}, {"int8", 2}, {"int4 (tensor)", 1}}) {
      for (const cohort &of : c.scores->cohorts) {
        if (of.activation != whole.activation || of.precision != precision) {
          continue;
        }
        constexpr std::size_t bins = 64;
        std::vector<double> counts(bins);
        double all = 0;
        for (const row_score &row : of.rows) {
          for (const float x : row.hidden) {
            const double place = (static_cast<double>(x) - low) / (high - low) * (bins - 1) + 0.5;
            if (place >= 0 && place < bins) {
              ++counts[static_cast<std::size_t>(place)];
            }
            ++all;
          }
        }
        series line{precision, {}, colour};
        line.has_marks = of.precision == "int4 (tensor)";
        for (std::size_t i = 0; i < bins; ++i) {
          if (counts[i] > 0) {
            line.points.push_back({low + (high - low) * static_cast<double>(i) / (bins - 1), counts[i] / all});
          }
        }
        p.lines.push_back(line);
        for (const cohort_pair &pair : c.compared.cohorts) {
          if (pair.activation == of.activation && pair.precision == of.precision && of.precision != "float") {
            p.x += text(" %s %.2g %%", precision, 100 * pair.after.saturated);
          }
        }
      }
    }
    plots.push_back(p);
  }
  return plots;
}

template <class F> plot over_length(const contents &c, const char *title, const char *y, const F &of) {
  plot p{.title = title, .x = "columns of a row", .y = y, .lines = {}, .is_log_x = true, .is_log_y = true};
  std::vector<std::string> seen;
  for (const attention_result &r : c.attention) {
    const std::string name = r.type + " " + r.method;
    if (std::find(seen.begin(), seen.end(), name) == seen.end()) {
      seen.push_back(name);
      series line{r.method == "xact" ? "xact " + r.type : r.type + " " + r.method, {}, 0};
      line.colour = r.method == "xact" ? 2 : r.method == "via float" ? 0 : 1;
      line.is_dashed = r.type == "float";
      p.lines.push_back(line);
    }
    const auto at = static_cast<std::size_t>(std::find(seen.begin(), seen.end(), name) - seen.begin());
    p.lines[at].points.push_back({static_cast<double>(r.columns), of(r)});
  }
  return p;
}
plot mass_plot(const contents &c, bool is_short) {
  plot p =
      over_length(c, "Softmax of long rows: probability lost, or too much of it", "share, NaN: all of it",
                  [](const attention_result &r) { return std::isnan(r.lost) ? 1 : std::max(std::abs(r.lost), 1e-9); });
  if (is_short) {
    std::erase_if(p.lines, [](const series &line) {
      return line.name.find("bfloat16") != std::string::npos || line.name == "float16 via float" ||
             line.name == "float throughout";
    });
  }
  p.lowest = 1e-9;
  p.highest = 10;
  return p;
}

/// A sample's pixels, dark on light, in a picture of 0 to 40 pixels.
std::string image_of(const sample &s) {
  const std::size_t n = s.pixels.size();
  if (n == 0) {
    return "";
  }
  const auto width = static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(n))));
  const std::size_t height = (n + width - 1) / width;
  std::string out = text(
      "<svg class=\"image\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %zu %zu\" width=\"44\" height=\"44\">",
      width, height);
  for (int level = 1; level <= 8; ++level) {
    std::string path;
    for (std::size_t i = 0; i < n; ++i) {
      if ((s.pixels[i] + 16) / 32 == level) {
        path += text("M%zu %zuh1v1h-1z", i % width, i / width);
      }
    }
    if (!path.empty()) {
      out += text("<path class=\"ink\" fill-opacity=\"%g\" d=\"", level / 8.0) + path + "\"/>";
    }
  }
  return out + "</svg>";
}

std::string flips_as_html(const contents &c) {
  constexpr std::size_t most = 16;
  std::vector<std::size_t> order;
  for (std::size_t k = 0; k < c.compared.cohorts.size(); ++k) {
    if (!flipped(c.compared.cohorts[k]).empty()) {
      order.push_back(k);
    }
  }
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::pair(!is_broken(c, a), -drop_of(c.compared.cohorts[a])) <
           std::pair(!is_broken(c, b), -drop_of(c.compared.cohorts[b]));
  });
  std::string out = "<h2>Rows that flipped</h2>\n<p>Against " + std::string(before_name(c)) +
                    ": the label, and what each was taken for before and after.</p>\n";
  if (order.empty()) {
    return out + "<p>None.</p>\n";
  }
  bool is_first = true;
  for (const std::size_t k : order) {
    const cohort_pair &pair = c.compared.cohorts[k];
    const auto rows = flipped(pair);
    out += text("<details%s><summary>", is_first || is_broken(c, k) ? " open" : "");
    out += (is_broken(c, k) ? "<b class=\"broken\">" + escaped(pair.name()) + "</b>" : escaped(pair.name())) + ": " +
           std::to_string(rows.size()) + "</summary>\n<div class=\"flips\">";
    is_first = false;
    std::size_t shown = 0;
    std::string rest;
    for (const row_pair &row : pair.rows) {
      if (row.before == row.after) {
        continue;
      }
      const sample &s = c.compared.samples[row.sample];
      if (++shown <= most) {
        out += "<figure>" + image_of(s) + "<figcaption>row " + std::to_string(s.place);
        if (c.scores != nullptr) {
          out += "<br>is " + class_name(s.label);
        }
        out += "<br><b>" + class_name(row.before) + " → " + class_name(row.after) + "</b></figcaption></figure>\n";
      } else {
        rest += (rest.empty() ? "" : ", ") + std::to_string(s.place);
      }
    }
    out += "</div>\n" + (rest.empty() ? "" : "<p class=\"quiet\">and rows " + rest + "</p>") + "</details>\n";
  }
  return out;
}

const char *const page_style = R"(
:root{color-scheme:light dark}
body{font:15px/1.5 system-ui,sans-serif;max-width:1060px;margin:2rem auto;padding:0 1rem;background:#fff;color:#1f2328}
h1{font-size:1.5rem;margin:0}h2{font-size:1.15rem;margin:2.2rem 0 .5rem}
.quiet{color:#57606a}.verdict{border-left:6px solid #1a7f37;background:#f6f8fa;padding:.7rem 1rem;margin:1rem 0;font-size:1.1rem}
.verdict.broke{border-color:#cf222e}details code{font-size:12px;overflow-wrap:anywhere}b.broken{color:#cf222e}
svg{max-width:100%;height:auto;vertical-align:top}.plots{display:flex;flex-wrap:wrap;gap:1rem}
.flips{display:flex;flex-wrap:wrap;gap:.8rem;margin:.6rem 0}figure{margin:0;text-align:center;font-size:12px}
.image{border:1px solid #d8dee4;width:44px;height:44px}
details{margin:.3rem 0}summary{cursor:pointer}.wide{overflow-x:auto}
table{border-collapse:collapse;font-size:13px;font-variant-numeric:tabular-nums}
th,td{padding:.2rem .6rem;text-align:right;border-bottom:1px solid #d8dee4;white-space:nowrap}
th:first-child,td:first-child{text-align:left}tr.broken td{background:#ffebe9}
@media (prefers-color-scheme:dark){body{background:#0d1117;color:#e6edf3}.quiet{color:#9198a1}.verdict{background:#161b22}
.image{border-color:#30363d}th,td{border-color:#30363d}tr.broken td{background:#43171a}b.broken{color:#ff7b72}}
)";

std::string svgs(const std::vector<plot> &plots) {
  std::string out = "<div class=\"plots\">\n";
  for (const plot &p : plots) {
    out += draw(p);
  }
  return out + "</div>\n";
}

std::vector<std::string> attention_cells(const attention_result &r) {
  return {std::to_string(r.columns),
          r.type,
          r.method,
          number(r.lost, 2),
          number(r.nan_rate, 2),
          number(r.error, 2),
          number(r.vanished, 2),
          number(r.nanoseconds, 3)};
}
const std::vector<std::string> attention_names{
    "columns",  "type",       "method", "probability lost", "NaN in the next layer", "largest relative error",
    "vanished", "ns a column"};

template <class Rows> std::string html_table(const std::vector<std::string> &head, const Rows &rows) {
  std::string out = "<div class=\"wide\"><table><tr>";
  for (const std::string &name : head) {
    out += "<th>" + escaped(name) + "</th>";
  }
  out += "</tr>\n";
  for (const auto &[is_marked, cells] : rows) {
    out += is_marked ? "<tr class=\"broken\">" : "<tr>";
    for (const std::string &value : cells) {
      out += "<td>" + escaped(value) + "</td>";
    }
    out += "</tr>\n";
  }
  return out + "</table></div>\n";
}

using table_rows = std::vector<std::pair<bool, std::vector<std::string>>>;
std::vector<std::string> cohort_head() {
  std::vector<std::string> head{"cohort"};
  for (const column &of : columns) {
    head.push_back(of.name);
  }
  return head;
}
table_rows cohort_rows(const contents &c) {
  table_rows rows;
  for (std::size_t k = 0; k < c.compared.cohorts.size(); ++k) {
    std::vector<std::string> cells{c.compared.cohorts[k].name()};
    for (const column &of : columns) {
      cells.push_back(of.value(c.compared.cohorts[k]));
    }
    rows.push_back({is_broken(c, k), cells});
  }
  return rows;
}
table_rows attention_rows(const contents &c) {
  table_rows rows;
  for (const attention_result &r : c.attention) {
    rows.push_back({!(std::abs(r.lost) < 0.05), attention_cells(r)});
  }
  return rows;
}

std::string capital(std::string s) {
  s[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(s[0])));
  return s;
}

std::string csv_field(const std::string &s) {
  if (s.find_first_of(",\"\n") == std::string::npos) {
    return s;
  }
  std::string quoted = "\"";
  for (const char c : s) {
    quoted += c == '"' ? "\"\"" : std::string(1, c);
  }
  return quoted + '"';
}

} // namespace

std::string verdict(const contents &c) {
  std::set<std::string> broken;
  for (const finding &f : c.findings) {
    broken.insert(c.compared.cohorts[f.cohort].name());
  }
  const std::size_t all = c.compared.cohorts.size();
  if (!broken.empty()) {
    std::string list;
    for (const std::string &name : broken) {
      list += (list.empty() ? "" : ", ") + name;
    }
    return text("%zu of %zu cohorts broke: ", broken.size(), all) + list;
  }
  if (c.is_gated) {
    return text("No threshold is passed: %zu cohorts, %zu rows", all, c.compared.samples.size());
  }
  const cohort_pair *worst = nullptr;
  for (const cohort_pair &pair : c.compared.cohorts) {
    worst = worst == nullptr || drop_of(pair) > drop_of(*worst) ? &pair : worst;
  }
  return text("%zu cohorts; the most is lost by ", all) + worst->name() +
         text(": %.1f points below float", 100 * drop_of(*worst));
}

std::string as_html(const contents &c) {
  std::string out = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + escaped(verdict(c)) +
                    "</title><meta name=\"viewport\" content=\"width=device-width\">\n<style>" + page_style + style +
                    "</style></head><body>\n<h1>xact: numerical health</h1>\n<p class=\"quiet\">";
  for (const std::string &fact : c.facts) {
    out += escaped(fact) + "<br>";
  }
  out += "</p>\n";
  out += text("<div class=\"verdict%s\">", c.findings.empty() ? "" : " broke") + "<b>" + escaped(verdict(c)) + "</b>";
  out += "</div>\n<h2>Cohorts</h2>\n<p>" + capital(c.compared.measure) +
         " of each, and below it what changed against " + before_name(c) +
         ", in points, or which threshold is passed.</p>\n" + draw(grid_of(c));
  if (!c.findings.empty()) {
    out += "<h2>What broke</h2>\n";
    for (const finding &f : c.findings) {
      const cohort_pair &pair = c.compared.cohorts[f.cohort];
      out += text("<details%s><summary><b class=\"broken\">", f.rows.size() <= 20 ? " open" : "") +
             escaped(pair.name()) + "</b>: " + escaped(f.text) + text("; rows: %zu", f.rows.size()) +
             "</summary><code>" + escaped(names_of(c.compared, pair, f.rows)) + "</code></details>\n";
    }
  }
  out += flips_as_html(c);

  if (c.scores != nullptr) {
    out += "<h2>By precision</h2>\n" +
           svgs({by_precision(c, "Accuracy", "share of the rows", [](const metrics &m) { return m.accuracy; }),
                 by_precision(c, "Nearest training rows found", "recall at 5 by the hidden layer",
                              [](const metrics &m) { return m.retrieval; }),
                 by_precision(c, "Latency, median", "ns a row", [](const metrics &m) { return m.p50; }),
                 by_precision(c, "Latency, 99th percentile", "ns a row", [](const metrics &m) { return m.p99; })});
    out += "<p class=\"quiet\">Times are of this program's plain loops, with each step quantized and back.</p>\n";
    out += "<h2>Before and after quantization</h2>\n" + svgs(distribution_plots(c));
  }
  if (!c.errors.empty()) {
    out += "<h2>Error over x</h2>\n<p>Float kernels against the true value: xact's tiers, and the formula as it is "
           "usually written, whose tail is 0 or noise.</p>\n" +
           svgs(error_plots(c));
  }
  if (!c.attention.empty()) {
    out += "<h2>Long context</h2>\n<p>Softmax of attention scores, N(0, 3). Every step in float16: exponentials add up "
           "beyond 65504 and all probability is lost, then they overflow, and one NaN is a next layer of NaN. In "
           "bfloat16 the sum stands still, and there is too much of it.</p>\n" +
           svgs({mass_plot(c, false),
                 over_length(c, "Time", "ns a column", [](const attention_result &r) { return r.nanoseconds; })}) +
           "<details><summary>The numbers</summary>\n" + html_table(attention_names, attention_rows(c)) +
           "</details>\n";
  }
  out += "<h2>Every cohort</h2>\n" + html_table(cohort_head(), cohort_rows(c));
  return out + "</body></html>\n";
}

std::string as_markdown(const contents &c) {
  const auto table = [](const std::vector<std::string> &head, const table_rows &rows) {
    std::string out = "|";
    for (const std::string &name : head) {
      out += " " + name + " |";
    }
    out += "\n|";
    for (std::size_t i = 0; i < head.size(); ++i) {
      out += i == 0 ? "---|" : "---:|";
    }
    for (const auto &[is_marked, cells] : rows) {
      out += "\n|";
      for (const std::string &value : cells) {
        out += is_marked ? " **" + value + "** |" : " " + value + " |";
      }
    }
    return out + "\n";
  };
  std::string out = "# xact: numerical health\n\n**" + verdict(c) + "**\n\n";
  for (const std::string &fact : c.facts) {
    out += "- " + fact + "\n";
  }
  if (!c.findings.empty()) {
    out += "\n## Passed thresholds\n\n";
  }
  for (const finding &f : c.findings) {
    const cohort_pair &pair = c.compared.cohorts[f.cohort];
    out += "- **" + pair.name() + "**: " + f.text + ": rows " + names_of(c.compared, pair, f.rows) + "\n";
  }
  out += "\n## Cohorts\n\n" + table(cohort_head(), cohort_rows(c)) + "\n## Rows that flipped, against " +
         before_name(c) + "\n\n";
  bool has_flips = false;
  for (const cohort_pair &pair : c.compared.cohorts) {
    const auto rows = flipped(pair);
    if (!rows.empty()) {
      has_flips = true;
      out += "- " + pair.name() + ": " + names_of(c.compared, pair, rows) + "\n";
    }
  }
  out += has_flips ? "" : "None.\n";
  if (!c.attention.empty()) {
    out += "\n## Long context\n\nSoftmax of attention scores, N(0, 3), by element type and method.\n\n" +
           table(attention_names, attention_rows(c));
  }
  return out;
}

std::string as_csv(const contents &c) {
  std::string out = "activation,precision,broken";
  for (const column &of : columns) {
    out += std::string(",") + of.name;
  }
  out += "\n";
  for (std::size_t k = 0; k < c.compared.cohorts.size(); ++k) {
    const cohort_pair &pair = c.compared.cohorts[k];
    std::string broken;
    for (const finding &f : c.findings) {
      broken += f.cohort == k ? (broken.empty() ? "" : " ") + f.measure : "";
    }
    out += csv_field(pair.activation) + "," + csv_field(pair.precision) + "," + broken;
    for (const column &of : columns) {
      const std::string value = of.value(pair);
      out += "," + (value == "-" ? "" : value);
    }
    out += "\n";
  }
  return out;
}

std::string rows_as_csv(const contents &c) {
  std::string out = "activation,precision,row,label,before,after,cosine,max_error,nan\n";
  for (const cohort_pair &pair : c.compared.cohorts) {
    for (const row_pair &row : pair.rows) {
      const sample &s = c.compared.samples[row.sample];
      out += csv_field(pair.activation) + "," + csv_field(pair.precision) + "," +
             text("%zu,%s,%s,%s,%.10g,%.6g,%zu\n", s.place, class_name(s.label).c_str(), class_name(row.before).c_str(),
                  class_name(row.after).c_str(), row.hidden.cosine(), row.hidden.max_error, row.numbers.nan);
    }
  }
  return out;
}

std::string as_picture(const contents &c) {
  const grid g = grid_of(c);
  plot mass = mass_plot(c, true);
  mass.width = grid_width;
  mass.height = 230;
  const double top = 34, height = top + height_of(g) + 12 + (c.attention.empty() ? 0 : mass.height);
  std::string out = text("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %g %g\" width=\"%g\" height=\"%g\">\n"
                         "<style>",
                         grid_width, height, grid_width, height) +
                    style +
                    "svg .page{fill:#fff}@media (prefers-color-scheme:dark){svg .page{fill:#0d1117}}</style>\n" +
                    "<rect class=\"page\" width=\"100%\" height=\"100%\"/>\n";
  out += "<text class=\"title\" x=\"8\" y=\"20\">" +
         escaped(capital(c.compared.measure) + " of each activation at each precision, and points against " +
                 before_name(c)) +
         "</text>\n";
  out += text("<g transform=\"translate(0 %g)\">", top) + draw(g) + "</g>\n";
  if (!c.attention.empty()) {
    out += text("<g transform=\"translate(0 %g)\">", top + height_of(g) + 12) + draw(mass) + "</g>\n";
  }
  return out + "</svg>\n";
}

} // namespace report
