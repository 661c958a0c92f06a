import { execa } from 'execa';
import { afterEach, expect, it } from 'vitest';
import { createSchemaChecker, type WorkerSchemaChecker } from '../../../src/app/worker/schema-checker.ts';
import { startThread } from '../../../src/app/worker/thread.ts';
import type { ValidationJob, ValidationResult } from '../../../src/app/worker/validate-value.ts';

const signal = new AbortController().signal;
const PERSON = { type: 'object', properties: { age: { type: 'integer' } } };

let checker: WorkerSchemaChecker;

afterEach(() => checker.close());

it('the schema checker says what is wrong with a value', async () => {
  checker = createSchemaChecker();
  expect(await checker.check(PERSON, { age: 3 }, signal)).toBeUndefined();
  expect(await checker.check(PERSON, { age: 'x' }, signal)).toBe("'age' must be integer");
});

it('the schema checker refuses a schema with an unresolvable reference', async () => {
  checker = createSchemaChecker();
  await expect(checker.check({ $ref: '#/$defs/none' }, 1, signal)).rejects.toMatchObject({
    code: 'invalid_schema',
    message: expect.stringContaining('#/$defs/none'),
  });
});

it('the schema checker refuses a pattern that takes too long, and other checks only wait', async () => {
  checker = createSchemaChecker(250);
  const hostile = checker.check({ pattern: '^(a+)+$' }, `${'a'.repeat(40)}b`, signal);
  const honest = checker.check(PERSON, { age: 3 }, signal);
  await expect(hostile).rejects.toMatchObject({
    code: 'invalid_schema',
    message: expect.stringContaining('reasonable time'),
  });
  expect(await honest).toBeUndefined();
});

it('the schema checker does not keep a process alive after its answer', async () => {
  checker = createSchemaChecker();
  const module = new URL('../../../src/app/worker/schema-checker.ts', import.meta.url);
  const script = `
    const { createSchemaChecker } = await import('${module.href}');
    const problem = await createSchemaChecker().check({ type: 'null' }, 1, new AbortController().signal);
    console.log(problem);`;
  const { stdout, stderr } = await execa(process.execPath, ['--input-type=module', '-e', script], {
    timeout: 100_000,
  });
  expect([stdout, stderr]).toEqual(['the value must be null', '']);
});

it('the schema checker does not run out of memory over many large schemas', async () => {
  // About a tenth of what it really gets, as what it keeps is a tenth, beside the 10 MB of its modules.
  const entry = new URL('../../support/small-schema-worker.ts', import.meta.url);
  const thread = startThread<ValidationJob, ValidationResult>(entry, 32);
  await thread.ready;
  for (let round = 0; round < 44; round += 1) {
    const names = Array.from({ length: 600 }, (_, index) => `p${round}_${index}`);
    const properties = Object.fromEntries(names.map((name, index) => [name, { enum: ['a', index] }]));
    const { result } = await thread.run({ schema: { properties }, value: { [names[0]!]: 1 } });
    expect(result).toMatchObject({ type: 'misfit' });
  }
  await thread.end();
});
