#include "support/power_cut.hpp"

#include <algorithm>

namespace galley::test {
namespace {

constexpr std::size_t sector = 512;

bool chance(std::mt19937_64& random, double probability) {
  return std::bernoulli_distribution(probability)(random);
}

void put(std::string& bytes, std::size_t place, std::string_view text) {
  if (bytes.size() < place + text.size()) bytes.resize(place + text.size());
  text.copy(bytes.data() + place, text.size());
}

// The file has grown by a write that itself was lost.
void leave_hole(std::string& bytes, const DiskEvent& event, std::mt19937_64& random) {
  const std::size_t end = event.place + event.text.size();
  if (end <= bytes.size() || chance(random, 0.4)) return;
  const std::size_t start = bytes.size();
  bytes.resize(end);
  if (chance(random, 0.5)) return;
  for (std::size_t i = start; i < end; ++i)
    bytes[i] = static_cast<char>(random());
}

void tear(std::string& bytes, const DiskEvent& event, std::mt19937_64& random) {
  for (std::size_t done = 0; done < event.text.size();) {
    const std::size_t size = std::min(sector - (event.place + done) % sector, event.text.size() - done);
    if (chance(random, 0.5)) put(bytes, event.place + done, std::string_view(event.text).substr(done, size));
    done += size;
  }
}

void replay(std::string& bytes, const DiskEvent& event) {
  if (event.kind == DiskEvent::Kind::truncate)
    bytes.resize(event.place);
  else
    put(bytes, event.place, event.text);
}

}  // namespace

PowerCut::PowerCut(const MemoryDisk::Image& image, const std::vector<DiskEvent>& events) : events_(events) {
  // Numbered as MemoryDisk numbers them.
  for (const auto& [name, bytes] : image) {
    const int number = static_cast<int>(names_.size());
    files_[number].synced = bytes;
    names_[name] = number;
  }
}

void PowerCut::advance(std::size_t point) {
  for (; point_ < point; ++point_)
    apply(events_[point_]);
}

void PowerCut::apply(const DiskEvent& event) {
  using enum DiskEvent::Kind;
  switch (event.kind) {
    case create:
    case remove:
      names_since_.push_back(&event);
      return;
    case write:
    case truncate:
      files_[event.file].since.push_back(&event);
      return;
    case sync: {
      File& file = files_[event.file];
      for (const DiskEvent* done : file.since)
        replay(file.synced, *done);
      file.since.clear();
      return;
    }
    case sync_directory:
      for (const DiskEvent* done : names_since_) {
        if (done->kind == create) names_[done->text] = done->file;
        if (done->kind == remove) names_.erase(done->text);
      }
      names_since_.clear();
      return;
  }
}

MemoryDisk::Image PowerCut::strike(std::mt19937_64& random) const {
  std::map<std::string, int> names = names_;
  const auto kept = std::uniform_int_distribution<std::size_t>(0, names_since_.size())(random);
  for (std::size_t i = 0; i < kept; ++i) {
    if (names_since_[i]->kind == DiskEvent::Kind::create) names[names_since_[i]->text] = names_since_[i]->file;
    if (names_since_[i]->kind == DiskEvent::Kind::remove) names.erase(names_since_[i]->text);
  }
  MemoryDisk::Image image;
  for (const auto& [name, number] : names) {
    const auto file = files_.find(number);
    image.emplace(name, file == files_.end() ? std::string() : survive(file->second, random));
  }
  return image;
}

std::string PowerCut::survive(const File& file, std::mt19937_64& random) {
  std::vector<const DiskEvent*> since = file.since;
  if (chance(random, 0.3)) std::shuffle(since.begin(), since.end(), random);
  // All, none and anything between are equally likely: each has errors of its own.
  const double share = std::clamp(std::uniform_real_distribution<double>(-0.2, 1.2)(random), 0.0, 1.0);
  const double torn = chance(random, 0.5) ? 0.2 : 0;
  std::string bytes = file.synced;
  for (const DiskEvent* event : since) {
    const bool survives = chance(random, share);
    if (event->kind == DiskEvent::Kind::truncate) {
      if (survives) replay(bytes, *event);
    } else if (survives && chance(random, torn)) {
      tear(bytes, *event, random);
    } else if (survives) {
      replay(bytes, *event);
    } else {
      leave_hole(bytes, *event, random);
    }
  }
  return bytes;
}

}  // namespace galley::test
