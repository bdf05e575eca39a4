import { expect, test } from 'vitest';
import { type DeployedFunction, deploy } from './deployed-function.ts';

const code = 'export const handler = async () => process.env;';

async function environmentOf(fn: DeployedFunction): Promise<Record<string, string>> {
  return (await fn.invoke()).payload as Record<string, string>;
}

test("a function sees its own variables and Lambda's reserved ones", async () => {
  const fn = await deploy(code, {
    memorySize: 192,
    environment: { TABLE: 'orders', NODE_OPTIONS: '--enable-source-maps' },
  });

  expect(await environmentOf(fn)).toMatchObject({
    TABLE: 'orders',
    NODE_OPTIONS: '--enable-source-maps',
    _HANDLER: 'index.handler',
    _X_AMZN_TRACE_ID: expect.stringMatching(/^Root=1-/),
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: fn.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '192',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_FORMAT: 'Text',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${fn.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/),
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: expect.any(String),
    AWS_SECRET_ACCESS_KEY: expect.any(String),
    AWS_SESSION_TOKEN: expect.any(String),
    AWS_ENDPOINT_URL: expect.stringMatching(/^http:\/\//),
    LAMBDA_TASK_ROOT: expect.stringMatching(/^\//),
    LAMBDA_RUNTIME_DIR: expect.stringMatching(/^\//),
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    PATH: expect.stringContaining('/usr/bin'),
  });
});

test('a changed variable is seen by the next invocation, on the same code', async () => {
  const fn = await deploy(code, { environment: { TABLE: 'orders' } });
  await environmentOf(fn);

  await fn.configure({ TABLE: 'parcels' });

  await expect.poll(() => environmentOf(fn), { timeout: 20_000 }).toMatchObject({ TABLE: 'parcels' });
});

test('nothing but the endpoint and the credentials tells a function where it is', async () => {
  const fn = await deploy(code);

  const names = Object.keys(await environmentOf(fn));

  expect(names.filter((name) => /LOCALSTACK|FACTBUS|EDGE_PORT|PYTHON|NODE_COMPILE/i.test(name))).toEqual([]);
});

test('every invocation has a trace of its own', async () => {
  const fn = await deploy('export const handler = async () => process.env._X_AMZN_TRACE_ID;');

  const [first, second] = [await fn.invoke(), await fn.invoke()];

  expect(first.payload).not.toBe(second.payload);
});

test("a function runs in its code's folder, in a session of its own, with nothing of LocalStack's open", async () => {
  const fn = await deploy(`
    import { readdirSync, readlinkSync } from 'node:fs';
    const open = () => readdirSync('/proc/self/fd').flatMap((fd) => {
      try { return [readlinkSync('/proc/self/fd/' + fd)]; } catch { return []; }
    });
    export const handler = async () => ({ here: process.cwd(), root: process.env.LAMBDA_TASK_ROOT, open: open() });`);

  const { here, root, open } = (await fn.invoke()).payload as { here: string; root: string; open: string[] };

  expect(here).toBe(root);
  expect(open.filter((file) => file.startsWith('socket:'))).toHaveLength(1);
  expect(
    open.filter((file) => file.startsWith('/') && !file.startsWith('/dev/') && !file.startsWith('/proc/')),
  ).toEqual([]);
});
