import type { FactType, Validator } from '../../../functions/backbone/fact.ts';
import { subscription } from '../../../functions/backbone/subscription.ts';
import type { Environment } from '../../simulation/environment.ts';
import { CONDITIONAL_WRITE } from '../../simulation/port.ts';
import { type ConsumerProps, type Description, World, type WorldOptions } from '../../simulation/world.ts';

export interface Parcel {
  readonly parcel: string;
}

export const ParcelHandedIn: FactType<'ParcelHandedIn', Parcel> = {
  type: 'ParcelHandedIn',
  source: 'toy.street',
  schemaVersion: 1,
  accepts: ((data): data is Parcel =>
    typeof data === 'object' && data !== null && 'parcel' in data) as Validator<Parcel>,
};

export const desk = subscription('desk', { ParcelHandedIn });

/** A stamp on a parcel: whose it is, and how many seconds after the world's start. */
export interface Stamp extends Parcel {
  readonly by: string;
  readonly seconds: number;
}

/** What a desk does with a parcel. The stamp is a call into the world. */
export type Work = (parcel: string, stamp: (parcel: string) => Promise<void>, on: Environment) => Promise<void>;

export interface PostOfficeProps extends Omit<ConsumerProps<typeof desk.facts>, 'subscription' | 'start'> {
  /**
   * What each environment does; made when it starts.
   *
   * @default stamps each parcel
   */
  readonly start?: (on: Environment) => Work;
}

/** A toy: a desk at which parcels are stamped, as often as they come, for nobody remembers them. */
export function postOffice({
  start = () => (parcel, stamp) => stamp(parcel),
  ...props
}: PostOfficeProps = {}): Description<{
  readonly stamps: readonly Stamp[];
}> {
  return ({ consumer, clock }) => {
    const stamps: Stamp[] = [];
    const openedMs = clock.now();
    consumer({
      subscription: desk,
      ...props,
      start: (on) => {
        const work = start(on);
        const put = (parcel: string) => {
          stamps.push({ parcel, by: on.name, seconds: (clock.now() - openedMs) / 1000 });
          return Promise.resolve();
        };
        const spec = { about: (parcel: string) => parcel, faults: CONDITIONAL_WRITE };
        const stamp = (parcel: string) => on.call('ink', 'stamp', spec, put, parcel);
        return { subscription: desk, handle: (events) => events.map(({ data }) => work(data.parcel, stamp, on)) };
      },
    });
    return { stamps };
  };
}

/** A post office where steps take no time, to which these parcels are brought at once. */
export function postOfficeWith(
  parcels: readonly string[],
  props: PostOfficeProps = {},
  options: WorldOptions = {},
): World<{ readonly stamps: readonly Stamp[] }> {
  const world = new World(postOffice(props), { stepMs: 0, ...options });
  for (const parcel of parcels) world.send(ParcelHandedIn, { parcel });
  return world;
}

/** Stamps as texts: `p1 by desk-1 at 0`. */
export function told(world: World<{ readonly stamps: readonly Stamp[] }>): readonly string[] {
  return world.parts.stamps.map(({ parcel, by, seconds }) => `${parcel} by ${by} at ${seconds}`);
}
