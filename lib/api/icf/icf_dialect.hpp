// The publishing API's frame: objects as themselves, lists as {"data", "pagination"}, errors as {"error"}.
#pragma once

#include "api/dialect.hpp"

namespace galley::api::icf {

class IcfDialect final : public Dialect {
 public:
  std::string_view name() const override { return "icf"; }
  // Every path that no other dialect owns.
  bool owns(std::string_view) const override { return true; }
  void write_body(const Call& call, const Reply& reply, std::string& out) const override;
  void write_error_body(const Call& call, const Error& error, std::string& out) const override;
  void write_rate(const RateVerdict& rate, http::Answer& answer) const override;

  void describe_object(json::Writer& out, const WriteSchema& write_schema) const override;
  void describe_list(json::Writer& out, const WriteSchema& write_schema) const override;
  void write_object_example(json::Writer& out, const WriteSchema& write_data) const override;
  void write_list_example(json::Writer& out, const WriteSchema& write_data) const override;
  void write_error_example(json::Writer& out, const PublicError& error) const override;
  bool knows(ErrorCode code) const override { return code != ErrorCode::sign_in_refused; }
  std::span<const std::string_view> rate_headers(const Endpoint& endpoint) const override;
  std::string error_answer(int status) const override;
  std::string_view error_schema() const override { return "Error"; }
  void describe_frames(json::Writer& out) const override;
};

// {"data": rows, "pagination": …}; rows is a JSON array.
void write_list(std::string_view rows, const Reply::Paging& paging, std::string& out);
// {"error": {"code", "message", "details"}}
void write_error(const Error& error, std::string& out);
// "target_domain" becomes "targetDomain"; other texts stay.
std::string camel(std::string_view name);

}  // namespace galley::api::icf
