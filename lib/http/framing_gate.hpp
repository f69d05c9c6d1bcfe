// The strict reading of a request's head. Whatever two servers could read in two ways is refused: a request that passes
// means the same to every reader in front of us. Pure functions; RFC 9112 and RFC 9110 where they are strict, stricter
// where they leave a choice.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "http/limits.hpp"
#include "http/message.hpp"
#include "http/refusal.hpp"

namespace galley::http {

// Finds the end of the head in bytes that arrive piece by piece.
class HeadScan {
 public:
  enum class State { incomplete, complete, refused };

  // bytes: all that arrived since the head began; each call sees the former bytes and possibly more. One empty line
  // before the request line is skipped (RFC 9112 §2.2). Refused at once: a line feed without a carriage return, a first
  // byte that begins no method, a head or a request line beyond the limits.
  State feed(std::string_view bytes, const HeadLimits& limits);

  // Where the head begins and what follows its empty line, once complete.
  std::size_t begin() const { return begin_; }
  std::size_t end() const { return end_; }
  // Once refused.
  const Refusal& refusal() const { return refusal_; }

 private:
  State refuse(RefusalKind kind, std::string_view reason);

  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::size_t seen_ = 0;
  std::size_t line_ = 0;  // where the line that is being read begins
  bool first_line_ = true;
  Refusal refusal_;
};

// Reads a complete head, its empty line included, into request (all fields but peer are set; the capacity of headers is
// reused). Nothing when it passes. When it is refused, the request holds what was read before the offence, so that the
// refusal can be framed for its path; the same holds for a head that is cut short.
//
// Refused: any line end but CRLF, folded lines, control bytes, white space before a colon or in a name, names that are
// no tokens; on 1.1 anything but one valid Host, on 1.0 more than one; more than one Content-Length, or one that is not
// a plain decimal number below 10^15; Transfer-Encoding other than one "chunked", on 1.0, or beside Content-Length; a
// repeated Content-Type or Authorization; a target that is not "/…", "http://" with the same authority as Host, or "*"
// with OPTIONS; in paths, characters outside RFC 3986 and broken escapes; in queries, white space, control bytes, "#"
// and bytes above 0x7e; versions but HTTP/1.0 and HTTP/1.1.
std::optional<Refusal> read_head(std::string_view head, const HeadLimits& limits, Request& request);

}  // namespace galley::http
