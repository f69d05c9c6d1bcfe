// Puts answers into HTTP: status, fields that every answer has, and the dialect's body.
#pragma once

#include <string>
#include <vector>

#include "api/call.hpp"
#include "api/reply.hpp"
#include "base/result.hpp"

namespace galley::api {

class Framing {
 public:
  // cors_origins: exact; empty: no page of another origin.
  explicit Framing(std::vector<std::string> cors_origins) : cors_origins_(std::move(cors_origins)) {}

  // A streamed reply gets its head alone.
  void frame(const Call& call, Reply& reply) const;
  void frame_error(const Call& call, const Error& error) const;
  // An error with another status than its code's: of a request that was refused before its route was known.
  void frame_refusal(const Call& call, const Error& error, int status) const;
  // Answers what a browser asks before it asks; false where the request is no such question of a known origin.
  bool preflight(const Call& call) const;

 private:
  void add_common(const Call& call) const;
  bool knows(std::string_view origin) const;

  std::vector<std::string> cors_origins_;
};

}  // namespace galley::api
