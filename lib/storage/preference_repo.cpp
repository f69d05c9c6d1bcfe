#include "storage/preference_repo.hpp"

namespace galley::storage {

Result<std::map<PromptType, std::string>> PreferenceRepo::prompts(const AccountId& account) const {
  Query query = connection_.query("SELECT type, text FROM prompts WHERE account_id = $account");
  query.bind("account", account);
  std::map<PromptType, std::string> chosen;
  while (GALLEY_TRY(query.step()))
    chosen.emplace(query.row().get<PromptType>(0), query.row().get<std::string>(1));
  return chosen;
}

Result<void> PreferenceRepo::set_prompt(const AccountId& account, PromptType type, const std::string& text, Time now) {
  Query query = connection_.query(
      "INSERT INTO prompts (account_id, type, text, updated_at) VALUES ($account, $type, $text, $now) "
      "ON CONFLICT (account_id, type) DO UPDATE SET text = $text, updated_at = $now");
  GALLEY_TRY(query.bind("account", account).bind("type", type).bind("text", text).bind("now", now).run());
  return {};
}

Result<void> PreferenceRepo::reset_prompt(const AccountId& account, PromptType type) {
  Query query = connection_.query("DELETE FROM prompts WHERE account_id = $account AND type = $type");
  GALLEY_TRY(query.bind("account", account).bind("type", type).run());
  return {};
}

Result<Settings> PreferenceRepo::settings(const AccountId& account) const {
  Query query = connection_.query(
      "SELECT default_project_id, default_word_count FROM account_settings WHERE account_id = $account");
  Settings settings;
  if (GALLEY_TRY(query.bind("account", account).step()))
    query.row().into(settings.default_site, settings.default_word_count);
  return settings;
}

Result<void> PreferenceRepo::set_settings(const AccountId& account, const Settings& settings) {
  Query query = connection_.query(
      "INSERT INTO account_settings (account_id, default_project_id, default_word_count) "
      "VALUES ($account, $project, $words) "
      "ON CONFLICT (account_id) DO UPDATE SET default_project_id = $project, default_word_count = $words");
  query.bind("account", account).bind("project", settings.default_site);
  GALLEY_TRY(query.bind("words", settings.default_word_count).run());
  return {};
}

}  // namespace galley::storage
