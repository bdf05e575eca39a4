/** Something that can be wrong with a construct's props. */
export interface FaultRule<Props> {
  readonly wrong: (props: Props) => boolean;
  /** What is wrong with the value given, and what to give instead. */
  readonly fault: (props: Props) => string;
}

/**
 * Fails the synthesis when a rule finds a fault: with one error that lists all of them, so that nobody repairs props
 * one error at a time.
 *
 * @param construct the construct's class and path, such as `Consumer 'factbus/Orders/Consumer'`
 * @throws Error with one line a fault
 */
export function refuseFaults<Props>(construct: string, props: Props, rules: readonly FaultRule<Props>[]): void {
  const faults = rules.filter(({ wrong }) => wrong(props)).map(({ fault }) => fault(props));
  if (faults.length === 0) return;
  const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
  throw new Error([`${construct} has ${count} in its props:`, ...faults].join('\n  - '));
}
