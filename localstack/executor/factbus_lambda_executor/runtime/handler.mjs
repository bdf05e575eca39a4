/*
 * Finds the function that _HANDLER names: `index.handler`, `dir/file.handler`, `index.handlers.created`.
 */
import { statSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { RuntimeError } from './errors.mjs';

const EXTENSIONS = ['', '.js', '.mjs', '.cjs'];
/** Lambda no longer calls back. */
const MOST_PARAMETERS = 2;

export async function loadHandler(folder, name) {
  if (name.includes('..')) {
    throw new RuntimeError(
      'MalformedHandlerName',
      `'${name}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`,
    );
  }
  const [, file, exported] = /^((?:.*\/)?[^./]*)\.(.+)$/.exec(name) ?? [];
  if (file === undefined) throw new RuntimeError('MalformedHandlerName', 'Bad handler');

  const loaded = await load(path.resolve(folder, file), file);
  const handler = find(loaded, exported) ?? find(loaded.default, exported);
  if (handler === undefined) {
    throw new RuntimeError('HandlerNotFound', `${name} is undefined or not exported`);
  }
  if (typeof handler !== 'function') throw new RuntimeError('HandlerNotFound', `${name} is not a function`);
  if (handler.length > MOST_PARAMETERS) {
    throw new RuntimeError(
      'CallbackHandlerDeprecated',
      `${name} takes a callback, which Lambda no longer calls as of Node 24: make it async.`,
    );
  }
  return handler;
}

async function load(file, name) {
  const found = EXTENSIONS.map((extension) => file + extension).find(isFile);
  if (found === undefined) throw new RuntimeError('ImportModuleError', `Error: Cannot find module '${name}'`);
  try {
    return await import(pathToFileURL(found));
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw new RuntimeError('UserCodeSyntaxError', String(error), { stack: error.stack });
    }
    if (error instanceof Error && error.code === 'MODULE_NOT_FOUND') {
      throw new RuntimeError('ImportModuleError', String(error));
    }
    throw error;
  }
}

function find(module, exported) {
  return exported.split('.').reduce((found, key) => found?.[key], module);
}

function isFile(file) {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}
