import type { Graph, Line, State } from './graph.ts';
import { effectsOf, pictureOf } from './picture.ts';

const preface = `# State machines

Every aggregate as its rules make it. \`npm run draw\` draws this page from the \`decide\` and \`evolve\` that run, and a test
fails when it is not current.

How to read it:

- An arrow says what comes, and below that what is committed: \`→ OrderPlaced\` is published, \`(StockHeldNoted)\` stays in
  the stream. A note that is committed beside a published fact or an intent is left out.
- \`⇢ charge\`: the intent is committed, then the call is made, and its outcome comes as an input. \`⇢ charge?\`: nobody
  calls any more; what became of the call is asked, and that is an input too, \`ChargeNotFound\` when nothing did.
- \`[amount 0]\`: only then. Where one input leads to two states without such a word, it depends on what else is known.
- The dot is the start. In a state with a thick border a stream may rest for good.
- Below each picture: what leaves a state as it is. What is ignored is remembered all the same, or can never matter.

What belongs to one order was run side by side in every way in which it can: each published fact comes to whoever listens,
at any time, in any order, more than once or never; stock suffices or not; a call has one outcome, which may come late,
even after the question about it was answered with nothing. What happened is drawn, and nothing else is.
`;

/** The page of all graphs. */
export function pageOf(graphs: readonly Graph[]): string {
  return [preface, ...graphs.map(sectionOf)].join('\n');
}

function sectionOf(graph: Graph): string {
  const { machine, states } = graph;
  const passed = machine.names.filter((name) => !states.some((state) => state.name === name));
  const paragraphs = [
    `## ${capitalised(machine.name)}`,
    `${machine.about} ([rules](../${machine.file}))`,
    `\`\`\`mermaid\n${pictureOf(graph)}\n\`\`\``,
    tableOf(states),
    ...passed.map((name) => `It never rests in \`${name}\`: what leads there leads on.`),
  ];
  return `${paragraphs.join('\n\n')}\n`;
}

function tableOf(states: readonly State[]): string {
  const columns: readonly { readonly title: string; readonly cell: (state: State) => readonly string[] }[] = [
    { title: 'stays as it is', cell: ({ stays }) => stays.map(lineText) },
    { title: 'comes too early, and again', cell: ({ tooEarly }) => tooEarly },
    { title: 'is ignored', cell: ({ ignored }) => [ignored.join(', ')] },
  ];
  const used = columns.filter(({ cell }) => states.some((state) => cell(state).join('') !== ''));
  const rows = states.filter((state) => used.some(({ cell }) => cell(state).join('') !== ''));
  return [
    row(['state', ...used.map(({ title }) => title)]),
    row(['---', ...used.map(() => '---')]),
    ...rows.map((state) => row([state.name, ...used.map(({ cell }) => cell(state).join('<br>'))])),
  ].join('\n');
}

function lineText({ inputs, only, facts, outside }: Line): string {
  return [inputs.join(', '), ...(only === undefined ? [] : [`[${only}]`]), ...effectsOf(facts, outside)].join(' ');
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function capitalised(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
