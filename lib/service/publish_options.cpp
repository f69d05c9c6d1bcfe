// encode_options() and decode_publish_options() of publishing_service.hpp.
#include "service/publishing_service.hpp"

namespace galley::service {

json::Value encode_options(const PublishOptions& options) {
  json::Object object;
  object.emplace_back("wanted", json::Value(std::string(to_text(options.wanted))));
  object.emplace_back("message", json::Value(options.message.text()));
  object.emplace_back("at", json::Value(std::int64_t{options.at.time_since_epoch().count()}));
  return json::Value(std::move(object));
}

PublishOptions decode_publish_options(const json::Value& options) {
  PublishOptions decoded;
  const json::Value* wanted = options.find("wanted");
  if (wanted != nullptr && wanted->text() != nullptr)
    decoded.wanted = from_text<PublicationStatus>(*wanted->text()).value_or(PublicationStatus::live);
  if (const json::Value* message = options.find("message"); message != nullptr && message->text() != nullptr)
    decoded.message = EventId(*message->text());
  if (const json::Value* at = options.find("at"); at != nullptr && at->integer() != nullptr)
    decoded.at = Time(Milliseconds(*at->integer()));
  return decoded;
}

}  // namespace galley::service
