import type { Mutation } from './mutation.ts';

/** Mistakes in what every context is built on. */
export const BACKBONE_MUTATIONS: readonly Mutation[] = [
  {
    name: 'no condition on append',
    breaks:
      'A commit is put over another of its version. (For the condition in DynamoDB, which test/conformance holds.)',
    file: 'functions/backbone/in-memory-event-store.ts',
    find: `if (commit.version <= commits.length) return Promise.resolve({ kind: 'conflict' });`,
    put: 'if (commit.version <= commits.length) commits.splice(commit.version - 1, 1);',
  },
  {
    name: 'published before committed',
    breaks: 'Facts are on their way before it is known whether their commit is written.',
    file: 'functions/backbone/in-memory-event-store.ts',
    find: 'const [first, ...others] = counters.flatMap((change) => this.#shortage(change));',
    put: 'this.#told({ commit, counters: [] });\n    const [first, ...others] = counters.flatMap((change) => this.#shortage(change));',
  },
  {
    name: 'lost race taken for won',
    breaks: 'An event whose commit met another of the same version counts as handled.',
    file: 'functions/backbone/stream-reactor.ts',
    find: `if (appended.kind === 'appended') {`,
    put: `if (appended.kind !== 'short') {`,
  },
  {
    name: 'cause not recorded',
    breaks: 'A commit does not say which event it answers.',
    file: 'functions/backbone/stream.ts',
    find: '    facts,\n    causes,\n  };',
    put: '    facts,\n    causes: [],\n  };',
  },
  {
    name: 'cause recorded with the intent',
    breaks: 'An event counts as handled as soon as its call to the outside is intended.',
    file: 'functions/backbone/stream-reactor.ts',
    find: `const causes = decision.kind !== 'commit' || causeKnown ? [] : [cause];`,
    put: 'const causes = causeKnown ? [] : [cause];',
  },
  {
    name: 'memory trusted',
    breaks: 'That nothing follows from an event is decided by what a warm function remembers of the stream.',
    file: 'functions/backbone/stream-reactor.ts',
    find: `if (isAssumed && !isWrite) return { kind: 'load' };`,
    put: `if (isAssumed && !isWrite) {
        if (decision.kind !== 'skip' && decision.kind !== 'commit') return { kind: 'load' };
        settled.push(task);
        continue;
      }`,
  },
  {
    name: 'fence removed',
    breaks: 'What became of a call is asked while somebody may still be calling.',
    file: 'functions/backbone/stream-reactor.ts',
    find: 'if (this.#ports.clock.now() < endedMs) throw new AttemptUnderWay(stream, call, endedMs);',
    put: '',
  },
  {
    name: 'keys trusted for ever',
    breaks: 'A call is repeated after its receiver has forgotten its key.',
    file: 'functions/backbone/stream-reactor.ts',
    find: 'if (!this.#isForgottenOutside(decision.before)) return decision;',
    put: 'return decision;',
  },
  {
    name: 'key margin removed',
    breaks: 'A key is relied upon up to the moment at which its receiver forgets it.',
    file: 'functions/backbone/stream-reactor.ts',
    find: 'firstMs + this.#outside.keysKeptMs - KEY_MARGIN_MS',
    put: 'firstMs + this.#outside.keysKeptMs',
  },
  {
    name: 'facts numbered anew',
    breaks: 'The published facts of a stream are counted from 1 in each commit.',
    file: 'functions/backbone/stream.ts',
    find: 'let { sequence } = stream;',
    put: 'let sequence = 0;',
  },
  {
    name: 'ids made anew by the relay',
    breaks: 'A fact has another id each time it is published.',
    file: 'functions/backbone/relay.ts',
    find: 'return [{ metadata, data }];',
    put: 'return [{ metadata: { ...metadata, id: crypto.randomUUID() }, data }];',
  },
  {
    name: 'relay skips a failed record',
    breaks: 'The relay goes on behind a commit that the bus did not take.',
    file: 'functions/backbone/relay.ts',
    find: 'return { published, failed, refused, resumeAt: { sequenceNumber, key, code, message } };',
    put: 'continue;',
  },
  {
    name: 'relay reports success on failure',
    breaks: 'The relay does not tell its stream where to resume.',
    file: 'functions/backbone/relay-function.ts',
    find: 'return { batchItemFailures: [{ itemIdentifier: resumeAt.sequenceNumber }] };',
    put: 'return { batchItemFailures: [] };',
  },
  {
    name: 'failed record acknowledged',
    breaks: 'The consumer answers for an event that failed as if it had been handled.',
    file: 'functions/backbone/batch.ts',
    find: 'outcomes.set(delivery.messageId, answer.then(done, failed));',
    put: 'outcomes.set(delivery.messageId, answer.then(done, done));',
  },
  {
    name: 'dead letter dropped',
    breaks: 'What has used up its attempts is taken off the queue, and put nowhere.',
    file: 'functions/backbone/recoverer.ts',
    find: 'await queue.quarantine({ body, attributes, ...(group !== undefined && { group }) });',
    put: '',
  },
  {
    name: 'put off and not sent again',
    breaks: 'An event that waits for its time is taken off the queue without its copy.',
    file: 'functions/backbone/recoverer.ts',
    find: 'await queue.sendAgain({ body, attributes: carriedAttributes(recovery.past) }, recovery.seconds);',
    put: '',
  },
  {
    name: 'idempotency key random',
    breaks: 'Each delivery of an event has a record of its own.',
    file: 'functions/backbone/effect.ts',
    find: 'const key = keyOf(fact.data);',
    put: `const key = [keyOf(fact.data), clock.random()].join('#');`,
  },
  {
    name: 'fact of an effect not told',
    breaks: 'An effect whose fact the bus did not take counts as handled.',
    file: 'functions/backbone/effect.ts',
    find: 'const [answer] = await publisher.publish([publication], clock.now());',
    put: `const [answer] = await publisher.publish([publication], clock.now());
    if (answer?.kind === 'failed') return;`,
  },
  {
    name: 'projector does not wait',
    breaks: 'An event counts as handled before the read model has taken its update.',
    file: 'functions/backbone/projector.ts',
    find: 'if (update !== undefined) await readModel.apply(update);',
    put: 'if (update !== undefined) readModel.apply(update).catch(() => undefined);',
  },
  {
    name: 'newest guard dropped',
    breaks: 'The view shows what came last. (For the condition in DynamoDB, which test/conformance holds.)',
    file: 'functions/backbone/in-memory-read-model.ts',
    find: `if (newest !== undefined && (typeof newestBefore !== 'number' || newestBefore < newest.sequence)) {`,
    put: 'if (newest !== undefined) {',
  },
];
