# The umbrella header under flags that users have: without exceptions and RTTI it compiles without a warning; where
# -ffast-math breaks the promises it stops the build with a sentence.

# header_test(<name> <flags> ...)
function(header_test name)
  add_test(NAME header/${name} COMMAND ${CMAKE_CXX_COMPILER} -std=c++20 -fsyntax-only ${xact_warnings} -Werror ${ARGN}
    -I${PROJECT_SOURCE_DIR}/include "-isystem$<JOIN:$<TARGET_PROPERTY:xsimd,INTERFACE_INCLUDE_DIRECTORIES>,;-isystem>"
    -include xact/xact.hpp -x c++ /dev/null COMMAND_EXPAND_LISTS)
endfunction()

header_test(no-exceptions -fno-exceptions -fno-rtti)
header_test(no-exceptions-avx2 -fno-exceptions -fno-rtti ${xact_flags_avx2})

set(refused -ffast-math -Ofast -ffinite-math-only)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU") # clang defines no macro for these
  list(APPEND refused "-ffast-math -fno-finite-math-only" -funsafe-math-optimizations -fno-signed-zeros)
endif()
foreach(flags IN LISTS refused)
  string(REPLACE " " "" name "refused${flags}")
  separate_arguments(flags UNIX_COMMAND "${flags}")
  header_test(${name} ${flags})
  set_tests_properties(header/${name} PROPERTIES PASS_REGULAR_EXPRESSION "#error \"?xact: -ffast-math|error: \"?xact: -ffast-math")
endforeach()
