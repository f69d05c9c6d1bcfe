#include "http/chunk_decoder.hpp"

#include <algorithm>

namespace galley::http {
namespace {

// Beast's parser is not used here: its release 1.81 asserts on a last chunk that arrives byte by byte, merges trailers
// into the headers, and bounds neither them nor the digits of a size.

constexpr unsigned most_digits = 16;  // of a 64-bit size

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

ChunkDecoder::State ChunkDecoder::read_size(char c) {
  const int digit = hex_digit(c);
  if (digit >= 0) {
    if (++digits_ > most_digits) return State::malformed;
    size_ = size_ * 16 + static_cast<std::uint64_t>(digit);
    step_ = Step::digits;
    return State::incomplete;
  }
  // What else may follow in RFC 9112 is an extension, which no client needs and readers disagree about.
  if (c != '\r' || step_ == Step::first_digit) return State::malformed;
  if (size_ > left_) return State::too_large;
  left_ -= static_cast<std::size_t>(size_);
  step_ = Step::size_feed;
  return State::incomplete;
}

ChunkDecoder::State ChunkDecoder::feed(std::string_view& coded, std::string& body) {
  while (!coded.empty()) {
    if (step_ == Step::chunk) {
      const std::size_t count = std::min(coded.size(), static_cast<std::size_t>(size_));
      body += coded.substr(0, count);
      coded.remove_prefix(count);
      size_ -= count;
      if (size_ == 0) step_ = Step::chunk_return;
      continue;
    }
    const char c = coded.front();
    coded.remove_prefix(1);
    const bool is_return = step_ == Step::chunk_return || step_ == Step::end_return;
    if (step_ == Step::first_digit || step_ == Step::digits) {
      const State state = read_size(c);
      if (state != State::incomplete) return state;
      continue;
    }
    // Behind the last chunk anything but an empty line would be a trailer.
    if (c != (is_return ? '\r' : '\n')) return State::malformed;
    if (step_ == Step::size_feed) {
      step_ = size_ == 0 ? Step::end_return : Step::chunk;
    } else if (step_ == Step::chunk_return) {
      step_ = Step::chunk_feed;
    } else if (step_ == Step::chunk_feed) {
      step_ = Step::first_digit;
      digits_ = 0;
    } else if (step_ == Step::end_return) {
      step_ = Step::end_feed;
    } else {
      return State::complete;
    }
  }
  return State::incomplete;
}

}  // namespace galley::http
