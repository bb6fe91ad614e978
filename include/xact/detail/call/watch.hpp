#pragma once

/// @file
/// Operations whose results are looked at part by part, while they are in the first cache.

#include <xact/detail/call/forms.hpp>
#include <xact/detail/call/inspect.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// Two interleaved elements: looked at as twice as many elements.
template <class E> struct pair_of {
  E first, second;
};
template <class E> struct inspected_type {
  using type = E;
};
template <class E> struct inspected_type<pair_of<E>> {
  using type = E;
};
template <class E> using inspector_of = inspector<typename inspected_type<E>::type>;
template <class E> inline void look_at(inspector<E> &look, const E *from, std::size_t n, std::size_t first) noexcept {
  look(from, n, first);
}
template <class E>
inline void look_at(inspector<E> &look, const pair_of<E> *from, std::size_t n, std::size_t first) noexcept {
  look(reinterpret_cast<const E *>(from), 2 * n, 2 * first);
}

template <class E> XACT_INLINE inline row_view<E> one_row_of(E *row, std::size_t n) noexcept { return {row, 1, n, n}; }

/// n interleaved pairs as one row of them, and as one row of elements.
template <class E> inline row_view<pair_of<std::remove_const_t<E>>> pairs_of(E *row, std::size_t n) noexcept {
  using Pair = pair_of<std::remove_const_t<E>>;
  return {reinterpret_cast<Pair *>(const_cast<std::remove_const_t<E> *>(row)), 1, n, n};
}
template <class E> inline row_view<E> elements_of(const row_view<pair_of<E>> &pairs) noexcept {
  return one_row_of(reinterpret_cast<E *>(pairs.data), 2 * pairs.columns);
}
template <class E> inline std::span<E> as_span(const row_view<E> &row) noexcept { return {row.data, row.columns}; }

/// Where a loop writes numbers past the caches, adding them to extremes. Of a register that the loop writes again in
/// part some count twice, which does not change them.
template <class E> struct stream_and_extremes {
  E *at;
  code_extremes<typename inspector<E>::C> *seen;

  XACT_INLINE stream_and_extremes operator+(std::size_t n) const noexcept { return {at + n, seen}; }
};
template <class V> XACT_INLINE inline void add_to(code_extremes<integer_t<V>> &seen, const V &x) noexcept {
  seen.add(as_integer(x));
}
template <class V, std::size_t N>
XACT_INLINE inline void add_to(code_extremes<integer_t<V>> &seen, const pack<V, N> &x) noexcept {
  code_extremes<integer_t<V>> all = seen;
  each_index<N / 2>([&](auto k) XACT_INLINE { all.add(as_integer(x.part[2 * k]), as_integer(x.part[2 * k + 1])); });
  if constexpr (N % 2 != 0) {
    all.add(as_integer(x.part[N - 1]));
  }
  seen = all;
}
template <class X, class E> XACT_INLINE inline void store_lanes(const X &x, const stream_and_extremes<E> &to) noexcept {
  stream_lanes(x, to.at);
  add_to(*to.seen, x);
}
template <class V, std::size_t N, class E>
XACT_INLINE inline void store_lanes(const pack<V, N> &x, const stream_and_extremes<E> &to) noexcept {
  store_lanes<pack<V, N>, E>(x, to);
}
template <class V, class E>
XACT_INLINE inline void store_first(const V &x, const stream_and_extremes<E> &to, std::size_t n) noexcept {
  store_first(x, to.at, n);
}

/// What an operation with one or two outputs writes, for a census: merged into it at the end of the call.
template <class... Out> struct watcher;
template <class Y> struct watcher<Y> {
  census &seen;
  inspector_of<Y> first = {};

  void look(const std::size_t (&index)[1], std::size_t i, std::size_t n, const Y *y) noexcept {
    look_at(first, y, n, index[0] + i);
  }
  bool expects_special() const noexcept { return first.expects_special(); }
  void finish() noexcept { seen.merge(first.result()); }
};
template <class Y, class Z> struct watcher<Y, Z> {
  census &seen;
  inspector_of<Y> first = {};
  inspector_of<Z> second = {};

  void look(const std::size_t (&index)[2], std::size_t i, std::size_t n, const Y *y, const Z *z) noexcept {
    look_at(first, y, n, index[0] + i);
    look_at(second, z, n, index[1] + i);
  }
  void finish() noexcept {
    seen.merge(first.result());
    seen.merge(second.result());
  }
};

/// run(parts of in ..., parts of out ...) for all elements of rows of one shape, and a look at each part. The index of
/// an output's first element is `first`. Of no elements there is one part too, for run's checks of its options.
///
/// A part is 8 KiB of output that begins where a line does. What map would stream, and is not read, goes in parts of
/// 4 KiB, so that the memory hardly waits for the look: through a buffer, or by `run.stream`, which sees what it
/// writes, until it has seen something special. (Zen 4, g++ 12, AVX-512, 8M floats: silu without streaming takes 1.6
/// times the plain call's time, through buffers 1.26 to 1.5, seen by its loop 1.15; relu through buffers 1.06, of 8
/// KiB 1.7. In cache to look afterwards is quicker: tanh with AVX2 1.24, seen by its loop 1.44.)
template <class... Out, class Run, class... In>
inline void run_watched(watcher<Out...> &watch, const std::size_t (&first)[sizeof...(Out)], bool is_read,
                        const Run &run, const written_rows<Out...> &out, const row_view<In> &...in) {
  using O = std::remove_cvref_t<decltype(*out.first.data)>;
  constexpr bool can = sizeof...(Out) == 1 && can_stream<native<O>, O>;
  const row_view<O> &shape = out.first;
  const bool whole = ((in.stride == in.columns) && ...) &&
                     out.each([](const auto &...each) { return ((each.stride == each.columns) && ...); });
  const std::size_t rows = whole || shape.count == 0 ? 1 : shape.count;
  const std::size_t columns = whole ? shape.count * shape.columns : shape.count == 0 ? 0 : shape.columns;
  const bool streams = can && !is_read && columns * sizeof(O) >= streamed_bytes &&
                       ((static_cast<const void *>(in.data) != shape.data) && ...);
  constexpr std::size_t streamed = 4096 / sizeof(O);
  const std::size_t most = streams ? streamed : 2 * streamed;
  const auto look = [&](std::size_t r, std::size_t i, std::size_t part, const Out *...at) {
    watch.look(first, r * columns + i, part, at...);
  };
  const auto run_part = [&](std::size_t r, std::size_t i, std::size_t part, Out *...to) {
    run(one_row_of(in[r] + i, part)..., one_row_of(to, part)...);
  };
  for (std::size_t r = 0; r < rows; ++r) {
    std::size_t i = 0;
    do {
      const std::size_t off = reinterpret_cast<std::uintptr_t>(shape[r] + i) / sizeof(O) % (64 / sizeof(O));
      const std::size_t part = most - off < columns - i ? most - off : columns - i;
      if constexpr (can) {
        if (streams && part == most) {
          O *const to = shape[r] + i;
          __builtin_prefetch(to + most); // a page ahead and one and a half, as map does
          __builtin_prefetch(to + most + most / 2);
          bool direct = false;
          if constexpr (requires { run.stream(one_row_of(in[r], part)..., one_row_of(to, part)); }) {
            if (!watch.expects_special()) {
              direct = true;
              if (!run.stream(one_row_of(in[r] + i, part)..., one_row_of(to, part))) {
                end_of_stream();
                look(r, i, part, to);
              }
            }
          }
          if (!direct) {
            alignas(64) O buffer[streamed];
            run_part(r, i, part, buffer);
            look(r, i, part, buffer);
            map_part<native<O>>([](const auto &x) XACT_INLINE { return x; }, true, part, to,
                                static_cast<const O *>(buffer));
          }
          i += part;
          continue;
        }
      }
      out.each([&](const auto &...each) {
        run_part(r, i, part, each[r] + i...);
        look(r, i, part, each[r] + i...);
      });
      i += part;
    } while (i < columns);
  }
  if (streams) {
    end_of_stream();
  }
}

/// The same for a whole call.
template <class... Out, class Run, class... In>
inline void watch_views(census &seen, bool is_read, const Run &run, const written_rows<Out...> &out,
                        const row_view<In> &...in) {
  watcher<Out...> watch{seen};
  run_watched(watch, {(static_cast<void>(sizeof(Out)), std::size_t{0})...}, is_read, run, out, in...);
  watch.finish();
}

/// An activation's call, which sees what it streams where that is of its lanes' type.
template <class F, class In, class Out> struct watched_run {
  const F &f;
  inspector_of<Out> &look;

  void operator()(const row_view<In> &x, const row_view<Out> &y) const { call(f, x, y); }

  bool stream(const row_view<In> &x, const row_view<Out> &y) const
    requires std::same_as<Out, compute_t<std::remove_cv_t<In>, Out>>
  {
    using E = std::remove_cv_t<In>;
    auto extremes = look.extremes();
    with_constants(f, [&](const auto &g) {
      map<native<Out>>(kernel_into<Out, E>(g), y.columns, stream_and_extremes<Out>{y.data, &extremes},
                       static_cast<const E *>(x.data));
    });
    return look.accepts(extremes, y.columns);
  }
};
template <class F, class In, class Out>
inline void watch_call(census &seen, const F &f, const row_view<In> &in, const row_view<Out> &out) {
  watcher<Out> watch{seen};
  run_watched(watch, {0}, false, watched_run<F, In, Out>{f, watch.first}, writes(out), in);
  watch.finish();
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
