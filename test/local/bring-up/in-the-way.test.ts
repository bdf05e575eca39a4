import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { aPlace } from './local-command.ts';

async function listening(server: net.Server): Promise<number> {
  const connections = new Set<net.Socket>();
  server.on('connection', (connection) => connections.add(connection));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const connection of connections) connection.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('A server on a port has a port.');
  return address.port;
}

test.each([
  ['another web server has', () => http.createServer((_, answer) => answer.end('hello')), /no AWS \(HTTP 200\)/],
  ['something without HTTP has', () => net.createServer((it) => it.end('220 mail\r\n')), /no AWS \(no HTTP\)/],
  ['something silent has', () => net.createServer(() => {}), /does not answer \(no answer within 5 s\)/],
])('a port that %s is said to be taken', async (_, makeServer, reason) => {
  const port = await listening(makeServer());
  const place = await aPlace(port);

  const { code, output } = await place.run(['up']);

  expect(code).toBe(1);
  expect(output).toMatch(new RegExp(`Port ${port} is taken by something else: .*${reason.source}`));
  expect(output).toMatch(/→ .*FACTBUS_LOCAL_PORT=\d+ npm run local:up/);
});

test('an endpoint that is given and does not answer is an error, and nothing is started instead', async () => {
  const place = await aPlace();
  const elsewhere = await aPlace();

  const { code, output } = await place.run(['up'], { AWS_ENDPOINT_URL: `http://127.0.0.1:${elsewhere.settings.port}` });

  expect(code).toBe(1);
  expect(output).toMatch(/AWS_ENDPOINT_URL is http:.*, but nothing answers there\.\n.*→ .*unset AWS_ENDPOINT_URL/);
});

test('an endpoint of somebody else is used, and left alone', async () => {
  const answer = '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"/>';
  const port = await listening(http.createServer((_, response) => response.end(answer)));
  const place = await aPlace(port);

  expect(await place.run(['up'])).toMatchObject({
    code: 0,
    output: expect.stringMatching(/not started from here; using it/),
  });
  expect(await place.run(['down'])).toMatchObject({ code: 0, output: expect.stringContaining('left alone') });
});

test('a machine without Python 3.13 is told what was looked at and how to get one', async () => {
  const place = await aPlace();
  const nothing = await mkdtemp(path.join(tmpdir(), 'factbus-nothing-'));
  onTestFinished(() => rm(nothing, { recursive: true }));

  const { code, output } = await place.run(['up'], {
    FACTBUS_LOCAL_PACKAGES: path.join(nothing, 'packages'),
    PATH: nothing,
    HOME: nothing,
    PYENV_ROOT: nothing,
  });

  expect(code).toBe(1);
  expect(output).toMatch(/LocalStack needs Python 3\.13, and there is none on PATH/);
  expect(output).toMatch(/→ With uv: +uv python install 3\.13/);
});

test('a Python that is named and is another one is refused', async () => {
  const place = await aPlace();
  const packages = path.join(place.settings.folder, 'none');

  const { code, output } = await place.run(['up'], { FACTBUS_PYTHON: '/bin/false', FACTBUS_LOCAL_PACKAGES: packages });

  expect(code).toBe(1);
  expect(output).toMatch(/FACTBUS_PYTHON \(\/bin\/false\) does not run/);
});

test.each([
  [['upp'], {}, 2, /There is no "upp"; there are up, down, status and logs/],
  [['up', '--jsn'], {}, 2, /jsn/],
  [['logs', '--lines', 'many'], {}, 2, /--lines is "many"/],
  [['up'], { FACTBUS_LOCAL_PORT: 'http' }, 1, /FACTBUS_LOCAL_PORT is "http"/],
  [['up'], { FACTBUS_LOCAL_MODE: 'cloud' }, 1, /FACTBUS_LOCAL_MODE is "cloud"/],
  [['up'], { AWS_ENDPOINT_URL: 'localhost' }, 1, /AWS_ENDPOINT_URL is "localhost"/],
])('%j with %j is explained', async (args, environment, expectedCode, explanation) => {
  const place = await aPlace();

  const { code, output } = await place.run(args, environment);

  expect(code).toBe(expectedCode);
  expect(output).toMatch(explanation);
});
