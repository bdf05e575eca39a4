import { expect, test } from 'vitest';
import { dockerRunArguments } from '../../../localstack/bring-up/docker.ts';
import { readSettings } from '../../../localstack/settings.ts';

test('LocalStack in Docker listens on 127.0.0.1 alone, on the port that it tells', () => {
  const args = dockerRunArguments(readSettings({ FACTBUS_LOCAL_PORT: '4700' }));

  expect(args.slice(0, 2)).toEqual(['run', '--detach']);
  expect(args.at(-1)).toBe('localstack/localstack:4.14.0');
  expect(args.join(' ')).toContain('--name factbus-localstack-4700 --publish 127.0.0.1:4700:4700');
  expect(args.join(' ')).toContain('--volume /var/run/docker.sock:/var/run/docker.sock');
  expect(args).toEqual(
    expect.arrayContaining([
      'GATEWAY_LISTEN=0.0.0.0:4700',
      'LOCALSTACK_HOST=localhost.localstack.cloud:4700',
      'LAMBDA_IGNORE_ARCHITECTURE=1',
      'SQS_ENDPOINT_STRATEGY=path',
    ]),
  );
});
