import { serveJobs } from './serve-jobs.ts';
import { createValidation } from './validate-value.ts';

const validate = createValidation();

// Compiles the meta-schema before any timeout runs.
validate({ schema: {}, value: undefined });
serveJobs(validate);
