// What a Generic Webhook's endpoint answered, as the publishing side needs it.
#pragma once

#include <string_view>

#include "domain/cms_connector.hpp"
#include "domain/identity.hpp"
#include "net/http_client.hpp"
#include "webhook/outcome.hpp"

namespace galley::webhook {

// The members "url" and "id" of a JSON object, where they can be used: an absolute http(s) URL, a text of at most 256
// bytes or a whole number. Nothing of what is no such answer.
RemotePost read_remote_post(std::string_view body);

// The error of a try that did not succeed. Transient: no answer (but for the egress guard's refusal), 408, 429, 5xx.
// The connection is broken: 401, 403, 410. The message holds the first words of the endpoint's answer.
ConnectorError classify(const net::SendResult& sent, const Outcome& outcome, const ConnectionId& connection);

}  // namespace galley::webhook
