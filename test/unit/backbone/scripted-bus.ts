import { EventBridgeClient, type PutEventsCommandInput, type PutEventsResultEntry } from '@aws-sdk/client-eventbridge';

/** What the bus answers to an entry; a whole call may fail too. */
export type EntryAnswer = PutEventsResultEntry;

/** An EventBridge client that never leaves the process: it keeps each call, and answers as a test tells it. */
export class ScriptedBus {
  readonly client: EventBridgeClient;
  readonly calls: PutEventsCommandInput[] = [];
  /** Answers an entry by its detail, on each attempt, or not at all. Throws to let the whole call fail. */
  answer: (detail: string, call: number) => EntryAnswer | undefined = () => ({ EventId: 'bus' });

  constructor() {
    this.client = new EventBridgeClient({ region: 'eu-central-1', maxAttempts: 1 });
    this.client.middlewareStack.add(
      () => (args) => {
        const input = args.input as PutEventsCommandInput;
        this.calls.push(input);
        const answers = (input.Entries ?? []).map(({ Detail = '' }) => this.answer(Detail, this.calls.length));
        const Entries = answers.filter((answer) => answer !== undefined);
        return Promise.resolve({ response: {}, output: { $metadata: {}, Entries } });
      },
      { step: 'initialize', priority: 'high' },
    );
  }

  /** The ids of the facts in each call. */
  get ids(): readonly (readonly string[])[] {
    return this.calls.map(({ Entries = [] }) => Entries.map(({ Detail = '{}' }) => JSON.parse(Detail).metadata.id));
  }
}
