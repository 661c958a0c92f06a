/** Days that are remembered. */
const MAX_DAYS = 8;

export interface RecentDays<Day> {
  /** Returns the day with this name, as it was left or new. */
  at(name: string): Day;
  entries(): readonly (readonly [name: string, day: Day])[];
}

/** Remembers the days that were used last, since a clock may jump forward and back. */
export function createRecentDays<Day>(create: () => Day): RecentDays<Day> {
  const days = new Map<string, Day>();
  return {
    at(name) {
      const day = days.get(name) ?? create();
      // Moves to the end.
      days.delete(name);
      days.set(name, day);
      if (days.size > MAX_DAYS) days.delete(days.keys().next().value!);
      return day;
    },
    entries: () => [...days],
  };
}
