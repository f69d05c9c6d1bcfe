// Answers that no client may take for HTTP/1.1.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "support/loopback_server.hpp"

namespace galley::test {

// Bytes that are not HTTP/1.x, or say two things at once.
inline std::vector<std::string> invalid_answers() {
  const std::string many_fields = [] {
    std::string lines;
    for (int i = 0; i < 101; ++i)
      lines += "X-" + std::to_string(i) + ": y\r\n";
    return lines;
  }();
  const std::string_view ok = "HTTP/1.1 200 OK\r\n";
  return {
      "220 smtp.example ESMTP\r\n",
      "SSH-2.0-OpenSSH_9.2\r\n",
      "<html>hello</html>\r\n\r\n",
      "HTTP/2 200 OK\r\n\r\n",
      "HTTP/1.2 200 OK\r\n\r\n",
      "HTTP/1.1 20 OK\r\n\r\n",
      "HTTP/1.1 2000 OK\r\n\r\n",
      "HTTP/1.1 099 No\r\n\r\n",
      "HTTP/1.1 600 No\r\n\r\n",
      "HTTP/1.1 abc OK\r\n\r\n",
      "HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n",
      "\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
      std::string(ok) + "Bad Header\r\n\r\n",
      std::string(ok) + "X: a\x01z\r\n\r\n",
      std::string(ok) + "X : y\r\n\r\n",
      std::string(ok) + ": y\r\n\r\n",
      std::string(ok) + "Content-Length: -1\r\n\r\n",
      std::string(ok) + "Content-Length: 1x\r\n\r\n",
      std::string(ok) + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
      std::string(ok) + "Content-Length: 1\r\nContent-Length: 1\r\n\r\na",
      std::string(ok) + "Content-Length: 99999999999999999999999\r\n\r\n",
      std::string(ok) + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      std::string(ok) + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
      std::string(ok) + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
      std::string(ok) + "Transfer-Encoding: identity\r\n\r\n",
      std::string(ok) + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      std::string(ok) + "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
      std::string(ok) + "Transfer-Encoding: chunked\r\n\r\n3\r\nabcdef\r\n",
      std::string(ok) + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
      std::string(ok) + "Transfer-Encoding: chunked\r\n\r\n1;" + std::string(300, 'x') + "\r\na\r\n0\r\n\r\n",
      std::string(ok) + "Transfer-Encoding: chunked\r\n\r\n0\r\n" + many_fields + "\r\n",
      std::string(ok) + many_fields + "\r\n",
      std::string(ok) + "X: " + std::string(17'000, 'x') + "\r\n\r\n",
      "HTTP/1.1 200 " + std::string(20'000, 'x') + "\r\n\r\n",
  };
}

// Heads, trailers, chunk lines and interim answers that never end.
inline std::vector<ScriptedAnswer> endless_answers() {
  return {
      {.bytes = "HTTP/1.1 200 OK\r\n", .endlessly = "X: y\r\n"},
      {.bytes = "HTTP/1.1 200 OK\r\nX: ", .endlessly = "yyyyyyyy"},
      {.bytes = "HTTP/1.1 200 OK\r\nX: y", .endlessly = "\r\n yyyyyyyy"},
      {.bytes = "HTTP/1.1 200 ", .endlessly = "OK"},
      {.bytes = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", .endlessly = "X: y\r\n"},
      {.bytes = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;x=", .endlessly = "yyyyyyyy"},
      {.bytes = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", .endlessly = "00000000"},
      {.bytes = "", .endlessly = "HTTP/1.1 100 Continue\r\n\r\n"},
      {.bytes = "", .endlessly = "xxxxxxxx"},
  };
}

}  // namespace galley::test
