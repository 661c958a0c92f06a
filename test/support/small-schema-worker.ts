import { serveJobs } from '../../src/app/worker/serve-jobs.ts';
import { createValidation } from '../../src/app/worker/validate-value.ts';

// Keeps a tenth of what the gateway's own thread keeps.
serveJobs(createValidation(100_000));
