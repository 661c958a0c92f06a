import { expect, it } from 'vitest';
import { useDeployment } from '../../../../src/http/openai/request/deployment.ts';
import { serve } from '../../../support/serve.ts';

it.each([
  [{ a: 1 }, 'azure', { a: 1, model: 'azure' }],
  [{ model: null }, 'azure', { model: 'azure' }],
  [{ model: 'own' }, 'azure', { model: 'own' }],
  [{ model: 1 }, 'azure', { model: 1 }],
  [{ a: 1 }, undefined, { a: 1 }],
  [['a'], 'azure', ['a']],
])('the body %j with the deployment %s becomes %j', async (body, deployment, expected) => {
  const { origin } = await serve(
    async (ctx, next) => {
      ctx.state.deployment = deployment;
      ctx.request.body = body;
      await next();
    },
    useDeployment(),
    (ctx) => {
      ctx.body = { body: ctx.request.body };
    },
  );
  expect(await (await fetch(origin)).json()).toEqual({ body: expected });
});
