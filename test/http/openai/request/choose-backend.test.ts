import { expect, it } from 'vitest';
import { chooseBackend } from '../../../../src/http/openai/request/choose-backend.ts';
import { parseJsonBody } from '../../../../src/app/worker/parse-json-body.ts';
import { createByteBudget } from '../../../../src/http/body/byte-budget.ts';
import { readBody } from '../../../../src/http/middleware/read-body.ts';
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

it('a second backend may take a request as the bytes that its client has sent', async () => {
  const { origin } = await serve(
    readBody(
      {
        bodyLimitBytes: 1000,
        bodyBudget: createByteBudget(1000),
        parseBody: async (body) => parseJsonBody(body),
      },
      'parsed-and-raw',
    ),
    chooseBackend(
      { backendOf: async (model) => (model === 'other' ? 'bytes' : 'turns') },
      {
        turns: (ctx) => {
          ctx.body = JSON.stringify(ctx.request.body);
        },
        bytes: (ctx) => {
          ctx.body = Buffer.concat(ctx.request.rawBody!.blocks);
        },
      },
    ),
  );
  const ask = async (body: string) => {
    const headers = { 'content-type': 'application/json' };
    return await (await fetch(origin, { method: 'POST', headers, body })).text();
  };
  const spelled = '{ "model" : "other", "number": 1.0, "number": 2 }';
  expect(await ask(spelled)).toBe(spelled);
  expect(await ask('{ "model" : "one" }')).toBe('{"model":"one"}');
});
