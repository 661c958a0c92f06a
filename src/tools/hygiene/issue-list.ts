import { excerpt } from '../../base/excerpt.ts';
import type { CheckName, HygieneFinding } from './hygiene-check.ts';

/** An issue as the tool answers with it. */
export interface HygieneIssue extends HygieneFinding {
  readonly type: CheckName;
  readonly path: string;
}

/** The issues of one diff, in their order. */
export interface IssueList {
  add(type: CheckName, path: string, findings: readonly HygieneFinding[]): void;
  /** Returns the issues; those that were left out are counted in a last one for each check. */
  end(): HygieneIssue[];
}

/** Issues of one check that are listed: more of them would help nobody. */
const MAX_ISSUES = 2_000;
/** Characters of a path, which a diff may make as long as it likes. */
const MAX_PATH_CHARACTERS = 4_096;
/** Characters of all paths that are listed: a short diff could make a very long answer with a long one. */
const MAX_PATHS_CHARACTERS = 1_000_000;

const SEVERITIES = ['info', 'warn', 'error'] as const;

export function createIssueList(): IssueList {
  const issues: HygieneIssue[] = [];
  const counts = new Map<CheckName, number>();
  const further = new Map<CheckName, LeftOut>();
  let last: HygieneIssue | undefined;
  let characters = 0;

  function addIssue(issue: HygieneIssue): void {
    // Two pieces of a long line may show the same.
    if (last !== undefined && issue.line !== undefined && isSame(issue, last)) return;
    last = issue;
    const count = (counts.get(issue.type) ?? 0) + 1;
    counts.set(issue.type, count);
    characters += issue.path.length;
    if (count <= MAX_ISSUES && characters <= MAX_PATHS_CHARACTERS) issues.push(issue);
    else further.set(issue.type, leaveOut(further.get(issue.type), issue));
  }

  return {
    add(type, path, findings) {
      for (const { line, ...finding } of findings) {
        const shown = excerpt(path, MAX_PATH_CHARACTERS);
        addIssue({ type, path: shown, ...finding, ...(line !== undefined && { line }) });
      }
    },
    end: () => [...issues, ...Array.from(further.values(), sumUp)],
  };
}

function isSame(one: HygieneIssue, other: HygieneIssue): boolean {
  const KEYS = ['line', 'rule', 'severity', 'path'] as const;
  return KEYS.every((key) => one[key] === other[key]);
}

/** Issues of one check that are not listed. */
interface LeftOut {
  readonly worst: HygieneIssue;
  readonly count: number;
}

function leaveOut(before: LeftOut | undefined, issue: HygieneIssue): LeftOut {
  if (before === undefined) return { worst: issue, count: 1 };
  const { worst, count } = before;
  const isWorse = SEVERITIES.indexOf(issue.severity) > SEVERITIES.indexOf(worst.severity);
  return { worst: isWorse ? issue : worst, count: count + 1 };
}

/** Describes the issues that are not listed by the place of the worst of them. */
function sumUp({ worst, count }: LeftOut): HygieneIssue {
  return {
    ...worst,
    rule: 'further-issues',
    message: `${count} further issues of this check are not listed; this is the place of the first of the worst.`,
  };
}
