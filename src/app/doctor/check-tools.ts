import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StartupError } from '../../base/errors.ts';
import { readGlobs } from '../../store/knowledge/document-globs.ts';
import { listDocuments } from '../../store/knowledge/list-documents.ts';
import { gitEnvironment } from '../../tools/pull-requests/git-environment.ts';
import { runGit } from '../../tools/pull-requests/run-git.ts';
import { commandEnvironment } from '../../tools/test-runs/command-environment.ts';
import { canRun } from '../../tools/test-runs/processes/mark-command.ts';
import { findHome, type Environment, type Settings } from '../config/config.ts';
import { findConfiguredPath } from '../config/configured-path.ts';
import { loadToolModules } from '../tools/load-modules.ts';
import { secretPlaces } from '../config/secret-places.ts';
import { TOOL_SLOTS } from '../tools/tool-slots.ts';
import type { CheckResult } from './run-check.ts';

interface ToolCheck {
  readonly settings: Pick<Settings, 'tools' | 'configPath' | 'stateDirectory'>;
  readonly environment: Environment;
  readonly signal: AbortSignal;
}

/**
 * Checks that what `tools` names is there: the gateway starts without it, and the tools fail. Throws a `StartupError` for a
 * module with which no gateway starts.
 */
export async function checkTools(check: ToolCheck): Promise<CheckResult> {
  const notes = [...checkKnowledge(check), ...(await checkTests(check)), ...(await checkClones(check))].join(
    '; ',
  );
  try {
    const modules = await loadModules(check);
    if (notes !== '') return { note: notes };
    const { tools } = check.settings;
    const own = {
      'kb.search': tools.knowledge,
      'repo.hygiene': true,
      'tests.run': tools.tests,
      'git.create_pr': tools.repositories,
    };
    const on = Object.entries(own).flatMap(([name, part]) => (part === undefined ? [] : [name]));
    return [...on, ...modules].join(', ');
  } catch (error) {
    if (!(error instanceof StartupError) || notes === '') throw error;
    throw new StartupError(`${error.message} Also, ${notes}.`, { cause: error });
  }
}

/** Checks the programs and clones that `tools` names, for a gateway that has loaded its modules and documents itself. */
export async function checkToolPlaces(check: ToolCheck): Promise<CheckResult> {
  const notes = [...(await checkTests(check)), ...(await checkClones(check))].join('; ');
  return notes === '' ? 'the programs and clones that the config file names are there' : { note: notes };
}

/** Loads the modules, and returns the names of their tools. */
async function loadModules({ settings, environment }: ToolCheck): Promise<string[]> {
  const configFolder = dirname(settings.configPath);
  const tools = await loadToolModules({ settings: settings.tools, configFolder, environment }, TOOL_SLOTS);
  return tools.map(({ name }) => name);
}

function checkKnowledge({ settings, environment }: ToolCheck): string[] {
  const { knowledge } = settings.tools;
  if (knowledge === undefined) return [];
  if (knowledge.every((glob) => glob.startsWith('!'))) {
    return ["tools.knowledge only leaves documents out, and names none: add a glob without '!'"];
  }
  const places = {
    configFolder: dirname(settings.configPath),
    home: findHome(environment),
    hidden: secretPlaces(settings, environment),
  };
  // One by one, since a glob that finds nothing is a mistake also beside others.
  const excluded = knowledge.filter((glob) => glob.startsWith('!'));
  return knowledge
    .filter(
      (glob) => !glob.startsWith('!') && listDocuments(readGlobs([glob, ...excluded], places)).length === 0,
    )
    .map((glob) => `the glob ${glob} of tools.knowledge finds no document`);
}

async function checkTests({ settings, environment }: ToolCheck): Promise<string[]> {
  const variables = commandEnvironment(environment);
  const notes = Object.entries(settings.tools.tests ?? {}).map(async ([name, { command, cwd: given }]) => {
    const cwd = findConfiguredPath(given, dirname(settings.configPath), environment);
    if (!(await isFolder(cwd))) return [`the folder ${cwd} of tools.tests.${name} does not exist`];
    const [program = '', ...args] = command;
    if (await canRun({ program, args, cwd, environment: variables })) return [];
    return [`the program ${program} of tools.tests.${name} is not there, or cannot be run`];
  });
  return (await Promise.all(notes)).flat();
}

async function checkClones({ settings, environment, signal }: ToolCheck): Promise<string[]> {
  const { repositories = {}, github } = settings.tools;
  const variables = gitEnvironment(environment, github.tokenEnv);
  const notes = Object.entries(repositories).map(async ([name, { path: given, remote }]) => {
    const path = findConfiguredPath(given, dirname(settings.configPath), environment);
    if (!(await isFolder(path))) return [`the clone ${path} of ${name} in tools.repositories does not exist`];
    const { code, output } = await runGit({ path, environment: variables }, ['remote'], { signal });
    if (code !== 0)
      return [`git cannot read ${path} of ${name} in tools.repositories, which has to be a clone of yours`];
    const isName = !/[/:]/.test(remote);
    if (!isName || output.toString().split('\n').includes(remote)) return [];
    return [`the clone ${path} of ${name} has no remote ${remote}`];
  });
  return (await Promise.all(notes)).flat();
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() ?? false;
}
