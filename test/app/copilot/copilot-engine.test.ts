import { Server } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';
import { createCopilotEngine, type CopilotEngineOptions } from '../../../src/app/copilot/copilot-engine.ts';
import { NEVER_ABORTED } from '../../../src/base/async/abort.ts';
import { SILENT } from '../../../src/app/log/observer.ts';

it('is started again by the next request after its own port could not be opened', async () => {
  const listen = vi.spyOn(Server.prototype, 'listen').mockImplementation(() => {
    throw new Error('too many open files');
  });
  onTestFinished(() => listen.mockRestore());
  const options = { codex: { command: 'codex-gateway' }, observer: SILENT };
  const engine = createCopilotEngine(options as unknown as CopilotEngineOptions);
  for (const tries of [1, 2]) {
    await expect(engine.start(NEVER_ABORTED)).rejects.toMatchObject({ code: 'codex_unavailable' });
    expect(listen).toHaveBeenCalledTimes(tries);
  }
  await engine.close();
});
