// Takes the chunked coding (RFC 9112 §7.1) off a body. Strict: no chunk extensions, no trailers, no line end but CRLF.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace galley::http {

class ChunkDecoder {
 public:
  enum class State { incomplete, complete, malformed, too_large };

  // limit: of the decoded body, in bytes.
  explicit ChunkDecoder(std::size_t limit) : left_(limit) {}

  // Takes bytes off the front of coded until it is empty or the outcome is known, and appends the decoded ones to body.
  // Once complete, what is left in coded belongs to the next request. The outcome does not depend on how the bytes are
  // cut into calls.
  State feed(std::string_view& coded, std::string& body);

 private:
  enum class Step : std::uint8_t {
    first_digit,
    digits,
    size_feed,
    chunk,
    chunk_return,
    chunk_feed,
    end_return,
    end_feed
  };

  State read_size(char c);

  Step step_ = Step::first_digit;
  std::size_t left_;  // of the limit
  std::uint64_t size_ = 0;
  unsigned digits_ = 0;
};

}  // namespace galley::http
