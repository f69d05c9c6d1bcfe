#include "http/answer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <utility>

namespace galley::http {
namespace {

// Room for the digits of a length that is known only when the body has been written.
constexpr std::size_t length_room = 12;
// A buffer that one large answer made is not kept for the connection's life.
constexpr std::size_t kept_buffer = 16 * 1024;

void append_number(std::string& out, std::size_t number) {
  std::array<char, 20> digits{};
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  out.append(digits.data(), end);
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

}  // namespace

std::string_view reason_phrase(int status) {
  using Row = std::pair<int, std::string_view>;
  static constexpr std::array<Row, 35> phrases{{{200, "OK"},
                                                {201, "Created"},
                                                {202, "Accepted"},
                                                {204, "No Content"},
                                                {206, "Partial Content"},
                                                {301, "Moved Permanently"},
                                                {302, "Found"},
                                                {303, "See Other"},
                                                {304, "Not Modified"},
                                                {307, "Temporary Redirect"},
                                                {308, "Permanent Redirect"},
                                                {400, "Bad Request"},
                                                {401, "Unauthorized"},
                                                {402, "Payment Required"},
                                                {403, "Forbidden"},
                                                {404, "Not Found"},
                                                {405, "Method Not Allowed"},
                                                {406, "Not Acceptable"},
                                                {408, "Request Timeout"},
                                                {409, "Conflict"},
                                                {410, "Gone"},
                                                {412, "Precondition Failed"},
                                                {413, "Content Too Large"},
                                                {414, "URI Too Long"},
                                                {415, "Unsupported Media Type"},
                                                {417, "Expectation Failed"},
                                                {422, "Unprocessable Content"},
                                                {429, "Too Many Requests"},
                                                {431, "Request Header Fields Too Large"},
                                                {500, "Internal Server Error"},
                                                {501, "Not Implemented"},
                                                {502, "Bad Gateway"},
                                                {503, "Service Unavailable"},
                                                {504, "Gateway Timeout"},
                                                {505, "HTTP Version Not Supported"}}};
  const auto* const found = std::ranges::find(phrases, status, &Row::first);
  return found == phrases.end() ? std::string_view() : found->second;
}

void Answer::reset(const Terms& terms) {
  terms_ = terms;
  if (buffer_.capacity() > kept_buffer) buffer_ = std::string();
  buffer_.clear();
  shared_.reset();
  start_ = length_at_ = body_at_ = body_size_ = 0;
  status_ = 0;
  state_ = State::empty;
  close_ = false;
}

bool Answer::bodyless() const {
  return status_ == 204 || status_ == 304;
}

void Answer::begin(int status) {
  buffer_.clear();
  shared_.reset();
  start_ = length_at_ = body_at_ = body_size_ = 0;
  status_ = status;
  state_ = State::fields;
  if (status == 200) {
    buffer_ += "HTTP/1.1 200 OK\r\n";
  } else {
    buffer_ += "HTTP/1.1 ";
    append_number(buffer_, static_cast<std::size_t>(status));
    buffer_ += ' ';
    buffer_ += reason_phrase(status);
    buffer_ += "\r\n";
  }
  buffer_ += terms_.fixed;
}

void Answer::add(std::string_view name, std::string_view value) {
  buffer_ += name;
  buffer_ += ": ";
  const std::size_t from = buffer_.size();
  buffer_ += value;
  std::replace_if(buffer_.begin() + static_cast<std::ptrdiff_t>(from), buffer_.end(), is_control, ' ');
  buffer_ += "\r\n";
}

void Answer::add(std::string_view name, std::size_t value) {
  buffer_ += name;
  buffer_ += ": ";
  append_number(buffer_, value);
  buffer_ += "\r\n";
}

void Answer::add_lines(std::string_view lines) {
  buffer_ += lines;
}

void Answer::end_fields() {
  if (closes())
    buffer_ += "Connection: close\r\n";
  else if (terms_.minor_version == 0)
    buffer_ += "Connection: keep-alive\r\n";
  buffer_ += "\r\n";
}

std::string& Answer::body() {
  if (!bodyless()) {
    buffer_ += "Content-Length: ";
    length_at_ = buffer_.size();
    buffer_.append(length_room, ' ');
    buffer_ += "\r\n";
  }
  end_fields();
  body_at_ = buffer_.size();
  state_ = State::body;
  return buffer_;
}

void Answer::finish() {
  if (state_ == State::fields) return finish({});
  body_size_ = buffer_.size() - body_at_;
  if (!bodyless()) {
    std::array<char, 20> digits{};
    const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), body_size_);
    const auto count = std::min(static_cast<std::size_t>(end - digits.data()), length_room);
    // The head moves up to the digits, not the body to the head: it is a few hundred bytes at most.
    start_ = length_room - count;
    std::memmove(buffer_.data() + start_, buffer_.data(), length_at_);
    std::memcpy(buffer_.data() + length_at_ + start_, digits.data(), count);
  }
  if (terms_.head || bodyless()) {
    buffer_.resize(body_at_);
    body_size_ = 0;
  }
  state_ = State::finished;
}

void Answer::finish(std::string_view body) {
  if (!bodyless()) add("Content-Length", body.size());
  end_fields();
  if (!terms_.head && !bodyless()) {
    buffer_ += body;
    body_size_ = body.size();
  }
  state_ = State::finished;
}

void Answer::finish_shared(std::shared_ptr<const std::string> body) {
  if (body->size() <= flat_limit) return finish(*body);
  if (!bodyless()) add("Content-Length", body->size());
  end_fields();
  if (!terms_.head && !bodyless()) {
    body_size_ = body->size();
    shared_ = std::move(body);
  }
  state_ = State::finished;
}

void Answer::begin_stream() {
  if (chunked()) {
    buffer_ += "Transfer-Encoding: chunked\r\n";
  } else {
    close_ = true;  // RFC 9112 §6.3: without chunks only the end of the connection ends the body
  }
  end_fields();
  state_ = State::finished;
}

}  // namespace galley::http
