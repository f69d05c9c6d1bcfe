# Writes the schema files of a folder into a C++ source that defines galley::storage::<function>(), so that the program
# needs no files beside it. Runs again when a file changes or appears.
function(galley_embed_schema target folder function)
  file(GLOB files CONFIGURE_DEPENDS ${folder}/*.sql)
  list(SORT files)
  set(source ${CMAKE_CURRENT_BINARY_DIR}/generated/${function}.cpp)
  set(rows "")
  foreach(file IN LISTS files)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    get_filename_component(name ${file} NAME)
    string(REGEX MATCH "^[0-9]+" digits ${name})
    math(EXPR number "10000${digits} - 100000000")
    file(READ ${file} sql)
    string(APPEND rows "    {${number}, \"${name}\", R\"galley_sql(${sql})galley_sql\"},\n")
  endforeach()
  string(CONCAT text
    "// Made by lib/storage/embed_schema.cmake.\n#include \"storage/migrator.hpp\"\n\nnamespace galley::storage {\n\n"
    "std::span<const Migration> ${function}() {\n  static constexpr Migration all[] = {\n${rows}  };\n"
    "  return all;\n}\n\n}  // namespace galley::storage\n")
  set(written "")
  if(EXISTS ${source})
    file(READ ${source} written)
  endif()
  if(NOT written STREQUAL text)
    file(WRITE ${source} "${text}")
  endif()
  target_sources(${target} PRIVATE ${source})
endfunction()
