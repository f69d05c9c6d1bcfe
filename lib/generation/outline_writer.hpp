// OutlineWriter: the embedded offline writer as a Generator, named "outline".
#pragma once

#include "domain/generator.hpp"

namespace galley::generation {

// Its texts are skeletons for a person: writes_finished_text() is false. Needs no network and takes milliseconds.
class OutlineWriter final : public Generator {
 public:
  std::string_view name() const override { return "outline"; }
  bool writes_finished_text() const override { return false; }
  Task<Result<GeneratedArticle>> generate(GenerationBrief brief) override;
};

}  // namespace galley::generation
