import {
  eventBytes,
  MOST_EVENT_BYTES,
  type Publication,
  type Published,
  type Publisher,
  tooLarge,
} from './publisher.ts';

/** A bus in memory: keeps what is published, and hands it to whoever listens. For tests of contexts without AWS. */
export class InMemoryPublisher implements Publisher {
  /** All that was published, in order. */
  readonly published: Publication[] = [];
  readonly #sink: (publication: Publication) => void;

  /** @param sink told of each publication; it only takes note, for nobody who publishes waits for who listens */
  constructor(sink: (publication: Publication) => void = () => {}) {
    this.#sink = sink;
  }

  publish(publications: readonly Publication[], _untilMs: number): Promise<readonly Published[]> {
    return Promise.resolve(publications.map((publication) => this.#put(publication)));
  }

  #put({ metadata, data }: Publication): Published {
    const detail = JSON.stringify({ metadata, data });
    const bytes = eventBytes(metadata, detail);
    if (bytes > MOST_EVENT_BYTES) return tooLarge(metadata, bytes);
    // On the bus there is nothing but JSON, and nobody shares an object with who published it.
    const publication: Publication = JSON.parse(detail);
    this.published.push(publication);
    this.#sink(structuredClone(publication));
    return { kind: 'published' };
  }
}
