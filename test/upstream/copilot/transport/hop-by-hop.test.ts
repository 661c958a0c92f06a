import { expect, it } from 'vitest';
import { withoutHopByHop } from '../../../../src/upstream/copilot/transport/hop-by-hop.ts';

it('headers of the connection do not come down, nor do those that `connection` names', () => {
  const headers = {
    'content-type': 'text/event-stream',
    'content-encoding': 'gzip',
    'set-cookie': ['a=1', 'b=2'],
    connection: ['keep-alive, X-One', 'x-two'],
    'x-one': '1',
    'x-two': '2',
    'x-three': '3',
    'keep-alive': 'timeout=5',
    'proxy-authenticate': 'Basic',
    'proxy-authorization': 'Basic a',
    'proxy-connection': 'close',
    te: 'trailers',
    trailer: 'x',
    'transfer-encoding': 'chunked',
    upgrade: 'h2c',
  };
  expect(withoutHopByHop(headers)).toEqual({
    'content-type': 'text/event-stream',
    'content-encoding': 'gzip',
    'set-cookie': ['a=1', 'b=2'],
    'x-three': '3',
  });
});
