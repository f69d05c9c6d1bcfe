// The customer's side of the smoke test: an HTTP server that keeps what is sent to it. It belongs to one thread, like
// the coroutine that asks it.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "http/handler.hpp"

namespace galley::app {

struct ReceivedMessage {
  std::string path;
  std::string event;       // X-iCF-Event
  std::string signature;   // X-iCF-Signature
  std::string id;          // webhook-id
  std::string timestamp;   // webhook-timestamp
  std::string signatures;  // webhook-signature
  std::string body;
};

// Whether both signatures hold for secret ("whsec_…"): computed here from the documentation, not by the sender's code.
bool is_signed(const ReceivedMessage& message, const Secret& secret);

class Receiver final : public http::Handler {
 public:
  static constexpr std::size_t max_messages = 1000;
  static constexpr std::size_t max_body = std::size_t{4} << 20;

  using Wanted = std::function<bool(const ReceivedMessage&)>;

  // The first that is wanted, received already or within time; nothing after that.
  Task<std::optional<ReceivedMessage>> wait_for(Wanted wanted, Milliseconds time);

  // Answers as a CMS does: {"id", "url"} of the post.
  Task<void> handle(http::Exchange& exchange) override;
  void refuse(const http::Refusal& refusal, http::Exchange& exchange) override;

  static constexpr std::string_view post_id = "post-1";
  static constexpr std::string_view post_url = "https://cms.example/posts/1";

 private:
  std::vector<ReceivedMessage> messages_{};
  boost::asio::steady_timer* waiting_ = nullptr;  // lives in the frame of wait_for
};

}  // namespace galley::app
