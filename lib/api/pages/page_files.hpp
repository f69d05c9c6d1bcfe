// The pages for people: Swagger UI at /api/docs/, ReDoc at /api/redoc/, where a password is chosen at /password/, and
// what they are made of. All of it is in the program, and nothing that a browser does with it leaves this server.
// app/pages/pack.mjs says which files there are.
#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <span>
#include <string_view>

#include "api/reply.hpp"
#include "api/services.hpp"

namespace galley::api::pages {

// As it lies in the program, which is where the views point to.
struct EmbeddedFile {
  std::string_view path;  // of the address: "/api/docs/docs.js"
  std::string_view gzip;
  std::size_t size = 0;  // bytes without gzip
};
// Defined by what app/pages/pack.mjs writes.
std::span<const EmbeddedFile> embedded_files();

// Thread-safe.
class PageFile {
 public:
  explicit PageFile(const EmbeddedFile& file);

  // Each form has an ETag of its own.
  Reply reply(bool gzip) const;

 private:
  const Document& identity() const;

  EmbeddedFile file_;
  Document gzip_;
  mutable std::once_flag inflated_{};
  mutable Document identity_{};
};

class PageFiles {
 public:
  explicit PageFiles(std::span<const EmbeddedFile> files = embedded_files());

  // path: of a row of make_page_endpoints().
  const PageFile& at(std::string_view path) const { return files_.at(path); }

 private:
  std::map<std::string_view, PageFile> files_;
};

}  // namespace galley::api::pages
