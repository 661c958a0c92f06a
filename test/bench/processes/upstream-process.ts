import type { AnswerKind } from '../upstream/answers.ts';
import { createCertificates } from '../upstream/certificate.ts';
import { startDelayProxy } from '../upstream/delay-proxy.ts';
import { startScriptedUpstream, type ScriptedUpstream, type Side } from '../upstream/scripted-upstream.ts';
import { serveFunctions } from './remote.ts';

interface Address {
  readonly origin: string;
  /** Certificate of the authority that clients have to trust; undefined without TLS. */
  readonly authority?: string;
}

let upstream: ScriptedUpstream;
let closeProxy = () => {};

const functions = {
  /** Starts the provider; one that is some milliseconds away, there and back, speaks TLS. */
  async start(roundTripMs: number): Promise<Address> {
    if (roundTripMs === 0) {
      upstream = await startScriptedUpstream();
      return { origin: `http://127.0.0.1:${upstream.port}` };
    }
    const certificates = await createCertificates();
    upstream = await startScriptedUpstream(certificates);
    const proxy = await startDelayProxy(upstream.port, roundTripMs / 2);
    closeProxy = proxy.close;
    return { origin: `https://localhost:${proxy.port}`, authority: certificates.authority };
  },
  use: (kind: AnswerKind) => upstream.use(kind),
  take: (side: Side) => upstream.take(side),
  close() {
    upstream.close();
    closeProxy();
  },
};

/** Functions of the process of the scripted provider. */
export type UpstreamApi = typeof functions;

serveFunctions(functions);
