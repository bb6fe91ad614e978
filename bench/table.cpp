// table <peers|plain> <file>...: Markdown tables of what compare-<isa> or plain-<isa> printed. Runs may be repeated: of
// each time the least counts, of each error the greatest. A file may also be tests/exhaustive/results.tsv: the errors
// over every float then replace the sampled ones. bench/run.sh calls it.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace {

using std::string;

/// Keeps the order of arrival, which is the order of the table.
void add_once(std::vector<string> &all, const string &name) {
  if (std::find(all.begin(), all.end(), name) == all.end())
    all.push_back(name);
}

struct size {
  string n, sigma;
};

class results {
public:
  void read(std::istream &in) {
    for (string line; std::getline(in, line);) {
      std::vector<string> f = fields(line);
      if (f[0] == "machine" && f.size() == 5) {
        add_once(isas, f[1]);
        add_once(machines, f[2] + ", " + f[3] + ", " + f[4]);
      } else if (f[0] == "peer" && f.size() == 4) {
        add_once(peers, f[2] + " " + f[3]);
      } else if (f[0] == "speed" && f.size() == 8) {
        add_once(functions, f[2]);
        add_once(rows, f[3] + '\t' + f[2] + '\t' + f[4]);
        const auto [known, added] = times.try_emplace(key(f[1], f[3], f[2], f[4], f[5], f[6]), std::atof(f[7].c_str()));
        add_once(isas, f[1]);
        if (!added)
          known->second = std::min(known->second, std::atof(f[7].c_str()));
      } else if (f[0] == "error" && f.size() == 9) {
        auto &e = errors.try_emplace(f[3] + '\t' + f[2] + '\t' + f[4], no_errors).first->second;
        for (std::size_t i = 0; i < 3; ++i)
          e[i] = std::max(e[i], std::atof(f[5 + i].c_str()));
      } else {
        read_exhaustive(f);
      }
    }
  }

  void print_conditions() const {
    for (const string &machine : machines)
      std::printf("%s. ", machine.c_str());
    std::printf(
        "One thread, least of many interleaved runs. Errors: in ULP, bold over every float, else sampled. Peers:");
    for (const string &peer : peers)
      std::printf(" %s%s", peer.c_str(), &peer == &peers.back() ? ".\n" : ",");
  }

  /// One row per function and maker, one column per ISA, in each cell what `show` makes of each size.
  template <class Show>
  void print(const string &title, const string &type, const std::vector<size> &sizes, bool with_errors,
             const Show &show) const {
    std::printf("\n### %s\n\n| function | by |", title.c_str());
    for (const string &isa : isas)
      std::printf(" %s |", isa.c_str());
    std::printf("%s\n|---|---|", with_errors ? " max ULP, abs(x) <= 1 | 0 < x <= 100 | every x |" : "");
    for (std::size_t i = 0; i < isas.size() + (with_errors ? 3 : 0); ++i)
      std::printf("---|");
    std::printf("\n");
    for (const string &row : rows) {
      const std::vector<string> f = fields(row);
      if (f[0] != type || !any_time(f, sizes))
        continue;
      std::printf("| %s | %s |", f[1].c_str(), f[2].c_str());
      for (const string &isa : isas) {
        string cell;
        for (const size &s : sizes) {
          const double ns = time(isa, f, s);
          const double copy = time(isa, {type, "memcpy", "libc"}, s);
          cell += (cell.empty() ? "" : " / ") + (ns > 0 ? show(ns, copy, std::atof(s.n.c_str())) : "-");
        }
        std::printf(" %s |", cell.c_str());
      }
      if (with_errors)
        print_errors(row);
      std::printf("\n");
    }
  }

  /// One table per type and ISA: at each length the time of the best loop that is not xact's, beside xact's.
  void print_plain() const {
    std::printf(
        "The least time of the loops of bench/formulas.hpp divided by xact's: above 1 xact is faster. One thread, "
        "least of many interleaved runs; memcpy: ns a call.\n");
    for (const string &isa : isas) {
      for (const char *type : {"float", "double", "float16", "bfloat16"})
        print_plain(isa, type);
    }
  }

private:
  void print_plain(const string &isa, const string &type) const {
    std::vector<size> sizes;
    for (const char *n : {"1", "7", "16", "17", "31", "64", "100", "1024", "4096", "65536", "16777216"}) {
      if (time(isa, {type, "memcpy", "libc"}, {n, "2"}) > 0)
        sizes.push_back({n, "2"});
    }
    std::printf("\n### %s, %s\n\n| function |", type.c_str(), isa.c_str());
    for (const size &s : sizes)
      std::printf(" %s |", s.n.c_str());
    std::printf(" xact: ns an element of 65536 |\n|---|");
    for (std::size_t i = 0; i <= sizes.size(); ++i)
      std::printf("---|");
    std::printf("\n| memcpy |");
    for (const size &s : sizes)
      std::printf(" %.3g |", time(isa, {type, "memcpy", "libc"}, s));
    std::printf(" %.3f |\n", time(isa, {type, "memcpy", "libc"}, {"65536", "2"}) / 65536);
    for (const string &function : functions) {
      const double whole = time(isa, {type, function, "default"}, {"65536", "2"});
      if (whole == 0)
        continue;
      std::printf("| %s |", function.c_str());
      for (const size &s : sizes) {
        std::pair<double, const char *> best = {HUGE_VAL, "-"};
        for (const char *by : {"libm", "xsimd", "eigen"}) {
          if (const double ns = time(isa, {type, function, by}, s); ns > 0)
            best = std::min(best, {ns, by});
        }
        std::printf(" %.2f %s |", best.first / time(isa, {type, function, "default"}, s), best.second);
      }
      std::printf(" %.3f |\n", whole / 65536);
    }
  }

  static constexpr std::array<double, 3> no_errors = {-1, -1, -1};

  /// A line of tests/exhaustive/results.tsv: function, tier, ISA, compiler, date, worst ULP ...
  void read_exhaustive(const std::vector<string> &f) {
    if (f.size() == 9 && f[0] != "function") {
      double &worst = every_float["float\t" + f[0] + '\t' + f[1]];
      worst = std::max(worst, std::atof(f[5].c_str()));
    }
  }

  using key = std::tuple<string, string, string, string, string, string>;

  static std::vector<string> fields(const string &line) {
    std::vector<string> result(1);
    for (const char c : line)
      c == '\t' ? result.emplace_back() : result.back() += c;
    return result;
  }

  double time(const string &isa, const std::vector<string> &row, const size &s) const {
    const auto found = times.find(key(isa, row[0], row[1], row[2], s.n, s.sigma));
    return found == times.end() ? 0 : found->second;
  }

  bool any_time(const std::vector<string> &row, const std::vector<size> &sizes) const {
    return std::any_of(isas.begin(), isas.end(), [&](const string &isa) {
      return std::any_of(sizes.begin(), sizes.end(), [&](const size &s) { return time(isa, row, s) > 0; });
    });
  }

  void print_errors(const string &row) const {
    const auto sampled = errors.find(row);
    const auto proven = every_float.find(row);
    for (std::size_t i = 0; i < 3; ++i) {
      if (i == 2 && proven != every_float.end()) {
        std::printf(" **%.3g** |", proven->second);
      } else if (sampled == errors.end()) {
        std::printf(" - |");
      } else {
        const double ulp = sampled->second[i];
        std::printf(ulp < 0 ? " - |" : std::isinf(ulp) ? " NaN |" : " %.3g |", ulp);
      }
    }
  }

  std::vector<string> isas, machines, peers, functions, rows;
  std::map<key, double> times;
  std::map<string, std::array<double, 3>> errors;
  std::map<string, double> every_float;
};

string text(const char *format, double a, double b = 0) {
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, format, a, b);
  return buffer;
}

const auto per_element = [](double ns, double copy, double n) { return text("%.3f (%.1f)", ns / n, ns / copy); };
const auto nanoseconds = [](double ns, double, double n) { return text("%.3f", ns / n); };
const auto ratio = [](double ns, double copy, double) { return text("%.2f", ns / copy); };
const auto call = [](double ns, double, double) { return text("%.1f", ns); };

} // namespace

int main(int argc, char **argv) {
  results all;
  for (int i = 2; i < argc; ++i) {
    std::ifstream file(argv[i]);
    if (!file) {
      std::fprintf(stderr, "table: cannot read %s\n", argv[i]);
      return 1;
    }
    all.read(file);
  }

  if (argc > 1 && string(argv[1]) == "plain") {
    all.print_plain();
    return 0;
  }
  all.print_conditions();
  all.print("float, 65,536 elements (L2), N(0, 2): ns an element, and beside memcpy", "float", {{"65536", "2"}}, true,
            per_element);
  all.print("float, 65,536 elements: ns an element at N(0, 1) / N(0, 2) / N(0, 5)", "float",
            {{"65536", "1"}, {"65536", "2"}, {"65536", "5"}}, false, nanoseconds);
  all.print("float, time beside memcpy in L1 (4,096) / L2 (65,536) / memory (16,777,216)", "float",
            {{"4096", "2"}, {"65536", "2"}, {"16777216", "2"}}, false, ratio);
  all.print("float, ns a call of 1 / 8 / 17 / 100 elements", "float",
            {{"1", "2"}, {"8", "2"}, {"17", "2"}, {"100", "2"}}, false, call);
  all.print("double, 32,768 elements (L2): ns an element, and beside memcpy", "double", {{"32768", "2"}}, false,
            per_element);
  for (const char *type : {"float16", "bfloat16", "int8"}) {
    all.print(string(type) + ", 65,536 elements: ns an element, and beside memcpy", type, {{"65536", "2"}}, false,
              per_element);
  }
}
