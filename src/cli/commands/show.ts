import type { Client } from '../../app/clients/client.ts';
import { CLIENTS, findClient, type ClientId } from '../../app/clients/clients.ts';
import type { Environment, Flags, Settings } from '../../app/config/config.ts';
import { findDefaultModel } from '../../app/inquiries/list-models.ts';
import { SILENT } from '../../app/log/observer.ts';
import { StartupError } from '../../base/errors.ts';
import { readClientSettings, type ClientSettings } from '../client-settings.ts';
import { formatTime, shellQuote } from '../../base/format-text.ts';
import { ownCommand } from '../../app/config/own-command.ts';
import type { Terminal } from '../terminal.ts';
import { untilStopped } from '../until-stopped.ts';

/** Shown if the default model is unknown: one that every supported codex has. */
const FALLBACK_MODEL = 'gpt-5.5';
const DEMO_MODEL = 'demo';

/** Clients whose configuration is printed if none is named. */
const USUAL_CLIENTS: readonly ClientId[] = ['curl', 'python', 'node'];

export interface ShowFlags extends Flags {
  readonly demo?: boolean;
}

/** Prints the client setup of the running gateway, or of the configured one if none runs; with a name, only that client's. */
export async function show(
  flags: ShowFlags,
  environment: Environment,
  terminal: Terminal,
  name?: string,
): Promise<void> {
  const named = name === undefined ? undefined : requireClient(name);
  const client = await readClientSettings(flags, environment);
  const model = await chooseModel(client, flags, environment);
  terminal.print(
    named
      ? named.write({ ...client, model }).join('\n')
      : await describeSetUp(client, model, flags, environment),
  );
}

function requireClient(name: string): Client {
  const client = findClient(name);
  if (client) return client;
  const known = Object.keys(CLIENTS).join(', ');
  throw new StartupError(`show has no client '${name}'; it knows ${known}.`);
}

/** Returns the model that the output names. */
export async function chooseModel(
  { settings, running }: Pick<ClientSettings, 'settings' | 'running'>,
  flags: ShowFlags,
  environment: Environment,
): Promise<string> {
  if (flags.demo && running === undefined) return DEMO_MODEL;
  const found = await untilStopped('Stopped.', (signal) =>
    findDefaultModel({ settings, running, environment, observer: SILENT, signal }),
  );
  return found ?? settings.models[0]?.id ?? FALLBACK_MODEL;
}

export async function describeSetUp(
  client: ClientSettings,
  model: string,
  flags: ShowFlags,
  environment: Environment,
): Promise<string> {
  const { origin, token, settings } = client;
  return [
    `Base URL: ${origin}/v1`,
    `API key:  ${token}`,
    `Model:    ${model}`,
    describeGateway(client, flags, environment),
    ...USUAL_CLIENTS.flatMap((name) => {
      const { heading, write } = CLIENTS[name];
      return ['', heading, ...write({ ...client, model })];
    }),
    '',
    describeOthers(environment),
    ...(await describeCopilot(settings, environment)),
  ].join('\n');
}

/** Returns a hint for someone who is signed in to Copilot. */
async function describeCopilot(settings: Settings, environment: Environment): Promise<string[]> {
  const { canUseCopilot } = await import('../../app/copilot/copilot-login.ts');
  if (!(await canUseCopilot({ settings, environment }))) return [];
  return [
    `For Codex CLI with GitHub Copilot: ${ownCommand(environment).usual} copilot config (for other clients, models that begin with copilot/)`,
  ];
}

function describeOthers(environment: Environment): string {
  const [first, ...rest] = Object.keys(CLIENTS).filter(
    (name) => !USUAL_CLIENTS.some((usual) => usual === name),
  );
  return `For other clients: ${ownCommand(environment).usual} show ${first} (or ${rest.join(', ')})`;
}

/** Describes the running gateway, or says how to start it. */
function describeGateway(
  { running, candidates, settings, holder }: ClientSettings,
  flags: ShowFlags,
  environment: Environment,
): string {
  if (running === undefined) {
    return `${describeHolder(holder)}Start it: ${startCommand(ownCommand(environment).usual, startFlags(flags, settings))}`;
  }
  const { pid, since, demo, port } = running;
  const which = candidates > 1 ? `; one of ${candidates} running gateways, --port selects another` : '';
  return `Running:  ${demo ? 'the demo, ' : ''}port ${port}, pid ${pid}, since ${formatTime(since)}${which}`;
}

/** Describes a gateway that has to be stopped first. */
function describeHolder(holder: ClientSettings['holder']): string {
  if (holder === undefined) return '';
  const { demo, port, pid } = holder;
  return `Stop first: ${demo ? 'the demo' : 'another gateway'} uses port ${port} (pid ${pid}), with another token.\n`;
}

/** Returns the flags that start the gateway as it is shown. */
function startFlags(flags: ShowFlags, settings: Settings): string[] {
  return [
    ...(flags.demo ? ['--demo'] : []),
    ...(flags.host === undefined ? [] : [`--host ${shellQuote(flags.host)}`]),
    ...(flags.port === undefined ? [] : [`--port ${shellQuote(flags.port)}`]),
    ...(flags.config === undefined ? [] : [`--config ${shellQuote(settings.configPath)}`]),
  ];
}

/**
 * Returns the command that starts the gateway. npm needs `-s` only for output that another program reads, and `--` only
 * before flags.
 */
export function startCommand(usual: string, flags: readonly string[]): string {
  const command = usual.replace(/^npm -s /, 'npm ');
  return flags.length === 0 ? command.replace(/ --$/, '') : `${command} ${flags.join(' ')}`;
}
