/** Code that is mutated, and the tests that have to notice. */
export interface Subject {
  readonly name: string;
  readonly mutate: readonly string[];
  /** Their folder. The subject's own: a mutant of the runtime is not to be left to the tests of a shop on top of it. */
  readonly tests: string;
}

export const SUBJECTS: readonly Subject[] = [
  {
    name: 'backbone',
    mutate: [
      'aggregate',
      'clock',
      'consumer-function',
      'effect',
      'envelope',
      'failure',
      'ids',
      'projector',
      'reactor',
      'recoverability',
      'relay',
      'stream',
      'stream-reactor',
    ].map((subject) => `functions/backbone/${subject}.ts`),
    tests: 'test/unit/backbone',
  },
  { name: 'orders', mutate: ['functions/orders/decider.ts'], tests: 'test/unit/orders' },
  {
    name: 'inventory',
    mutate: ['delivery', 'reservation', 'stock'].map((subject) => `functions/inventory/${subject}.ts`),
    tests: 'test/unit/inventory',
  },
  { name: 'payments', mutate: ['functions/payments/decider.ts'], tests: 'test/unit/payments' },
  { name: 'shipping', mutate: ['functions/shipping/decider.ts'], tests: 'test/unit/shipping' },
];
