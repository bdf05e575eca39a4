import { InMemoryEventStore } from '../../../functions/backbone/in-memory-event-store.ts';
import {
  type IdempotencyTable,
  InMemoryIdempotencyRecords,
} from '../../../functions/backbone/in-memory-idempotency-records.ts';
import { InMemoryReadModel } from '../../../functions/backbone/in-memory-read-model.ts';
import { InMemoryStandInMemory } from '../../../functions/backbone/in-memory-stand-in-memory.ts';
import { eventStoreConformance } from '../../conformance/event-store.ts';
import { idempotencyRecordsConformance } from '../../conformance/idempotency-records.ts';
import { readModelConformance } from '../../conformance/read-model.ts';
import { standInMemoryConformance } from '../../conformance/stand-in-memory.ts';
import { ManualClock } from '../../manual-clock.ts';

eventStoreConformance('the event store in memory', () => new InMemoryEventStore());

readModelConformance('the read model in memory', () => {
  const model = new InMemoryReadModel();
  return { model, item: (id) => Promise.resolve(model.item(id)) };
});

idempotencyRecordsConformance('the idempotency records in memory', () => {
  const clock = new ManualClock();
  const table: IdempotencyTable = new Map();
  return { open: () => new InMemoryIdempotencyRecords(clock, table), passes: (ms) => clock.advance(ms) };
});

standInMemoryConformance("the stand-in's memory in memory", () => new InMemoryStandInMemory());

standInMemoryConformance("the stand-in's forgetful memory in memory", () => {
  return new InMemoryStandInMemory({ clock: new ManualClock(), afterMs: 1_000 });
});
