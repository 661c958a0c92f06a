import type { RequestEvent } from '../contract/requests.ts';
import type { LoggedRequest } from '../recording/request-log.ts';
import { encodeRequest } from './encode-request.ts';

/** Milliseconds in which changes are gathered: nobody reads faster. */
const GATHER_MS = 250;

/** New requests that are passed on together; of the rest the page hears by the number of the newest. */
const MAX_NEW = 5;

/** Creates a listener that passes changes of requests on, gathered, and new ones as far as somebody can read them. */
export function sampleRequests(publish: (event: RequestEvent) => void): (request: LoggedRequest) => void {
  const changed = new Set<LoggedRequest>();
  /** True for requests that are passed on, with all that happens to them later; false for those that are left out. */
  const admitted = new WeakMap<LoggedRequest, boolean>();
  let newCount = 0;
  let newest = -1;
  let timer: NodeJS.Timeout | undefined;

  function pass(): void {
    timer = undefined;
    publish({ requests: Array.from(changed, encodeRequest), newest });
    changed.clear();
    newCount = 0;
  }

  function admit(request: LoggedRequest): boolean {
    const known = admitted.get(request);
    if (known !== undefined) return known;
    const isAdmitted = newCount < MAX_NEW;
    if (isAdmitted) newCount += 1;
    admitted.set(request, isAdmitted);
    return isAdmitted;
  }

  return (request) => {
    newest = Math.max(newest, request.number);
    if (admit(request)) changed.add(request);
    timer ??= setTimeout(pass, GATHER_MS).unref();
  };
}
