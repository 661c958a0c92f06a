import { formatPath, type JsonPath } from './json-path.ts';

/** The part of a zod issue that is the same for every kind. */
interface Issue {
  readonly path: JsonPath;
  readonly message: string;
}

/** A wrong value for an error message: `'${param}': ${problem}.` */
interface IssueDescription {
  readonly param: string;
  /** Zod's message without its prefix, and with alternatives separated by commas. */
  readonly problem: string;
}

/** Describes a wrong value in a document, or in the part of it that stands at `base`. */
export function describeIssue({ path, message }: Issue, base: JsonPath = []): IssueDescription {
  return {
    param: formatPath([...base, ...path]),
    problem: message.replace(/^Invalid (?:input|option): /, '').replaceAll('"|"', '", "'),
  };
}
