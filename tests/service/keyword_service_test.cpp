#include "service/keyword_service.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "service/service_bench.hpp"
#include "support/source_file.hpp"

using namespace galley;
using namespace galley::test;
using service::ImportOutcome;
using service::ImportRow;
using service::KeywordDraft;
using service::OnDuplicate;

namespace {

std::vector<ImportRow> rows_of(std::vector<KeywordDraft> drafts) {
  std::vector<ImportRow> rows;
  for (KeywordDraft& draft : drafts)
    rows.push_back({static_cast<std::int64_t>(rows.size()) + 1, std::move(draft)});
  return rows;
}

std::vector<Keyword> all_keywords(ServiceBench& bench) {
  return bench
      .must(bench.keywords.list(
          bench.owner, bench.project.id, {},
          {.size = PageRequest::max_size, .sort = {.field = SortField::title, .descending = false}}))
      .rows;
}

Texts texts_of(const std::vector<Keyword>& keywords) {
  Texts texts;
  for (const Keyword& keyword : keywords)
    texts.push_back(keyword.text);
  return texts;
}

ImportOutcome import(ServiceBench& bench, std::vector<ImportRow> rows, OnDuplicate on = OnDuplicate::update) {
  return bench.must(bench.keywords.import(bench.owner, bench.project.id, std::move(rows), on));
}

std::string exported(ServiceBench& bench) {
  std::string csv;
  std::optional<std::int64_t> after = 0;
  while (after) {
    const auto piece = bench.must(bench.keywords.export_csv(bench.owner, bench.project.id, *after));
    csv += piece.csv;
    after = piece.next;
  }
  return csv;
}

}  // namespace

TEST_CASE("keywords: one is stored tidy, with the defaults of what was not said", "[service]") {
  ServiceBench bench;
  const Keyword made =
      bench.must(bench.keywords.create(bench.owner, bench.project.id, {.text = "  Green\t tea ", .volume = 12}));
  CHECK(made.text == "Green tea");
  CHECK(made.volume == 12);
  CHECK_FALSE(made.difficulty);
  CHECK(made.priority == Priority::medium);
  CHECK(made.status == KeywordStatus::not_generated);
  CHECK(made.version == 1);
  CHECK(bench.told().empty());
}

TEST_CASE("keywords: the same after Unicode folding is a conflict that names the one that is there", "[service]") {
  ServiceBench bench;
  const Keyword first = bench.must(bench.keywords.create(bench.owner, bench.project.id, {.text = "Straße Größe"}));
  for (const char* same : {"straße größe", "STRASSE GRÖSSE", " Straße  Gro\xCC\x88ße"}) {
    const auto refused = bench.run(bench.keywords.create(bench.owner, bench.project.id, {.text = same}));
    INFO(same);
    REQUIRE(refused.has_error());
    CHECK(refused.error().code == ErrorCode::conflict);
    CHECK(detail_of(refused.error(), "keyword_id") == first.id.text());
  }
  CHECK(all_keywords(bench).size() == 1);
  CHECK(bench.run(bench.keywords.create(bench.owner, bench.other_project.id, {.text = "straße größe"})).has_value());
}

TEST_CASE("keywords: all bad fields of one are named", "[service]") {
  ServiceBench bench;
  const auto refused =
      bench.run(bench.keywords.create(bench.owner, bench.project.id, {.text = "", .volume = -1, .difficulty = 101}));
  REQUIRE(refused.has_error());
  CHECK(fields_of(refused.error()) == Texts{"keyword", "volume", "difficulty"});
}

TEST_CASE("keywords: a cluster is named and made once, whatever its letters' case", "[service]") {
  ServiceBench bench;
  const Keyword first =
      bench.must(bench.keywords.create(bench.owner, bench.project.id, {.text = "a", .cluster = "Tea"}));
  const Keyword second =
      bench.must(bench.keywords.create(bench.owner, bench.project.id, {.text = "b", .cluster = " TEA "}));
  const Keyword third =
      bench.must(bench.keywords.create(bench.owner, bench.project.id, {.text = "c", .cluster = "  "}));
  REQUIRE(first.cluster);
  CHECK(second.cluster == first.cluster);
  CHECK_FALSE(third.cluster);
  const auto clusters = bench.must(bench.store->read([&](const Transaction& transaction) {
    return transaction.keywords().clusters(bench.account.id, bench.project.id);
  }));
  REQUIRE(clusters.size() == 1);
  CHECK(clusters[0].name == "Tea");
}

TEST_CASE("keywords: a cluster's name has a bound", "[service]") {
  ServiceBench bench;
  const auto refused =
      bench.run(bench.keywords.create(bench.owner, bench.project.id, {.text = "a", .cluster = std::string(201, 'x')}));
  REQUIRE(refused.has_error());
  CHECK(fields_of(refused.error()) == Texts{"cluster"});
  CHECK(all_keywords(bench).empty());
}

TEST_CASE("keywords: a cluster's id must be of the same project", "[service]") {
  ServiceBench bench;
  const Keyword first =
      bench.must(bench.keywords.create(bench.owner, bench.project.id, {.text = "a", .cluster = "Tea"}));
  CHECK(bench.run(bench.keywords.create(bench.owner, bench.project.id, {.text = "b", .cluster_id = first.cluster}))
            .has_value());
  const auto refused =
      bench.run(bench.keywords.create(bench.owner, bench.other_project.id, {.text = "b", .cluster_id = first.cluster}));
  REQUIRE(refused.has_error());
  CHECK(fields_of(refused.error()) == Texts{"cluster_id"});
}

TEST_CASE("keywords: an import makes new ones, changes known ones and names rejected rows by number", "[service]") {
  ServiceBench bench;
  bench.must(bench.keywords.create(bench.owner, bench.project.id, {.text = "Known", .volume = 1, .difficulty = 5}));
  bench.must(bench.keywords.create(bench.owner, bench.project.id, {.text = "Same", .volume = 1}));
  std::vector<ImportRow> rows = rows_of({{.text = "known", .volume = 9},
                                         {.text = "Same", .volume = 1},
                                         {.text = "New", .cluster = "Tea"},
                                         {.text = "Bad", .volume = -3, .difficulty = 200},
                                         {.text = "NEW", .volume = 4}});
  rows.push_back({17, Error(invalid("volume", "must be a whole number"))});
  const ImportOutcome outcome = import(bench, std::move(rows));
  CHECK(outcome.created == 1);
  CHECK(outcome.updated == 2);
  CHECK(outcome.skipped == 1);
  REQUIRE(outcome.rejected.size() == 2);
  CHECK(outcome.rejected[0].row == 4);
  CHECK(outcome.rejected[0].reason == "volume must be from 0 to 1000000000; difficulty must be from 0 to 100");
  CHECK(outcome.rejected[1].row == 17);
  CHECK(outcome.rejected[1].reason == "volume must be a whole number");
  const std::vector<Keyword> stored = all_keywords(bench);
  CHECK(texts_of(stored) == Texts{"Known", "New", "Same"});
  CHECK(stored[0].volume == 9);
  CHECK(stored[0].difficulty == 5);
  CHECK(stored[0].version == 2);
  CHECK(stored[1].volume == 4);
  CHECK(stored[1].cluster);
  CHECK(stored[2].version == 1);
}

TEST_CASE("keywords: an import that is to skip known ones leaves them as they are", "[service]") {
  ServiceBench bench;
  bench.must(bench.keywords.create(bench.owner, bench.project.id, {.text = "Known", .volume = 1}));
  const ImportOutcome outcome =
      import(bench, rows_of({{.text = "KNOWN", .volume = 9}, {.text = "New"}}), OnDuplicate::skip);
  CHECK(outcome.created == 1);
  CHECK(outcome.updated == 0);
  CHECK(outcome.skipped == 1);
  CHECK(all_keywords(bench)[0].volume == 1);
}

TEST_CASE("keywords: the example matrix is imported without a rejected row, and again without a change", "[service]") {
  ServiceBench bench;
  std::ifstream file(test::source_file("examples/keywords.csv"));
  const std::string csv{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const auto rows = bench.must(service::read_keyword_csv(csv));
  REQUIRE(rows.size() > 100);
  const ImportOutcome first = import(bench, rows);
  CHECK(first.rejected.empty());
  CHECK(first.created == static_cast<std::int64_t>(rows.size()));
  const ImportOutcome second = import(bench, rows);
  CHECK(second.created == 0);
  CHECK(second.updated == 0);
  CHECK(second.skipped == static_cast<std::int64_t>(rows.size()));
}

TEST_CASE("keywords: what is exported imports elsewhere as the same matrix", "[service]") {
  ServiceBench bench;
  import(bench, rows_of({{.text = "=cmd|calc", .volume = 5},
                         {.text = "quoted \"tea\", green",
                          .volume = 10,
                          .difficulty = 0,
                          .intent = Intent::commercial,
                          .priority = Priority::high,
                          .cluster = "Tea, leaves"},
                         {.text = "größe"}}));
  const std::string csv = exported(bench);
  CHECK(csv.starts_with("keyword,volume,difficulty,intent,priority,cluster\r\n"));
  const auto rows = bench.must(service::read_keyword_csv(csv));
  const ImportOutcome copied =
      bench.must(bench.keywords.import(bench.owner, bench.other_project.id, rows, OnDuplicate::update));
  CHECK(copied.created == 3);
  CHECK(copied.rejected.empty());
  const ImportOutcome again = import(bench, rows);
  CHECK(again.skipped == 3);
  CHECK(again.updated == 0);
}

TEST_CASE("keywords: an export of more than one piece has its header once and every keyword once", "[service]") {
  ServiceBench bench;
  std::vector<KeywordDraft> drafts;
  for (int i = 0; i < 2001; ++i)
    drafts.push_back({.text = "keyword " + std::to_string(i)});
  CHECK(import(bench, rows_of(std::move(drafts))).created == 2001);
  const auto rows = bench.must(service::read_keyword_csv(exported(bench)));
  CHECK(rows.size() == 2001);
  CHECK(rows.back().draft.value().text == "keyword 2000");
}

TEST_CASE("keywords: an export of an empty matrix is its header", "[service]") {
  ServiceBench bench;
  CHECK(exported(bench) == "keyword,volume,difficulty,intent,priority,cluster\r\n");
}

TEST_CASE("keywords: an update merges, raises the version and refuses an older one", "[service]") {
  ServiceBench bench;
  const Keyword made = bench.must(bench.keywords.create(bench.owner, bench.project.id, {.text = "tea", .volume = 1}));
  const service::KeywordService::Edit edit = [](Keyword& keyword) -> Result<void> {
    keyword.text = " Black  tea ";
    keyword.difficulty = 7;
    return {};
  };
  const Keyword updated = bench.must(bench.keywords.update(bench.owner, made.id, 1, edit));
  CHECK(updated.text == "Black tea");
  CHECK(updated.volume == 1);
  CHECK(updated.difficulty == 7);
  CHECK(updated.version == 2);
  const auto refused = bench.run(bench.keywords.update(bench.owner, made.id, 1, edit));
  CHECK(refused.error().code == ErrorCode::precondition_failed);
  CHECK(bench.keyword(made.id).version == 2);
}

TEST_CASE("keywords: an update to the text of another one is a conflict", "[service]") {
  ServiceBench bench;
  bench.must(bench.keywords.create(bench.owner, bench.project.id, {.text = "tea"}));
  const Keyword made = bench.must(bench.keywords.create(bench.owner, bench.project.id, {.text = "coffee"}));
  const service::KeywordService::Edit edit = [](Keyword& keyword) -> Result<void> {
    keyword.text = "TEA";
    return {};
  };
  CHECK(bench.run(bench.keywords.update(bench.owner, made.id, std::nullopt, edit)).error().code == ErrorCode::conflict);
  CHECK(bench.keyword(made.id).text == "coffee");
}

TEST_CASE("keywords: one from which an article is being made cannot be removed", "[service]") {
  ServiceBench bench;
  const auto queued = bench.must(bench.generation.generate(bench.owner, bench.project.id, {.keywords = {"tea"}}));
  const KeywordId id = queued.articles.at(0).keyword;
  const auto refused = bench.run(bench.keywords.remove(bench.owner, id, std::nullopt));
  REQUIRE(refused.has_error());
  CHECK(refused.error().code == ErrorCode::conflict);
  CHECK(detail_of(refused.error(), "status") == "queued");
  bench.work();
  REQUIRE(bench.run(bench.keywords.remove(bench.owner, id, std::nullopt)).has_value());
  CHECK(bench.keywords.get(bench.owner, id).error().code == ErrorCode::not_found);
  // The article lives on without it.
  const Article article = bench.article(queued.articles.at(0).article);
  CHECK_FALSE(article.keyword);
  CHECK(article.keyword_text == "tea");
}

TEST_CASE("keywords: an expansion adds what is new and counts what is known", "[service]") {
  ServiceBench bench;
  bench.must(bench.keywords.create(bench.owner, bench.project.id, {.text = "Best MUG for work", .volume = 3}));
  const service::Expansion expansion{.patterns = {"best {product} for {audience}"},
                                     .dimensions = {{"product", {"mug", "pot"}}, {"audience", {"work", "home"}}}};
  const auto outcome = bench.must(bench.keywords.expand_into(bench.owner, bench.project.id, expansion, false));
  CHECK(outcome.created == 3);
  CHECK(outcome.known == 1);
  CHECK(outcome.keywords.size() == 4);
  CHECK(texts_of(all_keywords(bench)) ==
        Texts{"Best MUG for work", "best mug for home", "best pot for home", "best pot for work"});
}

TEST_CASE("keywords: a dry run of an expansion counts and adds nothing", "[service]") {
  ServiceBench bench;
  bench.must(bench.keywords.create(bench.owner, bench.project.id, {.text = "red mug"}));
  const service::Expansion expansion{.patterns = {"{colour} mug"}, .dimensions = {{"colour", {"red", "blue"}}}};
  const auto outcome = bench.must(bench.keywords.expand_into(bench.owner, bench.project.id, expansion, true));
  CHECK(outcome.created == 1);
  CHECK(outcome.known == 1);
  CHECK(texts_of(all_keywords(bench)) == Texts{"red mug"});
}

TEST_CASE("keywords: a list is filtered by state, cluster and a part of the text", "[service]") {
  ServiceBench bench;
  const Keyword tea =
      bench.must(bench.keywords.create(bench.owner, bench.project.id, {.text = "Green TEA", .cluster = "Tea"}));
  bench.must(bench.keywords.create(bench.owner, bench.project.id, {.text = "coffee"}));
  const auto texts = [&](KeywordFilter filter) {
    return texts_of(bench.must(bench.keywords.list(bench.owner, bench.project.id, filter, {})).rows);
  };
  CHECK(texts({.cluster = tea.cluster}) == Texts{"Green TEA"});
  CHECK(texts({.search = "n tea"}) == Texts{"Green TEA"});
  CHECK(texts({.statuses = {KeywordStatus::published}}).empty());
  CHECK(texts({}).size() == 2);
}
