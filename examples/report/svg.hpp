// Pictures as SVG: plots of series, and a grid of cohorts. Colours are classes; `style` gives them, light and dark.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace report {

/// As printf.
[[gnu::format(printf, 1, 2)]] std::string text(const char *format, ...);
/// For HTML and SVG.
std::string escaped(const std::string &);

struct series {
  std::string name;
  std::vector<std::pair<double, double>> points; ///< those that are not finite are left out
  int colour = 0;                                ///< 0 to 7
  bool is_dashed = false;
  bool has_marks = true;
};

struct plot {
  std::string title, x, y;
  std::vector<series> lines;
  std::vector<std::string> categories = {}; ///< names of x = 0, 1, ...; else a scale
  bool is_log_x = false, is_log_y = false;
  double lowest = 0, highest = 0; ///< of y; equal: as the points are
  double width = 510, height = 290;
};
std::string draw(const plot &);

/// How a cell looks: from `fine` to `broken`.
enum class state { fine, worse, bad, broken, empty };
struct cell {
  std::string value, note, tip;
  state looks = state::empty;
};
struct grid {
  std::vector<std::string> columns, rows;
  std::vector<cell> cells; ///< row after row
};
std::string draw(const grid &);
double height_of(const grid &);
inline constexpr double grid_width = 760;

extern const char *const style;

} // namespace report
