# The umbrella header under flags and macros that users have: without exceptions and RTTI it compiles without a warning; where
# -ffast-math breaks the promises it stops the build with a sentence.

# header_test(<name> <flags> ...)
function(header_test name)
  add_test(NAME header/${name} COMMAND ${CMAKE_CXX_COMPILER} -std=c++20 -fsyntax-only ${xact_warnings} -Werror ${ARGN}
    -I${PROJECT_SOURCE_DIR}/include "-isystem$<JOIN:$<TARGET_PROPERTY:xsimd,INTERFACE_INCLUDE_DIRECTORIES>,;-isystem>"
    -include xact/xact.hpp -x c++ /dev/null COMMAND_EXPAND_LISTS)
endfunction()

header_test(no-exceptions -fno-exceptions -fno-rtti)
header_test(no-exceptions-avx2 -fno-exceptions -fno-rtti ${xact_flags_avx2})

set(refused -ffast-math -Ofast -ffinite-math-only "-ffast-math -fno-finite-math-only" -funsafe-math-optimizations
  -fno-signed-zeros)
foreach(flags IN LISTS refused)
  string(REPLACE " " "" name "refused${flags}")
  separate_arguments(flags UNIX_COMMAND "${flags}")
  header_test(${name} ${flags})
  set_tests_properties(header/${name} PROPERTIES PASS_REGULAR_EXPRESSION
    "error[: ]+\"?xact: -ffast-math|float_control.*xact: a part of -ffast-math")
endforeach()

# What the first three lines of the compiler's say. sentence_test(<name> <sentence> <source> <flags> ...)
function(sentence_test name sentence source)
  add_test(NAME sentence/${name} COMMAND sh -c "$@ 2>&1 | head -n 3" sh ${CMAKE_CXX_COMPILER} -fsyntax-only -fno-diagnostics-color
    -std=c++20 ${ARGN} -I${PROJECT_SOURCE_DIR}/include
    "-isystem$<JOIN:$<TARGET_PROPERTY:xsimd,INTERFACE_INCLUDE_DIRECTORIES>,;-isystem>"
    ${CMAKE_CURRENT_SOURCE_DIR}/compile/${source} COMMAND_EXPAND_LISTS)
  set_tests_properties(sentence/${name} PROPERTIES PASS_REGULAR_EXPRESSION "${sentence}")
endfunction()

sentence_test(c++17 "xact needs C\\+\\+20" mistakes.cpp -std=c++17 -DACTIVATION=xact::relu -DMISTAKE=0)
sentence_test(no-xsimd "xact needs xsimd 13.2 or newer" mistakes.cpp -I${CMAKE_CURRENT_SOURCE_DIR}/compile/old
  -DACTIVATION=xact::relu -DMISTAKE=0)
if("avx2" IN_LIST xact_isas)
  sentence_test(x87 "xact: float and double must be rounded after each operation" mistakes.cpp -m32 -mno-sse
    -DACTIVATION=xact::relu -DMISTAKE=0)
endif()
set(sentences
  "takes no integer: write f.float" # the mistakes of mistakes.cpp, by number
  "range of integers: convert it to float"
  "write as_float16.range"
  "write f.std::span.p, n"
  "write f.std::span.p, n"
  "write std::array"
  "only contiguous ranges: std::vector .not of bool"
  "the output is const: the order is f.in, out"
  "the output is const: .* f.inout. overwrites"
  "the output is a temporary: write into a variable"
  "works_in_place_and_returns_nothing_write_f_in_out"
  "works_in_place_and_returns_nothing_write_f_in_out"
  "write accurate.f. for double"
  "write rows.range, columns. for both"
  "ranges know their lengths"
  "a parameter is a member"
  "is called as f.x., f.in, out. or f.inout.")
set(activations_of_both_kinds base=xact::gelu "macro=xact::leaky_relu_t{.negative_slope=0.5}")
foreach(kind IN LISTS activations_of_both_kinds)
  string(REGEX MATCH "^([a-z]*)=(.*)$" kind "${kind}")
  set(activation "${CMAKE_MATCH_2}")
  set(name ${CMAKE_MATCH_1})
  set(number 0)
  foreach(sentence IN LISTS sentences)
    math(EXPR number "${number} + 1")
    sentence_test(${name}/${number} "${sentence}" mistakes.cpp "-DACTIVATION=${activation}" -DMISTAKE=${number})
  endforeach()
endforeach()

# The softmax family goes the same way: some of them, options in braces, and g++'s message for a mask of integers.
foreach(number IN ITEMS 5 10 14)
  math(EXPR at "${number} - 1")
  list(GET sentences ${at} sentence)
  sentence_test(rows/${number} "${sentence}" mistakes.cpp -DACTIVATION=xact::softmax -DMISTAKE=${number})
endforeach()
sentence_test(rows/1 "softmax and its kin are called as" mistakes.cpp -DACTIVATION=xact::softmax -DMISTAKE=1)
sentence_test(rows/19 "range of integers" mistakes.cpp -DACTIVATION=xact::softmax -DMISTAKE=19)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  sentence_test(rows/18 "a_mask_holds_bool" mistakes.cpp -DACTIVATION=xact::softmax -DMISTAKE=18)
endif()
# And gated units.
sentence_test(gated/20 "a gated unit is called as f.gate, up, out." mistakes.cpp -DACTIVATION=xact::swiglu -DMISTAKE=20)
sentence_test(gated/21 "range of integers" mistakes.cpp -DACTIVATION=xact::swiglu -DMISTAKE=21)
sentence_test(gated/22 "the output is a temporary" mistakes.cpp -DACTIVATION=xact::swiglu -DMISTAKE=22)
sentence_test(gated/23 "the output is const" mistakes.cpp -DACTIVATION=xact::swiglu -DMISTAKE=23)
# And transform.
sentence_test(fused/24 "the output is const" mistakes.cpp -DACTIVATION=xact::gelu -DMISTAKE=24)
sentence_test(fused/25 "range of integers" mistakes.cpp -DACTIVATION=xact::gelu -DMISTAKE=25)
sentence_test(fused/26 "f captures other numbers" mistakes.cpp -DACTIVATION=xact::gelu -DMISTAKE=26)

# All warnings of the headers' code, instantiated.
add_test(NAME header/instantiated COMMAND ${CMAKE_CXX_COMPILER} -std=c++20 -fsyntax-only ${xact_warnings} -Werror -DISA=any
  -I${PROJECT_SOURCE_DIR}/include "-isystem$<JOIN:$<TARGET_PROPERTY:xsimd,INTERFACE_INCLUDE_DIRECTORIES>,;-isystem>"
  ${CMAKE_CURRENT_SOURCE_DIR}/mixed_flags/calls.cpp COMMAND_EXPAND_LISTS)

# Names that other libraries define as macros.
add_test(NAME header/macros COMMAND ${CMAKE_CXX_COMPILER} -std=c++20 -fsyntax-only -I${PROJECT_SOURCE_DIR}/include
  "-isystem$<JOIN:$<TARGET_PROPERTY:xsimd,INTERFACE_INCLUDE_DIRECTORIES>,;-isystem>"
  ${CMAKE_CURRENT_SOURCE_DIR}/compile/macros.cpp COMMAND_EXPAND_LISTS)
