// The scripted provider in a process of its own, so that its work does not count as the gateway's.
import { say, startUpstream } from '../support/upstream.ts';

const answer = say(...Array.from({ length: 20 }, (_, index) => `word${index} `));

const upstream = await startUpstream(async (request, response) => {
  await answer(request, response);
  upstream.requests.length = 0;
});
process.send!(upstream.baseUrl);
process.once('disconnect', () => void upstream.close());
