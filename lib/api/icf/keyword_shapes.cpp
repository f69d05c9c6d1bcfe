// The Shapes of keywords.hpp.
#include "api/icf/keywords.hpp"
#include "service/clustering_service.hpp"

namespace galley {

using namespace api::icf;

namespace {

constexpr Rules keyword_rules{.required = true,
                              .one_line = true,
                              .min = 1,
                              .max = static_cast<double>(Keyword::max_length),
                              .about = "Unique in the project, whatever its case and spaces.",
                              .example = "\"best espresso grinder\""};

template <class T>
void add_measures(ShapeOf<T>& shape) {
  shape
      .field(
          "volume", &T::volume,
          {.min = 0, .max = static_cast<double>(Keyword::max_volume), .about = "Searches a month.", .example = "5400"})
      .field("difficulty", &T::difficulty, {.min = 0, .max = 100, .about = "0 easy, 100 hopeless.", .example = "38"})
      .field("intent", &T::intent, {.about = "What the searcher wants."})
      .field("priority", &T::priority, {.about = "What is written first."});
}

}  // namespace

template <>
const Shape& shape_of<KeywordFields>() {
  static const Shape shape = [] {
    ShapeOf<KeywordFields> fields("KeywordFields", "A keyword as it is written.");
    fields.field("keyword", &KeywordFields::keyword, keyword_rules);
    add_measures(fields);
    fields.field("clusterId", &KeywordFields::cluster_id, {.about = "A cluster of the project."})
        .field("cluster", &KeywordFields::cluster,
               {.one_line = true,
                .max = 200,
                .about = "The cluster by name; made where the project has none of that name."})
        .ignores({"id", "projectId", "status", "articleId", "createdAt", "updatedAt"});
    return Shape(fields);
  }();
  return shape;
}

template <>
const Shape& shape_of<KeywordChanges>() {
  static const Shape shape = [] {
    ShapeOf<KeywordChanges> fields("KeywordChanges", "What may be changed of a keyword.");
    fields.field("keyword", &KeywordChanges::keyword, keyword_rules);
    add_measures(fields);
    fields.field("clusterId", &KeywordChanges::cluster_id, {.about = "A cluster of the project."})
        .ignores({"id", "projectId", "status", "articleId", "createdAt", "updatedAt"});
    return Shape(fields);
  }();
  return shape;
}

template <>
const Shape& shape_of<KeywordView>() {
  static const Shape shape = [] {
    ShapeOf<KeywordView> fields("Keyword", "A row of a project's keyword matrix.");
    fields.field("id", &KeywordView::id).field("projectId", &KeywordView::project_id);
    fields.field("keyword", &KeywordView::keyword, keyword_rules);
    add_measures(fields);
    fields.field("clusterId", &KeywordView::cluster_id)
        .field("status", &KeywordView::status, {.about = "How far its article is."})
        .field("articleId", &KeywordView::article_id, {.about = "The newest article made from it."})
        .field("createdAt", &KeywordView::created_at)
        .field("updatedAt", &KeywordView::updated_at);
    return Shape(fields);
  }();
  return shape;
}

template <>
const Shape& shape_of<KeywordQuery>() {
  static const Shape shape = [] {
    ShapeOf<KeywordQuery> fields("KeywordQuery", "Which keywords.");
    fields.field("status", &KeywordQuery::status, {.max = 10, .about = "One or more of them."})
        .field("priority", &KeywordQuery::priority)
        .field("intent", &KeywordQuery::intent)
        .field("clusterId", &KeywordQuery::cluster_id)
        .field("q", &KeywordQuery::q, {.max = 200, .about = "A part of the keyword."});
    with_paging(fields);
    return Shape(fields);
  }();
  return shape;
}

template <>
const Shape& shape_of<KeywordImport>() {
  static const Shape shape =
      ShapeOf<KeywordImport>("KeywordImport", "Many keywords at once, as texts or objects.")
          .field("keywords", &KeywordImport::keywords,
                 {.required = true,
                  .min = 1,
                  .max = static_cast<double>(service::max_import),
                  .about = "Texts, or objects of the same fields as one keyword.",
                  .example = "[\"pour over ratio\", {\"keyword\": \"moka pot\", \"volume\": 12000}]"})
          .field("onDuplicate", &KeywordImport::on_duplicate,
                 {.about = "What happens to keywords that the matrix has already."});
  return shape;
}

template <>
const Shape& shape_of<ImportQuery>() {
  static const Shape shape = ShapeOf<ImportQuery>("ImportQuery", "How an import treats what is there.")
                                 .field("onDuplicate", &ImportQuery::on_duplicate, {.about = "update by default."});
  return shape;
}

template <>
const Shape& shape_of<RejectedView>() {
  static const Shape shape =
      ShapeOf<RejectedView>("RejectedRow", "A row that was not taken.")
          .field("row", &RejectedView::row, {.about = "Its number, from 1; in CSV the header is 1."})
          .field("reason", &RejectedView::reason);
  return shape;
}

template <>
const Shape& shape_of<ImportView>() {
  static const Shape shape = ShapeOf<ImportView>("ImportOutcome", "What became of an import's rows.")
                                 .field("created", &ImportView::created)
                                 .field("updated", &ImportView::updated)
                                 .field("skipped", &ImportView::skipped)
                                 .field("rejected", &ImportView::rejected);
  return shape;
}

template <>
const Shape& shape_of<ExpandFields>() {
  static const Shape shape =
      ShapeOf<ExpandFields>("Expansion",
                            "Patterns and what their placeholders stand for: the cross product becomes keywords.")
          .field("patterns", &ExpandFields::patterns,
                 {.required = true,
                  .min = 1,
                  .max = static_cast<double>(service::Expansion::max_patterns),
                  .about = "Texts with {placeholders}.",
                  .example = "[\"best {product} for {audience}\"]"})
          .field("dimensions", &ExpandFields::dimensions,
                 {.max = static_cast<double>(service::Expansion::max_dimensions),
                  .about = "The values of each placeholder.",
                  .example = "{\"product\": [\"grinder\"], \"audience\": [\"beginners\", \"offices\"]}"})
          .field("dryRun", &ExpandFields::dry_run, {.about = "Only counts."});
  return shape;
}

template <>
const Shape& shape_of<ExpandView>() {
  static const Shape shape = ShapeOf<ExpandView>("ExpansionOutcome", "What an expansion gave.")
                                 .field("total", &ExpandView::total)
                                 .field("created", &ExpandView::created)
                                 .field("known", &ExpandView::known, {.about = "Keywords that the matrix had already."})
                                 .field("dryRun", &ExpandView::dry_run)
                                 .field("sample", &ExpandView::sample, {.about = "The first twenty of them."});
  return shape;
}

template <>
const Shape& shape_of<ClusterKeywordsFields>() {
  static const Shape shape =
      ShapeOf<ClusterKeywordsFields>("KeywordClustering", "Which keywords of the project are put into clusters.")
          .field("keywordIds", &ClusterKeywordsFields::keyword_ids,
                 {.max = static_cast<double>(service::ClusterSelection::most),
                  .about = "Left out: all that are in no cluster."});
  return shape;
}

template <>
const Shape& shape_of<ClusteredView>() {
  static const Shape shape = ShapeOf<ClusteredView>("KeywordCluster", "A cluster that keywords were put into.")
                                 .field("id", &ClusteredView::id)
                                 .field("name", &ClusteredView::name, {.about = "Its keyword of the most volume."})
                                 .field("keywords", &ClusteredView::keywords);
  return shape;
}

template <>
const Shape& shape_of<ClusterKeywordsView>() {
  static const Shape shape =
      ShapeOf<ClusterKeywordsView>("KeywordClusteringOutcome", "What clustering came to.")
          .field("clustersCreated", &ClusterKeywordsView::clusters_created, {.about = "The others were there already."})
          .field("keywordsUpdated", &ClusterKeywordsView::keywords_updated)
          .field("creditsUsed", &ClusterKeywordsView::credits_used)
          .field("clusters", &ClusterKeywordsView::clusters);
  return shape;
}

}  // namespace galley
