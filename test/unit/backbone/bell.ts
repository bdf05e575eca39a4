import { effect } from '../../../functions/backbone/effect.ts';
import type { Received } from '../../../functions/backbone/envelope.ts';
import type { Fact, FactType, Validator } from '../../../functions/backbone/fact.ts';
import { subscription } from '../../../functions/backbone/subscription.ts';
import { ManualClock } from '../../manual-clock.ts';
import { invocation } from './invocation.ts';
import { type About, received } from './received.ts';
import { ScriptedPublisher } from './scripted-publisher.ts';
import { ScriptedRecords } from './scripted-records.ts';

interface Door {
  readonly door: string;
}

/** A door that does not fit the schema. */
export const UNNAMED = '';

const acceptsDoor = ((data): data is Door =>
  typeof data === 'object' && data !== null && 'door' in data && data.door !== UNNAMED) as Validator<Door>;
const fact = <Type extends string>(type: Type): FactType<Type, Door> => ({
  type,
  source: 'toy.doors',
  schemaVersion: 1,
  accepts: acceptsDoor,
});
const DoorReached = fact('DoorReached');
const BellRung = fact('BellRung');

/** A toy: a bell that is rung once for a door. */
export class Bell {
  readonly publisher = new ScriptedPublisher();
  readonly clock = new ManualClock();
  readonly records = new ScriptedRecords(this.clock);
  /** What was rung, in order. */
  readonly rung: string[] = [];
  readonly skipped: string[] = [];
  /** Why events failed. */
  readonly failures: Error[] = [];
  /** How ringing goes from now on. */
  ring: (door: string) => Promise<Door | undefined> = (door) => Promise.resolve({ door });
  actOnOldEvents: boolean | undefined;
  /** Whether somebody wants to know of the events that were skipped. */
  isWatched = true;

  /** Lets a cold instance handle events; answers for each `done`, or the error's name. */
  async handle(events: readonly Received<Fact<'DoorReached', Door>>[], remainingMs = 30_000): Promise<string[]> {
    const act = async ({ data: { door } }: Received<Fact<'DoorReached', Door>>) => {
      this.rung.push(door);
      return await this.ring(door);
    };
    const consumer = effect(
      subscription('bell', { DoorReached }),
      { DoorReached: { once: ({ door }) => door, act } },
      {
        publishes: BellRung,
        publisher: this.publisher,
        records: this.records,
        clock: this.clock,
        ...(this.actOnOldEvents !== undefined && { actOnOldEvents: this.actOnOldEvents }),
        ...(this.isWatched && { skipped: ({ metadata }, why) => this.skipped.push(`${metadata.id}: ${why}`) }),
      },
    );
    const settled = await Promise.allSettled(consumer.handle(events, invocation(remainingMs)));
    return settled.map((one) => {
      if (one.status === 'fulfilled') return 'done';
      this.failures.push(one.reason);
      return one.reason.name;
    });
  }
}

export const reached = (id: string, door: string, about: About = {}) =>
  received(id, { type: 'DoorReached', data: { door } } as const, about);
