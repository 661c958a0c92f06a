import { expect, it } from 'vitest';
import { controlOf } from '../../console/pages/tools/form/schema.ts';
import { needsQuestion } from '../../console/pages/tools/needs-question.ts';

it.each([
  [true, false, false],
  [false, true, false],
  [false, false, true],
])(
  'of a tool that reads only (%s) and has a dry run (%s), a question before a call: %s',
  (reads, dry, asks) => {
    expect(needsQuestion({ is_read_only: reads, has_dry_run: dry })).toBe(asks);
  },
);

it.each([
  ['document', { type: 'string', description: 'A unified diff.' }],
  ['text', { type: 'string', description: 'Different words.' }],
  ['line', { type: 'string', description: 'The name of a patch.', maxLength: 200 }],
] as const)('the control is a %s for %j', (control, schema) => {
  expect(controlOf(schema)).toBe(control);
});
