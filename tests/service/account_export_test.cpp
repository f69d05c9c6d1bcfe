#include "service/account_export.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "content/front_matter.hpp"
#include "service/transfer_steps.hpp"
#include "support/source_file.hpp"

using namespace galley;
using namespace galley::test;

namespace {

// An account in which every field of every noun says something.
struct Full : Server {
  Account account = make_account(1);
  Project project = make_project(1, account.id);
  Cluster cluster{};
  Keyword keyword{};
  Idea idea{};
  WritingTask task{};
  Connection connection{};
  Webhook webhook{};
  Article article{};
  std::vector<Revision> revisions{};
  Publication publication{};

  Full() {
    account.plan = Plan::agency;
    account.unlimited_credits = true;
    fill_project();
    fill_article();
    write([&](Transaction& t) -> Result<void> {
      GALLEY_TRY(t.accounts().insert(account));
      Project without = project;
      without.default_connection.reset();
      GALLEY_TRY(t.projects().insert(without, Secret("canary-project-secret")));
      GALLEY_TRY(t.keywords().insert_cluster(cluster));
      Keyword first = keyword;
      first.article.reset();
      GALLEY_TRY(t.keywords().insert(first));
      Connection stored = connection;
      stored.settings.object()->emplace_back("headers",
                                             json::Value(json::Object{{"X-Token", json::Value("canary-header")}}));
      GALLEY_TRY(t.connections().insert(stored, Secret()));
      Webhook told = webhook;
      told.headers = {{"Authorization", "canary-webhook-header"}};
      GALLEY_TRY(t.webhooks().insert(told, Secret("canary-webhook-secret")));
      GALLEY_TRY(t.projects().update(project));
      GALLEY_TRY(t.sitemap_pages().give_place(project.id, at(1)));
      GALLEY_TRY(t.articles().restore(article, revisions));
      GALLEY_TRY(t.keywords().update(keyword));
      GALLEY_TRY(t.ideas().insert(idea));
      GALLEY_TRY(t.writing_tasks().insert(task));
      return t.publications().insert(publication);
    });
  }

  void fill_project() {
    project.niche = "coffee";
    project.target_domain = "https://coffee.example/blog";
    project.language = "de-AT";
    project.tone_of_voice = "Witty";
    project.writing_style = "Short.\nClear.";
    project.avoid_words = {"very", "\"quite\""};
    project.author_name = "Ada";
    project.default_connection = numbered<ConnectionId>(1);
    project.permalink = "/{year}/{slug}";
    project.sitemap = {ChangeFrequency::weekly, 0.25, "https://coffee.example/maps"};
    project.version = 7;
    project.updated_at = at(3);
    cluster = {numbered<ClusterId>(1), account.id, project.id, "Beans", at(4)};
    keyword = make_keyword(1, project);
    keyword.volume = 1200;
    keyword.difficulty = 33;
    keyword.intent = Intent::commercial;
    keyword.priority = Priority::high;
    keyword.cluster = cluster.id;
    keyword.status = KeywordStatus::published;
    keyword.article = numbered<ArticleId>(1);
    keyword.version = 4;
    keyword.planning = Planning::archived;
    idea = {.id = numbered<IdeaId>(1),
            .account = account.id,
            .project = project.id,
            .title = "Beans",
            .description = "All of them",
            .type = ContentType::page,
            .structure = ContentStructure::guide,
            .keywords = {"beans"},
            .cluster = cluster.id,
            .status = IdeaStatus::completed,
            .word_count = 900,
            .created_at = at(7),
            .updated_at = at(8)};
    task = {.id = numbered<WritingTaskId>(1),
            .account = account.id,
            .project = project.id,
            .title = "Beans",
            .description = "Write it",
            .keywords = {"beans", "more beans"},
            .cluster = cluster.id,
            .idea = idea.id,
            .type = ContentType::product,
            .structure = ContentStructure::review,
            .status = TaskStatus::completed,
            .word_count = 800,
            .primary_keyword = "beans",
            .secondary_keywords = {"more beans"},
            .tags = {"red"},
            .categories = {"Food"},
            .article = numbered<ArticleId>(1),
            .created_at = at(9),
            .updated_at = at(10)};
    connection = make_connection(1, project);
    connection.settings = json::Value(json::Object{{"url", json::Value("https://cms.example/hook")}});
    connection.default_categories = {"News"};
    connection.default_tags = {"a", "b"};
    connection.status = ConnectionStatus::error;
    connection.last_error = "No.";
    connection.last_used_at = at(5);
    connection.version = 3;
    webhook = make_webhook(1, project);
    webhook.events = {"article.*", "job.completed"};
    webhook.format = BodyFormat::custom;
    webhook.body_template = R"({"title":{{title}}})";
    webhook.rate_limit = 5;
    webhook.max_in_flight = 3;
    webhook.status = WebhookStatus::disabled;
    webhook.disabled_reason = "It failed for five days.";
    webhook.own_secret = true;
    webhook.failing_since = at(6);
    webhook.version = 2;
  }

  void fill_article() {
    article = make_article(1, project);
    article.keyword = keyword.id;
    article.keyword_text = "Grüne Äpfel";
    article.text = {"Title \"1\"", "# Body\n\nmore 😀\n", "Short", "Meta", "About", {"k1", "k2"}};
    article.status = ArticleStatus::error;
    article.stage = Stage::publication;
    article.categories = {"Fruit"};
    article.tags = {"red"};
    article.author_name = "Ada";
    article.canonical_url = "https://example.com/a";
    article.featured_image_url = "https://example.com/a.png";
    article.word_count = 3;
    article.published_at = at(11);
    article.last_updated_at = at(12);
    article.external_url = "https://cms.example/a";
    article.error = ArticleError{"PUBLICATION_FAILED", "No."};
    article.sitemap_page = 1;
    article.revision = 3;
    article.version = 9;
    article.updated_at = at(14);
    for (std::int64_t number : {1, 3})
      revisions.push_back({article.id, number, article.text, "user usr_000000000001", at(10 + number)});
    revisions.front().text.markdown = "first\n";
    publication = make_publication(1, article);
    publication.connection = connection.id;
    publication.status = PublicationStatus::failed;
    publication.external_id = "post-17";
    publication.external_url = "https://cms.example/?p=17";
    publication.last_error = "No.";
    publication.attempts = 2;
    publication.published_at = at(11);
    publication.version = 5;
  }

  // What stands in another server's store is what this one was filled with.
  void check_copy(Server& other, const AccountId& owner) const {
    other.read([&](const Transaction& t) -> Result<int> {
      CHECK(same(GALLEY_TRY(t.projects().find(owner, project.id)), project));
      CHECK(same(GALLEY_TRY(t.keywords().find_cluster(owner, cluster.id)), cluster));
      CHECK(same(GALLEY_TRY(t.keywords().find(owner, keyword.id)), keyword));
      CHECK(same(GALLEY_TRY(t.ideas().find(owner, idea.id)), idea));
      CHECK(same(GALLEY_TRY(t.writing_tasks().find(owner, task.id)), task));
      Connection expected = connection;
      expected.last_error = "It was imported without its credentials and header fields. Set them, then test it.";
      CHECK(same(GALLEY_TRY(t.connections().find(owner, connection.id)), expected));
      CHECK(same(GALLEY_TRY(t.webhooks().find(owner, webhook.id)), webhook));
      CHECK(same(GALLEY_TRY(t.articles().find(owner, article.id)), article));
      CHECK(same(GALLEY_TRY(t.publications().find(owner, publication.id)), publication));
      for (const Revision& revision : revisions)
        CHECK(same(GALLEY_TRY(t.articles().revision(owner, article.id, revision.number)), revision));
      CHECK(GALLEY_TRY(t.articles().revisions(owner, article.id, {})).total == 2);
      return 0;
    });
  }
};

}  // namespace

TEST_CASE("export: the samples of these tests leave no field at its default", "[service][transfer]") {
  const Full full;
  CHECK(defaults_in(full.account) == 0);
  CHECK(defaults_in(full.project) == 0);
  CHECK(defaults_in(full.cluster) == 0);
  CHECK(defaults_in(full.keyword) == 0);
  CHECK(defaults_in(full.idea) == 0);
  CHECK(defaults_in(full.task) == 0);
  CHECK(defaults_in(full.connection) == 2);  // the only type there is, and no hint of credentials
  CHECK(defaults_in(full.webhook) == 1);     // headers, whose values are not exported
  CHECK(defaults_in(full.article) == 1);     // scheduled_for, which an import cannot keep
  CHECK(defaults_in(full.article.text) == 0);
  CHECK(defaults_in(full.revisions.back()) == 0);
  CHECK(defaults_in(full.publication) == 0);
}

TEST_CASE("export: an account comes to another server with every field", "[service][transfer]") {
  Full here;
  Server there;
  const auto outcome = must(there.import(here.exported(here.account.id)));
  CHECK(outcome.made);
  CHECK(outcome.report.rejected == 0);
  CHECK(created(outcome.report) == 11);
  here.check_copy(there, here.account.id);
  const Account account = there.read([&](const Transaction& t) { return t.accounts().find(here.account.id); });
  CHECK(account.name == here.account.name);
  CHECK(account.created_at == here.account.created_at);
  CHECK(account.plan == Plan::free);
  CHECK_FALSE(account.unlimited_credits);
}

TEST_CASE("export: no secret is in the file, and the new server has new ones", "[service][transfer]") {
  Full here;
  const std::string text = here.exported(here.account.id);
  CHECK(text.find("canary") == std::string::npos);
  CHECK(text.find(R"("headerNames":["X-Token"])") != std::string::npos);
  CHECK(text.find(R"("headerNames":["Authorization"])") != std::string::npos);
  Server there;
  must(there.import(text));
  there.read([&](const Transaction& t) -> Result<int> {
    const auto project = GALLEY_TRY(t.projects().webhook_secrets(here.account.id, here.project.id));
    const auto webhook = GALLEY_TRY(t.webhooks().secrets(here.account.id, here.webhook.id));
    CHECK(project.current.reveal().starts_with("whsec_"));
    CHECK(webhook.current.reveal().starts_with("whsec_"));
    CHECK(project.current.reveal() != webhook.current.reveal());
    CHECK(GALLEY_TRY(t.connections().credentials(here.account.id, here.connection.id)).empty());
    return 0;
  });
}

TEST_CASE("export: a second import changes nothing and says so", "[service][transfer]") {
  Full here;
  const std::string text = here.exported(here.account.id);
  Server there;
  must(there.import(text));
  const std::string before = there.exported(here.account.id);
  there.clock.advance(std::chrono::hours(1));
  const service::ImportReport again = there.into(here.account.id, text);
  CHECK(created(again) == 0);
  CHECK(again.rejected == 0);
  CHECK(again.nouns.at("article").skipped == 1);
  CHECK(again.nouns.at("revision").skipped == 2);
  CHECK(without_header(there.exported(here.account.id)) == without_header(before));
}

TEST_CASE("export: the example of the format comes in and goes out byte for byte", "[service][transfer]") {
  std::ifstream file(source_file("examples/export.jsonl"), std::ios::binary);
  const std::string example(std::istreambuf_iterator<char>(file), {});
  Server there;
  const auto outcome = must(there.import(example));
  CHECK(outcome.report.rejected == 0);
  CHECK(outcome.report.remarked == 0);
  CHECK(there.exported(outcome.account.id) == example);
}

TEST_CASE("export: the page on the format names every field that a line can have", "[service][transfer]") {
  std::ifstream file(source_file("examples/export.md"), std::ios::binary);
  const std::string page(std::istreambuf_iterator<char>(file), {});
  for (const Shape* shape :
       {&shape_of<service::ExportHeader>(), &shape_of<Account>(), &shape_of<Project>(), &shape_of<SitemapSettings>(),
        &shape_of<Cluster>(), &shape_of<Keyword>(), &shape_of<Idea>(), &shape_of<WritingTask>(),
        &shape_of<service::ConnectionLine>(), &shape_of<service::WebhookLine>(), &shape_of<service::ArticleLine>(),
        &shape_of<ArticleText>(), &shape_of<ArticleError>(), &shape_of<Revision>(), &shape_of<Publication>()})
    for (const Shape::Field& field : shape->fields()) {
      INFO(shape->name() << "." << field.name);
      CHECK(page.find("`" + std::string(field.name) + "`") != std::string::npos);
    }
}

TEST_CASE("export: markdown files read back as the article's own front matter", "[service][transfer]") {
  Full here;
  std::vector<std::string> files;
  std::string markdown;
  const auto tally = must(service::AccountExport(here.context)
                              .write_markdown({.account = here.account.id, .role = Role::owner},
                                              [&](const std::string& folder, const std::string& name,
                                                  const std::string& text) -> Result<void> {
                                                files.push_back(folder + "/" + name);
                                                markdown = text;
                                                return {};
                                              }));
  CHECK(files == std::vector<std::string>{"project-1/slug-1.md"});
  CHECK(tally.lines.at("article") == 1);
  const auto document = must(content::parse_front_matter(markdown));
  CHECK(*document.text("title") == here.article.text.title);
  CHECK(*document.text("slug") == here.article.slug);
  CHECK(*document.text("status") == "draft");
  CHECK(document.list("tags") == here.article.tags);
  CHECK(document.list("metaKeywords") == here.article.text.meta_keywords);
  CHECK(*document.text("canonicalUrl") == *here.article.canonical_url);
  CHECK(document.body == here.article.text.markdown);
}

TEST_CASE("export: older revisions of a history that is too long are left out and counted", "[service][transfer]") {
  Full here;
  Article heavy = make_article(2, here.project);
  std::vector<Revision> revisions;
  heavy.revision = 40;
  for (std::int64_t number = 1; number <= heavy.revision; ++number) {
    revisions.push_back({heavy.id, number, heavy.text, "operator", at(number)});
    revisions.back().text.markdown.assign(Article::max_markdown, 'x');
  }
  here.write([&](Transaction& t) { return t.articles().restore(heavy, revisions); });
  const auto tally = must(service::AccountExport(here.context)
                              .write_lines({.account = here.account.id, .role = Role::owner},
                                           [&](std::string_view) -> Result<void> { return {}; }));
  CHECK(tally.revisions_left_out == 9);
  CHECK(tally.lines.at("revision") == 2 + 31);
  Server there;
  const auto report = must(there.import(here.exported(here.account.id))).report;
  CHECK(report.rejected == 0);
  CHECK(report.nouns.at("revision").created == 2 + 31);
}
