import Koa from 'koa';
import { expect, it } from 'vitest';
import type { State } from '../../../../src/http/requests/context.ts';
import { chooseBackend } from '../../../../src/http/openai/request/choose-backend.ts';
import { serve } from '../../../support/serve.ts';

/** Answers with the model by which the backend was chosen. */
async function ask(body: unknown): Promise<unknown> {
  const models: (string | undefined)[] = [];
  const backendOf = async (model: string | undefined) => {
    models.push(model);
    return 'codex' as const;
  };
  const app = new Koa<State>();
  app.use(async (ctx, next) => {
    ctx.state.signal = new AbortController().signal;
    ctx.request.body = body;
    await next();
  });
  app.use(
    chooseBackend(
      { backendOf },
      {
        codex: (ctx) => {
          ctx.body = { models, received: ctx.request.body };
        },
      },
    ),
  );
  return await (await fetch(await serve(app))).json();
}

it('the backend is chosen by the model of a body that nothing has decoded', async () => {
  const body = { model: 'one', messages: 'of a wrong type' };
  expect(await ask(body)).toEqual({ models: ['one'], received: body });
});

it.each([[{}], [{ model: 1 }], [['one']], ['one']])(
  'a body without a model, %j, reaches a backend, too',
  async (body) => {
    expect(await ask(body)).toEqual({ models: [null], received: body });
  },
);
