import { expect, test } from 'vitest';
import { deploy } from './deployed-function.ts';

const index = (code: string) => ({ 'index.mjs': code });

test.each([
  ['throws', index('throw new TypeError("no table is set")'), 'index.handler', 'TypeError', 'no table is set'],
  [
    'exits',
    index('process.exit(3)'),
    'index.handler',
    'Runtime.ExitError',
    /Runtime exited with error: exit status 3$/,
  ],
  ['is not there', index(''), 'other.handler', 'Runtime.ImportModuleError', /Cannot find module 'other'/],
  [
    'imports what is not there',
    index('import "left-pad"; export const handler = () => {}'),
    'index.handler',
    'Error',
    /Cannot find package 'left-pad'/,
  ],
  [
    'requires what is not there',
    { 'index.cjs': 'require("left-pad")' },
    'index.handler',
    'Runtime.ImportModuleError',
    /Cannot find module 'left-pad'/,
  ],
  ['is no JavaScript', index('const = 1'), 'index.handler', 'Runtime.UserCodeSyntaxError', /SyntaxError: /],
  ['has no such handler', index('export const other = 1'), 'index.handler', 'Runtime.HandlerNotFound', /not exported$/],
  ['has no function', index('export const handler = 1'), 'index.handler', 'Runtime.HandlerNotFound', /not a function$/],
  ['has a bad name', index(''), 'index', 'Runtime.MalformedHandlerName', 'Bad handler'],
  [
    'wants a callback',
    index('export const handler = (event, context, callback) => callback()'),
    'index.handler',
    'Runtime.CallbackHandlerDeprecated',
    /make it async/,
  ],
])('a module that %s fails the invocation with that error', async (_, files, handler, errorType, message) => {
  const fn = await deploy(files, { handler });

  const outcome = await fn.invoke();

  expect(outcome).toMatchObject({
    functionError: 'Unhandled',
    payload: { errorType, errorMessage: typeof message === 'string' ? message : expect.stringMatching(message) },
  });
  expect(outcome.log).toContain(`Error Type: ${errorType}`);
});

test('the next invocation loads the module anew, in a fresh process', async () => {
  const fn = await deploy(
    `import { existsSync, writeFileSync } from 'node:fs';
    const mark = process.env.LAMBDA_TASK_ROOT + '/mark';
    if (!existsSync(mark)) { writeFileSync(mark, ''); console.log('first time'); throw new Error('not yet'); }
    export const handler = async () => 'now';`,
  );

  const first = await fn.invoke();
  expect(first.payload).toMatchObject({ errorType: 'Error', errorMessage: 'not yet' });
  expect(first.log).toContain('first time');
  expect(await fn.invoke()).toMatchObject({ functionError: undefined, payload: 'now' });
});

test.each([
  ['lib/orders.handler', { 'lib/orders.mjs': 'export const handler = () => "found"' }],
  ['index.handlers.created', { 'index.mjs': 'export const handlers = { created: () => "found" }' }],
  ['index.handler', { 'index.js': 'exports.handler = () => "found"' }],
  ['index.handler', { 'index.cjs': 'module.exports = Object.assign({}, { handler: () => "found" })' }],
  ['index.handler', { 'index.js': 'export const handler = () => "found"', 'package.json': '{"type":"module"}' }],
])('the handler %s is found in %o', async (handler, files) => {
  const fn = await deploy(files, { handler });

  expect(await fn.invoke()).toMatchObject({ functionError: undefined, payload: 'found' });
});
