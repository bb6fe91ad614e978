# What tests and benchmarks are made from: ISAs, for each of which a source is compiled once, and activations.
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$")
  set(xact_isas sse2 sse4.2 avx avx2 avx512 vbmi scalar)
  set(xact_flags_scalar -march=x86-64 -U__SSE2__) # xsimd then finds no architecture, and compilers' headers do not mind
  set(xact_flags_sse2 -march=x86-64)
  set(xact_flags_sse4.2 -march=x86-64-v2)
  set(xact_flags_avx -march=x86-64-v2 -mavx)
  set(xact_flags_avx2 -march=x86-64-v3)
  set(xact_flags_avx512 -march=x86-64-v4)
  set(xact_flags_vbmi -march=x86-64-v4 -mavx512ifma -mavx512vbmi -mavx512vbmi2 -mavx512vnni) # Ice Lake, Zen 4
  # These have little code that the others have not; tests/NAME.cpp that reach it.
  set(xact_files_sse4.2 float16 gelu quantize softmax)
  set(xact_files_avx ${xact_files_sse4.2})
  set(xact_files_vbmi ${xact_files_sse4.2})
  set(xact_files_scalar float16 gelu matrix)
  # Of these one ISA is enough: what they are about is the same code on each.
  set(xact_files_avx2_alone overlaps parameters)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    foreach(isa avx512 vbmi) # its intrinsics' fault, silenced in config.hpp; a precompiled header forgets that
      list(APPEND xact_flags_${isa} -Wno-uninitialized -Wno-maybe-uninitialized)
    endforeach()
  endif()
elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64|ARM64)$")
  set(xact_isas neon)
else()
  set(xact_isas baseline) # whatever CMAKE_CXX_FLAGS says
endif()
set(XACT_TEST_ISAS "${xact_isas}" CACHE STRING "The ISAs that tests and benchmarks are built for")
foreach(isa IN LISTS XACT_TEST_ISAS)
  if(NOT isa IN_LIST xact_isas)
    message(FATAL_ERROR "XACT_TEST_ISAS has '${isa}'; on ${CMAKE_SYSTEM_PROCESSOR} there are: ${xact_isas}")
  endif()
endforeach()

# The names of the one list.
file(STRINGS include/xact/activations.hpp xact_activations REGEX "detail::entry\\([a-z]")
list(TRANSFORM xact_activations REPLACE "^.*entry\\(([a-z0-9_]+),.*$" "\\1")

# Of the headers. clang's -Wdouble-promotion minds arguments too, of the tests' own code a hundred: xact_build_for drops it.
set(xact_warnings -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wdouble-promotion)

# A CPU may lack an ISA: `run-on-isa avx512 program ...` says so and exits with 4, which CTest is told to call "skipped"
# (and Catch2 gives for a run in which every test was skipped). It is compiled without any ISA flag, unlike the program.
set(xact_skipped 4)
if("avx2" IN_LIST xact_isas)
  add_executable(run-on-isa tests/run_on_isa/main.cpp)
  target_compile_options(run-on-isa PRIVATE ${xact_warnings} -march=x86-64)
  target_compile_features(run-on-isa PRIVATE cxx_std_20)
  set(xact_run_on_isa run-on-isa)
endif()

# Builds `target` with xact for `isa`, warnings on.
function(xact_build_for target isa)
  target_link_libraries(${target} PRIVATE xact::xact)
  target_compile_options(${target} PRIVATE ${xact_warnings} ${xact_flags_${isa}}
    $<$<CXX_COMPILER_ID:Clang>:-Wno-double-promotion>)
endfunction()

# Registers a run of `target` as the test `name`; skipped where the CPU lacks `isa`.
function(xact_add_test name target isa)
  if(xact_run_on_isa)
    add_test(NAME ${name} COMMAND run-on-isa ${isa} $<TARGET_FILE:${target}> ${ARGN})
    add_dependencies(${target} run-on-isa)
  else()
    add_test(NAME ${name} COMMAND ${target} ${ARGN})
  endif()
  set_tests_properties(${name} PROPERTIES SKIP_RETURN_CODE ${xact_skipped} TIMEOUT 1200)
endfunction()
