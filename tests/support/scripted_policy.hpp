// Judges endpoints by one word.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/endpoint_policy.hpp"

namespace galley::test {

// Takes every endpoint but "bad" ones, so that what the services make of a refusal is seen.
class ScriptedPolicy final : public EndpointPolicy {
 public:
  Result<void> check_endpoint(std::string_view url) const override { return judge("url", url); }
  Result<void> check_headers(const HeaderList& headers) const override {
    for (const auto& [name, value] : headers)
      GALLEY_TRY(judge("headers", name));
    return {};
  }
  Result<void> check_template(std::string_view text) const override { return judge("template", text); }

 private:
  static Result<void> judge(std::string field, std::string_view text) {
    if (text.find("bad") == std::string_view::npos) return {};
    return invalid(std::vector<FieldError>{{field, "is bad"}, {field, "is really bad"}});
  }
};

}  // namespace galley::test
