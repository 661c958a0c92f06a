import { callConfiguredTool } from './call-configured-tool.ts';

/** A process that calls a tool, and lives until the call has ended. */
const { gateway, name, args, changes } = JSON.parse(process.argv[2] ?? '');
await callConfiguredTool(gateway, name, args, changes);
