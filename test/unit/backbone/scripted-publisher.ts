import type { Publication, Published, Publisher } from '../../../functions/backbone/publisher.ts';

/** A publisher that keeps what it is given, and answers as a test tells it. */
export class ScriptedPublisher implements Publisher {
  readonly given: Publication[] = [];
  readonly untilMs: number[] = [];
  /** By the fact's id. */
  readonly answers = new Map<string, Published>();
  /** For every fact that `answers` does not name. */
  otherwise: Published = { kind: 'published' };

  publish(publications: readonly Publication[], untilMs: number): Promise<readonly Published[]> {
    this.given.push(...publications);
    this.untilMs.push(untilMs);
    return Promise.resolve(publications.map(({ metadata }) => this.answers.get(metadata.id) ?? this.otherwise));
  }
}
