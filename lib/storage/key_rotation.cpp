#include "storage/key_rotation.hpp"

#include <memory>
#include <string>
#include <utility>

namespace galley::storage {
namespace {

// Values in one transaction: a few milliseconds, in which the writes of others wait.
constexpr int batch = 64;
// The second pass finds nothing where the first one was let through; a third would be a bug.
constexpr int max_passes = 3;

Error unreadable(const SealedSurvey& survey) {
  return conflict(std::to_string(survey.unreadable) + " sealed values open with no key that is here, the first is " +
                  survey.first_unreadable + ". The old key is kept. Set these anew, then rotate again.");
}

}  // namespace

Result<KeyRing> KeyRotation::next_ring(Rotation& rotation) {
  // The file and not what is in memory: there, keys of earlier rotations go on opening what a long read still sees.
  KeyRing stored = GALLEY_TRY(load_key_ring(folder_, std::nullopt));
  const std::string mark = sealer_.ring()->seal(Secret(std::string()), {});
  if (stored.open(mark, {}).has_error())
    return conflict("The key file " + key_file_in(folder_).string() +
                    " does not hold the key that is in use. Restart the server, or put its key back.");
  rotation.resumed = stored.keys().size() > 1;
  if (rotation.resumed) return stored;
  KeyRing next = stored.with_new_key();
  // Before anything is sealed with it. The old one stays behind it until nothing needs it.
  GALLEY_TRY(write_key_file(folder_, next));
  return next;
}

Result<Rotation> KeyRotation::run(KeyOrigin origin) {
  Rotation rotation;
  if (origin == KeyOrigin::file) {
    const KeyRing next = GALLEY_TRY(next_ring(rotation));
    GALLEY_TRY(watch_(RotationStep::key_written));
    // In the writer's thread, where all sealing is done: no body that runs after this one seals with an older key, and
    // those before it are committed, or lost, when the search for their values begins. Readers have the new key before
    // they can see a value that needs it.
    GALLEY_TRY(write_([&](Transaction&) -> Result<void> {
      sealer_.use(next.with_older(*sealer_.ring()));
      return {};
    }));
    GALLEY_TRY(watch_(RotationStep::key_in_use));
  } else if (sealer_.ring()->keys().size() < 2) {
    return conflict(
        "GALLEY_SECRET_KEY holds one key. Put a new one in front of it, separated by a comma, start anew, "
        "and rotate then.");
  }
  GALLEY_TRY(reseal(rotation));
  GALLEY_TRY(watch_(RotationStep::all_sealed));
  if (origin == KeyOrigin::file) {
    GALLEY_TRY(write_key_file(folder_, KeyRing(sealer_.ring()->current())));
    GALLEY_TRY(watch_(RotationStep::old_key_dropped));
  }
  return rotation;
}

Result<void> KeyRotation::reseal(Rotation& rotation) {
  for (int pass = 0; pass < max_passes; ++pass) {
    SealedSurvey all;
    for (const SealedColumn& column : sealed_columns())
      all.add(GALLEY_TRY(reseal_column(column)));
    if (all.unreadable > 0) return unreadable(all);
    rotation.values = all.values;
    rotation.resealed += all.resealed;
    if (all.resealed == 0) return {};
  }
  return internal_error("values went on being sealed with an old key");
}

Result<SealedSurvey> KeyRotation::reseal_column(const SealedColumn& column) {
  SealedSurvey all;
  for (std::int64_t after = 0;;) {
    SealedSurvey part;
    GALLEY_TRY(write_([&](Transaction&) -> Result<void> {
      part = GALLEY_TRY(reseal_some(connection_, sealer_, column, after, batch));
      return {};
    }));
    all.add(part);
    if (part.resealed > 0) GALLEY_TRY(watch_(RotationStep::batch_sealed));
    if (!part.more) return all;
    after = part.last_row;
  }
}

}  // namespace galley::storage
