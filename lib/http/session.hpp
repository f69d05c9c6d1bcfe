// Serves one connection: one request after another, in order, until it closes.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "http/body_reader.hpp"
#include "http/connection.hpp"
#include "http/exchange.hpp"
#include "http/framing_gate.hpp"
#include "http/input_buffer.hpp"
#include "http/lane.hpp"
#include "http/stream.hpp"

namespace galley::http {

// Lives in the frame of the coroutine that runs it, on its lane's thread.
class Session final : public SessionHook {
 public:
  // peer: the client's address as text. The lane counts it as load already. Both this and the server own the lane.
  Session(std::shared_ptr<Lane> lane, Socket socket, std::string peer);
  ~Session();

  Task<void> run();

  // From the lane.
  void tick(bool full);
  void begin_drain();
  void cut();

  // From the exchange.
  Task<Result<std::string_view>> read_body(std::size_t limit);
  Stream& stream() { return stream_; }
  bool draining() const { return lane_.draining(); }

 private:
  enum class Phase : std::uint8_t { idle, head, busy, closing };

  Task<bool> read_request();
  bool take_head(const HeadScan& scan, Refusal& refusal);
  Task<void> end_of_input();
  Task<void> refuse(Refusal refusal);
  Task<bool> serve();
  Task<bool> send_answer();
  void answer_bare(int status);
  Task<void> linger();

  std::shared_ptr<Lane> owned_lane_;
  Lane& lane_;
  const std::string peer_;
  Connection connection_;
  InputBuffer input_;
  BodyReader body_;
  Exchange exchange_;
  Stream stream_;
  Phase phase_ = Phase::idle;
  bool interrupted_ = false;
  std::uint64_t served_ = 0;
};

}  // namespace galley::http
