import { runTokenJob } from './count-tokens.ts';
import { serveJobs } from './serve-jobs.ts';

serveJobs(runTokenJob);
