#include "content/jsonld.hpp"

#include <string_view>

#include "base/json.hpp"
#include "content/excerpt.hpp"

namespace galley::content {
namespace {

constexpr std::size_t max_headline = 110;  // Google's limit for articles

void member(json::Writer& writer, std::string_view name, const std::string& text) {
  if (!text.empty()) writer.member(name, text);
}

void write_posting(json::Writer& writer, const JsonLdArticle& article) {
  writer.member("@type", "BlogPosting");
  member(writer, "headline", shorten(article.headline, max_headline));
  member(writer, "description", article.description);
  if (!article.author.empty()) {
    writer.key("author").begin_object().member("@type", "Person").member("name", article.author).end_object();
  }
  if (article.published) writer.member("datePublished", to_rfc3339(*article.published));
  if (article.modified) writer.member("dateModified", to_rfc3339(*article.modified));
  if (!article.url.empty()) {
    writer.member("url", article.url);
    writer.key("mainEntityOfPage").begin_object().member("@type", "WebPage").member("@id", article.url).end_object();
  }
  member(writer, "image", article.image);
  if (!article.keywords.empty()) {
    writer.key("keywords").begin_array();
    for (const std::string& keyword : article.keywords)
      writer.value(keyword);
    writer.end_array();
  }
  if (article.word_count > 0) writer.member("wordCount", article.word_count);
  member(writer, "inLanguage", article.language);
}

void write_questions(json::Writer& writer, const std::vector<Question>& questions) {
  writer.member("@type", "FAQPage").key("mainEntity").begin_array();
  for (const Question& question : questions) {
    writer.begin_object().member("@type", "Question").member("name", question.question).key("acceptedAnswer");
    writer.begin_object().member("@type", "Answer").member("text", question.answer).end_object().end_object();
  }
  writer.end_array();
}

// In JSON these stand in strings alone, so an escape says the same; "</script>" and "<!--" would end or change the
// element that the text is embedded in.
std::string escape_for_script(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  for (char c : json) {
    if (c == '<') {
      out += "\\u003c";
    } else if (c == '>') {
      out += "\\u003e";
    } else if (c == '&') {
      out += "\\u0026";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

std::string json_ld(const JsonLdArticle& article, const std::vector<Question>& questions) {
  std::string text;
  json::Writer writer(text);
  writer.begin_object().member("@context", "https://schema.org");
  if (questions.empty()) {
    write_posting(writer, article);
  } else {
    writer.key("@graph").begin_array().begin_object();
    write_posting(writer, article);
    writer.end_object().begin_object();
    write_questions(writer, questions);
    writer.end_object().end_array();
  }
  writer.end_object();
  return escape_for_script(text);
}

}  // namespace galley::content
