import { z } from 'zod';
import { GatewayError } from '../../base/errors.ts';
import { decodeRequest, optionalText, optionalWord } from './decode-request.ts';
import { contextField } from './new-session.ts';
import { keyField } from './provider-fields.ts';

/** Maximum characters that Codex takes at once. */
const MAX_MESSAGE_CHARACTERS = 1_048_576;
const MAX_ATTACHMENTS = 50;
const MAX_NAME_CHARACTERS = 1000;

const optionalString = z.string().trim().max(MAX_NAME_CHARACTERS).nullish();

/** The names of the fields are those of two kinds of clients. */
const attachmentSchema = z
  .object({
    name: optionalString,
    mime_type: optionalString,
    mimeType: optionalString,
    data_url: z.string().nullish(),
    dataUrl: z.string().nullish(),
  })
  .refine((given) => (given.data_url ?? given.dataUrl ?? undefined) !== undefined, {
    path: ['data_url'],
    error: 'missing; expected a data: URL with base64',
  })
  .transform((given) => ({
    name: given.name ?? '',
    mime_type: given.mime_type ?? given.mimeType ?? '',
    data_url: (given.data_url ?? given.dataUrl ?? '').trim(),
  }));

const textField = optionalText(MAX_MESSAGE_CHARACTERS);

/** Schema of the body of `POST /chat/sessions/:id/messages`. */
export const messageBodySchema = z.object({
  message: textField,
  attachments: z.array(attachmentSchema).max(MAX_ATTACHMENTS).nullish(),
  context: contextField,
  mode: optionalWord(['queue', 'steer', 'reject']),
  plan: z.boolean().nullish(),
  provider_api_key: keyField,
});

/** Decodes the body of `POST /chat/sessions/:id/messages`. */
export function decodeMessage(body: unknown) {
  const decoded = decodeRequest(messageBodySchema, body);
  const text = decoded.message ?? '';
  // Clients repeat attachments of earlier messages without their data; such a one is none.
  const attachments = (decoded.attachments ?? []).filter((attachment) => attachment.data_url !== '');
  if (text === '' && attachments.length === 0)
    throw new GatewayError('missing_parameter', 'Message or attachment is required', { param: 'message' });
  return {
    text,
    attachments,
    context: decoded.context ?? undefined,
    mode: decoded.mode ?? ('reject' as const),
    isPlan: decoded.plan ?? false,
    providerKey: decoded.provider_api_key,
  };
}

/** Schema of the body of `POST /chat/sessions/:id/steer`. */
export const steerBodySchema = z.object({ message: textField });

/** Decodes the body of `POST /chat/sessions/:id/steer`. */
export function decodeSteer(body: unknown): string {
  const { message } = decodeRequest(steerBodySchema, body);
  if (message === undefined)
    throw new GatewayError('missing_parameter', "'message' is missing.", { param: 'message' });
  return message;
}
