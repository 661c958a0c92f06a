import { StringDecoder } from 'node:string_decoder';
import { NEVER_ABORTED } from '../../base/async/abort.ts';
import { runInSlices, type Steps } from '../../base/async/steps.ts';
import { watchReportFile, MAX_REPORT_BYTES } from './report-file.ts';
import { readJunit } from './reports/read-junit.ts';
import { createTapReader, type TapReader } from './reports/read-tap.ts';
import { readVitest } from './reports/read-vitest.ts';
import { UnreadableReportError, type TestResults } from './reports/test-results.ts';
import type { TestCommand } from './run-command.ts';

/** Collects the report of a command while it runs. */
export interface ReportCollector {
  /** Takes a piece of standard output. */
  add(block: Buffer): void;
  /** Number of the tests that are known so far. */
  readonly count: number;
  /**
   * Returns the results when the command has ended. Rejects with an `UnreadableReportError`.
   * @param isPartial True if the command was ended: what is there counts.
   */
  read(isPartial: boolean): Promise<TestResults>;
}

/** Characters of a line of TAP: the rest of a longer one is left out. */
const MAX_LINE_CHARACTERS = 100_000;

export async function collectReport({ cwd, report, reportFile }: TestCommand): Promise<ReportCollector> {
  if (reportFile !== undefined) {
    const file = await watchReportFile(cwd, reportFile);
    return {
      add() {},
      count: 0,
      read: async (isPartial) => await parseText(await file.read(), { report, cwd, isPartial }),
    };
  }
  return report === 'tap' ? collectTap() : collectText(report, cwd);
}

function collectTap(): ReportCollector {
  const reader = createTapReader();
  const lines = createLines((line) => reader.push(line));
  return {
    add: lines.add,
    get count() {
      return reader.results.total;
    },
    async read(isPartial) {
      lines.end();
      reader.end(isPartial);
      return reader.results;
    },
  };
}

function createLines(push: (line: string) => void) {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  return {
    add(block: Buffer) {
      const lines = decoder.write(block).split('\n');
      lines[0] = rest.length < MAX_LINE_CHARACTERS ? rest + lines[0]! : rest;
      rest = lines.pop()!;
      for (const line of lines) push(line);
    },
    end() {
      if (rest !== '') push(rest);
      rest = '';
    },
  };
}

function collectText(report: TestCommand['report'], cwd: string): ReportCollector {
  const blocks: Buffer[] = [];
  let bytes = 0;
  return {
    add(block) {
      bytes += block.length;
      if (bytes <= MAX_REPORT_BYTES) blocks.push(block);
      else blocks.length = 0;
    },
    count: 0,
    async read(isPartial) {
      if (bytes > MAX_REPORT_BYTES) throw new UnreadableReportError('is too large');
      return await parseText(Buffer.concat(blocks).toString('utf8'), { report, cwd, isPartial });
    },
  };
}

interface ReportContext {
  readonly report: TestCommand['report'];
  readonly cwd: string;
  readonly isPartial: boolean;
}

/** Reads a report in slices: one of many megabytes takes seconds. */
async function parseText(text: string, context: ReportContext): Promise<TestResults> {
  return await runInSlices(readSteps(text, context), NEVER_ABORTED);
}

function readSteps(text: string, { report, cwd, isPartial }: ReportContext): Steps<TestResults> {
  switch (report) {
    case 'tap':
      return parseTap(createTapReader(), text, isPartial);
    case 'junit':
      return readJunit(text, isPartial);
    case 'vitest':
      return readVitest(text, cwd);
  }
}

function* parseTap(reader: TapReader, text: string, isPartial: boolean): Steps<TestResults> {
  for (let start = 0; start <= text.length;) {
    const feed = text.indexOf('\n', start);
    const end = feed === -1 ? text.length : feed;
    reader.push(text.slice(start, end));
    start = end + 1;
    yield;
  }
  reader.end(isPartial);
  return reader.results;
}
