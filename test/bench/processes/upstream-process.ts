import { startScriptedUpstream, type Side } from '../upstream/scripted-upstream.ts';
import type { AnswerKind } from '../upstream/answers.ts';
import { serveFunctions } from './remote.ts';

const upstream = await startScriptedUpstream();

const functions = {
  port: () => upstream.port,
  use: (kind: AnswerKind) => upstream.use(kind),
  take: (side: Side) => upstream.take(side),
  close: () => upstream.close(),
};

/** Functions of the process of the scripted provider. */
export type UpstreamApi = typeof functions;

serveFunctions(functions);
