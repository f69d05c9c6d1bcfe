// SQLite's memory, of which there is none left where a test says so.
#pragma once

namespace galley::test {

class ScarceMemory {
 public:
  // While no database is open. For the rest of the process: SQLite takes its functions once.
  static void install();
  // The n-th allocation fails, and those after it where it lasts. Counts anew from here.
  static void fail(int nth, bool lasts);
  static void heal();
  static bool struck();
  // Since the last fail().
  static int allocations();
};

}  // namespace galley::test
