import { formatPath, type JsonPath } from './json-path.ts';

/** The fields that all zod issues share. */
interface Issue {
  readonly path: JsonPath;
  readonly message: string;
}

/** The parts of an error message: `'${param}': ${problem}.` */
interface IssueDescription {
  readonly param: string;
  /** Zod's message without its prefix and with commas between alternatives. */
  readonly problem: string;
}

/** Describes a wrong value in a document; `base` is the path of the part that was checked. */
export function describeIssue({ path, message }: Issue, base: JsonPath = []): IssueDescription {
  return {
    param: formatPath([...base, ...path]),
    problem: message.replace(/^Invalid (?:input|option): /, '').replaceAll('"|"', '", "'),
  };
}
