#include "http/chunk_decoder.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <string_view>

namespace galley::http::test {
namespace {

using namespace std::string_literals;
using State = ChunkDecoder::State;

struct Decoded {
  State state = State::incomplete;
  std::string body;
  std::string rest;
};

// Lets the bytes arrive in pieces of that size.
Decoded decode(std::string_view bytes, std::size_t piece, std::size_t limit = 1000) {
  ChunkDecoder decoder(limit);
  Decoded decoded;
  std::string_view waiting;
  while (decoded.state == State::incomplete && !bytes.empty()) {
    waiting = bytes.substr(0, piece);
    bytes.remove_prefix(waiting.size());
    decoded.state = decoder.feed(waiting, decoded.body);
    if (decoded.state == State::incomplete) REQUIRE(waiting.empty());
  }
  decoded.rest = std::string(waiting) + std::string(bytes);
  return decoded;
}

}  // namespace

TEST_CASE("chunks: a body is put together whatever the pieces", "[http]") {
  const std::string bytes = "5\r\nhello\r\n1\r\n,\r\nA\r\n world!!!!\r\n0\r\n\r\nNEXT";
  for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
    INFO(piece);
    const Decoded decoded = decode(bytes, piece);
    CHECK(decoded.state == State::complete);
    CHECK(decoded.body == "hello, world!!!!");
    CHECK(decoded.rest == "NEXT");
  }
}

TEST_CASE("chunks: an empty body is complete", "[http]") {
  CHECK(decode("0\r\n\r\n", 1).state == State::complete);
  CHECK(decode("000\r\n\r\n", 1).state == State::complete);
}

TEST_CASE("chunks: upper-case and lower-case digits are the same", "[http]") {
  CHECK(decode("a\r\n0123456789\r\n0\r\n\r\n", 3).body == decode("A\r\n0123456789\r\n0\r\n\r\n", 3).body);
}

TEST_CASE("chunks: whatever is not plain is malformed", "[http]") {
  const std::string body_of_five[] = {
      "5;a=b\r\nhello\r\n0\r\n\r\n"s,      // an extension
      "5;\r\nhello\r\n0\r\n\r\n"s,         // an empty one
      "5 \r\nhello\r\n0\r\n\r\n"s,         // space behind the size
      "5\t\r\nhello\r\n0\r\n\r\n"s,        //
      " 5\r\nhello\r\n0\r\n\r\n"s,         // space before it
      "+5\r\nhello\r\n0\r\n\r\n"s,         //
      "-5\r\nhello\r\n0\r\n\r\n"s,         //
      "0x5\r\nhello\r\n0\r\n\r\n"s,        //
      "\r\nhello\r\n0\r\n\r\n"s,           // no size
      "g\r\nhello\r\n0\r\n\r\n"s,          // no digit
      "5\nhello\r\n0\r\n\r\n"s,            // bare LF
      "5\r\nhello\n0\r\n\r\n"s,            //
      "5\r\nhello\r\n0\n\r\n"s,            //
      "5\rhello\r\n0\r\n\r\n"s,            // bare CR
      "5\r\r\nhello\r\n0\r\n\r\n"s,        //
      "5\r\nhello0\r\n\r\n"s,              // no line end behind the chunk
      "5\r\nhello!\r\n0\r\n\r\n"s,         // more than the size says
      "6\r\nhello\r\n0\r\n\r\n"s,          // less
      "5\r\nhello\r\n0;a\r\n\r\n"s,        // extension of the last chunk
      "5\r\nhello\r\n0\r\nX: y\r\n\r\n"s,  // a trailer
      "5\r\nhello\r\n0\r\nContent-Length: 3\r\n\r\n"s,
      "5\r\nhello\r\n0\r\n X: y\r\n\r\n"s,
      "5\r\nhello\r\n0\r\nX\r\n\r\n"s,
      "5\0\r\nhello\r\n0\r\n\r\n"s,
      "fffffffffffffffff\r\nhello"s,                      // beyond 2^64
      "10000000000000005\r\nhello"s,                      //
      std::string(100, '0') + "5\r\nhello\r\n0\r\n\r\n",  // an endless size
      std::string(17, '0'),
      "5;" + std::string(100, 'a'),
      "5\r\nhello\r\n0\r\nX: " + std::string(100, 'a'),
  };
  for (const std::string& bytes : body_of_five) {
    INFO(bytes);
    CHECK(decode(bytes, bytes.size()).state == State::malformed);
    CHECK(decode(bytes, 1).state == State::malformed);
  }
}

TEST_CASE("chunks: the limit counts the decoded bytes of all chunks", "[http]") {
  const std::string bytes = "5\r\nhello\r\n5\r\nhello\r\n0\r\n\r\n";
  CHECK(decode(bytes, 4, 10).state == State::complete);
  CHECK(decode(bytes, 4, 9).state == State::too_large);
  // Known from the size alone: nothing of that chunk is taken.
  const Decoded announced = decode("ffffffffffffffff\r\n", 100, 9);
  CHECK(announced.state == State::too_large);
  CHECK(announced.body.empty());
}

TEST_CASE("chunks: a body cut short is incomplete", "[http]") {
  const std::string bytes = "5\r\nhello\r\n0\r\n\r\n";
  for (std::size_t size = 0; size < bytes.size(); ++size)
    CHECK(decode(std::string_view(bytes).substr(0, size), 100).state == State::incomplete);
}

}  // namespace galley::http::test
