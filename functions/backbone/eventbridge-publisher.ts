import {
  type EventBridgeClient,
  EventBridgeServiceException,
  PutEventsCommand,
  type PutEventsRequestEntry,
  type PutEventsResultEntry,
} from '@aws-sdk/client-eventbridge';
import { type Clock, fullJitter } from './clock.ts';
import {
  eventBytes,
  MOST_EVENT_BYTES,
  type Publication,
  type Published,
  type Publisher,
  tooLarge,
} from './publisher.ts';

/** A PutEvents takes so many, and as many bytes as one event: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
const MOST_ENTRIES = 10;

const BACKOFF = { baseMs: 50, capMs: 2_000 };

/**
 * Codes with which an entry is refused for what it is: repeating changes nothing. A missing permission is none of them:
 * it is the environment's fault, soon after a deployment it passes by itself, and until then nothing may be given up.
 */
const FINAL = new Set(['MalformedDetail', 'InvalidArgument', 'EntryTooLarge']);

/** Publishes on an EventBridge bus, by ten entries and by bytes; what the bus throttles is tried again. */
export class EventBridgePublisher implements Publisher {
  readonly #client: EventBridgeClient;
  readonly #bus: string;
  readonly #clock: Clock;

  constructor(client: EventBridgeClient, { bus, clock }: { bus: string; clock: Clock }) {
    this.#client = client;
    this.#bus = bus;
    this.#clock = clock;
  }

  async publish(publications: readonly Publication[], untilMs: number): Promise<readonly Published[]> {
    const answers: Published[] = [];
    const open = new Map<number, Entry>();
    for (const [index, publication] of publications.entries()) {
      const entry = toEntry(publication, this.#bus);
      if (entry.bytes <= MOST_EVENT_BYTES) open.set(index, entry);
      else answers[index] = tooLarge(publication.metadata, entry.bytes);
    }
    for (let attempt = 0; open.size > 0; attempt += 1) {
      for (const batch of batches(open)) {
        const results = await this.#put(batch.map(([, { request }]) => request));
        for (const [n, [index]] of batch.entries()) {
          const answer = toAnswer(results[n]);
          answers[index] = answer;
          if (answer.kind !== 'failed') open.delete(index);
        }
      }
      const waitMs = fullJitter(attempt, BACKOFF, this.#clock);
      if (open.size === 0 || this.#clock.now() + waitMs >= untilMs) break;
      await this.#clock.sleep(waitMs);
    }
    return answers;
  }

  /** One answer an entry, also when the call failed as a whole: it may have taken effect, which is harmless. */
  async #put(entries: PutEventsRequestEntry[]): Promise<readonly PutEventsResultEntry[]> {
    try {
      const { Entries = [] } = await this.#client.send(new PutEventsCommand({ Entries: entries }));
      return Entries;
    } catch (error) {
      if (blamesEntries(error)) {
        // One bad entry refuses all ten: alone, each tells whether it is the one.
        if (entries.length > 1) return (await Promise.all(entries.map((entry) => this.#put([entry])))).flat();
        return [{ ErrorCode: 'InvalidArgument', ErrorMessage: error.message }];
      }
      const failure = error instanceof Error ? error : new Error(String(error));
      return entries.map(() => ({ ErrorCode: failure.name, ErrorMessage: failure.message }));
    }
  }
}

/** Whether a call was refused for what its entries are, and not for who called, or how often. */
function blamesEntries(error: unknown): error is EventBridgeServiceException {
  if (!(error instanceof EventBridgeServiceException)) return false;
  return error.name === 'ValidationException' || error.$metadata.httpStatusCode === 413;
}

interface Entry {
  readonly request: PutEventsRequestEntry;
  readonly bytes: number;
}

function toEntry({ metadata, data }: Publication, bus: string): Entry {
  const detail = JSON.stringify({ metadata, data });
  const { source, type, time } = metadata;
  return {
    request: { EventBusName: bus, Source: source, DetailType: type, Time: new Date(time), Detail: detail },
    bytes: eventBytes(metadata, detail),
  };
}

function batches(open: ReadonlyMap<number, Entry>): [number, Entry][][] {
  const all: [number, Entry][][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const [index, entry] of open) {
    const last = all.at(-1);
    if (last === undefined || last.length >= MOST_ENTRIES || bytes + entry.bytes > MOST_EVENT_BYTES) {
      all.push([[index, entry]]);
      bytes = entry.bytes;
    } else {
      last.push([index, entry]);
      bytes += entry.bytes;
    }
  }
  return all;
}

function toAnswer(result: PutEventsResultEntry | undefined): Published {
  if (result === undefined)
    return { kind: 'failed', code: 'NoAnswer', message: 'the bus did not answer for the entry' };
  const { ErrorCode: code, ErrorMessage: message = '' } = result;
  if (code === undefined || code === null || code === '') return { kind: 'published' };
  return { kind: FINAL.has(code) ? 'refused' : 'failed', code, message };
}
