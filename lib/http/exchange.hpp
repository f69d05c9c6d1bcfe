// One request and its answer, as a handler sees them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "http/answer.hpp"
#include "http/message.hpp"

namespace galley::http {

class Session;

enum class StreamEvent : std::uint8_t {
  woken,      // wake() was called
  timed_out,  // the time is over
  draining,   // the server stops: end the stream soon
  closed,     // the client has gone (or asked with HEAD): nothing more can be sent
};

// Lives from the end of the head until the answer has left; belongs to one thread.
class Exchange {
 public:
  explicit Exchange(Session& session) : session_(session) {}
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  const Request& request() const { return request_; }
  // Written by the handler; leaves when the handler has returned. A handler that finishes no answer makes a bare 500.
  Answer& answer() { return answer_; }

  // The whole body, read when it is asked for, after "100 Continue" where the client waits for it. The view is valid
  // until the exchange ends; a second call gives the same. Errors: payload_too_large (more than limit bytes; nothing
  // was allocated for an announced length), timed_out (slower than the limits allow), bad_request (broken chunks, chunk
  // extensions, trailers, or the client left). After an error the connection closes behind the answer.
  Task<Result<std::string_view>> read_body(std::size_t limit);

  // A stream (server-sent events), instead of answer().finish(): after answer().begin and add. Each error means that
  // nothing more can be sent: the client has gone, was too slow, or the server was told to cut.
  Task<Result<void>> begin_stream();
  // piece outlives the call. An empty piece sends nothing.
  Task<Result<void>> write_chunk(std::string_view piece);
  // Waits for wake(), for the drain, for the client to leave, or for at most that long. closed and draining are
  // answered at once when they hold already. Only between begin_stream and end_stream.
  Task<StreamEvent> wait(Milliseconds at_most);
  // Ends a wait, or the next one where none is under way. From the exchange's own thread only: others post.
  void wake();
  Task<Result<void>> end_stream();

  // The server was told to stop: this is the last answer on the connection.
  bool draining() const;

 private:
  friend class Session;

  Session& session_;
  Request request_;
  Answer answer_;
};

}  // namespace galley::http
