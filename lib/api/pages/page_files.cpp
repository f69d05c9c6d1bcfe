#include "api/pages/page_files.hpp"

#include <zlib.h>

#include <memory>
#include <new>
#include <stdexcept>
#include <string>

namespace galley::api::pages {

namespace {

// Swagger UI and ReDoc draw their icons from data: addresses. No script or style stands in the pages themselves.
constexpr std::string_view docs_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
constexpr std::string_view password_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'none'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'";
// ReDoc makes two style elements: one that is empty, to which it adds rules by script, and one for its scroll bars,
// whose text only another version of it would change. The hashes let in these texts and no other; tests/e2e notices
// when they are others.
constexpr std::string_view redoc_policy =
    "default-src 'none'; script-src 'self'; style-src 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' "
    "'sha256-QMIg+bpjm3JdElJ388KYke01izlUW0UoNOeKjpMxdgc='; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
// Of what is no page: opened by itself it needs nothing.
constexpr std::string_view part_policy =
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

std::string_view policy_of(std::string_view path) {
  if (path == "/api/docs/") return docs_policy;
  if (path == "/password/") return password_policy;
  if (path == "/api/redoc/") return redoc_policy;
  return part_policy;
}

std::string_view media_type_of(std::string_view path) {
  if (path.ends_with('/')) return "text/html; charset=utf-8";
  if (path.ends_with(".js")) return "text/javascript; charset=utf-8";
  if (path.ends_with(".css")) return "text/css; charset=utf-8";
  if (path.ends_with(".png")) return "image/png";
  return "text/plain; charset=utf-8";
}

std::string inflate_gzip(std::string_view gzip, std::size_t size) {
  constexpr int gzip_window = 15 + 16;
  std::string text(size, '\0');
  z_stream stream{};
  if (inflateInit2(&stream, gzip_window) != Z_OK) throw std::bad_alloc();
  // zlib does not write to its input.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(gzip.data()));
  stream.avail_in = static_cast<uInt>(gzip.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  const int ended = inflate(&stream, Z_FINISH);
  const bool whole = ended == Z_STREAM_END && stream.avail_out == 0 && stream.avail_in == 0;
  inflateEnd(&stream);
  if (ended == Z_MEM_ERROR) throw std::bad_alloc();
  if (!whole) throw std::logic_error("a file of the pages does not inflate");
  return text;
}

}  // namespace

PageFile::PageFile(const EmbeddedFile& file) : file_(file), gzip_(std::make_shared<const std::string>(file.gzip)) {}

const Document& PageFile::identity() const {
  // Every browser takes gzip. The first who does not waits for this, 10 ms for the largest, and from then on it is
  // kept: 3 MB for all of them.
  std::call_once(inflated_, [this] {
    identity_ = Document(std::make_shared<const std::string>(inflate_gzip(file_.gzip, file_.size)));
  });
  return identity_;
}

Reply PageFile::reply(bool gzip) const {
  const Document& document = gzip ? gzip_ : identity();
  Reply reply{.kind = Reply::Kind::document,
              .status = 200,
              .shared = document.text(),
              .content_type = std::string(media_type_of(file_.path)),
              .etag = document.etag(),
              .cacheable = true};
  reply.headers.emplace_back("Cache-Control", "public, max-age=3600");
  reply.headers.emplace_back("Vary", "Accept-Encoding");
  if (gzip) reply.headers.emplace_back("Content-Encoding", "gzip");
  reply.headers.emplace_back("Content-Security-Policy", std::string(policy_of(file_.path)));
  reply.headers.emplace_back("Referrer-Policy", "no-referrer");
  return reply;
}

PageFiles::PageFiles(std::span<const EmbeddedFile> files) {
  for (const EmbeddedFile& file : files)
    files_.try_emplace(file.path, file);
}

}  // namespace galley::api::pages
