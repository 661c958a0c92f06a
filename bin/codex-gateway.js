#!/usr/bin/env node
const [major, minor] = process.versions.node.split('.').map(Number);
if (major > 22 || (major === 22 && minor >= 16)) {
  void import('../dist/cli/main.js').then(run, explain);
} else {
  refuse(`codex-gateway needs Node 22.16 or newer; this is Node ${process.versions.node}.`);
}

async function run({ main }) {
  process.exitCode = await main(process.argv.slice(2));
  // Everything of the gateway's own has ended; a timer or connection of a tool's module would keep the process for ever.
  setTimeout(() => process.exit(), 1000).unref();
}

function explain(error) {
  if (error.code !== 'ERR_MODULE_NOT_FOUND' || !String(error.url).endsWith('/dist/cli/main.js')) throw error;
  refuse('codex-gateway is not built; run `npm run prepare` in its folder, with Node 22.16 or newer.');
}

function refuse(line) {
  console.error(line);
  process.exitCode = 1;
}
