#include "api/igny8/endpoints.hpp"

#include "api/igny8/auth.hpp"
#include "api/igny8/billing.hpp"
#include "api/igny8/clusters.hpp"
#include "api/igny8/content.hpp"
#include "api/igny8/ideas.hpp"
#include "api/igny8/keyword_actions.hpp"
#include "api/igny8/keywords.hpp"
#include "api/igny8/ping.hpp"
#include "api/igny8/system.hpp"
#include "api/igny8/tasks.hpp"
#include "api/igny8/users.hpp"

namespace galley::api::igny8 {

namespace {

using enum http::Method;

constexpr std::size_t import_bytes = 8 << 20;

// Nothing here is kept for an Idempotency-Key: requests hold passwords, answers hold tokens.
void add_auth(EndpointTable& table) {
  constexpr auto auth = RateScope::auth;
  table.push_back(endpoint<&register_user>(post, "/api/v1/auth/register/", "registerUser", Access::open, auth,
                                           "Makes an account on the plan free, with its owner and a first project.")
                      .answers(201, Reply::Kind::object, "application/json", &shape_of<LoginView>)
                      .never_kept());
  table.push_back(
      endpoint<&login>(post, "/api/v1/auth/login/", "login", Access::open, auth, "Signs in with e-mail and password.")
          .never_kept());
  // Two addresses that clients of the original know.
  table.push_back(endpoint<&refresh_token>(post, "/api/v1/auth/refresh/", "refreshToken", Access::open, auth,
                                           "Gives a new pair of tokens for a refresh token, which dies.")
                      .never_kept());
  table.push_back(endpoint<&refresh_token>(post, "/api/v1/auth/token/refresh/", "refreshTokenByAlias", Access::open,
                                           auth, "The same as /auth/refresh/.")
                      .never_kept());
  table.push_back(endpoint<&get_me>(get, "/api/v1/auth/me/", "getMe", Access::viewer, auth, "Shows who is signed in."));
  table.push_back(endpoint<&logout>(post, "/api/v1/auth/logout/", "logout", Access::viewer, auth,
                                    "Ends a sign-in, or all of the user's.")
                      .answers(200, Reply::Kind::object, "application/json")
                      .never_kept());
  for (const auto& [path, operation] : {std::pair{"/api/v1/auth/change-password/", "changePassword"},
                                        std::pair{"/api/v1/auth/password/change/", "changePasswordByAlias"}})
    table.push_back(endpoint<&change_password>(post, path, operation, Access::viewer, RateScope::auth_strict,
                                               "Changes the user's password and ends all sign-ins but the new one.")
                        .never_kept());
}

void add_users(EndpointTable& table) {
  constexpr auto admins = RateScope::system_admin;
  constexpr auto strict = RateScope::auth_strict;
  table.push_back(endpoint<&list_users>(get, "/api/v1/auth/users/", "listUsers", Access::admin, admins,
                                        "Lists the users of the account."));
  // Its answer holds a token.
  table.push_back(endpoint<&invite_user>(post, "/api/v1/auth/users/", "inviteUser", Access::admin, admins,
                                         "Makes a user without a password, and a token to choose one.")
                      .never_kept());
  table.push_back(
      endpoint<&get_user>(get, "/api/v1/auth/users/{id}/", "getUser", Access::admin, admins, "Shows a user."));
  table.push_back(endpoint<&update_user>(patch, "/api/v1/auth/users/{id}/", "updateUser", Access::admin, admins,
                                         "Changes a user's role, names or access."));
  table.push_back(endpoint<&delete_user>(del, "/api/v1/auth/users/{id}/", "deleteUser", Access::admin, admins,
                                         "Removes a user, whose sign-ins end."));
  table.push_back(endpoint<&reset_password>(post, "/api/v1/auth/password/reset/", "resetPassword", Access::open, strict,
                                            "Asks for a new password; the answer is the same for every address.")
                      .answers(200, Reply::Kind::object, "application/json")
                      .never_kept());
  table.push_back(endpoint<&confirm_reset>(post, "/api/v1/auth/password/reset/confirm/", "confirmPasswordReset",
                                           Access::open, strict, "Chooses a password by a token, which works once.")
                      .answers(200, Reply::Kind::object, "application/json")
                      .never_kept());
}

void add_planner(EndpointTable& table) {
  constexpr auto planner = RateScope::planner;
  table.push_back(endpoint<&list_keywords>(get, "/api/v1/planner/keywords/", "listPlannedKeywords", Access::viewer,
                                           planner, "Lists the keywords of all sites."));
  table.push_back(endpoint<&create_keyword>(post, "/api/v1/planner/keywords/", "createPlannedKeyword", Access::editor,
                                            planner, "Adds a keyword to a site."));
  table.push_back(endpoint<&get_keyword>(get, "/api/v1/planner/keywords/{id}/", "getPlannedKeyword", Access::viewer,
                                         planner, "Shows a keyword."));
  table.push_back(endpoint<&replace_keyword>(put, "/api/v1/planner/keywords/{id}/", "replacePlannedKeyword",
                                             Access::editor, planner, "Changes a keyword as a whole."));
  table.push_back(endpoint<&update_keyword>(patch, "/api/v1/planner/keywords/{id}/", "updatePlannedKeyword",
                                            Access::editor, planner, "Changes some of a keyword."));
  table.push_back(endpoint<&delete_keyword>(del, "/api/v1/planner/keywords/{id}/", "deletePlannedKeyword",
                                            Access::editor, planner, "Deletes a keyword; its articles stay."));
  table.push_back(endpoint<&bulk_delete_keywords>(post, "/api/v1/planner/keywords/bulk_delete/",
                                                  "bulkDeletePlannedKeywords", Access::editor, planner,
                                                  "Deletes several keywords, all or none."));
  table.push_back(endpoint<&bulk_update_keywords>(post, "/api/v1/planner/keywords/bulk_update/",
                                                  "bulkUpdatePlannedKeywords", Access::editor, planner,
                                                  "Changes several keywords alike, all or none."));
  table.push_back(endpoint<&import_keywords>(post, "/api/v1/planner/keywords/import_keywords/", "importPlannedKeywords",
                                             Access::editor, planner,
                                             "Takes keywords from CSV; what the site has already is updated.")
                      .accepts({"text/csv"})
                      .at_most(import_bytes));
  table.push_back(endpoint<&export_keywords>(get, "/api/v1/planner/keywords/export/", "exportPlannedKeywords",
                                             Access::viewer, planner, "Downloads a site's keywords as CSV.")
                      .answers(200, Reply::Kind::document, "text/csv"));
  table.push_back(endpoint<&auto_cluster>(post, "/api/v1/planner/keywords/auto_cluster/", "autoClusterKeywords",
                                          Access::editor, RateScope::planner_ai,
                                          "Groups keywords into clusters: at once, or above 500 in the background.")
                      .answers(200, Reply::Kind::object, "application/json", &shape_of<ClusteringView>)
                      .or_answers(202, &shape_of<TaskReferenceView>));
}

void add_clusters(EndpointTable& table) {
  constexpr auto planner = RateScope::planner;
  table.push_back(endpoint<&list_clusters>(get, "/api/v1/planner/clusters/", "listClusters", Access::viewer, planner,
                                           "Lists the clusters of all sites, the newest first."));
  table.push_back(endpoint<&create_cluster>(post, "/api/v1/planner/clusters/", "createCluster", Access::editor, planner,
                                            "Makes a cluster."));
  table.push_back(endpoint<&get_cluster>(get, "/api/v1/planner/clusters/{id}/", "getCluster", Access::viewer, planner,
                                         "Shows a cluster."));
  table.push_back(endpoint<&replace_cluster>(put, "/api/v1/planner/clusters/{id}/", "replaceCluster", Access::editor,
                                             planner, "Renames a cluster."));
  table.push_back(endpoint<&update_cluster>(patch, "/api/v1/planner/clusters/{id}/", "updateCluster", Access::editor,
                                            planner, "Renames a cluster."));
  table.push_back(endpoint<&delete_cluster>(del, "/api/v1/planner/clusters/{id}/", "deleteCluster", Access::editor,
                                            planner, "Deletes a cluster; its keywords stay."));
  table.push_back(endpoint<&auto_generate_ideas>(post, "/api/v1/planner/clusters/auto_generate_ideas/",
                                                 "autoGenerateIdeas", Access::editor, RateScope::planner_ai,
                                                 "Makes ideas for articles of clusters."));
}

void add_ideas(EndpointTable& table) {
  constexpr auto planner = RateScope::planner;
  table.push_back(endpoint<&list_ideas>(get, "/api/v1/planner/ideas/", "listIdeas", Access::viewer, planner,
                                        "Lists the ideas of all sites."));
  table.push_back(
      endpoint<&create_idea>(post, "/api/v1/planner/ideas/", "createIdea", Access::editor, planner, "Adds an idea."));
  table.push_back(
      endpoint<&get_idea>(get, "/api/v1/planner/ideas/{id}/", "getIdea", Access::viewer, planner, "Shows an idea."));
  table.push_back(endpoint<&replace_idea>(put, "/api/v1/planner/ideas/{id}/", "replaceIdea", Access::editor, planner,
                                          "Changes an idea as a whole."));
  table.push_back(endpoint<&update_idea>(patch, "/api/v1/planner/ideas/{id}/", "updateIdea", Access::editor, planner,
                                         "Changes some of an idea."));
  table.push_back(endpoint<&delete_idea>(del, "/api/v1/planner/ideas/{id}/", "deleteIdea", Access::editor, planner,
                                         "Deletes an idea; its tasks stay."));
  table.push_back(endpoint<&queue_idea>(post, "/api/v1/planner/ideas/{id}/queue/", "queueIdea", Access::editor, planner,
                                        "Makes a task of an idea."));
}

void add_tasks(EndpointTable& table) {
  constexpr auto writer = RateScope::writer;
  table.push_back(endpoint<&list_tasks>(get, "/api/v1/writer/tasks/", "listTasks", Access::viewer, writer,
                                        "Lists the tasks of all sites."));
  table.push_back(
      endpoint<&create_task>(post, "/api/v1/writer/tasks/", "createTask", Access::editor, writer, "Adds a task."));
  table.push_back(
      endpoint<&get_task>(get, "/api/v1/writer/tasks/{id}/", "getTask", Access::viewer, writer, "Shows a task."));
  table.push_back(endpoint<&replace_task>(put, "/api/v1/writer/tasks/{id}/", "replaceTask", Access::editor, writer,
                                          "Changes a task as a whole."));
  table.push_back(endpoint<&update_task>(patch, "/api/v1/writer/tasks/{id}/", "updateTask", Access::editor, writer,
                                         "Changes some of a task."));
  table.push_back(endpoint<&delete_task>(del, "/api/v1/writer/tasks/{id}/", "deleteTask", Access::editor, writer,
                                         "Deletes a task; its content stays."));
  table.push_back(endpoint<&auto_generate_content>(post, "/api/v1/writer/tasks/auto_generate_content/",
                                                   "autoGenerateContent", Access::editor, RateScope::ai_function,
                                                   "Writes the content of up to 50 tasks in the background."));
}

void add_content(EndpointTable& table) {
  constexpr auto reading = RateScope::content_read;
  constexpr auto writing = RateScope::content_write;
  table.push_back(endpoint<&list_content>(get, "/api/v1/writer/content/", "listContent", Access::viewer, reading,
                                          "Lists the content of all sites, without texts."));
  table.push_back(endpoint<&create_content>(post, "/api/v1/writer/content/", "createContent", Access::editor, writing,
                                            "Adds content that a person wrote."));
  table.push_back(endpoint<&get_content>(get, "/api/v1/writer/content/{id}/", "getContent", Access::viewer, reading,
                                         "Shows content with its texts."));
  table.push_back(endpoint<&replace_content>(put, "/api/v1/writer/content/{id}/", "replaceContent", Access::editor,
                                             writing, "Changes content as a whole; status published publishes it."));
  table.push_back(endpoint<&update_content>(patch, "/api/v1/writer/content/{id}/", "updateContent", Access::editor,
                                            writing, "Changes some of content; status published publishes it."));
  table.push_back(endpoint<&delete_content>(del, "/api/v1/writer/content/{id}/", "deleteContent", Access::editor,
                                            writing, "Deletes content; what is on a CMS stays there."));
  table.push_back(endpoint<&publish_content>(post, "/api/v1/writer/content/{id}/publish/", "publishContent",
                                             Access::editor, writing, "Publishes content, now or later.")
                      .answers(200, Reply::Kind::object, "application/json", &shape_of<ContentView>)
                      .or_answers(202, &shape_of<TaskReferenceView>)
                      .finished_by(&finish_publishing_content));
  table.push_back(endpoint<&list_images>(get, "/api/v1/writer/images/", "listImages", Access::viewer, reading,
                                         "Lists the featured images of content."));
}

void add_prompts(EndpointTable& table) {
  constexpr auto system = RateScope::system;
  table.push_back(endpoint<&list_prompts>(get, "/api/v1/system/prompts/", "listPrompts", Access::viewer, system,
                                          "Lists what models are asked with."));
  table.push_back(endpoint<&get_prompt>(get, "/api/v1/system/prompts/{id}/", "getPrompt", Access::viewer, system,
                                        "Shows a prompt."));
  table.push_back(endpoint<&replace_prompt>(put, "/api/v1/system/prompts/{id}/", "replacePrompt", Access::admin, system,
                                            "Changes a prompt."));
  table.push_back(endpoint<&save_prompt>(post, "/api/v1/system/prompts/save_prompt/", "savePrompt", Access::admin,
                                         system, "Changes the prompt of a type."));
  table.push_back(endpoint<&reset_prompt>(post, "/api/v1/system/prompts/reset_prompt/", "resetPrompt", Access::admin,
                                          system, "Puts the default back."));
  table.push_back(endpoint<&get_prompt_of<PromptType::clustering>>(get, "/api/v1/system/prompts/by_type/clustering/",
                                                                   "getClusteringPrompt", Access::viewer, system,
                                                                   "Shows the prompt for grouping keywords."));
  table.push_back(endpoint<&get_prompt_of<PromptType::ideas>>(get, "/api/v1/system/prompts/by_type/ideas/",
                                                              "getIdeasPrompt", Access::viewer, system,
                                                              "Shows the prompt for ideas."));
  table.push_back(endpoint<&get_prompt_of<PromptType::content_generation>>(
      get, "/api/v1/system/prompts/by_type/content_generation/", "getContentPrompt", Access::viewer, system,
      "Shows the prompt for content."));
  table.push_back(endpoint<&get_prompt_of<PromptType::image_prompt>>(
      get, "/api/v1/system/prompts/by_type/image_prompt/", "getImagePrompt", Access::viewer, system,
      "Shows the prompt for images."));
}

void add_system(EndpointTable& table) {
  constexpr auto system = RateScope::system;
  constexpr auto changes = RateScope::system_admin;
  table.push_back(endpoint<&get_status>(get, "/api/v1/system/status/", "getSystemStatus", Access::viewer, system,
                                        "How the server and the account's work are doing."));
  table.push_back(endpoint<&get_background_task>(get, "/api/v1/system/tasks/{id}/", "getBackgroundTask", Access::viewer,
                                                 system, "Shows work that goes on in the background."));
  table.push_back(endpoint<&get_settings>(get, "/api/v1/system/settings/", "getSettings", Access::viewer, system,
                                          "Shows the account's settings."));
  table.push_back(endpoint<&replace_settings>(put, "/api/v1/system/settings/", "replaceSettings", Access::admin,
                                              changes, "Changes the account's settings as a whole."));
  table.push_back(endpoint<&update_settings>(patch, "/api/v1/system/settings/", "updateSettings", Access::admin,
                                             changes, "Changes some of the account's settings."));
}

void add_billing(EndpointTable& table) {
  constexpr auto billing = RateScope::billing;
  table.push_back(endpoint<&get_balance>(get, "/api/v1/billing/credits/balance/balance/", "getCreditBalance",
                                         Access::viewer, billing, "Shows what is left of the month's credits."));
  table.push_back(endpoint<&get_usage_summary>(get, "/api/v1/billing/credits/usage/summary/", "getUsageSummary",
                                               Access::viewer, billing, "Sums up what credits were used for."));
  table.push_back(endpoint<&list_transactions>(get, "/api/v1/billing/credits/transactions/", "listCreditTransactions",
                                               Access::viewer, billing, "Lists the ledger, the newest line first."));
  table.push_back(endpoint<&list_usage>(get, "/api/v1/billing/credits/usage/", "listCreditUsage", Access::viewer,
                                        billing, "Lists the work that was paid for, the newest first."));
}

}  // namespace

EndpointTable make_endpoints() {
  EndpointTable table;
  table.push_back(endpoint<&ping>(get, "/api/ping/", "ping", Access::open, RateScope::fallback,
                                  "Whether the server answers; open."));
  add_auth(table);
  add_users(table);
  add_planner(table);
  add_clusters(table);
  add_ideas(table);
  add_tasks(table);
  add_content(table);
  add_system(table);
  add_prompts(table);
  add_billing(table);
  return table;
}

}  // namespace galley::api::igny8
