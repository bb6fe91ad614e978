// Every cell of the matrix for one operation, OPERATION by its number: each adaptor, form and element type,
// instantiated, or refused by a concept. After the activations of the list come one of one's own and the softmax
// family. How many are taken is pinned: one less is a hole.

#include "../matrix.hpp"

namespace {

using namespace matrix;

template <std::size_t I> using type_at = std::tuple_element_t<I, element_types>;
template <std::size_t Type> arguments<typename type_at<Type>::in, typename type_at<Type>::out> given;

template <std::size_t Operation, std::size_t Form, std::size_t Type, std::size_t Adaptor> void call() {
  std::get<Form>(forms)(std::get<Adaptor>(adaptors)(std::get<Operation>(operations).f), given<Type>);
}
template <std::size_t Operation, std::size_t Form, std::size_t Type, std::size_t Adaptor> constexpr bool instantiate() {
  if constexpr (has_cell<Operation, Form, Adaptor, decltype(given<Type>)>)
    return &call<Operation, Form, Type, Adaptor> != nullptr; // its body is instantiated by that
  else
    return false;
}

template <std::size_t Operation, std::size_t Form, std::size_t Type> void call_rows() {
  std::get<Form>(row_forms)(std::get<Operation>(row_operations), given<Type>);
}
template <std::size_t Operation, std::size_t Form, std::size_t Type> constexpr bool instantiate_rows() {
  if constexpr (std::is_invocable_v<decltype(std::get<Form>(row_forms)), decltype(std::get<Operation>(row_operations)),
                                    decltype((given<Type>))>)
    return &call_rows<Operation, Form, Type> != nullptr;
  else
    return false;
}

/// How many are true; a fold has too many terms for clang.
template <class... T> constexpr int count_true(T... each) {
  int n = 0;
  for (const bool one : {each...})
    n += one;
  return n;
}

template <std::size_t Operation> constexpr int taken() {
  if constexpr (Operation < operation_count) {
    return []<std::size_t... K>(std::index_sequence<K...>) {
      return count_true(
          instantiate<Operation, K % form_count, K / form_count % type_count, K / form_count / type_count>()...);
    }(std::make_index_sequence<form_count * type_count * adaptor_count>());
  } else {
    constexpr std::size_t n = std::tuple_size_v<decltype(row_forms)>;
    return []<std::size_t... K>(std::index_sequence<K...>) {
      return count_true(instantiate_rows<K / n / type_count, K % n, K / n % type_count>()...);
    }(std::make_index_sequence<n * type_count * std::tuple_size_v<decltype(row_operations)>>());
  }
}

template <int Is, int Wanted> constexpr bool pinned() {
  static_assert(Is == Wanted, "the number of cells that compile has changed");
  return true;
}
#if defined(XSIMD_NO_SUPPORTED_ARCHITECTURE)
constexpr int batches = 0, own_batches = 0;
#else
constexpr int batches = 14, own_batches = 12;
#endif
/// The derivative of some is an activation of the list, with a derivative itself.
template <std::size_t Operation> constexpr int of_derivative() {
  using D = decltype(xact::derivative(std::get<Operation>(operations).f));
  return xact::differentiable<D> ? 22 : 0;
}
template <std::size_t Operation> constexpr int wanted() {
  if constexpr (Operation < operation_count - 1) {
    return 490 + batches + of_derivative<Operation>(); // of 616
  } else {
    return Operation == operation_count - 1 ? 377 + own_batches : 620; // of 616, of 1089
  }
}
static_assert(pinned<taken<OPERATION>(), wanted<OPERATION>()>());

} // namespace
