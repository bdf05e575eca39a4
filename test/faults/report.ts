import { allScenarios, type Failure, KINDS, type Kind, type Tally, type Task } from './campaign.ts';
import { planText, repeat, scenarioOf } from './repeatable.ts';

type Row = Omit<Tally, 'failures'> & { readonly violations: number };

const NOTHING: Row = { schedules: 0, faults: 0, violations: 0 };

/** What has been done so far, by kind and by scenario. */
export class Score {
  readonly failures: Failure[] = [];
  readonly #rows = new Map<string, Map<Kind, Row>>();

  add({ kind, scenario }: Task, { schedules, faults, failures }: Tally): void {
    const name = kind === 'storms' ? 'storms' : scenario;
    const row = this.#rows.get(name) ?? new Map<Kind, Row>();
    const before = row.get(kind) ?? NOTHING;
    row.set(kind, {
      schedules: before.schedules + schedules,
      faults: before.faults + faults,
      violations: before.violations + failures.length,
    });
    this.#rows.set(name, row);
    this.failures.push(...failures);
  }

  get total(): Row {
    return sum([...this.#rows.values()].flatMap((row) => [...row.values()]));
  }

  /** In the order in which they are told, whoever was done first. */
  get #sorted(): readonly (readonly [string, Map<Kind, Row>])[] {
    const places = [...allScenarios(), 'storms'];
    return [...this.#rows].sort(([one], [other]) => places.indexOf(one) - places.indexOf(other));
  }

  /** By scenario and kind, for programs. */
  toJSON() {
    const scenarios = Object.fromEntries(this.#sorted.map(([name, row]) => [name, Object.fromEntries(row)]));
    return { scenarios, total: this.total, failures: this.failures };
  }

  /** A table of schedules by scenario and kind, with the sums of faults and violations. */
  table(): string {
    const kinds = (Object.keys(KINDS) as Kind[]).filter((kind) =>
      [...this.#rows.values()].some((row) => row.has(kind)),
    );
    const head = ['scenario', ...kinds, 'schedules', 'faults', 'violations'];
    const body = this.#sorted.map(([name, row]) => {
      const { schedules, faults, violations } = sum([...row.values()]);
      const cells = kinds.map((kind) => row.get(kind)?.schedules ?? 0);
      return [name, ...cells.map(count), count(schedules), count(faults), count(violations)];
    });
    const { schedules, faults, violations } = this.total;
    const ofKind = kinds.map((kind) => sum([...this.#rows.values()].map((row) => row.get(kind) ?? NOTHING)).schedules);
    const foot = ['', ...ofKind.map(count), count(schedules), count(faults), count(violations)];
    const widths = head.map((title, at) =>
      Math.max(...[head, ...body, foot].map((row) => row[at]?.length ?? title.length)),
    );
    const line = (cells: readonly string[]) =>
      cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  ');
    const rule = widths.map((width) => '─'.repeat(width)).join('  ');
    return [line(head), rule, ...body.map(line), rule, line(foot)].join('\n');
  }
}

function sum(rows: readonly Row[]): Row {
  return rows.reduce(
    (total, { schedules, faults, violations }) => ({
      schedules: total.schedules + schedules,
      faults: total.faults + faults,
      violations: total.violations + violations,
    }),
    NOTHING,
  );
}

/** Thousands apart; nothing for nothing. */
function count(number: number): string {
  return number === 0 ? '·' : number.toLocaleString('en').replaceAll(',', ' ');
}

/** The command that repeats a failure exactly. */
export function commandFor({ scenario, plan, picks, options }: Failure): string {
  const parts = [
    `--scenario '${scenario}'`,
    ...(Object.keys(plan).length > 0 ? [`--plan ${planText(plan)}`] : []),
    ...(picks.some((pick) => pick !== 0) ? [`--picks ${picks.join('.')}`] : []),
    ...(options.seed === undefined ? [] : [`--seed ${options.seed}`]),
    ...(options.skewMs ? [`--skew ${options.skewMs}`] : []),
    ...(options.warm === false ? ['--cold'] : []),
  ];
  return `npm run test:faults -- ${parts.join(' ')}`;
}

/** A failure for people: what is broken, what went wrong, how it went, and how to see it again. */
export async function story(failure: Failure, { colour = false }: { readonly colour?: boolean } = {}): Promise<string> {
  const { world, plan } = await repeat(failure);
  const struck = world.calls.filter(({ n }) => plan[n] !== undefined);
  const picked = failure.picks.filter((pick) => pick !== 0).length;
  return [
    `'${failure.scenario}': ${scenarioOf(failure.scenario).story}`,
    ...failure.violations.map((violation) => `  broken: ${violation}`),
    ...struck.map(
      ({ n, who, port, method, about }) => `  fault:  ${plan[n]} at call ${n}, ${port}.${method} of ${about} by ${who}`,
    ),
    ...(picked > 0
      ? [`  order:  ${picked} of ${failure.picks.length} picks are other than the plain course of things`]
      : []),
    '',
    world.timeline({ colour }),
    '',
    `Again: ${commandFor(failure)}`,
  ].join('\n');
}
