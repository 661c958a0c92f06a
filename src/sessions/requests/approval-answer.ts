import { z } from 'zod';
import type { RequestAnswer } from '../../conversation/ports/agent.ts';
import { decodeRequest, isShortJson, optionalWord } from './decode-request.ts';

/** Maximum characters of the content for a tool, as JSON. */
const MAX_CONTENT_CHARACTERS = 1_048_576;

const DECISIONS = ['allow', 'allow_session', 'deny', 'cancel'] as const;

/** One answer to a question, or several. */
const answersField = z
  .record(z.string(), z.union([z.string(), z.array(z.string())], 'expected a string or a list of strings'))
  .nullish();

/** Schema of the body of `POST /chat/sessions/:id/approvals`. */
export const approvalAnswerSchema = z
  .object({
    request_id: z.union([z.string(), z.number()], 'expected a string').nullish(),
    decision: optionalWord(DECISIONS),
    answers: answersField,
    content: z
      .record(z.string(), z.unknown())
      .nullish()
      .refine(
        (content) => isShortJson(content ?? {}, MAX_CONTENT_CHARACTERS),
        `expected at most ${MAX_CONTENT_CHARACTERS} characters of JSON in 100 levels`,
      ),
  })
  .refine(({ decision, answers, content }) => decision ?? answers ?? content, {
    path: ['decision'],
    message: `missing; expected one of ${DECISIONS.map((decision) => `"${decision}"`).join(', ')}`,
  });

interface DecodedAnswer {
  /** Undefined for the oldest request. */
  readonly requestId: string | undefined;
  readonly answer: RequestAnswer;
}

/** Decodes the body of `POST /chat/sessions/:id/approvals`. An answer without a decision allows. */
export function decodeApprovalAnswer(body: unknown): DecodedAnswer {
  const { request_id: id, decision = 'allow', answers, content } = decodeRequest(approvalAnswerSchema, body);
  return {
    requestId: id === null || id === undefined ? undefined : String(id),
    answer: {
      decision,
      ...(answers && { answers: listAnswers(answers) }),
      ...(content && { content }),
    },
  };
}

function listAnswers(answers: Readonly<Record<string, string | string[]>>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(answers).map(([id, given]) => [id, [given].flat()]));
}
