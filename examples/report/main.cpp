// Numerical health, seen: networks on real handwritten digits, one an activation with everything else held equal, each
// run at seven precisions, every row scored; two runs, or two of your own tensors, compared row by row, and a gate that
// names the rows that broke. `report --help` has the options.
//
// Exit status: 0; 1 where a threshold is passed, or on the digits relu, leaky_relu, gelu or silu stay below 95 % or an
// activation writes a NaN; 2 for a wrong command line or a broken file, and nothing is written then.

#include "experiment.hpp"
#include "files.hpp"
#include "gate.hpp"
#include "page.hpp"

#define CXXOPTS_NO_REGEX 1 // which costs three seconds of compiling
#include <cxxopts.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <iostream>
#include <optional>
#include <thread>

namespace {

constexpr double wanted_accuracy = 0.95;

struct wrong_usage : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The terminal's table; true where training went as it should.
bool print_training(const report::experiment &e, bool on_digits) {
  std::printf("%-12s %14s %15s %13s %12s\n", "activation", "held-out acc.", "training loss", "ms per epoch",
              "NaN rate");
  bool good = true;
  for (const report::training_result &t : e.training) {
    std::printf("%-12s %12.2f %% %15.5f %13.2f %12g\n", t.activation.c_str(), 100 * t.accuracy, t.loss, t.milliseconds,
                t.nan_rate);
    if (on_digits && t.nan_rate != 0) {
      std::printf("%s: a share of %g of all values is NaN\n", t.activation.c_str(), t.nan_rate);
      good = false;
    }
    const bool is_judged = t.activation != "gelu_tanh" && t.activation != "swiglu";
    if (on_digits && is_judged && !(t.accuracy > wanted_accuracy)) {
      std::printf("%s: the held-out accuracy is not above %g %%\n", t.activation.c_str(), 100 * wanted_accuracy);
      good = false;
    }
  }
  std::puts(good ? "" : "\nNot as it should be: see above.");
  return good;
}

/// A run as a comparison with its own float runs.
report::comparison with_float(const report::run &scores) {
  report::run floats = scores;
  for (report::cohort &c : floats.cohorts) {
    const std::string precision = c.precision;
    c = scores.reference_of(c);
    c.precision = precision;
  }
  return report::compare_runs("float", floats, scores.data, scores);
}

void write(const std::string &path, const std::string &text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  if (!file.flush()) {
    throw std::runtime_error(path + ": cannot be written");
  }
}

int run(int argc, char **argv) {
  cxxopts::Options options("report",
                           "Networks on handwritten digits, an activation each, at seven precisions: what each "
                           "costs, row by row, as a page; and a gate for swaps.\n");
  using cxxopts::value;
  options.add_options()("data",
                        "your own rows: FILE.csv, lines of numbers and last the label; FILE.npy, rows of the same",
                        value<std::string>(), "FILE")("out", "the folder that the report goes to",
                                                      value<std::string>()->default_value("report"), "FOLDER")(
      "threads", "how many; the scores have the same bits", value<std::size_t>()->default_value("1"),
      "N")("save", "writes the run, for --before or --after", value<std::string>(), "FILE")(
      "before", "compares this saved run with --after, or with a new one; exit status 1 where a limit is passed",
      value<std::string>(), "FILE")("after", "the saved run to compare with", value<std::string>(), "FILE")(
      "reference", "compares two tensors instead: float, double, float16, or bfloat16 as uint16", value<std::string>(),
      "FILE.npy")("candidate", "the tensor to compare with", value<std::string>(), "FILE.npy")(
      "cohorts", "the cohort of each row of theirs: names, in one or more columns", value<std::string>(),
      "FILE.csv")("max-drop", "limit, of each cohort: accuracy (of tensors, agreement) may fall by it", value<double>(),
                  "SHARE")("max-nan-rate", "limit: the share of numbers that may be NaN", value<double>(), "SHARE")(
      "min-cosine", "limit: the cosine of before's and after's hidden layer (of tensors, of the rows)", value<double>(),
      "COSINE")("max-p99-ratio", "limit: how many times the 99th percentile of times may be before's", value<double>(),
                "RATIO")(
      "plant", "plants a fault, to see it caught: nan_to_zero, float16_softmax, int4_scale, gelu_tanh, cohort",
      value<std::string>(), "FAULT")("help", "this");
  const auto given = [&] {
    try {
      auto parsed = options.parse(argc, argv);
      if (!parsed.unmatched().empty()) {
        throw wrong_usage("'" + parsed.unmatched()[0] + "' is no option");
      }
      return parsed;
    } catch (const cxxopts::exceptions::exception &error) {
      throw wrong_usage(error.what());
    }
  }();
  if (given.count("help") != 0) {
    std::cout << options.help();
    return 0;
  }
  const auto path = [&](const char *name) { return given.count(name) != 0 ? given[name].as<std::string>() : ""; };
  const auto limit = [&](const char *name, double otherwise) {
    try {
      const double x = given.count(name) != 0 ? given[name].as<double>() : otherwise;
      if (std::isnan(x)) {
        throw wrong_usage(std::string("--") + name + " is NaN");
      }
      return x;
    } catch (const cxxopts::exceptions::exception &error) {
      throw wrong_usage(error.what());
    }
  };
  const report::limits none;
  const report::limits limits{limit("max-drop", none.max_drop), limit("max-nan-rate", none.max_nan_rate),
                              limit("min-cosine", none.min_cosine), limit("max-p99-ratio", none.max_p99_ratio)};
  const std::string fault = path("plant");
  if (!fault.empty() &&
      std::find(std::begin(report::faults), std::end(report::faults), fault) == std::end(report::faults)) {
    throw wrong_usage("--plant " + fault + " is none of the faults that --help names");
  }
  const bool has_tensors = !path("reference").empty() || !path("candidate").empty();
  if (has_tensors && (path("reference").empty() || path("candidate").empty())) {
    throw wrong_usage("--reference and --candidate go together");
  }
  if (!path("after").empty() && path("before").empty()) {
    throw wrong_usage("--after needs --before");
  }
  const std::size_t threads = given["threads"].as<std::size_t>();
  if (threads == 0 || threads > 1024) {
    throw wrong_usage("--threads must be from 1 to 1024");
  }

  report::contents c;
  report::run scores, before;
  bool good = true;
  if (has_tensors) {
    c.compared = report::compare_tensors(path("reference"), path("candidate"), path("cohorts"));
    c.is_gated = true;
  } else {
    if (!path("before").empty()) {
      before = report::read_run(path("before")); // a broken file is told of before minutes are spent
    }
    if (!path("after").empty()) {
      scores = report::read_run(path("after"));
    } else {
      const bool on_digits = path("data").empty();
      const std::string name = on_digits ? XACT_EXAMPLES_DATA "/digits.csv" : path("data");
      const report::dataset data = report::read(name);
      report::experiment e =
          report::experiment_on(std::filesystem::path(name).filename().string(), data, threads, fault);
      scores = std::move(e.scores);
      std::printf("%s: %zu rows to train on, %zu held out; %zu numbers, %zu classes\n\n", scores.data.c_str(),
                  data.size() - scores.samples.size(), scores.samples.size(), data.columns, data.classes);
      good = print_training(e, on_digits && fault.empty());
      c.errors = report::measure_errors();
      c.attention = report::measure_attention(std::size_t{1} << 20);
    }
    c.scores = &scores;
    c.is_gated = !path("before").empty();
    c.compared = c.is_gated ? report::compare_runs(path("before"), before,
                                                   path("after").empty() ? "this run" : path("after"), scores)
                            : with_float(scores);
    c.facts.push_back(scores.data + ", " + std::to_string(scores.samples.size()) + " held-out rows; seed " +
                      std::to_string(scores.seed));
    c.facts.push_back(scores.isa + ", " + scores.compiler);
  }
  if (c.is_gated) {
    c.findings = report::judge(c.compared, limits);
    c.facts.insert(c.facts.begin(), c.compared.before + " and " + c.compared.after);
  }
  c.facts.insert(c.facts.end(), c.compared.notes.begin(), c.compared.notes.end());

  const std::filesystem::path out = given["out"].as<std::string>();
  std::filesystem::create_directories(out);
  write(out / "report.html", report::as_html(c));
  write(out / "report.md", report::as_markdown(c));
  write(out / "report.csv", report::as_csv(c));
  write(out / "rows.csv", report::rows_as_csv(c));
  write(out / "report.svg", report::as_picture(c));
  if (!path("save").empty() && c.scores != nullptr) {
    write(path("save"), report::to_json(scores));
  }

  std::printf("%s\n", report::verdict(c).c_str());
  for (const report::finding &f : c.findings) {
    const report::cohort_pair &pair = c.compared.cohorts[f.cohort];
    std::printf("%s: %s: rows %s\n", pair.name().c_str(), f.text.c_str(),
                report::names_of(c.compared, pair, f.rows).c_str());
  }
  std::printf("The report: %s\n", (out / "report.html").string().c_str());
  return good && c.findings.empty() ? 0 : 1;
}

} // namespace

int main(int argc, char **argv) try { return run(argc, argv); } catch (const wrong_usage &error) {
  std::fprintf(stderr, "report: %s; report --help tells of the options\n", error.what());
  return 2;
} catch (const std::exception &error) {
  std::fprintf(stderr, "report: %s\n", error.what());
  return 2;
}
