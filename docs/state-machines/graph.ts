import type { Committed, Inquiry, Machine, Step } from './machine.ts';

/** A machine as it is drawn: its states under their names. */
export interface Graph {
  readonly machine: Machine;
  readonly start: string;
  /** The states that are reached, in the machine's order. */
  readonly states: readonly State[];
  readonly arrows: readonly Arrow[];
}

/** A state, and what does not lead out of it. */
export interface State {
  readonly name: string;
  readonly isEnd: boolean;
  readonly stays: readonly Line[];
  /** Inputs that fail for now, and come again. */
  readonly tooEarly: readonly string[];
  /** Inputs that never have an effect here. */
  readonly ignored: readonly string[];
}

/** All that leads from one state to another. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly lines: readonly Line[];
}

/** Inputs that have the same effect. */
export interface Line {
  readonly inputs: readonly string[];
  /** When alone they have it, where it depends on what came from outside or on the stock. */
  readonly only: string | undefined;
  readonly facts: readonly Committed[];
  readonly outside: Pick<Inquiry, 'kind' | 'name'> | undefined;
}

/** A step under the names of its states, and the cases in which it is taken. */
interface NamedStep extends Pick<Step, 'input' | 'facts' | 'stock' | 'isTooEarly'>, Pick<Line, 'outside'> {
  readonly from: string;
  readonly to: string;
  readonly cases: ReadonlySet<string>;
}

/**
 * Puts a machine's steps together: one arrow for all that leads from one state to another.
 *
 * @param stepsByCase the steps that it may take, by what makes a difference
 */
export function graphOf(machine: Machine, stepsByCase: ReadonlyMap<string, readonly Step[]>): Graph {
  const steps = namedSteps(machine, stepsByCase);
  const lines = (some: readonly NamedStep[]) => linesOf(machine, some, steps);
  const names = machine.names.filter((name) => steps.some(({ from, to }) => from === name || to === name));
  return {
    machine,
    start: machine.nameOf(0),
    states: names.map((name) => {
      const here = steps.filter(({ from }) => from === name);
      const inputs = (those: (step: NamedStep) => boolean) =>
        machine.inputs.filter((type) => here.some((step) => step.input === type && those(step)));
      const effective = inputs(hasEffect);
      return {
        name,
        isEnd: machine.ends.has(name),
        stays: lines(here.filter((step) => step.to === name && hasEffect(step) && !step.isTooEarly)),
        tooEarly: inputs(({ isTooEarly }) => isTooEarly),
        ignored: inputs((step) => !hasEffect(step)).filter((input) => !effective.includes(input)),
      };
    }),
    arrows: names.flatMap((from) =>
      names
        .filter((to) => to !== from)
        .map((to) => ({ from, to, lines: lines(steps.filter((step) => step.from === from && step.to === to)) }))
        .filter(({ lines }) => lines.length > 0),
    ),
  };
}

function hasEffect({ from, to, facts, outside, isTooEarly }: NamedStep): boolean {
  return from !== to || facts.length > 0 || outside !== undefined || isTooEarly;
}

function namedSteps(machine: Machine, stepsByCase: ReadonlyMap<string, readonly Step[]>): readonly NamedStep[] {
  const named = new Map<string, NamedStep & { readonly cases: Set<string> }>();
  for (const [name, steps] of stepsByCase) {
    for (const { input, from, to, facts, outside, stock, isTooEarly } of steps) {
      const step = {
        input,
        from: machine.nameOf(from),
        to: machine.nameOf(to),
        facts,
        outside: outside && { kind: outside.kind, name: outside.name },
        stock,
        isTooEarly,
      };
      const key = JSON.stringify(step);
      const known = named.get(key) ?? { ...step, cases: new Set() };
      known.cases.add(name);
      named.set(key, known);
    }
  }
  return [...named.values()];
}

/** Steps as lines: inputs that have the same effect share one. */
function linesOf(machine: Machine, steps: readonly NamedStep[], all: readonly NamedStep[]): readonly Line[] {
  const lines = new Map<string, Line & { readonly inputs: string[] }>();
  for (const type of machine.inputs) {
    for (const step of steps.filter(({ input }) => input === type)) {
      const { facts, outside } = step;
      const only = conditionOf(step, all);
      const key = JSON.stringify([facts, outside, only]);
      const line = lines.get(key) ?? { inputs: [], only, facts, outside };
      line.inputs.push(type);
      lines.set(key, line);
    }
  }
  return [...lines.values()];
}

/** A case is a condition where the input comes in another case too, and does not have this effect there. */
function conditionOf({ from, input, cases, stock }: NamedStep, all: readonly NamedStep[]): string | undefined {
  const rivals = all.filter((step) => step.from === from && step.input === input);
  const isConditional = rivals.some((rival) => [...rival.cases].some((name) => !cases.has(name)));
  const conditions = [
    ...(isConditional ? cases : []),
    ...(stock === undefined ? [] : [stock === 'enough' ? 'enough stock' : 'too little stock']),
  ];
  return conditions.length > 0 ? conditions.join(', ') : undefined;
}
