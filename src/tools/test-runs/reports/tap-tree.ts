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

/** Failures that wait for the names of their parents: no more are listed, and output can nest them without end. */
const MAX_WAITING = 1_000;

/** Counts the points that have none below them; a parent counts only if it fails for a reason of its own. */
export function createTapTree(results: TestResultList): TapTree {
  const waiting: TapPoint[][] = [];
  /** Points of each depth, and failures of each depth and below, since the last parent. */
  const counts: number[] = [];
  const failures: number[] = [];
  let waitingCount = 0;

  /** Counts points to which no parent can come any more, and all of them if too many wait. */
  function flush(depth: number): void {
    if (depth > 0 && waitingCount < MAX_WAITING) return;
    const points = waitingCount < MAX_WAITING ? (waiting[depth] ?? []) : waiting.splice(0).flat();
    for (const point of points) countPoint(point, results);
    waitingCount -= points.length;
    waiting[depth] = [];
  }

  return {
    add(depth, point) {
      flush(depth);
      const children = waiting.splice(depth + 1).flat();
      const hasChildren = counts.splice(depth + 1).some((count) => count > 0);
      const failed = failures.splice(depth + 1).reduce((sum, count) => sum + count, 0);
      counts[depth] = (counts[depth] ?? 0) + 1;
      failures[depth] = (failures[depth] ?? 0) + failed;
      for (const child of children) child.names.unshift(...point.names);
      const own = (waiting[depth] ??= []);
      own.push(...children);
      if (hasChildren && (point.outcome !== 'failed' || failed > 0)) return;
      if (point.outcome === 'failed') {
        own.push(point);
        waitingCount += 1;
        failures[depth] += 1;
      } else countPoint(point, results);
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
