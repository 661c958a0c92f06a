import { runBodyJob } from './parse-json-body.ts';
import { serveJobs } from './serve-jobs.ts';

serveJobs(runBodyJob);
