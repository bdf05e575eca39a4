import { type ItemUpdate, NEWEST, type ReadModel, type Value } from './read-model.ts';

/** A read model in memory: for tests of projections without AWS. */
export class InMemoryReadModel implements ReadModel {
  readonly #items = new Map<string, Record<string, Value>>();

  apply({ id, once = {}, newest, member }: ItemUpdate): Promise<void> {
    const item = this.#items.get(id) ?? {};
    for (const [field, value] of Object.entries(once)) {
      if (value !== undefined && item[field] === undefined) item[field] = value;
    }
    if (member !== undefined) item[member.key] = member.value;
    const newestBefore = item[NEWEST];
    if (newest !== undefined && (typeof newestBefore !== 'number' || newestBefore < newest.sequence)) {
      Object.assign(item, newest.fields, { [NEWEST]: newest.sequence });
    }
    if (Object.keys(item).length > 0) this.#items.set(id, item);
    return Promise.resolve();
  }

  item(id: string): Readonly<Record<string, Value>> | undefined {
    return structuredClone(this.#items.get(id));
  }
}
