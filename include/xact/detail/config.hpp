#pragma once

/// @file
/// What every header starts from: the compiler modes that xact refuses, the name of the ISA it is compiled for, and the
/// attributes that compilers spell differently. All of xact's macros stand here.

#if __cplusplus < 202002L
#error "xact needs C++20: compile this with -std=c++20 (CMake: target_compile_features(your_target PUBLIC cxx_std_20))"
#endif

// The version, in one place; CMake reads it from here. Before 1.0 a new minor version may break what was there, a new
// patch may not.
#define XACT_VERSION_MAJOR 0
#define XACT_VERSION_MINOR 1
#define XACT_VERSION_PATCH 0

/// Forced inlining, of functions and of lambdas (after their parameters). Kernels are made of many small functions, of
/// which clang 14 would leave some out of line; g++ 12 needs none of it for speed.
#define XACT_INLINE __attribute__((always_inline))

// clang-format off
/// Calls that make no sense, and what the compiler's first lines say of each (call/mistakes.hpp). That of a call which is
/// wrong in none of these ways tells how the operation is called: its own words.
#define XACT_MISTAKES(each) \
  each(integer, "xact: an activation takes no integer: write f(float(x)); for int8, uint8 and int4 see tabulate") \
  each(integers, "xact: a range of integers: convert it to float; for int8, uint8 and int4 see tabulate") \
  each(bits, "xact: a range of 16-bit integers: write as_float16(range) or as_bfloat16(range) if they are such bits") \
  each(pointer, "xact: a pointer has no length: write f(std::span(p, n)) or f(std::span(p, n), std::span(q, n))") \
  each(list, "xact: a braced list is no range of known type: write std::array{1.0f, 2.0f} or std::vector{1.0f, 2.0f}") \
  each(scattered, "xact: only contiguous ranges: std::vector (not of bool), std::array, std::span, C arrays") \
  each(constant, "xact: the output is const: the order is f(in, out), and f(inout) overwrites its argument") \
  each(temporary, "xact: the output is a temporary: write into a variable, as in std::vector<float> y(n); f(x, y)") \
  each(exact_double, "xact: exact(f) is for float and narrower types: write accurate(f) for double") \
  each(mixed_rows, "xact: rows beside a plain range: write rows(range, columns) for both") \
  each(value_beside_range, "xact: the order is f(in, out); ranges know their lengths, and a parameter is a member, " \
                           "as in leaky_relu_t{.negative_slope = 0.2}(in, out)") \
  each(element, "xact: elements are float, double, float16, bfloat16, float8_e4m3 or float8_e5m2: convert others") \
  each(other_rows, "xact: softmax and its kin are called as f(in, out, options) or f(inout, options), of ranges or rows")
#define XACT_OTHER "xact: an activation is called as f(x), f(in, out) or f(inout), of floats or ranges or rows of them"

/// `declaration` of what is to be refused, a template of `head` where `condition` holds, and its call as a type. Such
/// overloads leave concepts and std::is_invocable false, as clang's diagnose_if and a deleted function both do; each
/// compiler prints one of them with the sentence. Arguments in parentheses may hold commas. REFUSED_WITH: with these words,
/// whatever the call; constructors too, of which clang 14 minds neither diagnose_if nor, inside of braces, a deletion.
#define XACT_UNPACKED_(...) __VA_ARGS__
#if defined(__clang__)
#define XACT_MISTAKE_(kind, words) __attribute__((diagnose_if( \
    ::xact::detail::mistake_of<seen> == ::xact::detail::mistake::kind, words, "error")))
#define XACT_REFUSED(head, condition, declaration, call, words) \
  _Pragma("clang diagnostic push") _Pragma("clang diagnostic ignored \"-Wgcc-compat\"") \
  template <XACT_UNPACKED_ head, class seen = ::xact::detail::call_of<XACT_UNPACKED_ call>> requires condition \
  void declaration XACT_MISTAKES(XACT_MISTAKE_) XACT_MISTAKE_(other, words); \
  _Pragma("clang diagnostic pop")
#define XACT_REFUSED_WITH(words, head, condition, declaration) \
  template <XACT_UNPACKED_ head> requires condition __attribute__((unavailable(words))) declaration;
#else
#define XACT_REFUSED_WITH(words, head, condition, declaration) \
  template <XACT_UNPACKED_ head, class = ::xact::detail::refused_call<words>> requires condition declaration = delete;
#define XACT_REFUSED(head, condition, declaration, call, words) \
  template <XACT_UNPACKED_ head> requires condition \
  ::xact::detail::refusal_of<XACT_UNPACKED_ call> declaration = delete;
#endif
/// What a member of softmax_state refuses: calls for which taken<Args...> is false, braced lists, options in braces.
#define XACT_REFUSED_PIECES(words, function, taken) \
  XACT_REFUSED_WITH(words, (class... Args), (!taken<Args &&...>), void function(Args &&...) const) \
  XACT_REFUSED_WITH(words, (class T, class... Args), (true), void function(std::initializer_list<T>, Args &&...) const) \
  XACT_REFUSED_WITH(words, (class A), (!taken<A &&>), void function(A &&, const softmax_options &) const) \
  XACT_REFUSED_WITH(words, (class A, class B), (!taken<A &&, B &&>), void function(A &&, B &&, const softmax_options &) const) \
  XACT_REFUSED_WITH(words, (class A, class B, class C), (!taken<A &&, B &&, C &&>), \
                    void function(A &&, B &&, C &&, const softmax_options &) const)

/// What `type` refuses: calls for which taken<type, Args...> is false, braced lists, and (BEFORE) calls with options in
/// braces.
#define XACT_OWN_REFUSALS(type, taken, words) \
  XACT_REFUSED((class... Args), (!taken<type, Args &&...>), operator()(Args &&...) const, (type, Args &&...), words) \
  XACT_REFUSED((class Element, class... Args), (true), \
               operator()(std::initializer_list<Element>, Args &&...) const, (type, std::initializer_list<Element>), words)
#define XACT_OWN_REFUSALS_BEFORE(options, type, taken, words) \
  XACT_REFUSED((class A), (!taken<type, A &&, options>), operator()(A &&, const options &) const, (type, A &&), words) \
  XACT_REFUSED((class A, class B), (!taken<type, A &&, B &&, options>), \
               operator()(A &&, B &&, const options &) const, (type, A &&, B &&), words)
/// The same of what says how it is called: the form of its calls, `how` of n ranges, and its words.
#define XACT_CALLED_AS(type, taken, how, text) \
  static constexpr ::xact::detail::sentence words = text; \
  static constexpr ::xact::detail::arguments_form form([[maybe_unused]] std::size_t n) { return {XACT_UNPACKED_ how}; } \
  XACT_OWN_REFUSALS(type, taken, text)
#define XACT_CALLED_AS_BEFORE(options, type, taken, how, text) \
  XACT_CALLED_AS(type, taken, how, text) \
  XACT_OWN_REFUSALS_BEFORE(options, type, taken, text)
#define XACT_REFUSALS(type, taken) XACT_OWN_REFUSALS(type, taken, XACT_OTHER)
#define XACT_REFUSALS_BEFORE(options, type, taken) XACT_OWN_REFUSALS_BEFORE(options, type, taken, XACT_OTHER)

/// What a free function refuses: calls `function arguments values` of arguments of `types`, where `when` holds, that no
/// overload above this line takes: a qualified name is looked up here, so that the new overload does not see itself.
/// It does not see those below either: `when` is false of what they take, as the first argument tells, or their calls
/// are ambiguous, which no program that makes one survives. What stands above is the same in every file, because the
/// header that refuses includes it.
#define XACT_REFUSED_CALL(function, arguments, head, when, types, values, form, words) \
  XACT_REFUSED(head, (when && !requires { ::xact::function arguments values; }), function types, \
               (form, XACT_UNPACKED_ types), words)
/// Any arguments, and braced lists in the first two places; and all of that with the form of the calls, `how`.
#define XACT_REFUSALS_OF(function, when, form, words) \
  XACT_REFUSED_CALL(function, , (class... Args), when<Args...>, (Args &&...), (std::declval<Args>()...), form, words)
#define XACT_REFUSED_LISTS(function, form) \
  XACT_REFUSED((class T, class... Args), (true), function(std::initializer_list<T>, Args &&...), \
               (form, std::initializer_list<T>), XACT_OTHER) \
  XACT_REFUSED((class A, class T, class... Args), (true), function(A &&, std::initializer_list<T>, Args &&...), \
               (form, std::initializer_list<T>), XACT_OTHER)
#define XACT_FORM(name, how, text) \
  namespace detail \
  { \
  struct name { \
    static constexpr sentence words = text; \
    static constexpr arguments_form form([[maybe_unused]] std::size_t n) { return {XACT_UNPACKED_ how}; } \
  }; \
  }
#define XACT_REFUSES_WHERE(function, when, name, how, words) \
  XACT_FORM(name, how, words) \
  XACT_REFUSALS_OF(function, when, detail::name, words)
/// And of gradients, whose three ranges may have options in braces behind them.
#define XACT_REFUSES_GRADIENTS(function, when, options, name, how, words) \
  XACT_REFUSES_WHERE(function, when, name, how, words) \
  XACT_REFUSED_CALL(function, , (class F, class A, class B, class C), when<F>, \
                    (const F &, A &&, B &&, C &&, const options &), \
                    (std::declval<const F &>(), std::declval<A>(), std::declval<B>(), std::declval<C>(), options()), \
                    detail::name, words)
#define XACT_REFUSES(function, how, words) \
  XACT_REFUSES_WHERE(function, detail::is_unwatched, function##_form, how, words) \
  XACT_REFUSED_LISTS(function, detail::function##_form)

/// The call forms of an activation with parameters, which activation<...> gives to those without. With a base class g++
/// would warn at every designated initializer of a user's (-Wmissing-field-initializers).
#define XACT_CALL_FORMS(type) \
  template <class... Args> requires ::xact::callable_with<type, Args &&...> \
  XACT_INLINE decltype(auto) operator()(Args &&...args) const noexcept(::xact::detail::is_value_call<Args...>) { \
    return ::xact::detail::call_form(static_cast<const type &>(*this), args...); \
  } \
  XACT_REFUSALS(type, ::xact::callable_with)
// clang-format on

// Two files compiled with different -m flags, or one with exceptions and one without, must not share a symbol: the
// linker keeps one copy, and the other file then runs instructions that its CPU may lack. All of xact therefore lives
// in an inline namespace that is named after what the compiler may use.
#if defined(__x86_64__) || defined(__i386__)
#if defined(__AVX512FP16__)
#define XACT_VERSION_ISA avx512fp16
#elif defined(__AVX512VBMI2__) && defined(__AVX512BF16__)
#define XACT_VERSION_ISA avx512vbmi2_bf16
#elif defined(__AVX512VBMI2__)
#define XACT_VERSION_ISA avx512vbmi2
#elif defined(__AVX512VBMI__)
#define XACT_VERSION_ISA avx512vbmi
#elif defined(__AVX512BW__) && defined(__AVX512VL__)
#define XACT_VERSION_ISA avx512bw_vl
#elif defined(__AVX512BW__)
#define XACT_VERSION_ISA avx512bw
#elif defined(__AVX512DQ__)
#define XACT_VERSION_ISA avx512dq
#elif defined(__AVX512F__)
#define XACT_VERSION_ISA avx512f
#elif defined(__AVXVNNI__)
#define XACT_VERSION_ISA avxvnni
#elif defined(__AVX2__) && defined(__FMA__) && defined(__F16C__)
#define XACT_VERSION_ISA avx2_fma_f16c
#elif defined(__AVX2__) && defined(__FMA__)
#define XACT_VERSION_ISA avx2_fma
#elif defined(__AVX2__)
#define XACT_VERSION_ISA avx2
#elif defined(__AVX__) && defined(__FMA__)
#define XACT_VERSION_ISA avx_fma
#elif defined(__AVX__) && defined(__FMA4__)
#define XACT_VERSION_ISA avx_fma4
#elif defined(__AVX__)
#define XACT_VERSION_ISA avx
#elif defined(__SSE4_2__)
#define XACT_VERSION_ISA sse4_2
#elif defined(__SSE4_1__)
#define XACT_VERSION_ISA sse4_1
#elif defined(__SSSE3__)
#define XACT_VERSION_ISA ssse3
#elif defined(__SSE3__)
#define XACT_VERSION_ISA sse3
#elif defined(__SSE2__)
#define XACT_VERSION_ISA sse2
#else
#define XACT_VERSION_ISA x87
#endif
#elif defined(__ARM_FEATURE_SVE_BITS) && __ARM_FEATURE_SVE_BITS == 512
#define XACT_VERSION_ISA sve512
#elif defined(__ARM_FEATURE_SVE_BITS) && __ARM_FEATURE_SVE_BITS == 256
#define XACT_VERSION_ISA sve256
#elif defined(__ARM_FEATURE_SVE_BITS) && __ARM_FEATURE_SVE_BITS == 128
#define XACT_VERSION_ISA sve128
#elif defined(__ARM_FEATURE_FP16_VECTOR_ARITHMETIC)
#define XACT_VERSION_ISA neon_fp16
#elif defined(__ARM_NEON)
#define XACT_VERSION_ISA neon
#elif defined(__riscv_v_fixed_vlen) && __riscv_v_fixed_vlen == 512
#define XACT_VERSION_ISA rvv512
#elif defined(__riscv_v_fixed_vlen) && __riscv_v_fixed_vlen == 256
#define XACT_VERSION_ISA rvv256
#elif defined(__riscv_v_fixed_vlen)
#define XACT_VERSION_ISA rvv128
#elif defined(__VSX__)
#define XACT_VERSION_ISA vsx
#elif defined(__VX__)
#define XACT_VERSION_ISA vxe
#elif defined(__wasm_simd128__)
#define XACT_VERSION_ISA wasm128
#else
#define XACT_VERSION_ISA generic
#endif

#if defined(__cpp_exceptions)
#define XACT_VERSION_ERRORS throws
#else
#define XACT_VERSION_ERRORS aborts
#endif

#define XACT_VERSION_PASTE_(major, isa, errors) v##major##_##isa##_##errors
#define XACT_VERSION_PASTE(major, isa, errors) XACT_VERSION_PASTE_(major, isa, errors)
#define XACT_VERSION_NAMESPACE XACT_VERSION_PASTE(XACT_VERSION_MAJOR, XACT_VERSION_ISA, XACT_VERSION_ERRORS)

// Types that may stand in the signature of a function between two files of different flags: their layout hangs on no
// flag, and neither does their name.
#define XACT_TYPES_PASTE_(major) v##major##_types
#define XACT_TYPES_PASTE(major) XACT_TYPES_PASTE_(major)
#define XACT_TYPES_NAMESPACE XACT_TYPES_PASTE(XACT_VERSION_MAJOR)
