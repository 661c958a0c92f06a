// The scripted provider in a process of its own, so that its work does not count as the gateway's.
import {
  sendCompleted,
  sendCreated,
  sendDelta,
  sendMessageDone,
  sendMessageStart,
  startSse,
  startUpstream,
} from '../support/upstream.ts';

const DELTAS = Array.from({ length: 20 }, (_, index) => `word${index} `);

const upstream = await startUpstream((_request, response) => {
  startSse(response);
  sendCreated(response);
  sendMessageStart(response);
  for (const delta of DELTAS) sendDelta(response, delta);
  sendMessageDone(response, DELTAS.join(''));
  sendCompleted(response);
  upstream.requests.length = 0;
});
process.send!(upstream.baseUrl);
process.once('disconnect', () => void upstream.close());
