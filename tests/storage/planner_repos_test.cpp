// Ideas, tasks, credits and preferences as they lie in the store; and how their lists are read.
#include <catch2/catch.hpp>

#include "storage/article_repo.hpp"
#include "storage/credit_repo.hpp"
#include "storage/idea_repo.hpp"
#include "storage/keyword_repo.hpp"
#include "storage/writing_task_repo.hpp"
#include "support/planned_connection.hpp"
#include "support/two_sites.hpp"

namespace galley {
namespace {

using test::at;
using test::must;
using test::numbered;
using test::PlannedConnection;
using test::TwoSites;

Idea make_idea(std::int64_t number, const Project& project, std::string title) {
  return {.id = numbered<IdeaId>(number),
          .account = project.account,
          .project = project.id,
          .title = std::move(title),
          .description = "What it covers",
          .type = ContentType::page,
          .structure = ContentStructure::listicle,
          .keywords = {"tea", "green tea"},
          .word_count = 900,
          .created_at = at(number),
          .updated_at = at(number)};
}

WritingTask make_task(std::int64_t number, const Project& project, std::string title) {
  return {.id = numbered<WritingTaskId>(number),
          .account = project.account,
          .project = project.id,
          .title = std::move(title),
          .description = "How to write it",
          .keywords = {"tea"},
          .type = ContentType::product,
          .structure = ContentStructure::review,
          .word_count = 700,
          .primary_keyword = "tea",
          .secondary_keywords = {"green tea"},
          .tags = {"drinks"},
          .categories = {"kitchen"},
          .created_at = at(number),
          .updated_at = at(number)};
}

std::vector<std::string> titles(const Counted<Idea>& found) {
  std::vector<std::string> titles;
  for (const Idea& idea : found.rows)
    titles.push_back(idea.title);
  return titles;
}

}  // namespace

TEST_CASE("ideas: one comes back as it was kept, and only to its account", "[storage]") {
  TwoSites f;
  Idea idea = make_idea(1, f.site, "Tea");
  must(f.write([&](Transaction& t) { return t.ideas().insert(idea); }));
  const auto find = [&](const AccountId& account) {
    return f.read([&](const Transaction& t) { return t.ideas().find(account, idea.id); });
  };
  const Idea found = must(find(f.mine.id));
  CHECK(found.title == "Tea");
  CHECK(found.keywords == idea.keywords);
  CHECK(found.structure == ContentStructure::listicle);
  CHECK(found.word_count == 900);
  CHECK(find(f.other.id).error().code == ErrorCode::not_found);
  idea.title = "Coffee";
  idea.account = f.other.id;
  CHECK(f.write([&](Transaction& t) { return t.ideas().update(idea); }).error().code == ErrorCode::not_found);
  CHECK(f.write([&](Transaction& t) { return t.ideas().remove(f.other.id, idea.id); }).error().code ==
        ErrorCode::not_found);
  must(f.write([&](Transaction& t) { return t.ideas().remove(f.mine.id, idea.id); }));
  CHECK(find(f.mine.id).error().code == ErrorCode::not_found);
}

TEST_CASE("ideas: lists are counted, filtered, sorted and paged within the account", "[storage]") {
  TwoSites f;
  must(f.write([&](Transaction& t) -> Result<void> {
    GALLEY_TRY(t.ideas().insert(make_idea(1, f.site, "Äpfel")));
    GALLEY_TRY(t.ideas().insert(make_idea(2, f.site, "Birnen")));
    GALLEY_TRY(t.ideas().insert(make_idea(3, f.second, "Cherries")));
    return t.ideas().insert(make_idea(4, f.foreign, "Dates"));
  }));
  const auto browse = [&](IdeaBrowse wanted) {
    return must(f.read([&](const Transaction& t) { return t.ideas().browse(f.mine.id, wanted); }));
  };
  CHECK(titles(browse({})) == std::vector<std::string>{"Cherries", "Birnen", "Äpfel"});
  CHECK(browse({.page = {.number = 2, .size = 2}}).total == 3);
  CHECK(titles(browse({.page = {.number = 2, .size = 2}})) == std::vector<std::string>{"Äpfel"});
  CHECK(titles(browse({.project = f.site.id, .order = SortField::title, .descending = false})) ==
        std::vector<std::string>{"Birnen", "Äpfel"});
  CHECK(titles(browse({.search = "ÄPF"})) == std::vector<std::string>{"Äpfel"});
  CHECK(browse({.status = IdeaStatus::completed}).total == 0);
  CHECK(browse({.project = f.foreign.id}).total == 0);
}

TEST_CASE("tasks: one comes back as it was kept, and follows its article with its idea", "[storage]") {
  TwoSites f;
  const Article article = test::make_article(1, f.site);
  Idea idea = make_idea(1, f.site, "Tea");
  idea.status = IdeaStatus::queued;
  WritingTask task = make_task(1, f.site, "Tea");
  task.idea = idea.id;
  task.article = article.id;
  must(f.write([&](Transaction& t) -> Result<void> {
    GALLEY_TRY(t.articles().insert(article, "test"));
    GALLEY_TRY(t.ideas().insert(idea));
    return t.writing_tasks().insert(task);
  }));
  const auto find = [&] {
    return must(f.read([&](const Transaction& t) { return t.writing_tasks().find(f.mine.id, task.id); }));
  };
  const auto status_of_idea = [&] {
    return must(f.read([&](const Transaction& t) { return t.ideas().find(f.mine.id, idea.id); })).status;
  };
  const auto follow = [&](const AccountId& account, TaskStatus status) {
    must(f.write([&](Transaction& t) { return t.writing_tasks().follow(account, article.id, status, at(9)); }));
  };
  CHECK(find().tags == task.tags);
  CHECK(find().secondary_keywords == task.secondary_keywords);
  CHECK(find().structure == ContentStructure::review);
  follow(f.other.id, TaskStatus::completed);
  CHECK(find().status == TaskStatus::queued);
  follow(f.mine.id, TaskStatus::in_progress);
  CHECK(find().status == TaskStatus::in_progress);
  CHECK(find().updated_at == at(9));
  CHECK(status_of_idea() == IdeaStatus::queued);
  follow(f.mine.id, TaskStatus::completed);
  CHECK(status_of_idea() == IdeaStatus::completed);
  const auto of_article =
      must(f.read([&](const Transaction& t) { return t.writing_tasks().find_by_article(f.mine.id, article.id); }));
  CHECK(of_article->id == task.id);
  // The article goes, and the task stays.
  must(f.write([&](Transaction& t) { return t.articles().remove(f.mine.id, article.id); }));
  CHECK_FALSE(find().article.has_value());
}

TEST_CASE("credits: the store gives numbers and balances, and keeps its lines as they are", "[storage]") {
  TwoSites f;
  must(f.write([&](Transaction& t) -> Result<void> {
    GALLEY_TRY(
        t.credits().append({.account = f.mine.id, .kind = CreditKind::renewal, .amount = 100, .created_at = at(1)}));
    GALLEY_TRY(
        t.credits().append({.account = f.other.id, .kind = CreditKind::renewal, .amount = 7, .created_at = at(1)}));
    const CreditEntry line = GALLEY_TRY(t.credits().append({.account = f.mine.id,
                                                            .operation = CreditOperation::clustering,
                                                            .amount = -30,
                                                            .reference = "job_1",
                                                            .note = "words",
                                                            .created_at = at(2)}));
    CHECK(line.balance == 70);
    return {};
  }));
  must(f.read([&](const Transaction& t) -> Result<void> {
    CHECK(GALLEY_TRY(t.credits().newest(f.mine.id))->balance == 70);
    CHECK(GALLEY_TRY(t.credits().newest(f.other.id))->balance == 7);
    CHECK(GALLEY_TRY(t.credits().last_renewal(f.mine.id)) == at(1));
    CHECK(GALLEY_TRY(t.credits().used_since(f.mine.id, at(2))) == 30);
    CHECK(GALLEY_TRY(t.credits().used_since(f.mine.id, at(3))) == 0);
    const auto charges = GALLEY_TRY(t.credits().entries(f.mine.id, CreditKind::charge, {}));
    CHECK(charges.total == 1);
    CHECK(charges.rows.at(0).reference == "job_1");
    return {};
  }));
  PlannedConnection connection;
  connection.fill(
      "INSERT INTO accounts (id, name, plan, plan_since, unlimited_credits, created_at) VALUES ('acc_1', 'a', 'pro', "
      "1, "
      "0, 1); INSERT INTO credit_entries (account_id, kind, amount, balance, reference, note, created_at) "
      "VALUES ('acc_1', 'renewal', 5, 5, '', '', 1)");
  CHECK(connection.run_script("UPDATE credit_entries SET balance = 1000000").has_error());
}

TEST_CASE("preferences: what was chosen comes back, and defaults where nothing was", "[storage]") {
  TwoSites f;
  must(f.write([&](Transaction& t) -> Result<void> {
    CHECK(GALLEY_TRY(t.preferences().settings(f.mine.id)).default_word_count == 1200);
    GALLEY_TRY(t.preferences().set_settings(f.mine.id, {.default_site = f.second.id, .default_word_count = 800}));
    GALLEY_TRY(t.preferences().set_settings(f.mine.id, {.default_site = f.second.id, .default_word_count = 900}));
    GALLEY_TRY(t.preferences().set_prompt(f.mine.id, PromptType::ideas, "First", at(1)));
    GALLEY_TRY(t.preferences().set_prompt(f.mine.id, PromptType::ideas, "Second", at(2)));
    return {};
  }));
  must(f.write([&](Transaction& t) -> Result<void> {
    CHECK(GALLEY_TRY(t.preferences().settings(f.mine.id)).default_site == f.second.id);
    CHECK(GALLEY_TRY(t.preferences().settings(f.mine.id)).default_word_count == 900);
    CHECK(GALLEY_TRY(t.preferences().prompts(f.mine.id)).at(PromptType::ideas) == "Second");
    CHECK(GALLEY_TRY(t.preferences().prompts(f.other.id)).empty());
    GALLEY_TRY(t.preferences().reset_prompt(f.mine.id, PromptType::ideas));
    CHECK(GALLEY_TRY(t.preferences().prompts(f.mine.id)).empty());
    // The site goes, and with it the choice of it.
    GALLEY_TRY(t.projects().remove(f.mine.id, f.second.id));
    CHECK_FALSE(GALLEY_TRY(t.preferences().settings(f.mine.id)).default_site.has_value());
    return {};
  }));
}

TEST_CASE("planner: every list walks an index in its order", "[storage]") {
  PlannedConnection connection;
  const storage::IdeaRepo ideas(connection);
  const storage::WritingTaskRepo tasks(connection);
  const storage::ArticleRepo articles(connection);
  const storage::CreditRepo credits(connection);
  const storage::KeywordRepo keywords(connection);
  const AccountId account("acc_1");
  connection.take_plans();
  const auto check = [&](const auto& list) {
    connection.forget();
    CHECK(list().has_value());
    CHECK_THAT(connection.take_plans(), test::uses_indexes());
  };
  for (const std::optional<ProjectId>& project : {std::optional<ProjectId>(), std::optional(ProjectId("proj_1"))})
    for (const SortField order : {SortField::created_at, SortField::title}) {
      check([&] { return ideas.browse(account, {.project = project, .search = "tea", .order = order}); });
      check([&] { return tasks.browse(account, {.project = project, .status = TaskStatus::failed, .order = order}); });
      check([&] { return articles.browse(account, {.project = project, .order = order}); });
      check([&] { return articles.browse(account, {.project = project, .search = "tea", .order = order}); });
    }
  check([&] { return ideas.browse(account, {.cluster = ClusterId("clu_1")}); });
  check([&] { return articles.browse(account, {.editorial = Editorial::published}); });
  check([&] { return articles.browse(account, {.editorial = Editorial::review}); });
  check([&] { return articles.browse(account, {.with_image = true}); });
  check([&] { return credits.entries(account, std::nullopt, {}); });
  check([&] { return credits.entries(account, CreditKind::refund, {}); });
  check([&] { return credits.uses(account, CreditOperation::ideas, {}); });
  check([&] { return credits.newest(account); });
  check([&] { return credits.last_renewal(account); });
  check([&] { return credits.used_since(account, at(1)); });
  check([&] { return keywords.unclustered(account, ProjectId("proj_1"), 10); });
}

}  // namespace galley
