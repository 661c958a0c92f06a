import { excerpt } from '../../../base/excerpt.ts';
import { createTapTree, type TapPoint } from './tap-tree.ts';
import { createTestResults, UnreadableReportError, type TestResults } from './test-results.ts';

/** Reads the Test Anything Protocol line by line, as it comes. */
export interface TapReader {
  readonly results: TestResults;
  /** Takes a line without its line feed. */
  push(line: string): void;
  /**
   * Ends the report.
   * @param isPartial True if the command was ended: what is there counts.
   */
  end(isPartial: boolean): void;
}

const POINT = /^(not )?ok\b(?: +\d+)?(?: +-(?= |$))? ?(.*)$/;
const DIRECTIVE = /(?:^|[^\\])#\s{0,20}(?:skip|todo)/i;
const PLAN = /^1\.\.(\d{1,9})(?:\s|$)/;
const BAIL_OUT = 'Bail out!';
const MAX_LINE_CHARACTERS = 10_000;
const MAX_NAME_CHARACTERS = 500;
const MAX_MESSAGE_CHARACTERS = 8_000;
const MAX_DEPTH = 50;

/** Creates a reader for the versions 12 to 14. */
export function createTapReader(): TapReader {
  const results = createTestResults();
  const tree = createTapTree(results);
  let plan: number | undefined;
  let last: TapPoint | undefined;
  let yaml: { readonly point: TapPoint; readonly indent: string } | undefined;
  let isBailedOut = false;

  function add(depth: number, point: TapPoint): void {
    tree.add(depth, point);
    last = point;
  }

  function readYaml(line: string): boolean {
    if (yaml === undefined) return false;
    if (line === `${yaml.indent}...`) yaml = undefined;
    else if (yaml.point.message.length < MAX_MESSAGE_CHARACTERS) {
      yaml.point.message += `${line.startsWith(yaml.indent) ? line.slice(yaml.indent.length) : line}\n`;
    }
    return true;
  }

  function readLine(indent: string, text: string): void {
    const depth = Math.min(Math.floor(indent.length / 4), MAX_DEPTH);
    const point = POINT.exec(text);
    if (point !== null) add(depth, parsePoint(point[1] !== undefined, point[2]!));
    else if (text.startsWith(BAIL_OUT)) {
      isBailedOut = true;
      add(0, { names: [BAIL_OUT], outcome: 'failed', message: text.slice(BAIL_OUT.length) });
    } else if (text === '---' && last !== undefined) yaml = { point: last, indent };
    else if (depth === 0) plan = readPlan(text) ?? plan;
  }

  return {
    results,
    push(line) {
      const text = line.slice(0, MAX_LINE_CHARACTERS).trimEnd();
      if (isBailedOut || readYaml(text)) return;
      const indent = /^ */.exec(text)![0];
      readLine(indent, text.slice(indent.length));
    },
    end(isPartial) {
      tree.end();
      if (isPartial || isBailedOut) return;
      if (plan === undefined && results.total === 0) throw new UnreadableReportError('is not TAP');
      if (plan !== undefined && tree.topCount < plan) {
        results.fail('plan', `${plan} tests were planned, and ${tree.topCount} have run.`);
      }
    },
  };
}

function readPlan(text: string): number | undefined {
  const digits = PLAN.exec(text)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function parsePoint(isFailed: boolean, rest: string): TapPoint {
  const directive = DIRECTIVE.exec(rest);
  const name = directive === null ? rest : rest.slice(0, rest.indexOf('#', directive.index));
  const outcome = isFailed ? 'failed' : 'passed';
  return {
    names: [excerpt(name.replaceAll(/\\([#\\])/g, '$1').trim(), MAX_NAME_CHARACTERS)],
    outcome: directive === null ? outcome : 'skipped',
    message: '',
  };
}
