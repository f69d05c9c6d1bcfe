#include "net/request_head.hpp"

#include <string_view>

namespace galley::net {
namespace {

void append_header(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

bool expects_body(Method method) {
  return method == Method::post || method == Method::put || method == Method::patch;
}

}  // namespace

Result<void> append_head(std::string& out, const HttpRequest& request) {
  out.append(to_text(request.method)).append(" ").append(request.url.target).append(" HTTP/1.1\r\n");
  append_header(out, "Host", request.url.authority());
  for (const Header& header : request.headers) {
    GALLEY_TRY(check_header(header.name, header.value));
    if (is_connection_header(header.name))
      return invalid("headers", "\"" + header.name + "\" is written by the program itself");
    append_header(out, header.name, header.value);
  }
  // Nothing here decodes gzip: a compressed answer would be useless at best and a bomb at worst.
  if (find_header(request.headers, "Accept-Encoding") == nullptr) append_header(out, "Accept-Encoding", "identity");
  const std::size_t length = request.body.view().size();
  // RFC 9110 §8.6: a length of 0 is sent where the method gives a body a meaning.
  if (length > 0 || expects_body(request.method)) append_header(out, "Content-Length", std::to_string(length));
  out.append("\r\n");
  return {};
}

}  // namespace galley::net
