// Stands between the gateway and an app-server, and writes lines among its own that no app-server writes.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const GARBAGE = [
  'this is not JSON',
  '{"id":',
  '{}',
  '[]',
  'null',
  '{"method":"no/such/notification","params":{"threadId":"nobody"}}',
  '{"method":"item/agentMessage/delta","params":{"threadId":"nobody","turnId":"nobody","itemId":"x","delta":"stray "}}',
  '{"id":987654321,"result":{"stray":true}}',
  '{"id":"stray","error":{"code":-1,"message":"stray"}}',
  '\u0000\uFFFD\u0007',
];

const [program, ...args] = process.argv.slice(2);
const child = spawn(program!, args, { stdio: ['inherit', 'pipe', 'inherit'] });
let count = 0;
createInterface({ input: child.stdout }).on('line', (line) => {
  count += 1;
  const garbage = count % 5 === 0 ? `${GARBAGE[(count / 5) % GARBAGE.length]}\n` : '';
  process.stdout.write(`${garbage}${line}\n`);
});
child.once('exit', (code) => process.exit(code ?? 1));
process.once('SIGTERM', () => child.kill('SIGTERM'));
