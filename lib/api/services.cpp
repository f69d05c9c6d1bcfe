#include "api/services.hpp"

#include "api/endpoint.hpp"

namespace galley::api {

Document::Document(std::shared_ptr<const std::string> text) : text_(std::move(text)), etag_(make_etag(1, *text_)) {}

}  // namespace galley::api
