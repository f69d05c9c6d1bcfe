// The planner and writer API's frame: {"success": true, "data"}, lists with count, next, previous and results, errors
// as
// {"success": false, "error", "errors"}; every one with request_id.
#pragma once

#include "api/dialect.hpp"

namespace galley::api::igny8 {

class Igny8Dialect final : public Dialect {
 public:
  std::string_view name() const override { return "igny8"; }
  // /api/ping and everything below /api/v1/auth, planner, writer, system and billing, known or not.
  bool owns(std::string_view path) const override;
  void write_body(const Call& call, const Reply& reply, std::string& out) const override;
  void write_error_body(const Call& call, const Error& error, std::string& out) const override;
  void write_rate(const RateVerdict& rate, http::Answer& answer) const override;
  bool ignores_unknown() const override { return true; }
  bool has_last_page() const override { return true; }
  std::optional<RateScope> scope_of_strangers() const override { return RateScope::fallback; }

  void describe_object(json::Writer& out, const WriteSchema& write_schema) const override;
  void describe_list(json::Writer& out, const WriteSchema& write_schema) const override;
  void write_object_example(json::Writer& out, const WriteSchema& write_data) const override;
  void write_list_example(json::Writer& out, const WriteSchema& write_data) const override;
  void write_error_example(json::Writer& out, const PublicError& error) const override;
  bool knows(ErrorCode) const override { return true; }
  std::span<const std::string_view> rate_headers(const Endpoint& endpoint) const override;
  std::string error_answer(int status) const override;
  std::string_view error_schema() const override { return "PlannerError"; }
  void describe_frames(json::Writer& out) const override;
};

// "Resource not found": what an error is called here.
std::string_view error_text(ErrorCode code);

// What a field's error is called here: "is required" becomes "This field is required". given: what was sent, for names
// that are no choice.
std::string reason_text(const FieldError& error, const json::Value* given);

}  // namespace galley::api::igny8
