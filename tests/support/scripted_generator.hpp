// A writer that answers what a test put into it, and keeps what it was asked.
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/generator.hpp"

namespace galley::test {

class ScriptedGenerator final : public Generator {
 public:
  explicit ScriptedGenerator(std::string name, bool finished = true) : name_(std::move(name)), finished_(finished) {}

  std::string_view name() const override { return name_; }
  bool writes_finished_text() const override { return finished_; }
  Task<Result<GeneratedArticle>> generate(GenerationBrief brief) override {
    briefs.push_back(brief);
    if (before) co_await before();
    if (answers.empty()) co_return article_about(brief.keyword);
    Result<GeneratedArticle> answer = std::move(answers.front());
    answers.pop_front();
    co_return answer;
  }

  // What it writes where nothing else was put in.
  static GeneratedArticle article_about(const std::string& keyword) {
    return {.text = {.title = "All about " + keyword, .markdown = "# " + keyword + "\n\nSome words on it.\n"}};
  }

  std::deque<Result<GeneratedArticle>> answers{};
  std::function<Task<>()> before{};
  std::vector<GenerationBrief> briefs{};

 private:
  std::string name_;
  bool finished_;
};

}  // namespace galley::test
