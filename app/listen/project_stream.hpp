// A project's events from a server, in order, for as long as somebody wants them: comes again behind the last one that
// it has when a connection ends. It belongs to one thread, like the coroutines that use it.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/task.hpp"
#include "net/event_stream_parser.hpp"
#include "net/http_client.hpp"

namespace galley::app {

struct StreamOrder {
  std::string server;   // "https://galley.example", without a slash at its end
  std::string project;  // id
  Secret key;
  std::vector<std::string> events{};  // patterns; empty: every event
  std::string since{};                // RFC 3339; empty: what happens from now on
  bool follow = true;                 // false: ends behind what has happened
};

class ProjectStream {
 public:
  // Kept at most, of what was not taken yet; beyond it the connection ends, and comes again once half of it was taken.
  static constexpr std::size_t most_events = 200;
  static constexpr std::size_t most_bytes = std::size_t{16} << 20;
  static constexpr std::size_t largest_event = std::size_t{16} << 20;
  // The server sends a sign of life every 15 s: where none comes, the connection is dead.
  static constexpr std::chrono::seconds silence{45};

  // Why there is no connection, in a sentence; empty where there is one (again).
  using Notice = std::function<void(const std::string& why)>;

  // client and clock outlive this.
  ProjectStream(net::HttpClient& client, const Clock& clock, boost::asio::any_io_executor executor, StreamOrder order,
                Notice notice);

  // Until the server refuses for good (its error is what next() gives then), or ends a stream that does not follow.
  Task<void> run();
  // The next event; nothing at the end.
  Task<Result<std::optional<net::ServerSentEvent>>> next();

 private:
  bool has_room(std::size_t part) const { return waiting_.size() < most_events / part && bytes_ < most_bytes / part; }
  Task<net::SendResult> connect();
  void take(net::ServerSentEvent event);
  Task<void> changed();
  void tell();

  net::HttpClient& client_;
  const Clock& clock_;
  boost::asio::any_io_executor executor_;
  const StreamOrder order_;
  const Notice notice_;
  std::deque<net::ServerSentEvent> waiting_{};
  std::size_t bytes_ = 0;
  std::string last_id_{};
  enum class State : std::uint8_t { begun, connected, lost };
  State state_ = State::begun;
  bool overflowed_ = false;  // this connection ended since there was no room
  bool ended_ = false;
  std::optional<Error> refused_{};
  boost::asio::steady_timer change_;
};

// What the server answered, where that is an error: in its own words, if it has any.
Error error_of(const net::HttpResponse& answer);

}  // namespace galley::app
