# Puts the documentation pages into a target. Their packages are there already (app/run and tests/run see to that);
# where they are not, or are others than package.json wants, pack.mjs says so.
function(galley_embed_pages target folder)
  find_program(GALLEY_NODE NAMES node nodejs REQUIRED)
  set(packed ${CMAKE_CURRENT_BINARY_DIR}/generated/pages)
  file(MAKE_DIRECTORY ${packed})
  file(GLOB pages CONFIGURE_DEPENDS ${folder}/*.html ${folder}/*.css ${folder}/*.js)
  add_custom_command(
    OUTPUT ${packed}/embedded_files.cpp ${packed}/embedded_files.bin
    COMMAND ${GALLEY_NODE} ${folder}/pack.mjs ${packed}
    DEPENDS ${folder}/pack.mjs ${folder}/package.json ${folder}/package-lock.json ${pages}
    COMMENT "Packing the documentation pages" VERBATIM)
  target_sources(${target} PRIVATE ${packed}/embedded_files.cpp)
  set_source_files_properties(${packed}/embedded_files.cpp PROPERTIES OBJECT_DEPENDS ${packed}/embedded_files.bin)
endfunction()
