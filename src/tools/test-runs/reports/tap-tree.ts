import type { TestResultList } from './test-results.ts';

/** A test point of TAP. */
export interface TapPoint {
  /** Its own name, after those of its parents once they are known. */
  readonly names: string[];
  readonly outcome: 'passed' | 'failed' | 'skipped';
  message: string;
}

/** The points of a report, each after those below it. */
export interface TapTree {
  add(depth: number, point: TapPoint): void;
  /** Number of points without a parent. */
  readonly topCount: number;
  /** Counts the failures that still wait for their parents. */
  end(): void;
}

/** Failures of one depth that wait for the names of their parents. */
const MAX_WAITING = 10_000;

/** Counts the points that have none below them; a parent counts only if it fails for a reason of its own. */
export function createTapTree(results: TestResultList): TapTree {
  const waiting: TapPoint[][] = [];
  const counts: number[] = [];

  /** Counts points to which no parent can come any more, and all of a depth that has too many to wait. */
  function flush(depth: number): void {
    const points = waiting[depth] ?? [];
    if (depth > 0 && points.length < MAX_WAITING) return;
    for (const point of points) countPoint(point, results);
    waiting[depth] = [];
  }

  return {
    add(depth, point) {
      flush(depth);
      const children = waiting.splice(depth + 1).flat();
      const hasChildren = counts.splice(depth + 1).some((count) => count > 0);
      counts[depth] = (counts[depth] ?? 0) + 1;
      for (const child of children) child.names.unshift(...point.names);
      const own = (waiting[depth] ??= []);
      own.push(...children);
      if (hasChildren && (point.outcome !== 'failed' || children.length > 0)) return;
      if (point.outcome === 'failed') own.push(point);
      else countPoint(point, results);
    },
    get topCount() {
      return counts[0] ?? 0;
    },
    end() {
      for (const point of waiting.flat()) countPoint(point, results);
      waiting.length = 0;
    },
  };
}

function countPoint({ names, outcome, message }: TapPoint, results: TestResultList): void {
  if (outcome === 'passed') results.pass();
  else if (outcome === 'skipped') results.skip();
  else results.fail(names.filter((name) => name !== '').join(' > ') || 'unnamed test', message);
}
