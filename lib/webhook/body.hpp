// The body of a message: compact JSON whose bytes equal what JSON.stringify(JSON.parse(body)) gives in JavaScript,
// because the reference's sample receiver verifies the signature of that.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "domain/event.hpp"
#include "domain/webhook.hpp"

namespace galley::webhook {

// Bytes of a body in the event and flat formats; see body_template.hpp for templates.
inline constexpr std::size_t max_body_bytes = std::size_t{8} << 20;

// {"id","event","projectId","createdAt","article":{…}}, or the event's other noun in place of the article.
// payload_too_large beyond max_body_bytes.
Result<std::string> event_body(const Event& event);
// The flat object of the event's article. internal where the event is not an article's; see galley::carries().
Result<std::string> flat_body(const Event& event);
// In the endpoint's format; body_template is that of BodyFormat::custom. A test message is always in the event format.
Result<std::string> make_body(BodyFormat format, std::string_view body_template, const Event& event);

}  // namespace galley::webhook
