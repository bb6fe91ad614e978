#include <xact/derivative.hpp>
#include <xact/elu.hpp>
#include <xact/gelu_quick.hpp>
#include <xact/hard_swish.hpp>
#include <xact/mish.hpp>
#include <xact/softplus.hpp>
#include <xact/softsign.hpp>

#include "derivative_records.hpp"
#include "every_float.hpp"

template <class F> static void check(const F &f, const record &r) { exhaustive::check(xact::derivative(f), r); }

TEST_CASE("derivative of mish, every float") { check(xact::mish, records::mish_derivative); }
TEST_CASE("derivative of gelu_quick, every float") { check(xact::gelu_quick, records::gelu_quick_derivative); }
TEST_CASE("derivative of softplus, every float") { check(xact::softplus, records::softplus_derivative); }
TEST_CASE("derivative of softsign, every float") { check(xact::softsign, records::softsign_derivative); }
TEST_CASE("derivative of elu, every float") { check(xact::elu, records::elu_derivative); }
TEST_CASE("derivative of selu, every float") { check(xact::selu, records::selu_derivative); }
TEST_CASE("derivative of hard_swish, every float") { check(xact::hard_swish, records::hard_swish_derivative); }
