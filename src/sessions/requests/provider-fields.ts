import { z } from 'zod';
import { AUTH_MODES, PROVIDERS } from '../providers/session-provider.ts';
import type { ProviderFields } from '../providers/providers.ts';
import { decodeRequest, optionalText, optionalWord } from './decode-request.ts';

const MAX_URL_CHARACTERS = 2000;
const MAX_KEY_CHARACTERS = 10_000;
const MAX_MODEL_CHARACTERS = 200;
/** Maximum characters of a path, as systems have it. */
export const MAX_PATH_CHARACTERS = 4096;

const baseUrl = optionalText(MAX_URL_CHARACTERS).refine(
  (url) => url === undefined || isPlainUrl(url),
  'expected an http or https URL without a user, a query or a fragment',
);

/** A key goes into a header, which takes no other characters. */
export const keyField = optionalText(MAX_KEY_CHARACTERS).refine(
  (key) => key === undefined || /^[\x21-\x7e]+$/.test(key),
  'expected a key without spaces',
);

export const modelField = optionalText(MAX_MODEL_CHARACTERS);

/** The fields that choose a provider, with the names that clients also use. */
export const providerShape = {
  runtime_provider: optionalWord(PROVIDERS),
  provider: optionalWord(PROVIDERS),
  auth_mode: optionalWord(AUTH_MODES),
  provider_api_base_url: baseUrl,
  base_url: baseUrl,
  provider_api_key: keyField,
};

type ProviderBody = { readonly [Key in keyof typeof providerShape]: z.output<(typeof providerShape)[Key]> };

export function providerFields(body: ProviderBody): ProviderFields {
  return {
    name: body.runtime_provider ?? body.provider,
    authMode: body.auth_mode,
    baseUrl: body.provider_api_base_url ?? body.base_url ?? '',
    key: body.provider_api_key,
  };
}

/** Schema of the body of `POST /runtime/config`. */
export const runtimeConfigSchema = z.object({
  ...providerShape,
  default_model: modelField,
  workspace_root: optionalText(MAX_PATH_CHARACTERS),
});

/** Decodes the body of `POST /runtime/config`. */
export function decodeRuntimeConfig(body: unknown) {
  const decoded = decodeRequest(runtimeConfigSchema, body);
  return {
    ...providerFields(decoded),
    model: decoded.default_model ?? '',
    workspace: decoded.workspace_root,
  };
}

function isPlainUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return /^https?:$/.test(protocol) && `${username}${password}${search}${hash}` === '';
}
