import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll, describe, expect, it } from 'vitest';
import { BackboneFunction } from '../../lib/backbone/backbone-function.ts';
import { disposable } from '../../lib/backbone/durability.ts';
import { type FunctionProperties, referred, resourcesOf, templateOf } from './synthesised.ts';

const template = templateOf('dev');
const functions = Object.values(resourcesOf<FunctionProperties>(template, 'AWS::Lambda::Function'));
const logGroups = resourcesOf<{ LogGroupName: string }>(template, 'AWS::Logs::LogGroup');

describe.each(functions.map(({ Properties }) => Properties))('the function $FunctionName', (properties) => {
  it('runs as an ES module on Node 24 on arm64', () => {
    expect(properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      MemorySize: 512,
    });
  });

  it('logs JSON to a log group of its own', () => {
    const { LogFormat, LogGroup } = properties.LoggingConfig;

    expect(LogFormat).toBe('JSON');
    expect(logGroups[referred(LogGroup)]?.Properties.LogGroupName).toBe(`/aws/lambda/${properties.FunctionName}`);
  });

  it('knows what it is called in logs and metrics, and how long it may take', () => {
    expect(properties.Environment.Variables).toMatchObject({
      POWERTOOLS_SERVICE_NAME: expect.stringMatching(/^[a-z-]+$/),
      POWERTOOLS_METRICS_NAMESPACE: 'factbus',
      FUNCTION_TIMEOUT_SECONDS: String(properties.Timeout),
    });
  });
});

describe('what is deployed as the code of a function', () => {
  const folder = mkdtempSync(join(tmpdir(), 'factbus-bundle-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const stack = new Stack(new App({ outdir: folder }), 'Test');
  const entry = 'functions/backbone/relay-handler.ts';
  const code = { entry, service: 'orders', durability: disposable };
  new BackboneFunction(stack, 'One', { ...code, name: 'one' });
  new BackboneFunction(stack, 'Two', { ...code, name: 'two' });
  new BackboneFunction(stack, 'Other', { ...code, name: 'other', entry: 'functions/orders/handler.ts' });
  const keys = Object.values(
    resourcesOf<{ Code: { S3Key: string } }>(Template.fromStack(stack), 'AWS::Lambda::Function'),
  ).map(({ Properties }) => Properties.Code.S3Key.replace('.zip', ''));
  const asset = join(folder, `asset.${keys[0]}`);

  it('is the same for functions of one entry, and built once', () => {
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).not.toBe(keys[0]);
    expect(readdirSync(folder).filter((name) => name.startsWith('asset.'))).toHaveLength(2);
  });

  it('is one minified file with the AWS SDK in it, and its source map', () => {
    const bundled = readFileSync(join(asset, 'index.mjs'), 'utf8');

    expect(readdirSync(asset).sort()).toEqual(['index.mjs', 'index.mjs.map']);
    expect(bundled.split('\n').length).toBeLessThan(200);
    expect(bundled).not.toMatch(/from\s*["'](@aws-sdk|@smithy|@middy|@aws-lambda-powertools)/);
  });

  it('says nothing of the machine that it was built on', () => {
    const project = join(import.meta.dirname, '../..');
    const { sources }: { sources: string[] } = JSON.parse(readFileSync(join(asset, 'index.mjs.map'), 'utf8'));

    expect(sources).toContain(entry);
    for (const file of readdirSync(asset)) expect(readFileSync(join(asset, file), 'utf8')).not.toContain(project);
  });

  it('runs on plain Node', () => {
    const script = `import(${JSON.stringify(join(asset, 'index.mjs'))}).then(({ handler }) => console.log(typeof handler))`;
    const environment = {
      AWS_REGION: 'eu-central-1',
      EVENT_BUS_NAME: 'factbus',
      EVENT_SOURCE: 'shop.orders',
      RELAY_DLQ_URL: 'https://sqs.example/dlq',
    };
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], { env: environment, encoding: 'utf8' });

    expect(stderr).toBe('');
    expect(stdout).toBe('function\n');
  });
});
