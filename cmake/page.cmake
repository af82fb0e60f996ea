# The page: built with npm from web/ when a source of it changes, into the build folder; cmake/server_assets.cmake embeds the files
# named here. Without npm, or where npm cannot fetch, the program is built all the same, holds no page, and this says so.
set(page_folder ${CMAKE_BINARY_DIR}/page)
set(page_file_names "")
find_program(NODE NAMES node nodejs)
find_program(NPM npm)
if(NODE AND NPM)
  set(page_file_names index.html assets/page.js assets/page.css assets/report.js assets/icon.svg)
  set(page_files ${page_file_names})
  list(TRANSFORM page_files PREPEND ${page_folder}/)
  file(GLOB_RECURSE page_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/web/src/*)
  add_custom_command(OUTPUT ${page_files}
    COMMAND ${CMAKE_COMMAND} -DNODE=${NODE} -DNPM=${NPM} -DWEB=${CMAKE_SOURCE_DIR}/web -DOUTPUT=${page_folder}
            -P ${CMAKE_SOURCE_DIR}/cmake/build_page.cmake
    DEPENDS ${page_sources} ${CMAKE_SOURCE_DIR}/web/index.html ${CMAKE_SOURCE_DIR}/web/build.mjs
            ${CMAKE_SOURCE_DIR}/web/package.json ${CMAKE_SOURCE_DIR}/web/package-lock.json ${CMAKE_SOURCE_DIR}/cmake/build_page.cmake
    COMMENT "Building the page" VERBATIM)
else()
  message(WARNING "npm and node are not both here: candled is built without its page (Debian: apt-get install nodejs npm)")
endif()
