#include <xact/derivative.hpp>
#include <xact/gelu.hpp>
#include <xact/sigmoid.hpp>
#include <xact/silu.hpp>
#include <xact/tanh.hpp>

#include "derivative_records.hpp"
#include "every_float.hpp"

template <class F> static void check(const F &f, const record &r) { exhaustive::check(xact::derivative(f), r); }

TEST_CASE("derivative of sigmoid, every float") { check(xact::sigmoid, records::sigmoid_derivative); }
TEST_CASE("derivative of tanh, every float") { check(xact::tanh, records::tanh_derivative); }
TEST_CASE("derivative of silu, every float") { check(xact::silu, records::silu_derivative); }
TEST_CASE("derivative of gelu, every float") { check(xact::gelu, records::gelu_derivative); }
TEST_CASE("derivative of gelu_tanh, every float") { check(xact::gelu_tanh, records::gelu_tanh_derivative); }
