#!/usr/bin/env node
import { systemClock } from '../functions/backbone/clock.ts';
import { uuidV7 } from '../functions/backbone/ids.ts';
import { execute } from '../operations/commands/program.ts';
import { EXIT } from '../operations/failure.ts';
import { shop } from '../operations/shop.ts';
import { Terminal } from '../operations/terminal/terminal.ts';

const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // Whoever asks twice does not want to wait for order.
    if (interruption.signal.aborted) process.exit(EXIT.interrupted);
    interruption.abort();
  });
}

// A reader that has seen enough, such as `head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.ok);
  throw error;
});

const { stdin, stdout, stderr, env: environment } = process;
const terminal = new Terminal({ stdin, stdout, stderr });
process.exitCode = await execute(
  { terminal, stdin, environment, catalogue: shop, clock: systemClock, ids: uuidV7, signal: interruption.signal },
  process.argv.slice(2),
);
