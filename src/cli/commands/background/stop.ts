import { findInstanceToStop, stopInstance } from '../../../app/background/stop-background.ts';
import type { OwnInstance } from '../../../app/background/own-instances.ts';
import type { Environment, Flags } from '../../../app/config/config.ts';
import type { Terminal } from '../../terminal.ts';
import { untilStopped } from '../../until-stopped.ts';

/** Stops the gateway that runs; without one, there is nothing to do. */
export async function stopRunning(flags: Flags, environment: Environment, terminal: Terminal): Promise<void> {
  const instance = await findInstanceToStop(flags, environment);
  if (instance === undefined) terminal.print('No codex-gateway is running.');
  else await stopAndReport(instance, terminal);
}

/** Stops a gateway and prints how that ended. */
export async function stopAndReport(instance: OwnInstance, terminal: Terminal): Promise<void> {
  const { pid } = instance.identity;
  terminal.progress(`Stopping codex-gateway (process ${pid}) …`);
  const message = `Stopped waiting; codex-gateway (process ${pid}) goes on stopping.`;
  const end = await untilStopped(message, (signal) => stopInstance(instance, signal)).finally(() =>
    terminal.progress(''),
  );
  const how = end === 'killed' ? ' It did not end by itself, and was killed.' : '';
  terminal.print(`codex-gateway (process ${pid}) has stopped.${how}`);
}
