import type { DiffPart } from './diff/read-diff.ts';

export const CHECKS = ['secrets', 'lint', 'format', 'license'] as const;

export type CheckName = (typeof CHECKS)[number];

/** A finding, without the check and the path that belong to it. */
export interface HygieneFinding {
  readonly rule: string;
  readonly line?: number | undefined;
  readonly severity: 'info' | 'warn' | 'error';
  /** Never holds anything of a secret. */
  readonly message: string;
}

/** Looks at a diff, part by part in their order; remembers what it needs of earlier ones. */
export type HygieneCheck = (part: DiffPart) => readonly HygieneFinding[];

export const NO_FINDINGS: readonly HygieneFinding[] = [];
