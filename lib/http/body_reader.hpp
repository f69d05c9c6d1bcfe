// Reads the body of one request after another from a connection.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/task.hpp"
#include "http/connection.hpp"
#include "http/input_buffer.hpp"
#include "http/lane.hpp"
#include "http/message.hpp"

namespace galley::http {

class BodyReader {
 public:
  // A chunked body is read into the input buffer behind the head, which needs this much room.
  static constexpr std::size_t chunk_room = 4096;

  // All outlive this.
  BodyReader(Lane& lane, Connection& connection, InputBuffer& input)
      : lane_(lane), connection_(connection), input_(input) {}

  // input's unread bytes begin with the request's body and are held.
  void begin(const Request& request);

  // Exchange::read_body.
  Task<Result<std::string_view>> read(std::size_t limit);

  // All of it was read, or there is none.
  bool complete() const { return state_ == State::complete; }
  // Short enough to be dropped, so that the connection can serve another request.
  bool droppable() const;
  // Reads and drops a droppable body. False: the connection cannot go on.
  Task<bool> drop();

 private:
  enum class State { unread, complete, failed };

  Error fail(ErrorCode code, std::string_view message);
  Error fail_after_receive();
  Task<Result<std::string_view>> read_plain();
  Task<Result<std::string_view>> read_chunks(std::size_t limit);
  Task<std::size_t> receive(char* to, std::size_t room);

  Lane& lane_;
  Connection& connection_;
  InputBuffer& input_;
  State state_ = State::complete;
  std::size_t length_ = 0;
  bool chunked_ = false;
  bool expects_continue_ = false;
  Instant begin_{};
  std::size_t arrived_ = 0;
  std::string bytes_;
  std::string_view body_;
  std::optional<Error> error_;
};

}  // namespace galley::http
