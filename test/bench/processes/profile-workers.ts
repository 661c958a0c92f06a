// Loaded into the gateway before its own modules, to profile its workers too: the gateway starts them without Node's options.
import { syncBuiltinESMExports } from 'node:module';
import threads, { type WorkerOptions } from 'node:worker_threads';

const PROFILING = process.execArgv.filter((argument) => argument.startsWith('--cpu-prof'));

threads.Worker = class extends threads.Worker {
  constructor(entry: string | URL, options: WorkerOptions = {}) {
    super(entry, { ...options, execArgv: PROFILING });
  }
};
syncBuiltinESMExports();
