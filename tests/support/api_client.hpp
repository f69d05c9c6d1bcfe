// A blocking client of the API on loopback: one kept connection, answers parsed as far as tests look at them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/encoding.hpp"
#include "base/json.hpp"
#include "support/answer_log.hpp"
#include "support/raw_client.hpp"

namespace galley::test {

using Fields = std::vector<std::pair<std::string, std::string>>;

// The value at "pagination.total" or "data.0.id"; null (a Value that is JSON's null) where there is none.
inline const json::Value& at_path(const json::Value& value, std::string_view path) {
  static const json::Value none{};
  const json::Value* here = &value;
  while (!path.empty()) {
    const std::size_t dot = std::min(path.find('.'), path.size());
    const std::string_view name = path.substr(0, dot);
    path.remove_prefix(std::min(dot + 1, path.size()));
    if (const json::Array* list = here->array()) {
      const std::size_t index = std::stoul(std::string(name));
      if (index >= list->size()) return none;
      here = &(*list)[index];
    } else {
      here = here->find(name);
      if (here == nullptr) return none;
    }
  }
  return *here;
}

struct ApiAnswer {
  int status = 0;
  Fields fields{};
  std::string body{};

  // Empty where there is none.
  std::string field(std::string_view name) const {
    for (const auto& [key, value] : fields)
      if (equals_ignoring_case(key, name)) return value;
    return "";
  }
  bool has_field(std::string_view name) const {
    for (const auto& [key, value] : fields)
      if (equals_ignoring_case(key, name)) return true;
    return false;
  }
  json::Value json() const {
    Result<json::Value> value = json::parse(body);
    if (!value) throw std::runtime_error("not JSON: " + body);
    return *std::move(value);
  }
  json::Value value(std::string_view path) const { return at_path(json(), path); }
  // Throws where it is no text.
  std::string text(std::string_view path) const {
    const json::Value found = value(path);
    if (found.text() == nullptr) throw std::runtime_error("no text at " + std::string(path) + ": " + body);
    return *found.text();
  }
  std::int64_t number(std::string_view path) const {
    const json::Value found = value(path);
    if (found.integer() == nullptr) throw std::runtime_error("no whole number at " + std::string(path) + ": " + body);
    return *found.integer();
  }
  std::string error_code() const { return text("error.code"); }
};

struct ApiRequest {
  std::string method = "GET";
  std::string target{};
  std::string body{};
  Fields fields{};
  bool chunked = false;
  bool json = true;  // Content-Type: application/json where there is a body and no other is given
};

class ApiClient {
 public:
  // key: empty for nobody.
  ApiClient(std::uint16_t port, std::string key) : port_(port), key_(std::move(key)) {}

  const std::string& key() const { return key_; }
  ApiClient with_key(std::string key) const { return {port_, std::move(key)}; }

  ApiAnswer send(const ApiRequest& request) {
    const std::string bytes = to_bytes(request);
    // A kept connection may have been closed for idleness by now; a fresh one may not.
    for (const bool fresh : {connection_ == nullptr, true}) {
      if (fresh) connection_ = std::make_unique<RawClient>(port_);
      try {
        connection_->send(bytes);
        ApiAnswer answer = receive(*connection_, request.method == "HEAD");
        const std::string type = answer.field("Content-Type");
        log_answer({request.method, request.target, answer.status, type, answer.body});
        return answer;
      } catch (const std::runtime_error&) {
        if (fresh) throw;
      }
    }
    throw std::logic_error("not reached");
  }
  ApiAnswer get(std::string target, Fields fields = {}) {
    return send({.target = std::move(target), .fields = std::move(fields)});
  }
  ApiAnswer post(std::string target, std::string body = "", Fields fields = {}) {
    return send({.method = "POST", .target = std::move(target), .body = std::move(body), .fields = std::move(fields)});
  }
  ApiAnswer patch(std::string target, std::string body, Fields fields = {}) {
    return send({.method = "PATCH", .target = std::move(target), .body = std::move(body), .fields = std::move(fields)});
  }
  ApiAnswer del(std::string target, Fields fields = {}) {
    return send({.method = "DELETE", .target = std::move(target), .fields = std::move(fields)});
  }

  std::string to_bytes(const ApiRequest& request) const {
    std::string bytes = request.method + " " + request.target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n";
    bool typed = request.body.empty() || !request.json;
    bool authorized = key_.empty();
    for (const auto& [name, value] : request.fields) {
      if (equals_ignoring_case(name, "Content-Type")) typed = true;
      if (equals_ignoring_case(name, "Authorization")) authorized = true;
      bytes.append(name).append(": ").append(value).append("\r\n");
    }
    if (!typed) bytes += "Content-Type: application/json\r\n";
    if (!authorized) bytes += "Authorization: Bearer " + key_ + "\r\n";
    if (request.chunked) return bytes + "Transfer-Encoding: chunked\r\n\r\n" + in_chunks(request.body);
    if (!request.body.empty() || request.method == "POST")
      bytes += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
    return bytes + "\r\n" + request.body;
  }

  // The head of the answer alone; its body is left on the wire.
  static ApiAnswer receive_head(RawClient& connection) {
    const std::string head = connection.read_until("\r\n\r\n");
    ApiAnswer answer{.status = std::stoi(head.substr(9, 3))};
    std::size_t at = head.find("\r\n") + 2;
    while (at + 2 < head.size()) {
      const std::size_t end = head.find("\r\n", at);
      const std::size_t colon = head.find(": ", at);
      if (colon == std::string::npos || colon > end) throw std::runtime_error("not a field: " + head);
      answer.fields.emplace_back(head.substr(at, colon - at), head.substr(colon + 2, end - colon - 2));
      at = end + 2;
    }
    return answer;
  }
  // The next chunk of an answer's body; empty at its end.
  static std::string receive_chunk(RawClient& connection) {
    const std::size_t size = std::stoul(connection.read_until("\r\n"), nullptr, 16);
    std::string chunk = connection.read_bytes(size);
    connection.read_until("\r\n");
    return chunk;
  }

 private:
  static std::string in_chunks(std::string_view body) {
    constexpr std::size_t piece = 50'000;
    std::string bytes;
    while (!body.empty()) {
      const std::string_view part = body.substr(0, piece);
      char size[32];
      std::snprintf(size, sizeof size, "%zx\r\n", part.size());
      bytes.append(size).append(part).append("\r\n");
      body.remove_prefix(part.size());
    }
    return bytes + "0\r\n\r\n";
  }

  ApiAnswer receive(RawClient& connection, bool head_only) {
    ApiAnswer answer = receive_head(connection);
    const bool empty = head_only || answer.status == 204 || answer.status == 304;
    if (!empty && answer.has_field("Transfer-Encoding"))
      for (std::string chunk = receive_chunk(connection); !chunk.empty(); chunk = receive_chunk(connection))
        answer.body += chunk;
    else if (!empty && answer.has_field("Content-Length"))
      answer.body = connection.read_bytes(std::stoul(answer.field("Content-Length")));
    if (equals_ignoring_case(answer.field("Connection"), "close")) connection_.reset();
    return answer;
  }

  std::uint16_t port_;
  std::string key_;
  std::unique_ptr<RawClient> connection_{};
};

}  // namespace galley::test
