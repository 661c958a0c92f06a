import { readFile } from 'node:fs/promises';
import { ASKED_ADVICE } from '../../base/asked-mark.ts';
import { GatewayError } from '../../base/errors.ts';
import type { Facts } from '../../base/facts.ts';
import { proxyFor } from '../../base/network.ts';
import type { ConnectError } from './open-socket.ts';

/** The beginning of the message for a provider to which no connection could be made. */
export const UNREACHED = 'The model provider cannot be reached';

/** Milliseconds for which a diagnosis is kept: many requests fail at once. */
const KEPT_MS = 5_000;

type Variables = Readonly<Record<string, string | undefined>>;

export interface DiagnosisOptions {
  /** Undefined if Codex chooses OpenAI's own. */
  readonly baseUrl: string | undefined;
  /** The environment of the child. */
  readonly environment: Variables;
}

/** Returns undefined for an error that needs no explanation, or else the same error with its cause, which Codex does not report. */
export type Diagnose = (error: unknown) => Promise<GatewayError> | undefined;

export function createDiagnosis({
  baseUrl = 'https://chatgpt.com',
  environment,
}: DiagnosisOptions): Diagnose {
  let latest: { readonly found: Promise<Obstacle | undefined>; readonly until: number } | undefined;

  async function explain(error: GatewayError): Promise<GatewayError> {
    const now = performance.now();
    if (latest === undefined || latest.until < now) {
      latest = { found: probe(baseUrl, environment), until: now + KEPT_MS };
    }
    const obstacle = await latest.found;
    if (obstacle === undefined) return reachable(error);
    const { why, code, place } = obstacle;
    return withCause(error, `: ${why}`, { network: code, place });
  }

  return (error) =>
    error instanceof GatewayError && error.message === `${UNREACHED}.` ? explain(error) : undefined;
}

/** Returns the error for a provider that can be reached: it may have got the request, and closed the connection. */
function reachable({ code, detail }: GatewayError): GatewayError {
  const facts = { ...detail.facts, network: 'reachable a moment later' };
  return new GatewayError(code, `${UNREACHED}. ${ASKED_ADVICE}`, { ...detail, facts, shouldRetry: false });
}

function withCause({ code, detail }: GatewayError, cause: string, facts: Facts): GatewayError {
  return new GatewayError(code, `${UNREACHED}${cause}.`, { ...detail, facts: { ...detail.facts, ...facts } });
}

/** The reason why a connection cannot be made. */
export interface Obstacle {
  /** The end of a sentence about the server. */
  readonly why: string;
  /** The code as the system names it. */
  readonly code: string;
  /** Host and port. */
  readonly place: string;
}

/** Milliseconds for all steps of a probe. */
const PROBE_TIMEOUT_MS = 1_500;

/** Connects to a server as a client would, through the proxy of the environment; resolves to undefined if that works. */
export async function probe(address: string, variables: Variables): Promise<Obstacle | undefined> {
  // Loads much, and is rarely needed.
  const { addressOf, ConnectError, openSocket } = await import('./open-socket.ts');
  const url = URL.parse(address);
  if (url === null) return { why: 'its address is not a URL', code: 'ERR_INVALID_URL', place: 'base_url' };
  const proxy = proxyFor(url, variables);
  const ca = await readCertificates(variables);
  try {
    const socket = await openSocket({ url, proxy, ca, signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
    socket.destroy();
    return undefined;
  } catch (error) {
    if (!(error instanceof ConnectError)) throw error;
    const { step } = error;
    const code = error.code === 'ABORT_ERR' ? 'ETIMEDOUT' : error.code;
    const place = addressOf(step === 'tls' ? url : (proxy ?? url));
    return { why: explainFailure({ step, code }, proxy !== undefined), code, place };
  }
}

function explainFailure({ step, code }: Pick<ConnectError, 'step' | 'code'>, hasProxy: boolean): string {
  if (step === 'tls') return 'a secure connection (TLS) cannot be made';
  if (step === 'tunnel') return 'the proxy refuses to connect to it';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return `${hasProxy ? "the proxy's" : 'its'} name cannot be resolved`;
  }
  if (code === 'ECONNREFUSED') return `${hasProxy ? 'the proxy' : 'it'} refuses connections`;
  return `a connection to ${hasProxy ? 'the proxy' : 'it'} cannot be made`;
}

/** Returns the certificates that the child trusts in addition to the built-in ones. */
async function readCertificates(variables: Variables): Promise<string[] | undefined> {
  const path = variables.CODEX_CA_CERTIFICATE ?? variables.SSL_CERT_FILE;
  const text = path && (await readFile(path, 'utf8').catch(() => undefined));
  if (!text) return undefined;
  const { rootCertificates } = await import('node:tls');
  return [...rootCertificates, text];
}
