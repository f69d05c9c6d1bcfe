// Prompts and settings of accounts, over SQL.
#pragma once

#include "domain/preferences.hpp"
#include "storage/sql.hpp"

namespace galley::storage {

class PreferenceRepo final : public Preferences {
 public:
  // connection outlives this.
  explicit PreferenceRepo(Connection& connection) : connection_(connection) {}

  Result<std::map<PromptType, std::string>> prompts(const AccountId& account) const override;
  Result<void> set_prompt(const AccountId& account, PromptType type, const std::string& text, Time now) override;
  Result<void> reset_prompt(const AccountId& account, PromptType type) override;
  Result<Settings> settings(const AccountId& account) const override;
  Result<void> set_settings(const AccountId& account, const Settings& settings) override;

 private:
  Connection& connection_;
};

}  // namespace galley::storage
