#pragma once

/// @file
/// Your own function of several ranges, in one pass.

#include <xact/concepts.hpp>
#include <xact/detail/call/mistakes.hpp>
#include <xact/rows.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// What `outputs` returns. It owns nothing.
template <class Y, class Z, bool Rows> struct outputs_t {
  row_view<Y> y;
  row_view<Z> z;
};

/// Two outputs of one call: two ranges, or two views of rows.
///
/// @code
/// std::vector<float> x(64, 2.0f), sine(64), cosine(64);
/// xact::transform([](auto v) { return std::pair(sin(v), cos(v)); }, x, xact::outputs(sine, cosine));
/// @endcode
template <class Y, class Z>
  requires detail::all_readable<Y, Z> && detail::output_argument<Y &&> && detail::output_argument<Z &&>
[[nodiscard]] inline auto outputs(Y &&y, Z &&z) noexcept {
  return outputs_t<detail::argument_element_t<Y>, detail::argument_element_t<Z>,
                   detail::is_rows<std::remove_cvref_t<Y>>>{detail::as_rows(y), detail::as_rows(z)};
}

XACT_REFUSES(outputs, (.least = 2, .most = 2, .outputs = 2), "xact: outputs(y, z): two ranges, or two views of rows")

namespace detail {

template <class Out> inline constexpr bool is_outputs = false;
template <class Y, class Z, bool Rows> inline constexpr bool is_outputs<outputs_t<Y, Z, Rows>> = true;

/// The type that f computes in, from all its arguments.
template <class Out, class... In> struct lane_of_call {
  using lane = native<compute_t<argument_element_t<Out>, argument_element_t<In>...>>;
};
template <class Y, class Z, bool Rows, class... In> struct lane_of_call<outputs_t<Y, Z, Rows>, In...> {
  using lane = native<compute_t<Y, Z, argument_element_t<In>...>>;
};

template <class F, class V, std::size_t... I>
concept gives_lane = requires(const F &f, const V &x) {
  { f((static_cast<void>(I), x)...) } -> std::convertible_to<V>;
};
template <class F, class V, std::size_t... I>
concept gives_two_lanes = requires(const F &f, const V &x) {
  { std::get<0>(f((static_cast<void>(I), x)...)) } -> std::convertible_to<V>;
  { std::get<1>(f((static_cast<void>(I), x)...)) } -> std::convertible_to<V>;
};

template <class F, class Out, class... In> consteval bool can_fuse() {
  using O = std::remove_cvref_t<Out>;
  if constexpr (sizeof...(In) < 1 || sizeof...(In) > 6) {
    return false;
  } else if constexpr (is_outputs<O>) {
    if constexpr (all_readable<In...>) {
      return []<std::size_t... I>(std::index_sequence<I...>) {
        return gives_two_lanes<F, typename lane_of_call<O, In...>::lane, I...>;
      }(std::index_sequence_for<In...>());
    } else {
      return false;
    }
  } else if constexpr (all_readable<Out, In...> && writable_argument<Out>) {
    return []<std::size_t... I>(std::index_sequence<I...>) {
      return gives_lane<F, typename lane_of_call<O, In...>::lane, I...>;
    }(std::index_sequence_for<In...>());
  } else {
    return false;
  }
}

/// can_fuse of arguments whose last is the output.
template <class F, class... Args> consteval bool can_transform() {
  return []<std::size_t... I>(std::index_sequence<I...>) {
    using list = std::tuple<Args...>;
    return can_fuse<F, std::tuple_element_t<sizeof...(I), list>, std::tuple_element_t<I, list>...>();
  }(std::make_index_sequence<sizeof...(Args) - 1>());
}

/// Argument I. Not by way of std::tuple, for views.hpp's reason.
template <std::size_t I, class First, class... Rest>
XACT_INLINE inline auto &argument_of(First &first, Rest &...rest) noexcept {
  if constexpr (I == 0) {
    return first;
  } else {
    return argument_of<I - 1>(rest...);
  }
}

/// What a caller's kernel returns as lanes: it may be any type that becomes them, as a constant does.
template <class V, class Y> XACT_INLINE inline V lanes_of(const Y &y) noexcept {
  if constexpr (std::is_arithmetic_v<Y>) {
    return V(static_cast<scalar_t<V>>(y));
  } else {
    return V(y);
  }
}
template <class F, class V, bool Two> struct returning_lanes {
  // A copy where that costs nothing, so that its parameters stay in registers (loop.hpp).
  std::conditional_t<std::is_trivially_copyable_v<F>, F, const F &> f;

  template <class... X> XACT_INLINE auto operator()(const X &...x) const {
    const auto y = f(x...);
    if constexpr (Two) {
      return std::pair<V, V>(lanes_of<V>(std::get<0>(y)), lanes_of<V>(std::get<1>(y)));
    } else {
      return lanes_of<V>(y);
    }
  }
};

/// Checks the arguments of a call, and calls run(views of the outputs, views of the inputs ...).
template <class Run, class Out, class... In> XACT_INLINE inline void with_views(const Run &run, Out &out, In &...in) {
  constexpr bool two = is_outputs<std::remove_cvref_t<Out>>;
  constexpr std::size_t n = sizeof...(In);
  const auto to = [&]() XACT_INLINE {
    if constexpr (two) {
      return writes(out.y, out.z);
    } else {
      return writes(as_rows(out));
    }
  }();
  const auto names = []<std::size_t... I>(std::index_sequence<I...>) {
    constexpr const char *inputs[] = {"first input",  "second input", "third input",
                                      "fourth input", "fifth input",  "sixth input"};
    if constexpr (two) {
      return call_names<n, 2>{"transform", {inputs[I]...}, {"first output", "second output"}};
    } else {
      return call_names<n, 1>{"transform", {n == 1 ? "in" : inputs[I]...}, {"out"}};
    }
  }(std::index_sequence_for<In...>());
  check_views(names, to, as_rows(in)...);
  run(to, as_rows(in)...);
}

template <class F, class Out, class... In> inline void transform_views(const F &f, Out &out, In &...in) {
  require_meaning(untiered(f));
  using O = std::remove_cvref_t<Out>;
  using V = typename lane_of_call<O, std::remove_cvref_t<In>...>::lane;
  constexpr bool two = is_outputs<O>;
  with_views(
      [&](const auto &to, const auto &...from) {
        map_views<V>(returning_lanes<F, V, two>{f}, std::conditional_t<two, two_pointers, one_pointer>(), to, from...);
      },
      out, in...);
}

} // namespace detail

/// Whether F maps lanes, one for each input, to a lane (or, for `outputs`, to a pair or an array of two): `transform`
/// takes it. The arguments are those of the call, the output last.
///
/// @code
/// const auto sum = [](auto v, auto w) { return v + w; };
/// static_assert(xact::fused_with<decltype(sum), std::vector<float> &, std::vector<float> &, std::vector<float> &>);
/// @endcode
template <class F, class... Args>
concept fused_with =
    sizeof...(Args) >= 2 && detail::can_transform<F, Args...>() && !detail::last_is_temporary<Args &&...>;

/// out[i] = f(in[i]...): your own fused kernel, `transform(f, in..., out)`, from one to six inputs, in one pass; with
/// `outputs(y, z)` for out, f returns a std::pair or std::array of two.
///
/// `f` is any callable generic over the lane: a lambda, a struct with a call operator, an activation, a function
/// template within a lambda, `[](auto v) { return f(v); }` (examples/own_activation.cpp has each). It gets an
/// `xsimd::batch` of float (of double when a range holds double), on machines without SIMD the scalar, and may call
/// activations and xsimd's functions on it. The ends of the arrays go through the same code. Element types may differ:
/// the value is computed in the widest and rounded once, so that a result of 16 or 8 bits errs by half a unit of its
/// last place and by what f's float does.
///
/// *Shapes*: all ranges of one length, or all `rows` of one shape; what lies between rows is neither read nor written.
/// @throws std::invalid_argument when shapes differ, an input and an output overlap without being the same, or two
///         outputs overlap; nothing has been written then.
///
/// @code
/// std::vector<float> x(64), bias(64), y(64);
/// xact::transform([](auto v, auto b) { return xact::silu(v + b); }, x, bias, y);
/// @endcode
template <class F, class... Args>
  requires fused_with<F, Args...>
inline void transform(const F &f, Args &&...args) {
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    detail::transform_views(f, detail::argument_of<sizeof...(I)>(args...), detail::argument_of<I>(args...)...);
  }(std::make_index_sequence<sizeof...(Args) - 1>());
}

XACT_REFUSES(transform, (.least = 2, .most = 7),
             "xact: transform(f, in..., out) takes one to six ranges or rows and one output, and gives f batches of "
             "them, of which f returns one (two where out is outputs(y, z)); f captures other numbers")

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
