// Builds one answer in the connection's buffer: status line, fields and body in one piece, which leaves in one write.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace galley::http {

// Order of calls: begin, add…, then finish(body), or body() and appending to it and finish(), or finish_shared. begin
// may be called again at any time before the answer leaves: what was written is dropped (an error after half a body).
// Server, Date, Content-Length and Connection are written by this class; do not add them. Not thread-safe.
class Answer {
 public:
  // A large body leaves in a buffer of its own, from here on.
  static constexpr std::size_t flat_limit = 16 * 1024;

  // status: 200 to 599.
  void begin(int status);
  // Control characters in a value become spaces, so that no value can forge a field.
  void add(std::string_view name, std::string_view value);
  void add(std::string_view name, std::size_t value);
  // Complete lines "Name: value\r\n…" that are known to be well formed: the fixed fields of a cached answer.
  void add_lines(std::string_view lines);

  // Ends the fields and gives the buffer: append the body to it and call finish(). What is in it already must stay.
  std::string& body();
  // With no body() before: an empty body. Content-Length is what was appended. HEAD, 204 and 304 leave without a body.
  void finish();
  void finish(std::string_view body);
  // An immutable body that others hold too (a cached page): not copied above flat_limit. The answer is an owner until
  // it has left; the cache is the other.
  void finish_shared(std::shared_ptr<const std::string> body);

  bool begun() const { return status_ != 0; }
  bool finished() const { return state_ == State::finished; }
  int status() const { return status_; }
  // Bytes of the body that leaves or, on a stream, has left.
  std::size_t body_size() const { return body_size_; }
  // Asks for the connection to close after this answer. Before the fields end.
  void close_after() { close_ = true; }
  bool closes() const { return close_ || terms_.close; }

  // From here on for the session and for tests.

  struct Terms {
    bool head = false;      // HEAD: no body
    int minor_version = 1;  // of the request
    bool close = false;
    std::string_view fixed{};  // "Server: …\r\nDate: …\r\n", read by begin
  };
  // Forgets the former answer and keeps the buffer.
  void reset(const Terms& terms);
  // The session's own wish, beside the handler's.
  void set_close(bool close) { terms_.close = close; }
  // Ends the fields of an answer without a length: chunked on 1.1, until the connection closes on 1.0.
  void begin_stream();
  bool chunked() const { return terms_.minor_version == 1; }
  // What is to be sent: flat(), then shared() where there is one.
  std::string_view flat() const { return std::string_view(buffer_).substr(start_); }
  const std::shared_ptr<const std::string>& shared() const { return shared_; }
  void count_streamed(std::size_t bytes) { body_size_ += bytes; }

 private:
  enum class State { empty, fields, body, finished };

  bool bodyless() const;
  void end_fields();

  std::string buffer_;
  std::shared_ptr<const std::string> shared_;
  Terms terms_;
  std::size_t start_ = 0;      // the answer begins here in buffer_
  std::size_t length_at_ = 0;  // where the gap for Content-Length is, with body()
  std::size_t body_at_ = 0;
  std::size_t body_size_ = 0;
  int status_ = 0;
  State state_ = State::empty;
  bool close_ = false;
};

// "Not Found"; empty for a status without a registered phrase.
std::string_view reason_phrase(int status);

}  // namespace galley::http
