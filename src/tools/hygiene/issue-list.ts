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

const SEVERITIES = ['info', 'warn', 'error'] as const;

export function createIssueList(): IssueList {
  const issues: HygieneIssue[] = [];
  const counts = new Map<CheckName, number>();
  const further = new Map<CheckName, HygieneIssue>();
  let last: HygieneIssue | undefined;

  function addIssue(issue: HygieneIssue): void {
    // Two pieces of a long line may show the same.
    if (last !== undefined && issue.line !== undefined && isSame(issue, last)) return;
    last = issue;
    const count = (counts.get(issue.type) ?? 0) + 1;
    counts.set(issue.type, count);
    if (count <= MAX_ISSUES) issues.push(issue);
    else further.set(issue.type, worse(further.get(issue.type), issue));
  }

  return {
    add(type, path, findings) {
      for (const { line, ...finding } of findings) {
        const shown = excerpt(path, MAX_PATH_CHARACTERS);
        addIssue({ type, path: shown, ...finding, ...(line !== undefined && { line }) });
      }
    },
    end: () => [...issues, ...Array.from(further, ([type, issue]) => sumUp(issue, counts.get(type)!))],
  };
}

function isSame(one: HygieneIssue, other: HygieneIssue): boolean {
  const KEYS = ['line', 'rule', 'severity', 'path'] as const;
  return KEYS.every((key) => one[key] === other[key]);
}

function worse(one: HygieneIssue | undefined, other: HygieneIssue): HygieneIssue {
  const isWorse = one === undefined || SEVERITIES.indexOf(other.severity) > SEVERITIES.indexOf(one.severity);
  return isWorse ? other : one;
}

/** Describes the issues that are not listed by the place of the worst of them. */
function sumUp(issue: HygieneIssue, count: number): HygieneIssue {
  return {
    ...issue,
    rule: 'further-issues',
    message: `${count - MAX_ISSUES} further issues of this check are not listed; this is the place of the first of the worst.`,
  };
}
