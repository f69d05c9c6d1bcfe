#include "app/listen/hearing.hpp"

#include <utility>

#include "base/json.hpp"

namespace galley::app {

namespace {

// What the event is about, for people.
std::string subject_of(const json::Value& body) {
  for (const auto path : {std::initializer_list<std::string_view>{"article", "title"},
                          {"keyword", "keyword"},
                          {"connection", "name"},
                          {"job", "id"},
                          {"test", "message"}})
    if (std::string text = body.text_at(path); !text.empty()) return text;
  return {};
}

bool is_taken(const net::SendResult& answer) {
  return answer && answer->status >= 200 && answer->status < 300;
}

std::int64_t milliseconds_of(const net::SendResult& answer) {
  const net::Timings& timings = answer ? answer->timings : answer.error().timings;
  return std::chrono::duration_cast<std::chrono::milliseconds>(timings.total).count();
}

std::string json_line(const Heard& heard) {
  std::string line;
  json::Writer out(line);
  out.begin_object().member("id", heard.event.id).member("event", heard.event.name);
  if (heard.forwarded) {
    const net::SendResult& answer = *heard.forwarded;
    out.key("forwarded").begin_object().member("taken", is_taken(answer));
    if (answer)
      out.member("status", std::int64_t{answer->status});
    else
      out.member("error", answer.error().text);
    out.member("milliseconds", milliseconds_of(answer)).end_object();
  }
  out.key("body").raw(heard.event.data).end_object();
  return line;
}

std::string text_line(const Heard& heard) {
  const Result<json::Value> body = json::parse(heard.event.data);
  std::string subject;
  // In quotes, so that what stands in it does not steer the terminal.
  if (body) json::Writer(subject).value(subject_of(*body));
  std::string line = (body ? body->text_at({"createdAt"}) : std::string()) + "  " + heard.event.name;
  line += "  " + heard.event.id + "  " + subject;
  if (!heard.forwarded) return line;
  const net::SendResult& answer = *heard.forwarded;
  if (answer)
    line += "  -> " + std::to_string(answer->status) + " in " + std::to_string(milliseconds_of(answer)) + " ms";
  else
    line += "  -> " + answer.error().text;
  return line;
}

}  // namespace

bool Heard::taken() const {
  return !forwarded || is_taken(*forwarded);
}

std::string line_of(const Heard& heard, bool json) {
  return json ? json_line(heard) : text_line(heard);
}

Task<Result<std::string>> only_project(net::HttpClient& client, std::string server, Secret key) {
  net::HttpRequest request{.url = GALLEY_CO_TRY(net::parse_url(server + "/api/v1/projects?pageSize=100"))};
  request.headers = {{"Authorization", "Bearer " + std::string(key.reveal())}};
  request.max_body = std::size_t{4} << 20;
  const net::SendResult answer = co_await client.send(std::move(request));
  if (!answer) co_return unavailable(server + ": " + answer.error().text);
  if (answer->status != 200) co_return error_of(*answer);
  const json::Value told = GALLEY_CO_TRY(json::parse(answer->body));
  const json::Value* rows = told.at({"data"});
  if (rows == nullptr || rows->array() == nullptr) co_return unavailable(server + " is no Galley.");
  if (rows->array()->size() == 1) co_return rows->array()->front().text_at({"id"});
  if (rows->array()->empty()) co_return not_found("project", "any");
  std::string known;
  for (const json::Value& row : *rows->array())
    known += "\n    " + row.text_at({"id"}) + "  " + row.text_at({"name"});
  co_return invalid("--project", "must be one of" + known);
}

}  // namespace galley::app
