// A dialect: how answers, lists and errors of one public API are framed. Everything that leaves, leaves through it.
#pragma once

#include <string_view>

#include "api/call.hpp"
#include "api/reply.hpp"
#include "base/result.hpp"
#include "http/answer.hpp"

namespace galley::api {

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
};

}  // namespace galley::api
