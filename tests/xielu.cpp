#include <xact/xielu.hpp>

#include "activation.hpp"
#include "reference/derivatives.hpp"

/// Where f' in double is off by more than the limits of its tiers and 2^-103 of beta.
static std::string beyond(const reference::xielu_derivative &truth, const std::vector<double> &xs) {
  const auto f_prime = xact::derivative(
      xact::xielu_t{.alpha_p = truth.alpha_p, .alpha_n = truth.alpha_n, .beta = truth.beta, .eps = truth.eps});
  std::vector<double> standard(xs.size());
  std::vector<double> accurate(xs.size());
  f_prime(xs, standard);
  xact::accurate(f_prime)(xs, accurate);
  findings found;
  for (std::size_t i = 0; i < xs.size(); ++i) {
    const reference::big y = define(truth, xs[i]);
    const auto check = [&](double candidate, double limit) {
      const double off = std::abs(reference::ulps(candidate, y));
      if (!(off <= limit || std::abs(static_cast<double>(candidate - y)) <= std::abs(truth.beta) * 0x1p-103))
        found.add("f'(" + show(xs[i]) + ") is off by " + show(off) + " ULP of " + show(limit), off);
    };
    check(standard[i], 8);
    check(accurate[i], 2);
  }
  return found.report();
}

TEST_CASE("derivative of xielu near its root, with any parameters") {
  std::mt19937_64 random(19);
  std::uniform_real_distribution<double> uniform(0, 1);
  for (int i = 0; i < 400; ++i) {
    const double alpha = std::exp2(uniform(random) * 600 - 300) * (i % 2 == 0 ? 1 : -1);
    const double share = std::exp2(uniform(random) * (i % 3 == 0 ? -30 : i % 3 == 1 ? -1 : -360));
    const double beta = alpha * (i % 5 == 0 ? 1 - share : share); // the roots from -1e-108 to -20
    if (!(std::abs(beta) > 1e-100 && beta != alpha))
      continue;
    CAPTURE(alpha, beta);
    const double root = std::log1p(-beta / alpha);
    std::vector<double> xs = spread<double>(3 * root, 0, 30);
    for (int k = -8; k <= 8; ++k)
      xs.push_back(std::bit_cast<double>(bits(root) + static_cast<std::uint64_t>(k)));
    CHECK(beyond({{.alpha_n = alpha, .beta = beta, .eps = 0}}, xs) == "");
  }
}

TEST_CASE("derivative of xielu with beta = alpha_n: alpha_n e^x") {
  std::vector<double> xs = spread<double>(-650, 0, 1000);
  xs.push_back(-1e300);
  xs.push_back(-INFINITY);
  CHECK(beyond({{.alpha_n = 0.7, .beta = 0.7, .eps = -0.25}}, xs) == "");
}
