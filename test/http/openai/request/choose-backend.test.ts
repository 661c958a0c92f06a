import { expect, it } from 'vitest';
import { chooseBackend } from '../../../../src/http/openai/request/choose-backend.ts';
import { serve } from '../../../support/serve.ts';

/** Answers with the models by which a backend was chosen, and with the body that it got. */
async function ask(body: unknown): Promise<unknown> {
  const models: (string | undefined)[] = [];
  const directory = {
    backendOf: async (model: string | undefined) => {
      models.push(model);
      return 'codex' as const;
    },
  };
  const { origin } = await serve(
    async (ctx, next) => {
      ctx.request.body = body;
      await next();
    },
    chooseBackend(directory, {
      codex: (ctx) => {
        ctx.body = { models, received: ctx.request.body };
      },
    }),
  );
  return await (await fetch(origin)).json();
}

it('the backend is chosen by the model of a body that nothing has decoded yet', async () => {
  const body = { model: 'one', messages: 'of a wrong type' };
  expect(await ask(body)).toEqual({ models: ['one'], received: body });
});

it.each([[{}], [{ model: 1 }], [['one']], ['one']])(
  'the body %j, which names no model, has a backend, too',
  async (body) => {
    expect(await ask(body)).toEqual({ models: [null], received: body });
  },
);
