# One program for CPUs of several ISAs: their flags, and the function that compiles a project's own files for each.

if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$" AND CMAKE_SIZEOF_VOID_P EQUAL 8)
  set(xact_dispatch_isas sse2 avx2 avx512)
elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64|ARM64)$")
  set(xact_dispatch_isas neon)
else()
  set(xact_dispatch_isas baseline) # whatever CMAKE_CXX_FLAGS says
endif()
set(XACT_DISPATCH_ISAS "${xact_dispatch_isas}" CACHE STRING "The ISAs of xact::dispatch and xact_target_isas, the baseline first")

# The last flag of a kind counts: whatever the parent project sets, an ISA gets its own. (Without a red zone the offsets of
# what AVX-512 spills are multiples of 64 from the stack pointer, and take one byte in place of four: 2 % of the code.)
set(xact_isa_flags_sse2 -march=x86-64 -mno-sse3)
set(xact_isa_flags_avx2 -march=x86-64 -mno-avx512f -mavx2 -mfma -mf16c)
set(xact_isa_flags_avx512 -march=x86-64 -mavx2 -mfma -mf16c -mavx512f -mavx512cd -mavx512bw -mavx512dq -mavx512vl -mno-red-zone)
foreach(isa IN LISTS XACT_DISPATCH_ISAS)
  if(NOT isa IN_LIST xact_dispatch_isas)
    message(FATAL_ERROR "XACT_DISPATCH_ISAS has '${isa}'; on ${CMAKE_SYSTEM_PROCESSOR} there are: ${xact_dispatch_isas}")
  endif()
endforeach()

set(xact_isa_flags -O2 -fno-fast-math) # in Debug builds, too

# xact_target_isas(<target> SOURCES <file> ...): compiles the files, which are C++, once for each of XACT_DISPATCH_ISAS, and
# gives the target the header <xact_isas.hpp>. What a file defines in the namespace XACT_ISA_NAMESPACE,
#     namespace XACT_ISA_NAMESPACE { void kernel(std::span<float> x) { ... } }
# is declared by XACT_ISAS(void kernel(std::span<float> x);) and XACT_PICK(kernel) points to that of the best ISA, which is
# chosen as xact::dispatch chooses it. All else that the files define should be static: it is there once an ISA.
function(xact_target_isas target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES")
  if(NOT arg_SOURCES OR arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "xact_target_isas(<target> SOURCES <file> ...): not '${ARGN}'")
  endif()
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/xact_isas/${target})
  string(MAKE_C_IDENTIFIER ${target} name)
  foreach(isa IN LISTS XACT_DISPATCH_ISAS)
    foreach(source IN LISTS arg_SOURCES)
      cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
      cmake_path(GET source STEM stem)
      file(CONFIGURE OUTPUT ${folder}/${isa}/${stem}.cpp CONTENT "#include \"${source}\"\n")
      set_source_files_properties(${folder}/${isa}/${stem}.cpp TARGET_DIRECTORY ${target} PROPERTIES
        COMPILE_DEFINITIONS XACT_ISA_NAMESPACE=${isa} COMPILE_OPTIONS "${xact_isa_flags};${xact_isa_flags_${isa}}")
      target_sources(${target} PRIVATE ${folder}/${isa}/${stem}.cpp)
    endforeach()
  endforeach()
  list(GET XACT_DISPATCH_ISAS 0 baseline)
  list(TRANSFORM XACT_DISPATCH_ISAS REPLACE ".+" "namespace \\0 { __VA_ARGS__ }" OUTPUT_VARIABLE declarations)
  list(TRANSFORM XACT_DISPATCH_ISAS REPLACE ".+" "&\\0::function" OUTPUT_VARIABLE functions)
  list(JOIN declarations " " declarations)
  list(JOIN functions ", " functions)
  list(JOIN XACT_DISPATCH_ISAS "\", \"" names)
  file(CONFIGURE OUTPUT ${folder}/xact_isas.hpp @ONLY CONTENT [[
#pragma once

#include <cstddef>

std::size_t xact_isa_of_@name@();

#define XACT_ISAS(...) @declarations@
#define XACT_PICK(function) ([] { \
    constexpr decltype(&@baseline@::function) all[] = {@functions@}; \
    return all[xact_isa_of_@name@()]; \
  }())
]])
  file(CONFIGURE OUTPUT ${folder}/chooser.cpp @ONLY CONTENT [[
#include "xact_isas.hpp"

#include <xact/detail/dispatch/cpu.cpp>

std::size_t xact_isa_of_@name@() {
  static constexpr const char *names[] = {"@names@"};
  static const std::size_t chosen = choose_isa(names, sizeof names / sizeof *names);
  return chosen;
}
]])
  set_source_files_properties(${folder}/chooser.cpp TARGET_DIRECTORY ${target} PROPERTIES
    COMPILE_OPTIONS "${xact_isa_flags};${xact_isa_flags_${baseline}}")
  target_sources(${target} PRIVATE ${folder}/chooser.cpp)
  target_include_directories(${target} PRIVATE ${folder})
  target_link_libraries(${target} PRIVATE xact::xact)
endfunction()
