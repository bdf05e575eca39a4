import {
  type BatchResultErrorEntry,
  type MessageAttributeValue,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { type Clock, fullJitter } from '../../functions/backbone/clock.ts';
import { bytesOf, type Outgoing, type SendAnswer, type Sender } from './letter-queue.ts';

/** The most that one call takes, whatever the queue: 256 KiB, which every queue does. */
const MOST_BYTES = 256 * 1024;

/** How often what was throttled is tried. */
const ATTEMPTS = 8;
const BACKOFF = { baseMs: 100, capMs: 5_000 };

/** Refused before anything was done, because of too many calls. */
const THROTTLED = new Set(['RequestThrottled', 'ThrottlingException', 'Throttling', 'TooManyRequestsException']);

/** There was no connection over which it could have been sent. */
const NOT_REACHED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/** Sends to a queue in SQS. */
export class SqsSender implements Sender {
  readonly #client: SQSClient;
  readonly #url: string;
  readonly #clock: Clock;

  /** @param client one that does not repeat calls by itself (`maxAttempts: 1`): a repeated call sends twice */
  constructor(client: SQSClient, url: string, clock: Clock) {
    this.#client = client;
    this.#url = url;
    this.#clock = clock;
  }

  async send(messages: readonly Outgoing[]): Promise<readonly SendAnswer[]> {
    const answers: SendAnswer[] = [];
    for (const part of byBytes(messages)) answers.push(...(await this.#sendPart(part)));
    return answers;
  }

  async #sendPart(messages: readonly Outgoing[]): Promise<readonly SendAnswer[]> {
    const answers: SendAnswer[] = [];
    let open = messages.map((message, n) => ({ n, message }));
    for (let attempt = 0; open.length > 0 && attempt < ATTEMPTS; attempt += 1) {
      if (attempt > 0) await this.#clock.sleep(fullJitter(attempt - 1, BACKOFF, this.#clock));
      const own = await this.#call(open.map(({ message }) => message));
      for (const [at, { n }] of open.entries()) answers[n] = own[at] ?? NO_ANSWER;
      open = open.filter((_, at) => isThrottled(own[at] ?? NO_ANSWER));
    }
    return answers;
  }

  async #call(messages: readonly Outgoing[]): Promise<readonly SendAnswer[]> {
    const Entries = messages.map(toEntry);
    try {
      const command = new SendMessageBatchCommand({ QueueUrl: this.#url, Entries });
      const { Successful = [], Failed = [] } = await this.#client.send(command);
      const answers: SendAnswer[] = messages.map(() => NO_ANSWER);
      for (const { Id } of Successful) answers[Number(Id)] = { kind: 'sent' };
      for (const entry of Failed) answers[Number(entry.Id)] = toAnswer(entry);
      return answers;
    } catch (error) {
      const answer = readFailure(error);
      return messages.map(() => answer);
    }
  }
}

function isThrottled(answer: SendAnswer): boolean {
  return answer.kind === 'refused' && THROTTLED.has(answer.code);
}

const NO_ANSWER: SendAnswer = { kind: 'unknown', code: 'NoAnswer', message: 'SQS did not answer for the message' };

function toEntry(
  { body, attributes, group, deduplicationId, delaySeconds }: Outgoing,
  n: number,
): SendMessageBatchRequestEntry {
  const text = (StringValue: string): MessageAttributeValue => ({ DataType: 'String', StringValue });
  return {
    Id: String(n),
    MessageBody: body,
    MessageAttributes: Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, text(value)])),
    ...(delaySeconds !== undefined && { DelaySeconds: delaySeconds }),
    ...(group !== undefined && { MessageGroupId: group }),
    ...(deduplicationId !== undefined && { MessageDeduplicationId: deduplicationId }),
  };
}

/** SQS says of each message of a batch whether it failed for what it is, or for a fault of SQS's own. */
function toAnswer({ SenderFault, Code: code = 'unknown', Message: message = '' }: BatchResultErrorEntry): SendAnswer {
  const isKnown = SenderFault === true || THROTTLED.has(code);
  return { kind: isKnown ? 'refused' : 'unknown', code, message };
}

/** Whether a call that failed can have sent anything. */
function readFailure(error: unknown): SendAnswer {
  if (!(error instanceof Error)) throw error;
  const { name, message } = error;
  const metadata: unknown = '$metadata' in error ? error.$metadata : undefined;
  const status =
    typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata
      ? metadata.httpStatusCode
      : undefined;
  const isRefused = typeof status === 'number' && status >= 400 && status < 500;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : name;
  return { kind: isRefused || NOT_REACHED.has(code) ? 'refused' : 'unknown', code: isRefused ? name : code, message };
}

/** Parts that one call takes each: the attributes count as well. */
function byBytes(messages: readonly Outgoing[]): readonly (readonly Outgoing[])[] {
  const parts: Outgoing[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const message of messages) {
    const own = bytesOf(message);
    const last = parts.at(-1);
    if (last === undefined || bytes + own > MOST_BYTES) {
      parts.push([message]);
      bytes = own;
    } else {
      last.push(message);
      bytes += own;
    }
  }
  return parts;
}
