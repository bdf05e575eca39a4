import { InMemoryEventStore } from '../../../functions/backbone/in-memory-event-store.ts';
import { InMemoryReadModel } from '../../../functions/backbone/in-memory-read-model.ts';
import { eventStoreConformance } from '../../conformance/event-store.ts';
import { readModelConformance } from '../../conformance/read-model.ts';

eventStoreConformance('the event store in memory', () => new InMemoryEventStore());

readModelConformance('the read model in memory', () => {
  const model = new InMemoryReadModel();
  return { model, item: (id) => Promise.resolve(model.item(id)) };
});
