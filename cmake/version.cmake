# The commit that is built, into a source file of its own: asked at every build, written only where it differs, so that another commit
# compiles one small file. Included by CMakeLists.txt, which makes the target of it; run with -P, it asks git.
if(NOT CMAKE_SCRIPT_MODE_FILE)
  find_package(Git QUIET)
  set(version_source ${CMAKE_BINARY_DIR}/generated/version.cpp)
  add_custom_target(candled_version_source
    COMMAND ${CMAKE_COMMAND} -DGIT=${GIT_EXECUTABLE} -DSOURCE=${CMAKE_SOURCE_DIR} -DOUTPUT=${version_source} -DVERSION=${PROJECT_VERSION}
      -P ${CMAKE_CURRENT_LIST_FILE}
    BYPRODUCTS ${version_source} COMMENT "" VERBATIM)
  return()
endif()

# A clone inside another project's clone is not described by that one's commit.
set(COMMIT "unknown commit")
if(GIT)
  execute_process(COMMAND ${GIT} rev-parse --show-toplevel WORKING_DIRECTORY ${SOURCE} OUTPUT_VARIABLE top ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(top AND top STREQUAL SOURCE)
    execute_process(COMMAND ${GIT} describe --always --dirty --abbrev=12 WORKING_DIRECTORY ${SOURCE} RESULT_VARIABLE failed OUTPUT_VARIABLE described
      ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
    if(failed EQUAL 0)
      set(COMMIT ${described})
    endif()
  endif()
endif()
configure_file(${CMAKE_CURRENT_LIST_DIR}/version.cpp.in ${OUTPUT} @ONLY)
