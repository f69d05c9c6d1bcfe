// An answer that is sent piece by piece while its handler runs.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/task.hpp"
#include "http/answer.hpp"
#include "http/connection.hpp"
#include "http/exchange.hpp"
#include "http/lane.hpp"

namespace galley::http {

class Stream {
 public:
  // All outlive this.
  Stream(Lane& lane, Connection& connection, Answer& answer) : lane_(lane), connection_(connection), answer_(answer) {}

  // A new exchange begins. Its requester wants a body, unless it is HEAD.
  void reset(bool head);
  // See Exchange.
  Task<Result<void>> begin();
  Task<Result<void>> write(std::string_view piece);
  Task<StreamEvent> wait(Milliseconds at_most);
  void wake();
  Task<Result<void>> end();

  bool begun() const { return state_ != State::none; }
  // Its end was sent: the connection can serve another request.
  bool ended() const { return state_ == State::ended; }

  // Sees whether the client has left.
  void tick();
  void begin_drain();
  void cut();

 private:
  enum class State { none, open, ended };

  Task<Result<void>> send(std::string_view bytes);
  void interrupt();

  Lane& lane_;
  Connection& connection_;
  Answer& answer_;
  State state_ = State::none;
  bool head_ = false;
  bool closed_ = false;
  bool woken_ = false;
  std::string piece_;
  std::optional<boost::asio::steady_timer> timer_;
};

}  // namespace galley::http
