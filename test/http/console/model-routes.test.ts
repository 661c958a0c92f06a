import { expect, it } from 'vitest';
import { modelListSchema } from '../../../src/console/contract/models.ts';
import { useTestGateway } from '../../support/use-test-gateway.ts';

const gateway = useTestGateway();

it('the console lists every model, hidden ones included, with what each can do', async () => {
  const response = await gateway.fetch('/console/models');
  const { models } = modelListSchema.strict().parse(await response.json());
  expect(models.some((model) => model.is_hidden)).toBe(true);
  expect(models.filter((model) => model.is_default)).toHaveLength(1);
  expect(models.find((model) => model.is_default)).toMatchObject({ alias_of: null, owned_by: 'openai' });
});
