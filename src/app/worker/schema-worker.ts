import { serveJobs } from './serve-jobs.ts';
import { createValidation } from './validate-value.ts';

const validate = createValidation();

// Compiles the schema of schemas, before any deadline runs.
validate({ schema: {}, value: undefined });
serveJobs(validate);
