#include "app/smoke/chain.hpp"

namespace galley::app {

namespace {

constexpr Milliseconds message_time = std::chrono::seconds(15);
constexpr std::size_t wanted_articles = 2;
constexpr std::int64_t fewest_words = 100;
constexpr std::string_view keyword_csv =
    "keyword,volume,priority,cluster\n"
    "how to clean an espresso machine,900,high,espresso\n"
    "best grinder for espresso,700,medium,espresso\n"
    "pour over ratio,500,low,filter\n";

Error wrong(std::string message) {
  return Error{.message = std::move(message)};
}

std::string with_members(std::initializer_list<std::pair<std::string_view, std::string_view>> members) {
  std::string text;
  json::Writer writer(text);
  writer.begin_object();
  for (const auto& [name, value] : members)
    writer.member(name, value);
  writer.end_object();
  return text;
}

}  // namespace

std::span<const Chain::Step> Chain::steps() {
  static constexpr Step all[] = {
      {"ready", &Chain::check_ready},
      {"project", &Chain::make_project},
      {"keywords", &Chain::import_keywords},
      {"webhook", &Chain::subscribe},
      {"generate", &Chain::generate},
      {"job", &Chain::follow_job},
      {"approve", &Chain::approve},
      {"publish natively", &Chain::publish_natively},
      {"event delivered", &Chain::receive_event},
      {"connection", &Chain::connect},
      {"publish to webhook", &Chain::publish_through_connection},
      {"sitemap", &Chain::fetch_sitemap},
  };
  return all;
}

Task<Result<net::HttpResponse>> Chain::send(Sent sent) {
  net::Url url = GALLEY_CO_TRY(net::parse_url(server_ + sent.path));
  net::HttpRequest request{.method = sent.method, .url = std::move(url), .headers = std::move(sent.headers)};
  request.headers.push_back({"Authorization", "Bearer " + std::string(key_.reveal())});
  if (!sent.body.empty()) request.headers.push_back({"Content-Type", sent.content_type});
  request.body = std::move(sent.body);
  request.max_body = std::size_t{4} << 20;
  const std::string what = std::string(to_text(sent.method)) + " " + sent.path;
  net::SendResult answer = co_await client_.send(std::move(request));
  if (!answer) co_return wrong(what + " was not answered: " + answer.error().text);
  if (answer->status != sent.expected)
    co_return wrong(what + " answered " + std::to_string(answer->status) + " and not " + std::to_string(sent.expected) +
                    ": " + answer->body.substr(0, 400));
  co_return *std::move(answer);
}

Task<Result<json::Value>> Chain::send_json(Sent sent) {
  net::HttpResponse answer = GALLEY_CO_TRY(co_await send(std::move(sent)));
  co_return json::parse(answer.body);
}

Task<Chain::Outcome> Chain::check_ready() {
  Sent probe{.path = "/readyz"};
  GALLEY_CO_TRY(co_await send(std::move(probe)));
  co_return "the database takes writes";
}

Task<Chain::Outcome> Chain::make_project() {
  Sent order{.method = net::Method::post,
             .path = "/api/v1/projects",
             .body = with_members({{"name", "Smoke"}, {"targetDomain", "smoke.example"}}),
             .expected = 201};
  const json::Value made = GALLEY_CO_TRY(co_await send_json(std::move(order)));
  project_ = made.text_at({"id"});
  secret_ = Secret(made.text_at({"webhookSecret"}));
  if (project_.empty() || secret_.empty()) co_return wrong("The answer has no id or no webhookSecret.");
  co_return project_;
}

Task<Chain::Outcome> Chain::import_keywords() {
  Sent order{.method = net::Method::post,
             .path = "/api/v1/projects/" + project_ + "/keywords",
             .body = std::string(keyword_csv),
             .content_type = "text/csv"};
  const json::Value outcome = GALLEY_CO_TRY(co_await send_json(std::move(order)));
  if (outcome.integer_at({"created"}) != 3) co_return wrong("Not 3 keywords were created: " + json::to_text(outcome));
  co_return "3 imported from CSV";
}

Task<Chain::Outcome> Chain::subscribe() {
  std::string body;
  json::Writer(body)
      .begin_object()
      .member("url", receiver_ + "/events")
      .key("events")
      .begin_array()
      .value("article.*")
      .end_array()
      .end_object();
  Sent order{.method = net::Method::post,
             .path = "/api/v1/projects/" + project_ + "/webhooks",
             .body = std::move(body),
             .expected = 201};
  const json::Value made = GALLEY_CO_TRY(co_await send_json(std::move(order)));
  co_return made.text_at({"id"});
}

Task<Chain::Outcome> Chain::generate() {
  Sent order{.method = net::Method::post,
             .path = "/api/v1/projects/" + project_ + "/articles/generate",
             .body = R"({"limit":2,"provider":"outline","wordCount":600,"targetStatus":"draft"})",
             .expected = 202};
  const json::Value queued = GALLEY_CO_TRY(co_await send_json(std::move(order)));
  job_ = queued.text_at({"jobId"});
  const json::Value* list = queued.at({"articles"});
  if (job_.empty() || list == nullptr || list->array() == nullptr || list->array()->size() != wanted_articles)
    co_return wrong("Not 2 articles were queued: " + json::to_text(queued));
  for (const json::Value& article : *list->array())
    articles_.push_back(article.text_at({"id"}));
  co_return job_ + ", 2 articles";
}

Task<Chain::Outcome> Chain::follow_job() {
  net::Url url = GALLEY_CO_TRY(net::parse_url(server_ + "/api/v1/jobs/" + job_ + "/events"));
  net::HttpRequest request{.url = std::move(url)};
  request.headers.push_back({"Authorization", "Bearer " + std::string(key_.reveal())});
  request.limits.total = std::chrono::seconds(60);
  std::string events;
  request.on_body = [&events](std::string_view piece) {
    events += piece;
    return events.find("\"type\":\"finished\"") == std::string::npos;
  };
  const net::SendResult stream = co_await client_.send(std::move(request));
  if (!stream) co_return wrong("The stream of the job broke: " + stream.error().text);
  if (stream->status != 200 && stream->status != 204)
    co_return wrong("The stream of the job answered " + std::to_string(stream->status) + ".");
  Sent question{.path = "/api/v1/jobs/" + job_};
  const json::Value job = GALLEY_CO_TRY(co_await send_json(std::move(question)));
  if (job.text_at({"status"}) != "succeeded" || job.integer_at({"progress", "done"}) != 2)
    co_return wrong("The job did not succeed: " + json::to_text(job).substr(0, 600));
  co_return "succeeded";
}

Task<Chain::Outcome> Chain::approve() {
  for (const std::string& article : articles_) {
    Sent order{.method = net::Method::patch,
               .path = "/api/v1/articles/" + article,
               .body = with_members({{"status", "ready"}})};
    const json::Value approved = GALLEY_CO_TRY(co_await send_json(std::move(order)));
    if (approved.text_at({"status"}) != "ready" || approved.integer_at({"wordCount"}) < fewest_words)
      co_return wrong(article + " is \"" + approved.text_at({"status"}) + "\" and has " +
                      std::to_string(approved.integer_at({"wordCount"})) + " words.");
  }
  co_return "2 articles ready";
}

Task<Chain::Outcome> Chain::publish_natively() {
  Sent order{.method = net::Method::post, .path = "/api/v1/articles/" + articles_.front() + "/publish", .body = "{}"};
  const json::Value article = GALLEY_CO_TRY(co_await send_json(std::move(order)));
  if (article.text_at({"status"}) != "published")
    co_return wrong("It is not published: " + article.text_at({"status"}));
  urls_.push_back(article.text_at({"url"}));
  co_return urls_.back();
}

Task<Chain::Outcome> Chain::expect_message(std::string path, std::string event, std::string article) {
  Receiver::Wanted wanted = [&](const ReceivedMessage& message) {
    return message.path == path && message.event == event && message.body.find(article) != std::string::npos;
  };
  const std::optional<ReceivedMessage> message = co_await messages_.wait_for(std::move(wanted), message_time);
  if (!message) co_return wrong("No " + event + " of " + article + " arrived within 15 seconds.");
  if (!is_signed(*message, secret_)) co_return wrong("The signature of " + message->id + " does not hold.");
  co_return message->id + ", both signatures hold";
}

Task<Chain::Outcome> Chain::receive_event() {
  co_return co_await expect_message("/events", "article.published", articles_.front());
}

Task<Chain::Outcome> Chain::connect() {
  std::string body;
  json::Writer(body)
      .begin_object()
      .member("name", "Receiver")
      .member("type", "webhook")
      .key("settings")
      .begin_object()
      .member("url", receiver_ + "/posts")
      .end_object()
      .end_object();
  Sent order{.method = net::Method::post,
             .path = "/api/v1/projects/" + project_ + "/connections",
             .body = std::move(body),
             .expected = 201};
  const json::Value made = GALLEY_CO_TRY(co_await send_json(std::move(order)));
  connection_ = made.text_at({"id"});
  if (made.text_at({"status"}) != "connected") co_return wrong("It is not connected: " + made.text_at({"lastError"}));
  co_return connection_;
}

Task<Chain::Outcome> Chain::publish_through_connection() {
  Sent order{.method = net::Method::post,
             .path = "/api/v1/articles/" + articles_.back() + "/publish",
             .body = with_members({{"connectionId", connection_}})};
  const json::Value article = GALLEY_CO_TRY(co_await send_json(std::move(order)));
  const json::Value* list = article.at({"publications"});
  if (list == nullptr || list->array() == nullptr || list->array()->empty())
    co_return wrong("The answer names no publication.");
  const json::Value& publication = list->array()->back();
  if (publication.text_at({"externalId"}) != Receiver::post_id ||
      publication.text_at({"externalUrl"}) != Receiver::post_url)
    co_return wrong("The publication does not have the receiver's id and address: " + json::to_text(publication));
  urls_.push_back(article.text_at({"url"}));
  co_return co_await expect_message("/posts", "article.published", articles_.back());
}

Task<Chain::Outcome> Chain::fetch_sitemap() {
  const std::string path = "/api/public/sitemap/" + project_;
  Sent question{.path = path};
  const net::HttpResponse sitemap = GALLEY_CO_TRY(co_await send(std::move(question)));
  const std::string* etag = net::find_header(sitemap.headers, "ETag");
  if (etag == nullptr || !sitemap.body.starts_with("<?xml")) co_return wrong("It is no XML with an ETag.");
  for (const std::string& url : urls_)
    if (url.empty() || sitemap.body.find("<loc>" + url + "</loc>") == std::string::npos)
      co_return wrong("It does not name \"" + url + "\".");
  Sent again{.path = path, .headers = {{"If-None-Match", *etag}}, .expected = 304};
  GALLEY_CO_TRY(co_await send(std::move(again)));
  co_return "names both articles";
}

}  // namespace galley::app
