/*
 * One execution environment: loads the function, then answers one invocation after another.
 *
 * Messages come and go over a socket (see channel.mjs). What is written to stdout and stderr is the function's log.
 */
import module from 'node:module';
import { openChannel } from './channel.mjs';
import { contextOf } from './context.mjs';
import { formatError, RuntimeError } from './errors.mjs';
import { loadHandler } from './handler.mjs';
import { logError, patchConsole, setRequestId } from './log.mjs';

const channel = openChannel(Number(takeAway('FACTBUS_LAMBDA_SOCKET')));
takeAway('FACTBUS_LOCAL_RUN');
takeAway('NODE_COMPILE_CACHE');
patchConsole();

/** Not on Lambda: read by now, and none of the function's business. */
function takeAway(name) {
  const value = process.env[name];
  delete process.env[name];
  return value;
}

/** What no handler caught ends the process, after the invocation has been told. */
function failAndExit(what, error, exitCode) {
  logError(what, error);
  channel.lastError(formatError(error), () => process.exit(exitCode));
}

process.on('uncaughtException', (error) => failAndExit('Uncaught Exception', error, 129));
process.on('unhandledRejection', (reason) => {
  const error = new RuntimeError('UnhandledPromiseRejection', String(reason), { reason });
  failAndExit('Unhandled Promise Rejection', error, 128);
});

async function run() {
  let handler;
  try {
    handler = await loadHandler(process.env.LAMBDA_TASK_ROOT, process.env._HANDLER);
  } catch (error) {
    failAndExit('Uncaught Exception', error, 1);
    return;
  }
  module.flushCompileCache?.();
  channel.result('null');

  for (;;) {
    const { header, body } = await channel.next();
    setRequestId(header.requestId);
    process.env._X_AMZN_TRACE_ID = header.traceId;
    try {
      const result = stringify(await handler(JSON.parse(body), contextOf(header)));
      // What the handler left to reject or to throw at the next turn still belongs to this invocation.
      await new Promise(setImmediate);
      if (Buffer.byteLength(result) > header.responseLimit) channel.error(tooLarge(header.responseLimit));
      else channel.result(result);
    } catch (error) {
      await new Promise(setImmediate);
      logError('Invoke Error', error);
      channel.error(formatError(error));
    }
  }
}

function stringify(result) {
  try {
    return JSON.stringify(result === undefined ? null : result) ?? 'null';
  } catch {
    throw new RuntimeError('JSONStringifyError', 'Unable to stringify response body');
  }
}

function tooLarge(limit) {
  return {
    errorType: 'Function.ResponseSizeTooLarge',
    errorMessage: `Response payload size exceeded maximum allowed payload size (${limit} bytes).`,
  };
}

run();
