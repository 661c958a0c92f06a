// Loaded into the gateway before its own modules, with `--expose-gc` and a channel to the bench: on each message it collects
// garbage, and answers with the bytes that are still in use.
process.on('message', () => {
  globalThis.gc!();
  const { heapUsed, external } = process.memoryUsage();
  process.send!(heapUsed + external);
});
process.channel?.unref();
