import { randomUUID } from 'node:crypto';
import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  type Environment,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  type LoggingConfig,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { expect, onTestFinished } from 'vitest';
import { zip } from '../../../localstack/bring-up/zip.ts';

const lambda = new LambdaClient({ maxAttempts: 1 });

export interface FunctionOptions {
  /** @default index.handler */
  readonly handler?: string;
  /** Seconds. @default 10 */
  readonly timeout?: number;
  readonly memorySize?: number;
  readonly environment?: Environment['Variables'];
  readonly logging?: LoggingConfig;
}

export interface Outcome {
  /** What the function gave, parsed. */
  readonly payload: unknown;
  /** `Unhandled` when the payload is an error. */
  readonly functionError: string | undefined;
  /** The last 4 KB of the invocation's log. */
  readonly log: string;
}

export interface DeployedFunction {
  readonly name: string;
  invoke(event?: unknown): Promise<Outcome>;
  update(code: string): Promise<void>;
  configure(environment: NonNullable<FunctionOptions['environment']>): Promise<void>;
}

/**
 * Makes a function of its own for one test, which is deleted when the test ends.
 *
 * @param code the text of index.mjs, or files by their names
 */
export async function deploy(
  code: string | Record<string, string>,
  options: FunctionOptions = {},
): Promise<DeployedFunction> {
  const name = `executor-test-${randomUUID()}`;
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: name,
      Code: { ZipFile: archive(code) },
      Handler: options.handler ?? 'index.handler',
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Role: 'arn:aws:iam::000000000000:role/executor-test',
      Timeout: options.timeout ?? 10,
      MemorySize: options.memorySize ?? 256,
      ...(options.environment && { Environment: { Variables: options.environment } }),
      ...(options.logging && { LoggingConfig: options.logging }),
    }),
  );
  onTestFinished(async () => {
    await lambda.send(new DeleteFunctionCommand({ FunctionName: name }));
  });
  await expect.poll(() => stateOf(name), { interval: 20, timeout: 20_000 }).toBe('Active');
  return {
    name,
    async invoke(event = {}) {
      const answer = await lambda.send(
        new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event), LogType: 'Tail' }),
      );
      return {
        payload: JSON.parse(Buffer.from(answer.Payload ?? []).toString()),
        functionError: answer.FunctionError,
        log: Buffer.from(answer.LogResult ?? '', 'base64').toString(),
      };
    },
    async update(newCode) {
      await lambda.send(new UpdateFunctionCodeCommand({ FunctionName: name, ZipFile: archive(newCode) }));
    },
    async configure(Variables) {
      await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: name, Environment: { Variables } }));
    },
  };
}

async function stateOf(name: string): Promise<string | undefined> {
  const { State } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name }));
  return State;
}

function archive(code: string | Record<string, string>): Buffer {
  return zip(typeof code === 'string' ? { 'index.mjs': code } : code);
}

/** Tells one process of a function from another: given by its code, `INSTANCE`. */
export const instanceCode = `
  import { randomUUID } from 'node:crypto';
  const INSTANCE = randomUUID();
`;
