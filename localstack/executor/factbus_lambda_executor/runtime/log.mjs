/*
 * What `console` writes, in the form that Lambda gives it: a line an entry, with time, request and level; as JSON where
 * the function's log format is JSON.
 */
import { format } from 'node:util';
import { describeError } from './errors.mjs';

const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

let requestId;

export function setRequestId(id) {
  requestId = id;
}

export function patchConsole() {
  const asJson = process.env.AWS_LAMBDA_LOG_FORMAT === 'JSON';
  // The level holds for JSON alone, as on Lambda.
  const least = asJson ? LEVELS.indexOf(process.env.AWS_LAMBDA_LOG_LEVEL) : 0;
  LEVELS.forEach((level, rank) => {
    const write = asJson ? writeJson : writeText;
    console[level.toLowerCase()] = rank < least ? () => {} : (...args) => write(level, args);
  });
  console.log = console.info;
}

/** An error that the runtime reports. */
export function logError(what, error) {
  if (process.env.AWS_LAMBDA_LOG_FORMAT === 'JSON')
    console.error(error instanceof Error ? error : new Error(String(error)));
  else console.error(what, `\t${describeError(error)}`);
}

function writeText(level, args) {
  writeLine([new Date().toISOString(), requestId, level, format(...args)].join('\t'));
}

function writeJson(level, args) {
  const entry = { timestamp: new Date().toISOString(), level, requestId };
  const error = args.find((arg) => arg instanceof Error);
  const message = args.length > 1 ? format(...args) : error === undefined ? args[0] : fieldsOf(error);
  const fields = args.length > 1 && error !== undefined ? fieldsOf(error) : {};
  try {
    writeLine(JSON.stringify({ ...entry, message, ...fields }));
  } catch {
    // What JSON cannot hold, as a circle, is written as text.
    writeLine(JSON.stringify({ ...entry, message: format(...args) }));
  }
}

function fieldsOf({ name, message, stack }) {
  return { errorType: name, errorMessage: message, stackTrace: stack?.split('\n') ?? [] };
}

/** Line ends within an entry become carriage returns: it stays one entry of the log. */
function writeLine(text) {
  process.stdout.write(`${text.replaceAll('\n', '\r')}\n`);
}
