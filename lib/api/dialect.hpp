// A dialect: how answers, lists and errors of one public API are framed. Everything that leaves, leaves through it.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "api/call.hpp"
#include "api/endpoint_row.hpp"
#include "api/reply.hpp"
#include "base/result.hpp"
#include "http/answer.hpp"

namespace galley::api {

struct PublicError;

class Dialect {
 public:
  virtual ~Dialect() = default;
  virtual std::string_view name() const = 0;
  // Whether a path, known or not, belongs to it.
  virtual bool owns(std::string_view path) const = 0;
  // Appends the body of an object, list or document to answer.body(); status and fields were written.
  virtual void write_body(const Call& call, const Reply& reply, std::string& out) const = 0;
  virtual void write_error_body(const Call& call, const Error& error, std::string& out) const = 0;
  virtual void write_rate(const RateVerdict& rate, http::Answer& answer) const = 0;
  // Whether names that a request does not have are passed over rather than refused.
  virtual bool ignores_unknown() const { return false; }
  // Whether a page behind the last one is not found, rather than empty.
  virtual bool has_last_page() const { return false; }
  // What limits those who are not known or ask for what there is not, and tells them of it; nothing: they are not told.
  virtual std::optional<RateScope> scope_of_strangers() const { return std::nullopt; }

  // How it is described. write_schema writes the schema of the object, or of a list's row.
  using WriteSchema = std::function<void(json::Writer&)>;
  virtual void describe_object(json::Writer& out, const WriteSchema& write_schema) const = 0;
  virtual void describe_list(json::Writer& out, const WriteSchema& write_schema) const = 0;
  // Examples of the same; write_data writes the object's, or the row's. And of an error.
  virtual void write_object_example(json::Writer& out, const WriteSchema& write_data) const = 0;
  virtual void write_list_example(json::Writer& out, const WriteSchema& write_data) const = 0;
  virtual void write_error_example(json::Writer& out, const PublicError& error) const = 0;
  // Whether it answers with the error at all.
  virtual bool knows(ErrorCode code) const = 0;
  // Of the endpoint's answers; empty where it is not limited so.
  virtual std::span<const std::string_view> rate_headers(const Endpoint& endpoint) const = 0;
  // The name of its answer of an error among the components: "NotFound".
  virtual std::string error_answer(int status) const = 0;
  // The schema of the body of an error.
  virtual std::string_view error_schema() const = 0;
  virtual void describe_frames(json::Writer& out) const = 0;
};

}  // namespace galley::api
