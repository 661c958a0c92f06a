#!/usr/bin/env node
const [major, minor] = process.versions.node.split('.').map(Number);
if (major > 22 || (major === 22 && minor >= 13)) {
  void import('../dist/cli/main.js')
    .then(({ main }) => main(process.argv.slice(2)))
    .then((exitCode) => {
      process.exitCode = exitCode;
    });
} else {
  console.error(`codex-gateway needs Node 22.13 or newer; this is Node ${process.versions.node}.`);
  process.exitCode = 1;
}
