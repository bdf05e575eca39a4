import type { Arrow, Graph, Line } from './graph.ts';
import type { Committed } from './machine.ts';

/**
 * A graph as the text of a mermaid picture. The arrows that would lead back to their own state are left to a table: their
 * labels lie upon one another.
 */
export function pictureOf({ start, states, arrows }: Graph): string {
  const ends = states.filter(({ isEnd }) => isEnd).map(({ name }) => idOf(name));
  const lines = [
    ...states.map(({ name }) => `state "${name}" as ${idOf(name)}`),
    `[*] --> ${idOf(start)}`,
    ...arrows.map(arrowText),
    'classDef last stroke-width:4px',
    `class ${ends.join(', ')} last`,
  ];
  return ['stateDiagram-v2', ...lines.map((line) => `    ${line}`)].join('\n');
}

/** What is committed, and what is called or asked then. */
export function effectsOf(facts: Line['facts'], outside: Line['outside']): readonly string[] {
  return [
    ...facts.map(({ type, isPublished }) => (isPublished ? `→ ${type}` : `(${type})`)),
    ...(outside === undefined ? [] : [`⇢ ${outside.name}${outside.kind === 'ask' ? '?' : ''}`]),
  ];
}

function arrowText({ from, to, lines }: Arrow): string {
  const label = lines.map((line) => labelOf(line).join('<br/>')).join('<br/><br/>');
  return `${idOf(from)} --> ${idOf(to)}: ${label}`;
}

function labelOf(line: Line): readonly string[] {
  const { inputs, only, outside } = line;
  return [...inputs, ...(only === undefined ? [] : [`[${only}]`]), ...effectsOf(tellingFacts(line), outside)];
}

/** Notes would drown what is published, and the intent to call, which stands last. */
function tellingFacts({ facts, outside }: Line): readonly Committed[] {
  const telling = facts.filter((fact, n) => fact.isPublished || (outside?.kind === 'call' && n === facts.length - 1));
  return telling.length > 0 ? telling : facts;
}

function idOf(name: string): string {
  return name.replaceAll(' ', '_');
}
