#include "webhook/body_cache.hpp"

#include <utility>

#include "webhook/body.hpp"

namespace galley::webhook {

namespace {

// An event never changes, so nothing else decides what its body is.
std::string key_of(const Webhook& webhook, const Event& event) {
  std::string key = event.id.text();
  key += ' ';
  key += to_text(webhook.format);
  if (webhook.body_template) key += *webhook.body_template;
  return key;
}

}  // namespace

Result<std::shared_ptr<const std::string>> BodyCache::body(const Webhook& webhook, const Event& event) {
  std::string key = key_of(webhook, event);
  if (const auto known = by_key_.find(key); known != by_key_.end()) {
    kept_.splice(kept_.begin(), kept_, known->second);
    return known->second->body;
  }
  const std::string body_template = webhook.body_template.value_or(std::string());
  const auto body = std::make_shared<const std::string>(GALLEY_TRY(make_body(webhook.format, body_template, event)));
  if (key.size() + body->size() <= max_bytes_) keep(std::move(key), body);
  return body;
}

void BodyCache::keep(std::string key, const std::shared_ptr<const std::string>& body) {
  bytes_ += key.size() + body->size();
  kept_.push_front({.key = std::move(key), .body = body});
  by_key_.emplace(kept_.front().key, kept_.begin());
  while (bytes_ > max_bytes_) {
    const Kept& oldest = kept_.back();
    bytes_ -= oldest.key.size() + oldest.body->size();
    by_key_.erase(oldest.key);
    kept_.pop_back();
  }
}

}  // namespace galley::webhook
