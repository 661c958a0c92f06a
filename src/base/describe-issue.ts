import { formatPath, type JsonPath } from './json-path.ts';

/** The fields that all zod issues share. */
interface Issue {
  readonly path: JsonPath;
  readonly message: string;
}

/** The parts of an error message: `'${param}': ${problem}.` */
interface IssueDescription {
  readonly param: string;
  /** Zod's message without its prefix and in the words of JSON. */
  readonly problem: string;
}

/** Describes a wrong value in a document; `base` is the path of the part that was checked. */
export function describeIssue({ path, message }: Issue, base: JsonPath = []): IssueDescription {
  const problem = WORDS.reduce((text, [zod, plain]) => text.replaceAll(zod, plain), message);
  return { param: formatPath([...base, ...path]), problem };
}

/** Zod's phrases, and what a person expects to read. */
const WORDS: readonly (readonly [zod: RegExp, plain: string])[] = [
  [/^Invalid (?:input|option): /g, ''],
  [/"\|"/g, '", "'],
  [/\bexpected record\b/g, 'expected object'],
  [/\bexpected int\b/g, 'expected integer'],
  [/^expected (.+), received undefined$/g, 'missing; expected $1'],
  [/^Too small: expected (\w+) to have >=1 characters$/g, 'expected a $1 that is not empty'],
  [/^Too small: expected \w+ to have >=1 (\w+)s$/g, 'expected at least one $1'],
  [/^Too small: expected (\w+) to have >=(\d+) (\w+)$/g, 'expected at least $2 $3'],
  [/^Too big: expected (\w+) to have <=(\d+) (\w+)$/g, 'expected at most $2 $3'],
  [/^Too small: expected (\w+) to be >=(\S+)$/g, 'expected a $1 of at least $2'],
  [/^Too small: expected (\w+) to be >(\S+)$/g, 'expected a $1 above $2'],
  [/^Too big: expected (\w+) to be <=?(\S+)$/g, 'expected a $1 of at most $2'],
];
