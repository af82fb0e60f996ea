# cmake -P build_page.cmake, with NODE, NPM, WEB (the sources) and OUTPUT: installs what the page is built with, where that is not
# there yet, and builds it. A failure is a warning: nothing is left in OUTPUT, so the next build tries again.
file(LOCK ${WEB}/.build.lock GUARD PROCESS TIMEOUT 600)  # two build folders may want to install at the same time
set(installed ${WEB}/node_modules/.package-lock.json)
file(REMOVE_RECURSE ${OUTPUT})

set(ready TRUE)
if(NOT EXISTS ${installed} OR ${WEB}/package-lock.json IS_NEWER_THAN ${installed} OR ${WEB}/package.json IS_NEWER_THAN ${installed})
  execute_process(COMMAND ${NPM} ci --ignore-scripts --no-audit --no-fund --prefer-offline --fetch-retries=1 --loglevel=error
    WORKING_DIRECTORY ${WEB} OUTPUT_QUIET ERROR_VARIABLE problem RESULT_VARIABLE failed)
  if(failed)
    set(ready FALSE)
  endif()
endif()
if(ready)
  execute_process(COMMAND ${NODE} build.mjs ${OUTPUT} WORKING_DIRECTORY ${WEB} ERROR_VARIABLE problem RESULT_VARIABLE failed)
  if(failed)
    file(REMOVE_RECURSE ${OUTPUT})
    set(ready FALSE)
  endif()
endif()
if(NOT ready)
  message(WARNING "The page could not be built, so candled is built without it. npm or esbuild says:\n${problem}")
endif()
