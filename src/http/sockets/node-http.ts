/** Node's HTTP module. An import of it would load Node's client for `fetch` as well, with some 10 MB and a tenth of the start. */
export const { createServer, ServerResponse, STATUS_CODES } = process.getBuiltinModule('node:http');
