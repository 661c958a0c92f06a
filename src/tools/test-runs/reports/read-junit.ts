import type { Steps } from '../../../base/async/steps.ts';
import {
  createTestResults,
  UnreadableReportError,
  type TestResultList,
  type TestResults,
} from './test-results.ts';
import { readXml, type XmlPart } from './read-xml.ts';

/** Characters of the text of a failure that are kept. */
const MAX_TEXT_CHARACTERS = 8_000;

/** A test while its element is read. */
interface OpenCase {
  readonly name: string;
  isSkipped: boolean;
  /** Undefined for a test that has not failed. */
  message: string | undefined;
}

/**
 * Reads a report in JUnit's XML, also among other lines.
 * @param isPartial True if the command was ended: what is there counts.
 */
export function* readJunit(text: string, isPartial: boolean): Steps<TestResults> {
  // A page that a test has printed is not a part of the report.
  const start = text.search(/<\?xml|<!DOCTYPE(?!\s+html\b)|<testsuites?[\s>/]/);
  if (start === -1) throw new UnreadableReportError(text.trim() === '' ? 'is empty' : 'is not one of JUnit');
  const end = text.lastIndexOf('>') + 1;
  const results = createTestResults();
  try {
    yield* readCases(readXml(text.slice(start, end)), results);
  } catch (error) {
    if (!isPartial) throw error;
  }
  return results;
}

function* readCases(parts: Iterable<XmlPart>, results: TestResultList): Steps<void> {
  const path: string[] = [];
  let open: OpenCase | undefined;
  for (const part of parts) {
    yield;
    if (part.kind === 'start') {
      path.push(part.name);
      checkRoot(path);
      if (part.name === 'testcase') open = openCase(part.attributes);
      else if (path.at(-2) === 'testcase') readOutcome(part.name, part.attributes, open);
    } else if (part.kind === 'text') readText(part.text, path, open);
    else {
      if (path.pop() !== part.name) throw new UnreadableReportError('is not XML');
      if (part.name === 'testcase') closeCase(open, results);
    }
  }
  if (path.length > 0) throw new UnreadableReportError('is not complete');
}

function openCase(attributes: Attributes): OpenCase {
  return { name: nameOf(attributes), isSkipped: false, message: undefined };
}

/** Adds the text of a failure to its message. */
function readText(text: string, path: readonly string[], open: OpenCase | undefined): void {
  if (open?.message === undefined || !isFailure(path.at(-1))) return;
  if (open.message.length < MAX_TEXT_CHARACTERS) open.message += text;
}

function checkRoot(path: readonly string[]): void {
  if (!/^testsuites?$/.test(path[0] ?? '')) throw new UnreadableReportError('is not one of JUnit');
}

function isFailure(element: string | undefined): boolean {
  return element === 'failure' || element === 'error';
}

type Attributes = Readonly<Record<string, string>>;

function nameOf({ name = '', classname = '' }: Attributes): string {
  return classname === '' || name.startsWith(classname) ? name : `${classname} > ${name}`;
}

function readOutcome(
  element: string,
  { message = '', type = '' }: Attributes,
  open: OpenCase | undefined,
): void {
  if (open === undefined) return;
  if (element === 'skipped') open.isSkipped = true;
  if (!isFailure(element)) return;
  const heading = message === '' ? type : message;
  open.message = `${open.message ?? ''}${heading}${heading === '' ? '' : '\n'}`;
}

function closeCase(open: OpenCase | undefined, results: TestResultList): void {
  if (open?.message !== undefined) results.fail(open.name, open.message);
  else if (open?.isSkipped === true) results.skip();
  else results.pass();
}
