// An endpoint is one row: route, method, credentials, limits, decoding, log and metric label and API description all
// come from it and from the handler's signature.
//
//   endpoint<&create_project>(post, "/api/v1/projects", "createProject", Access::admin, RateScope::plan, "Makes a
//   project.")
//
// A handler is Task<Result<R>> f(Call&, arguments…). Arguments, in any number:
//   Id<Tag>, PathNumber   the next {parameter} of the path; what cannot be one is 404
//   Query<T>              the parameters of the query, by T's Shape; without it every parameter is refused
//   Body<T>, Patch<T>     the JSON body, whole or as a merge patch, by T's Shape
//   Text                  a body of another media type, or one that the handler reads itself
// R is a struct with a Shape (200; with a member "version" it gets an ETag), Created<T>, Accepted<T>, Page<T> of such
// structs, NoContent, Deferred of one of these, or Reply.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "api/call.hpp"
#include "api/endpoint_row.hpp"
#include "api/reply.hpp"
#include "base/shape.hpp"
#include "base/task.hpp"
#include "base/variant.hpp"
#include "domain/page.hpp"
#include "http/message.hpp"

namespace galley::api {

template <class T>
struct Query : T {};

template <class T>
struct Body : T {};

// A merge patch (RFC 7396) that was judged against T's Shape and can be applied to what T is at the time.
template <class T>
class Patch {
 public:
  Patch() = default;
  explicit Patch(json::Value value) : value_(std::move(value)) {}
  Result<void> apply(T& target) const {
    Decoding decoding(Decoding::Mode::applied_patch);
    shape_of<T>().decode(value_, &target, decoding);
    if (decoding.failed()) return invalid(decoding.take_errors());
    return {};
  }

 private:
  json::Value value_{json::Object{}};
};

struct PathNumber {
  std::int64_t value = 0;
};

struct Text {
  std::string_view text;
  std::string_view content_type;
};

template <class T>
struct Created {
  T value;
  std::string location;
};
template <class T>
struct Accepted {
  T value;
  std::string location;
};
struct NoContent {};

// Collects what is wrong with a call's arguments, so that one answer names all of it.
class ArgumentReader {
 public:
  explicit ArgumentReader(Call& call) : call_(call) {}
  Call& call() { return call_; }
  std::string_view next_path() { return call_.path[path_++]; }
  // What the path calls the parameter that was read last: "revision".
  std::string_view path_name() const;
  void missing(std::string_view noun, std::string_view id);
  void wrong(std::vector<FieldError> errors);
  void read_query(const Shape& shape, void* target);
  void read_body(const Shape& shape, void* target, Decoding::Mode mode);
  // Parameters that no argument asked for.
  void refuse_query();
  std::optional<Error> take_error();

 private:
  Call& call_;
  std::size_t path_ = 0;
  std::optional<Error> missing_;
  std::vector<FieldError> errors_;
};

template <class T>
struct Argument;

template <class Tag>
struct Argument<Id<Tag>> {
  static void describe(Endpoint& endpoint) { endpoint.id_prefixes.push_back(Tag::prefix); }
  static Id<Tag> read(ArgumentReader& reader) {
    const std::string_view text = reader.next_path();
    std::optional<Id<Tag>> id = Id<Tag>::parse(text);
    if (!id) reader.missing(Tag::noun, text);
    return id ? *std::move(id) : Id<Tag>();
  }
};
template <>
struct Argument<PathNumber> {
  static void describe(Endpoint& endpoint) { endpoint.id_prefixes.push_back(""); }
  static PathNumber read(ArgumentReader& reader);
};
template <class T>
struct Argument<Query<T>> {
  static void describe(Endpoint& endpoint) { endpoint.query = &shape_of<T>; }
  static Query<T> read(ArgumentReader& reader) {
    Query<T> query{};
    reader.read_query(shape_of<T>(), static_cast<T*>(&query));
    return query;
  }
};
template <class T>
struct Argument<Body<T>> {
  static void describe(Endpoint& endpoint) { endpoint.bodies.push_back({"application/json", &shape_of<T>, false}); }
  static Body<T> read(ArgumentReader& reader) {
    Body<T> body{};
    reader.read_body(shape_of<T>(), static_cast<T*>(&body), Decoding::Mode::whole);
    return body;
  }
};
template <class T>
struct Argument<Patch<T>> {
  static void describe(Endpoint& endpoint) {
    endpoint.bodies.push_back({"application/merge-patch+json", &shape_of<T>, true});
    endpoint.bodies.push_back({"application/json", &shape_of<T>, true});
  }
  static Patch<T> read(ArgumentReader& reader) {
    T scratch{};
    reader.read_body(shape_of<T>(), &scratch, Decoding::Mode::patch);
    return Patch<T>(reader.call().body.value_or(json::Value(json::Object{})));
  }
};
template <>
struct Argument<Text> {
  static void describe(Endpoint&) {}
  static Text read(ArgumentReader& reader) { return {reader.call().body_text, reader.call().content_type}; }
};

// "<version>-<derived>": the second part changes with everything that is shown.
std::string make_etag(std::int64_t version, std::string_view body);

template <class R>
struct Answered {  // a struct with a Shape
  static void describe(Endpoint& endpoint) {
    endpoint.success = 200;
    endpoint.answer = Reply::Kind::object;
    endpoint.answer_shape = &shape_of<R>;
    endpoint.has_version = requires(const R& r) { r.version; };
  }
  static Reply reply(const Call&, const R& value) {
    Reply reply{.kind = Reply::Kind::object, .status = 200};
    json::Writer writer(reply.body);
    shape_of<R>().encode(&value, writer);
    if constexpr (requires { value.version; }) reply.etag = make_etag(value.version, reply.body);
    return reply;
  }
};
template <class T>
struct Answered<Created<T>> {
  static void describe(Endpoint& endpoint) {
    Answered<T>::describe(endpoint);
    endpoint.success = 201;
  }
  static Reply reply(const Call& call, const Created<T>& created) {
    Reply reply = Answered<T>::reply(call, created.value);
    reply.status = 201;
    reply.location = created.location;
    return reply;
  }
};
// What is answered at once, or what has to come from outside first: the endpoint's finish answers then.
struct Awaited {
  std::string what;
};
template <class T>
using Deferred = Variant<T, Awaited>;

template <class T>
struct Answered<Deferred<T>> {
  static void describe(Endpoint& endpoint) { Answered<T>::describe(endpoint); }
  static Reply reply(const Call& call, const Deferred<T>& deferred) {
    if (const auto* awaited = get_if<Awaited>(&deferred)) return {.awaited = awaited->what};
    return Answered<T>::reply(call, get<T>(deferred));
  }
};
template <class T>
struct Answered<Accepted<T>> {
  static void describe(Endpoint& endpoint) {
    Answered<T>::describe(endpoint);
    endpoint.success = 202;
  }
  static Reply reply(const Call& call, const Accepted<T>& accepted) {
    Reply reply = Answered<T>::reply(call, accepted.value);
    reply.status = 202;
    reply.location = accepted.location;
    return reply;
  }
};

// A page and what was asked for: the dialect writes both.
template <class T>
struct Listed {
  Page<T> page;
  PageRequest asked;
};
template <class T>
struct Answered<Listed<T>> {
  static void describe(Endpoint& endpoint) {
    endpoint.success = 200;
    endpoint.answer = Reply::Kind::list;
    endpoint.answer_shape = &shape_of<T>;
  }
  static Reply reply(const Call&, const Listed<T>& listed) {
    Reply reply{.kind = Reply::Kind::list, .status = 200};
    json::Writer writer(reply.body);
    writer.begin_array();
    const Shape& shape = shape_of<T>();
    for (const T& row : listed.page.rows)
      shape.encode(&row, writer);
    writer.end_array();
    reply.paging = Reply::Paging{.page = listed.asked.page,
                                 .size = listed.asked.size,
                                 .total = listed.page.total,
                                 .total_is_exact = listed.page.total_is_exact,
                                 .by_cursor = listed.asked.after.has_value()};
    if (listed.page.next) reply.paging->next_cursor = listed.page.next->encode();
    return reply;
  }
};
template <>
struct Answered<NoContent> {
  static void describe(Endpoint& endpoint) {
    endpoint.success = 204;
    endpoint.answer = Reply::Kind::empty;
  }
  static Reply reply(const Call&, const NoContent&) { return {}; }
};
template <>
struct Answered<Reply> {
  static void describe(Endpoint&) {}
  static Reply reply(const Call&, Reply& reply) { return std::move(reply); }
};

namespace detail {

template <auto handler, class F>
struct Handler;

template <auto handler, class R, class... Arguments>
struct Handler<handler, Task<Result<R>> (*)(Call&, Arguments...)> {
  static Task<Result<Reply>> invoke(Call& call) {
    ArgumentReader reader(call);
    // Braces: the arguments are read from left to right, as the path's parameters stand.
    std::tuple<Arguments...> arguments{Argument<Arguments>::read(reader)...};
    if (call.endpoint->query == nullptr) reader.refuse_query();
    if (std::optional<Error> error = reader.take_error()) co_return *std::move(error);
    Result<R> answer =
        co_await std::apply([&call](Arguments&... each) { return handler(call, std::move(each)...); }, arguments);
    if (answer.has_error()) co_return std::move(answer).error();
    co_return Answered<R>::reply(call, *answer);
  }
  static void describe(Endpoint& endpoint) {
    (Argument<Arguments>::describe(endpoint), ...);
    Answered<R>::describe(endpoint);
    if constexpr (!(std::is_same_v<Arguments, Text> || ...))
      if (endpoint.bodies.empty()) endpoint.body_limit = 0;
  }
};

}  // namespace detail

template <auto handler>
Endpoint endpoint(http::Method method, std::string_view path, std::string_view operation, Access access,
                  RateScope scope, std::string_view summary) {
  using Of = detail::Handler<handler, decltype(handler)>;
  Endpoint row{
      .method = method, .path = path, .operation = operation, .access = access, .scope = scope, .summary = summary};
  row.invoke = &Of::invoke;
  Of::describe(row);
  return row;
}

}  // namespace galley::api
