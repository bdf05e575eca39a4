import { NotificationSent } from '../../schemas/generated/facts.ts';
import { type Choices, inOrder } from '../simulation/choices.ts';
import { type Call, type Fault, type FaultPlan, type Faults, NO_FAULTS } from '../simulation/faults.ts';
import { type Description, World, type WorldOptions } from '../simulation/world.ts';
import { wrongHistory } from './history.ts';
import { ALWAYS, AT_REST, violations } from './invariants.ts';
import type { Outage, Scenario } from './scenario.ts';
import { shopOf, viewsOf } from './shop-at-rest.ts';
import { type Shop, shop } from './shop-world.ts';

/** One way for a story to go: what goes wrong in it, and what comes first. */
export interface Schedule extends Omit<WorldOptions, 'faults' | 'choices'> {
  readonly scenario: Scenario;
  /** @default none but the story's own */
  readonly faults?: Faults;
  /** @default the plain course of things */
  readonly choices?: Choices;
  /** Told of the world before anything happens in it. */
  readonly observe?: (world: World<Shop>) => void;
}

/** What came of it. */
export interface Outcome {
  /** In words for people; none if all is well. */
  readonly violations: readonly string[];
  readonly world: World<Shop>;
  /** What went wrong beside the story's own outages, by the numbers of calls. */
  readonly plan: FaultPlan;
}

const START = '2026-01-31T12:00:00.000Z';

/** Runs a story until the world is quiet, heals it, and holds it against the invariants. */
export async function runSchedule(schedule: Schedule, describe: Description<Shop> = shop): Promise<Outcome> {
  const { scenario, faults = NO_FAULTS, choices = inOrder, observe, ...options } = schedule;
  const plan: Record<number, Fault> = {};
  const chosen: Faults = {
    at: (call) => {
      const fault = faults.at(call);
      if (fault !== undefined) plan[call.n] = fault;
      return fault ?? outageAt(scenario.outages ?? [], call);
    },
  };
  const world = new World(describe, { ...options, start: START, choices, faults: chosen });
  observe?.(world);
  scenario.begin(world);
  const trouble = await troubleOf(async () => {
    await world.run();
    await world.heal();
  });
  return { violations: [...trouble, ...(trouble.length === 0 ? await whatIsWrong(world, options) : [])], world, plan };
}

/** What holds of the world now does not: each in words. */
async function whatIsWrong(world: World<Shop>, { skewMs = 0 }: WorldOptions): Promise<readonly string[]> {
  return [
    ...violations([...ALWAYS, ...AT_REST], shopOf(world)),
    ...viewsOf(world)
      .filter(({ is, ought }) => canonical(is) !== canonical(ought))
      .map(({ orderId }) => `the view of ${orderId} is not the fold of the published facts`),
    ...wrongHistory(world),
    ...(await wrongMails(world, skewMs)),
  ];
}

/**
 * Each mail once, and told. SES knows no idempotency key, so a mail whose sending was not recorded goes out again: no more
 * often than notifications was struck by faults. Nor is a lease one for somebody whose clock is further ahead than it
 * lasts. None goes out for an event that comes after its record's memory, nor to a customer whom nobody can reach.
 */
async function wrongMails(world: World<Shop>, skewMs: number): Promise<readonly string[]> {
  const struck = world.calls.filter(({ who, fault }) => fault !== undefined && who.startsWith('notifications'));
  const isForgotten = world.calls.some(({ fault }) => fault === 'expired');
  const isLeased = 2 * skewMs < SHORTEST_LEASE_MS;
  const sent = new Map<string, number>();
  for (const { subject } of world.parts.mailer.sent) sent.set(subject, (sent.get(subject) ?? 0) + 1);
  const tooMany = isLeased ? [...sent].filter(([, times]) => times > 1 + struck.length) : [];
  const due = new Set<string>();
  for (const { 'detail-type': type, detail } of world.events) {
    if (!MAILED.has(type)) continue;
    const { orderId } = (detail as { readonly data: { readonly orderId: string } }).data;
    const { customerId } = world.parts.view.item(orderId) ?? {};
    if ((await world.parts.contacts.find(String(customerId))) !== undefined) due.add(`${type} of ${orderId}`);
  }
  const told = world.published(NotificationSent).length;
  return [
    ...tooMany.map(([subject, times]) => `the mail '${subject}' was sent ${times} times`),
    ...(sent.size === due.size || isForgotten
      ? []
      : [`${sent.size} mails were sent about ${due.size} facts: ${[...due].join(', ')}`]),
    ...(told === sent.size || isForgotten ? [] : [`${sent.size} mails were sent, and ${told} are told`]),
  ];
}

/** The time-out of a function, less what it has used up when it begins with a batch's last. */
const SHORTEST_LEASE_MS = 5_000;

const MAILED = new Set(['OrderConfirmed', 'OrderShipped', 'OrderCancelled', 'PaymentFailed']);

async function troubleOf(run: () => Promise<void>): Promise<readonly string[]> {
  try {
    await run();
    return [];
  } catch (error) {
    return [String(error)];
  }
}

function outageAt(outages: readonly Outage[], call: Omit<Call, 'fault'>): Fault | undefined {
  const seconds = (call.atMs - Date.parse(START)) / 1000;
  return outages.find((one) => seconds < one.untilSeconds && one.strikes(call) && call.faults.includes(one.fault))
    ?.fault;
}

/** An object's text, whatever the order in which its fields were written. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, field: unknown) =>
    typeof field === 'object' && field !== null && !Array.isArray(field)
      ? Object.fromEntries(Object.entries(field).sort(([one], [other]) => (one < other ? -1 : 1)))
      : field,
  );
}
