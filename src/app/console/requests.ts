import type { RequestHistory } from '../../console/console-service.ts';
import type { LiveEvents } from '../../console/live/live-events.ts';
import { encodeDetail } from '../../console/requests/encode-detail.ts';
import { listRequests } from '../../console/requests/list-requests.ts';
import { sampleRequests } from '../../console/requests/sample-requests.ts';
import type { ConsoleParts } from './console-parts.ts';

/** Opens the log of requests, and lets all pages hear of new ones. */
export function openRequests({ parts, options }: ConsoleParts, live: LiveEvents): RequestHistory {
  const log = parts.recorder.requests;
  const { count, bodies: keepsBodies } = options.settings.requestLog;
  const pass = sampleRequests((event) => live.publish('request', event));
  log.follow((request) => {
    // A page that comes back reads the list again.
    if (live.isFollowed) pass(request);
  });
  return {
    list: (query) => ({ ...listRequests(log.latest(), query), count, keeps_bodies: keepsBodies }),
    show(number) {
      const request = log.find(number);
      return request && encodeDetail(request, parts.recorder.bodies?.find(number));
    },
  };
}
