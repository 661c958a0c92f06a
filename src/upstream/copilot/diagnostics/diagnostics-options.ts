export const DIAGNOSTICS_LEVELS = ['off', 'metadata', 'content_redacted', 'full_content'] as const;

export interface DiagnosticsOptions {
  readonly level: (typeof DIAGNOSTICS_LEVELS)[number];
  readonly file: string;
  /** Maximum bytes of a line. */
  readonly maxLineBytes: number;
  /** Maximum bytes of a body that a line contains. */
  readonly contentBytes: number;
  /** Bytes at which a new file begins. */
  readonly maxFileBytes: number;
}
