// Draws every activation of xact's list, and its derivative, from xact's own results: one SVG on standard output.
//
//   activations > examples/activations.svg

#include <xact/xact.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <string_view>
#include <tuple>
#include <vector>

namespace {

constexpr double right = 6, low = -2, high = 4; // the part of the plane in a panel: [-right, right] x [low, high]
constexpr double scale = 14;                    // pixels to 1, both ways
constexpr double width = 2 * right * scale, height = (high - low) * scale;
constexpr double gap = 12, title = 18;
constexpr std::size_t columns = 5;

/// The curve through the points, without those that a straight line passes by at less than a twentieth of a pixel.
void draw(const char *kind, const std::vector<double> &x, const std::vector<double> &y) {
  const auto across = [&](std::size_t i) { return (x[i] + right) * scale; };
  const auto down = [&](std::size_t i) { return (high - std::clamp(y[i], low - 1, high + 1)) * scale; };
  const auto is_straight = [&](std::size_t from, std::size_t to) {
    for (std::size_t i = from + 1; i < to; ++i) {
      const double share = (x[i] - x[from]) / (x[to] - x[from]);
      if (std::abs(down(from) + share * (down(to) - down(from)) - down(i)) > 0.05) {
        return false;
      }
    }
    return true;
  };
  std::printf("<polyline class=\"%s\" points=\"", kind);
  for (std::size_t from = 0, to = 0; from < x.size(); from = to) {
    std::printf("%s%.4g,%.4g", from == 0 ? "" : " ", across(from), down(from));
    for (to = from + 1; to + 1 < x.size() && is_straight(from, to + 1);) {
      ++to;
    }
  }
  std::puts("\"/>");
}

template <class F> void panel(std::size_t index, std::string_view name, const F &f) {
  std::vector<double> x, y;
  for (int i = -32 * static_cast<int>(right); i <= 32 * static_cast<int>(right); ++i) {
    x.push_back(i / 32.0);
  }
  y.resize(x.size());
  std::printf("<g transform=\"translate(%g %g)\"><text x=\"%g\" y=\"-5\">%.*s</text>\n",
              gap + static_cast<double>(index % columns) * (width + gap),
              title + 30 + static_cast<double>(index / columns) * (height + gap + title), width / 2,
              static_cast<int>(name.size()), name.data());
  std::printf("<g clip-path=\"url(#panel)\"><path class=\"axes\" d=\"M0 %gH%gM%g 0V%g\"/>\n", high * scale, width,
              right * scale, height);
  xact::derivative(f)(x, y);
  draw("derivative", x, y);
  f(x, y);
  draw("value", x, y);
  std::printf("</g><path class=\"frame\" d=\"M0 0H%gV%gH0Z\"/></g>\n", width, height);
}

} // namespace

int main() {
  constexpr std::size_t count = std::tuple_size_v<decltype(xact::activations)>;
  const double all_width = columns * (width + gap) + gap;
  const double all_height = 24 + static_cast<double>((count + columns - 1) / columns) * (height + gap + title);
  std::printf(R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %g %g" width="%g" font-family="sans-serif">
<title>The activations of xact with their default parameters, and their derivatives</title>
<style>
svg { background: #fff }
text { fill: #222; font-size: 12px; text-anchor: middle }
polyline, path { fill: none }
.axes, .frame { stroke: #ccc }
.value { stroke: #0b5cad; stroke-width: 2 }
.derivative { stroke: #d95f02; stroke-width: 1.25 }
@media (prefers-color-scheme: dark) {
svg { background: #0d1117 }
text { fill: #ddd }
.axes, .frame { stroke: #444c56 }
.value { stroke: #58a6ff }
.derivative { stroke: #f0883e }
}
</style>
<clipPath id="panel"><path d="M0 0H%gV%gH0Z"/></clipPath>
<text x="%g" y="18">f(x), thick, and f'(x), thin, for x from -%g to %g; up from %g to %g</text>
)",
              all_width, all_height, all_width, width, height, all_width / 2, right, right, low, high);
  std::apply([index = std::size_t{0}](const auto &...entry) mutable { (panel(index++, entry.name(), entry.f), ...); },
             xact::activations);
  std::puts("</svg>");
  return 0;
}
