// What a handler answers, before a dialect puts it into its envelope.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/task.hpp"

namespace galley::http {
class Exchange;
}

namespace galley::api {

struct Reply {
  enum class Kind : std::uint8_t {
    object,    // body is a JSON object
    list,      // body is a JSON array, and paging stands beside it
    empty,     // 204
    document,  // body or shared is a text of content_type
    streamed,  // stream sends the body, piece by piece, once the head was framed
  };
  struct Paging {
    int page = 1;
    int size = 20;
    std::int64_t total = 0;
    bool total_is_exact = true;
    bool by_cursor = false;
    std::optional<std::string> next_cursor{};
  };

  Kind kind = Kind::empty;
  int status = 204;
  std::string body{};
  std::string_view message{};                   // a constant sentence for people, where the dialect has a place for one
  std::shared_ptr<const std::string> shared{};  // the cache and this answer own it
  std::string content_type{};                   // of a document
  std::optional<Paging> paging{};
  std::string etag{};           // with its quotes
  std::string location{};       // absolute path
  std::string last_modified{};  // HTTP date
  std::vector<std::pair<std::string_view, std::string>> headers{};
  // What the answer waits for outside of this server ("job_…"): the endpoint's finish takes it from there. Everything
  // else is of no meaning then.
  std::optional<std::string> awaited{};
  bool cacheable = false;  // public: headers says how long; everything else is no-store
  // Begins and ends the exchange's stream. What it refers to lives as long as the call.
  std::function<Task<void>(http::Exchange&)> stream{};
};

}  // namespace galley::api
