# One test program per room, so that a change in one room rebuilds and runs one small program.
enable_testing()

add_library(candled_test_main STATIC ${CMAKE_SOURCE_DIR}/tests/catch_main.cpp)
target_link_libraries(candled_test_main PUBLIC Catch2::Catch2)

function(candled_tests name)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/${name}/*.cpp)
  if(NOT sources)
    return()
  endif()
  add_executable(${name}_tests ${sources})
  target_link_libraries(${name}_tests PRIVATE ${ARGN} candled_test_main candled_flags fmt::fmt)
  target_include_directories(${name}_tests PRIVATE ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR}/tests)
  target_compile_definitions(${name}_tests PRIVATE CANDLED_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  add_test(NAME ${name} COMMAND ${name}_tests)
endfunction()

foreach(room domain flow ingest candles features model trading store engine server simulator app)
  if(TARGET candled_${room})
    candled_tests(${room} candled_${room})
  endif()
endforeach()
