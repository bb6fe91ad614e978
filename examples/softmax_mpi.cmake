# Whether 1, 2 and 4 processes print the same line: cmake -D "mpirun=<command>;<flag>" -D program=<file> -P softmax_mpi.cmake
set(ENV{OMPI_ALLOW_RUN_AS_ROOT} 1) # CI often is root, on fewer cores than processes
set(ENV{OMPI_ALLOW_RUN_AS_ROOT_CONFIRM} 1)
set(ENV{OMPI_MCA_rmaps_base_oversubscribe} 1)
set(ENV{PRTE_MCA_rmaps_default_mapping_policy} :oversubscribe)
set(ENV{OMPI_MCA_plm_rsh_agent} sh) # nothing remote: ssh may be missing
set(ENV{OMPI_MCA_btl_vader_single_copy_mechanism} none) # containers forbid it
set(ENV{ASAN_OPTIONS} detect_leaks=0) # MPI's own
foreach(processes IN ITEMS 1 2 4)
  execute_process(COMMAND ${mpirun} ${processes} ${program} OUTPUT_VARIABLE line RESULT_VARIABLE result TIMEOUT 120)
  message(STATUS "${processes} processes: ${line}")
  if(NOT result EQUAL 0 OR NOT line MATCHES "^[0-9a-f]+, the probabilities sum to (1.00000|0.99999)")
    message(FATAL_ERROR "${processes} processes: exit status ${result}")
  endif()
  if(processes EQUAL 1)
    set(expected "${line}")
  elseif(NOT line STREQUAL expected)
    message(FATAL_ERROR "${processes} processes: other bits than one")
  endif()
endforeach()
