// Exchange: one request and its answer, from finding a connection to giving it back.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "base/task.hpp"
#include "net/answer_parser.hpp"
#include "net/client_parts.hpp"
#include "net/connection.hpp"
#include "net/connection_pool.hpp"
#include "net/http_client.hpp"

namespace galley::net {

// Lives in the frame of the send() that awaits run(), once.
class Exchange {
 public:
  // parts outlives this.
  Exchange(ClientParts& parts, HttpRequest request);

  Task<SendResult> run();

 private:
  using Lease = ConnectionPool::Lease;
  // What is wrong; nothing where the answer is complete (or cut).
  using Fault = std::optional<TransportError>;

  Task<std::optional<Lease>> take_lease();
  Task<Fault> dial(Lease& lease);
  Task<SendResult> run_on(Lease lease);
  // Writes the request and reads the answer over connection_.
  Task<Fault> transfer();
  Task<boost::system::error_code> write_request();
  Task<Fault> read_answer(boost::system::error_code write_error);
  // Feeds what is in the buffer to the parser; the fault where the answer is not valid.
  Fault feed();
  Fault finish_at_end(const boost::system::error_code& error);
  Fault judge_io(const boost::system::error_code& error, bool cancelled);
  void start_answer();
  bool is_finished() const { return parser_->is_done() || parser_->is_cut(); }
  bool may_be_kept() const;

  TransportError failure(FailureKind kind, std::string text) const;
  std::chrono::milliseconds left() const;
  std::chrono::microseconds elapsed() const;

  ClientParts& parts_;
  HttpRequest request_;
  Instant start_;
  HttpResponse response_{};
  Timings timings_{};
  std::shared_ptr<Connection> connection_;  // with the timer's handler, for the time of the exchange
  std::string head_;                        // with the body, where that is small
  std::unique_ptr<char[]> buffer_;
  std::size_t filled_ = 0;  // bytes of buffer_ that the parser has not taken
  std::optional<AnswerParser> parser_;
  std::size_t interim_answers_ = 0;
  bool sent_ = false;        // a byte of the request was given to the system
  bool any_answer_ = false;  // a byte of the answer came
  bool clean_ = true;        // request written whole, nothing after the answer
};

}  // namespace galley::net
