import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Graph } from '../../../docs/state-machines/graph.ts';
import { pageOf } from '../../../docs/state-machines/page.ts';
import { shopGraphs } from '../../../docs/state-machines/shop.ts';

const graphs = shopGraphs();

test('docs/state-machines.md is what the deciders are; if not, `npm run draw`', () => {
  const page = readFileSync(path.resolve(import.meta.dirname, '../../../docs/state-machines.md'), 'utf8');
  expect(page).toBe(pageOf(graphs));
});

describe.each(graphs.map((graph) => ({ name: graph.machine.name, graph })))('$name', ({ graph }) => {
  test('every input comes up', () => {
    expect(inputsOf(graph)).toEqual(new Set(graph.machine.inputs));
  });

  test('every fact that is published comes up', () => {
    expect(publishedIn(graph)).toEqual(new Set(graph.machine.publishes));
  });

  test('every state but the first is led to', () => {
    const ledTo = new Set(graph.arrows.map(({ to }) => to));
    expect(graph.states.map(({ name }) => name).filter((name) => !ledTo.has(name))).toEqual([graph.start]);
  });

  test('a state that nothing leads out of is an end, and every state has a way to one', () => {
    const ends = new Set(graph.states.filter(({ isEnd }) => isEnd).map(({ name }) => name));
    // Each round adds the states that are one arrow further away.
    for (const _ of graph.states) {
      for (const { from, to } of graph.arrows) if (ends.has(to)) ends.add(from);
    }
    expect(graph.states.map(({ name }) => name).filter((name) => !ends.has(name))).toEqual([]);
  });

  test('a picture has a dozen states at most', () => {
    expect(graph.states.length).toBeLessThanOrEqual(12);
  });
});

function linesOf({ arrows, states }: Graph) {
  return [...arrows.flatMap(({ lines }) => lines), ...states.flatMap(({ stays }) => stays)];
}

function inputsOf(graph: Graph): ReadonlySet<string> {
  const elsewhere = graph.states.flatMap(({ tooEarly, ignored }) => [...tooEarly, ...ignored]);
  return new Set([...linesOf(graph).flatMap(({ inputs }) => inputs), ...elsewhere]);
}

function publishedIn(graph: Graph): ReadonlySet<string> {
  const facts = linesOf(graph).flatMap(({ facts }) => facts);
  return new Set(facts.filter(({ isPublished }) => isPublished).map(({ type }) => type));
}
