// BodyCache: the bodies that were made last. An event mostly goes to several endpoints at once, and to make its body
// costs more than to send it. Not thread-safe.
#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.hpp"
#include "domain/webhook.hpp"

namespace galley::webhook {

class BodyCache {
 public:
  // max_bytes: of the bodies that are kept; one beyond it is made and not kept.
  explicit BodyCache(std::size_t max_bytes = std::size_t{8} << 20) : max_bytes_(max_bytes) {}

  // What make_body() gives for the endpoint's format and template; its errors are not kept.
  Result<std::shared_ptr<const std::string>> body(const Webhook& webhook, const Event& event);

  std::size_t bytes() const { return bytes_; }

 private:
  struct Kept {
    std::string key;
    std::shared_ptr<const std::string> body;
  };

  void keep(std::string key, const std::shared_ptr<const std::string>& body);

  std::size_t max_bytes_;
  std::size_t bytes_ = 0;
  std::list<Kept> kept_{};  // the one used last first
  std::unordered_map<std::string_view, std::list<Kept>::iterator> by_key_{};
};

}  // namespace galley::webhook
