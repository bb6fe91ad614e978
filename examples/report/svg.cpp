#include "svg.hpp"

#include <algorithm>
#include <cmath>
#include <cstdarg>
#include <cstdio>
#include <limits>

namespace report {
namespace {

/// From data to pixels.
class scale {
public:
  scale(double from, double to, double begin, double end, bool is_log)
      : low(from), high(to), begin_(begin), end_(end), is_log_(is_log) {}

  double operator()(double v) const {
    const double share = is_log_ ? std::log(v / low) / std::log(high / low) : (v - low) / (high - low);
    return begin_ + (end_ - begin_) * share;
  }
  bool holds(double v) const { return std::isfinite(v) && v >= low && v <= high; }
  std::vector<double> ticks() const {
    std::vector<double> all;
    if (is_log_) {
      const double every = std::pow(10.0, std::ceil(std::log10(high / low) / 7));
      for (double v = std::pow(10.0, std::ceil(std::log10(low) - 1e-9)); v <= high * 1.0001; v *= every) {
        all.push_back(v);
      }
      return all;
    }
    const double rough = (high - low) / 5, power = std::pow(10.0, std::floor(std::log10(rough)));
    const double step = power * (rough / power < 1.5 ? 1 : rough / power < 3.5 ? 2 : rough / power < 7.5 ? 5 : 10);
    for (double k = std::ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; ++k) {
      all.push_back(k * step + 0.0);
    }
    return all;
  }

  double low, high;

private:
  double begin_, end_;
  bool is_log_;
};

std::string tick_name(double v) {
  if (v != 0 && (std::abs(v) >= 1e5 || std::abs(v) < 1e-3)) {
    return text("1e%d", static_cast<int>(std::lround(std::log10(std::abs(v)))));
  }
  return text("%.6g", v);
}

} // namespace

const char *const style = R"(
svg text{font:12px system-ui,sans-serif;fill:#1f2328}
svg .title{font-weight:600;font-size:13px}svg .quiet{fill:#57606a}svg .small{font-size:11px}
svg .end{text-anchor:end}svg .middle{text-anchor:middle}
svg .line{fill:none;stroke-width:1.8;stroke-linejoin:round}svg .dashed{stroke-dasharray:4 3}
svg .grid{stroke:#d8dee4;stroke-width:1;fill:none}svg .axis{stroke:#8c959f;stroke-width:1;fill:none}
svg .c0{stroke:#0969da}svg .c1{stroke:#bc4c00}svg .c2{stroke:#1a7f37}svg .c3{stroke:#8250df}
svg .c4{stroke:#bf3989}svg .c5{stroke:#9a6700}svg .c6{stroke:#0b7285}svg .c7{stroke:#57606a}
svg circle,svg text.c0,svg text.c1,svg text.c2,svg text.c3,svg text.c4,svg text.c5,svg text.c6,svg text.c7{stroke:none}
svg .c0 circle,svg text.c0{fill:#0969da}svg .c1 circle,svg text.c1{fill:#bc4c00}svg .c2 circle,svg text.c2{fill:#1a7f37}
svg .c3 circle,svg text.c3{fill:#8250df}svg .c4 circle,svg text.c4{fill:#bf3989}svg .c5 circle,svg text.c5{fill:#9a6700}
svg .c6 circle,svg text.c6{fill:#0b7285}svg .c7 circle,svg text.c7{fill:#57606a}
svg .fine{fill:#dafbe1}svg .worse{fill:#fff1c2}svg .bad{fill:#ffc9a3}svg .broken{fill:#cf222e}svg .empty{fill:#f6f8fa}
svg text.on-broken{fill:#fff}svg text.value{font-weight:600}svg text.on-broken.value{font-weight:700}
svg .ink{fill:#1f2328}
@media (prefers-color-scheme:dark){
svg text{fill:#e6edf3}svg .quiet{fill:#9198a1}svg .grid{stroke:#30363d}svg .axis{stroke:#6e7681}
svg .c0{stroke:#58a6ff}svg .c1{stroke:#ff9b57}svg .c2{stroke:#3fb950}svg .c3{stroke:#bc8cff}
svg .c4{stroke:#f778ba}svg .c5{stroke:#d9a520}svg .c6{stroke:#39c5cf}svg .c7{stroke:#9198a1}
svg circle,svg text.c0,svg text.c1,svg text.c2,svg text.c3,svg text.c4,svg text.c5,svg text.c6,svg text.c7{stroke:none}
svg .c0 circle,svg text.c0{fill:#58a6ff}svg .c1 circle,svg text.c1{fill:#ff9b57}svg .c2 circle,svg text.c2{fill:#3fb950}
svg .c3 circle,svg text.c3{fill:#bc8cff}svg .c4 circle,svg text.c4{fill:#f778ba}svg .c5 circle,svg text.c5{fill:#d9a520}
svg .c6 circle,svg text.c6{fill:#39c5cf}svg .c7 circle,svg text.c7{fill:#9198a1}
svg .fine{fill:#12341f}svg .worse{fill:#4a3b0a}svg .bad{fill:#6e3312}svg .broken{fill:#da3633}svg .empty{fill:#161b22}
svg .ink{fill:#e6edf3}}
)";

std::string text(const char *format, ...) {
  char buffer[512];
  std::va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(buffer, sizeof buffer, format, arguments);
  va_end(arguments);
  return buffer;
}

std::string escaped(const std::string &s) {
  std::string result;
  for (const char c : s) {
    result += c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : c == '"' ? "&quot;" : std::string(1, c);
  }
  return result;
}

std::string draw(const plot &p) {
  const double left = 56, right = p.width - 118, top = 46, bottom = p.height - 44;
  double x_low = std::numeric_limits<double>::infinity(), x_high = -x_low, y_low = x_low, y_high = -x_low;
  const auto is_shown = [&](const std::pair<double, double> &point) {
    return std::isfinite(point.first) && std::isfinite(point.second) && (!p.is_log_x || point.first > 0) &&
           (!p.is_log_y || point.second > 0);
  };
  for (const series &line : p.lines) {
    for (const auto &point : line.points) {
      if (is_shown(point)) {
        x_low = std::min(x_low, point.first);
        x_high = std::max(x_high, point.first);
        y_low = std::min(y_low, point.second);
        y_high = std::max(y_high, point.second);
      }
    }
  }
  if (p.lowest < p.highest) {
    y_low = p.lowest;
    y_high = p.highest;
  } else if (p.is_log_y) {
    y_low = std::pow(10.0, std::floor(std::log10(y_low)));
    y_high = std::pow(10.0, std::ceil(std::log10(y_high) + 1e-9));
  } else {
    const double room = y_high > y_low ? 0.06 * (y_high - y_low) : 1;
    y_low -= y_low == 0 ? 0 : room;
    y_high += room;
  }
  if (!p.categories.empty()) {
    x_low = -0.4;
    x_high = static_cast<double>(p.categories.size()) - 0.6;
  } else if (!(x_low < x_high)) {
    x_low -= 1;
    x_high += 1;
  }
  const scale x(x_low, x_high, left, right, p.is_log_x), y(y_low, y_high, bottom, top, p.is_log_y);

  std::string out = text("<svg class=\"plot\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %g %g\" width=\"%g\" "
                         "height=\"%g\" role=\"img\">\n",
                         p.width, p.height, p.width, p.height);
  out += "<title>" + escaped(p.title) + "</title>\n";
  out += text("<text class=\"title\" x=\"8\" y=\"16\">%s</text>\n", escaped(p.title).c_str());
  for (const double v : y.ticks()) {
    out +=
        text("<path class=\"grid\" d=\"M%g %.1fH%g\"/><text class=\"quiet small end\" x=\"%g\" y=\"%.1f\">%s</text>\n",
             left, y(v), right, left - 6, y(v) + 4, tick_name(v).c_str());
  }
  if (p.categories.empty()) {
    for (const double v : x.ticks()) {
      out += text(
          "<path class=\"axis\" d=\"M%.1f %gv4\"/><text class=\"quiet small middle\" x=\"%.1f\" y=\"%g\">%s</text>\n",
          x(v), bottom, x(v), bottom + 16, tick_name(v).c_str());
    }
  }
  for (std::size_t i = 0; i < p.categories.size(); ++i) {
    const std::string &name = p.categories[i];
    const auto space = std::min(name.find(' '), name.size()); // in two lines
    for (const std::string &part : {name.substr(0, space), name.substr(space)}) {
      out += text("<text class=\"quiet small middle\" x=\"%.1f\" y=\"%g\">", x(static_cast<double>(i)),
                  bottom + (part.starts_with(' ') ? 29 : 16)) +
             escaped(part) + "</text>\n";
    }
  }
  out += text("<path class=\"axis\" d=\"M%g %gH%g\"/>\n", left, bottom, right);
  out += text("<text class=\"quiet small middle\" x=\"%g\" y=\"%g\">%s</text>\n", (left + right) / 2, bottom + 33,
              escaped(p.x).c_str());
  out += text("<text class=\"quiet small\" x=\"%g\" y=\"%g\">%s</text>\n", 8.0, top - 12, escaped(p.y).c_str());

  std::vector<std::pair<double, std::string>> labels; // beside the last points, moved apart
  for (const series &line : p.lines) {
    std::string path, marks;
    double last = bottom;
    for (const auto &[a, b] : line.points) {
      if (!is_shown({a, b})) {
        path += path.empty() || path.back() == 'M' ? "" : "M";
        continue;
      }
      const double v = std::clamp(b, y_low, y_high);
      last = y(v);
      path += text("%s%.1f %.1f", path.empty() ? "M" : path.back() == 'M' ? "" : "L", x(a), last);
      if (line.has_marks) {
        marks += text("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\"><title>%s: %.6g</title></circle>", x(a), last,
                      escaped(line.name).c_str(), b);
      }
    }
    if (path.empty() || path == "M") {
      continue;
    }
    if (path.back() == 'M') {
      path.pop_back();
    }
    out += text("<g class=\"points c%d\"><path class=\"line c%d%s\" d=\"", line.colour, line.colour,
                line.is_dashed ? " dashed" : "") +
           path + "\"/>" + marks + "</g>\n";
    labels.push_back({last, text("<text class=\"small c%d\"", line.colour) + " x=\"" + text("%g", right + 8) +
                                "\" y=\"%.1f\">" + escaped(line.name) + "</text>\n"});
  }
  std::stable_sort(labels.begin(), labels.end(), [](const auto &a, const auto &b) { return a.first < b.first; });
  double room = top;
  for (auto &[at, label] : labels) {
    at = room = std::max(at, room);
    room += 13;
  }
  room = bottom + 6;
  for (auto label = labels.rbegin(); label != labels.rend(); ++label) {
    label->first = room = std::min(label->first, room);
    room -= 13;
    const auto place = label->second.find("%.1f");
    label->second.replace(place, 4, text("%.1f", label->first + 4));
    out += label->second;
  }
  return out + "</svg>\n";
}

double height_of(const grid &g) { return 30 + 44 * static_cast<double>(g.rows.size()); }

std::string draw(const grid &g) {
  std::size_t longest = 0;
  for (const std::string &name : g.rows) {
    longest = std::max(longest, name.size());
  }
  const double left = std::clamp(8.0 * static_cast<double>(longest) + 20, 60.0, 320.0),
               each = (grid_width - left) / static_cast<double>(std::max<std::size_t>(1, g.columns.size()));
  std::string out = text("<svg class=\"cohorts\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %g %g\" "
                         "width=\"%g\" height=\"%g\" role=\"img\"><title>cohorts</title>\n",
                         grid_width, height_of(g), grid_width, height_of(g));
  for (std::size_t c = 0; c < g.columns.size(); ++c) {
    out += text("<text class=\"quiet small middle\" x=\"%.1f\" y=\"18\">%s</text>\n",
                left + (static_cast<double>(c) + 0.5) * each, escaped(g.columns[c]).c_str());
  }
  for (std::size_t r = 0; r < g.rows.size(); ++r) {
    const double y = 28 + 44 * static_cast<double>(r);
    out += text("<text class=\"end\" x=\"%g\" y=\"%g\">%s</text>\n", left - 10, y + 24, escaped(g.rows[r]).c_str());
    for (std::size_t c = 0; c < g.columns.size(); ++c) {
      const cell &at = g.cells[r * g.columns.size() + c];
      const char *const names[] = {"fine", "worse", "bad", "broken", "empty"};
      const char *const on = at.looks == state::broken ? " on-broken" : "";
      const double x = left + static_cast<double>(c) * each;
      out += text("<g class=\"cell\"><rect class=\"%s\" x=\"%.1f\" y=\"%g\" width=\"%.1f\" height=\"40\" rx=\"4\"/>",
                  names[static_cast<int>(at.looks)], x + 2, y, each - 4);
      out += text("<text class=\"middle value%s\" x=\"%.1f\" y=\"%g\">", on, x + each / 2, y + 18) + escaped(at.value) +
             "</text>";
      out += text("<text class=\"middle small%s\" x=\"%.1f\" y=\"%g\">", at.looks == state::broken ? on : " quiet",
                  x + each / 2, y + 33) +
             escaped(at.note) + "</text>";
      out += "<title>" + escaped(at.tip) + "</title></g>\n";
    }
  }
  return out + "</svg>\n";
}

} // namespace report
