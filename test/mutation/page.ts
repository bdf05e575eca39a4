import type { FileScore, Mutant } from './report.ts';
import type { Explained } from './survivors.ts';

const preface = `# Mutation testing

A test that passes whatever the code does proves nothing. So the deciders and the core of the runtime are changed in
small ways, one at a time (a condition is always true, a call is gone, \`<\` is \`<=\`), and each time some test has to fail.
[Stryker](https://stryker-mutator.io/) makes the mutants and runs the tests that reach them.

\`\`\`sh
npm run test:mutation                        # what has changed since the last time; all of it takes long
npm run test:mutation -- orders shipping     # these subjects only
npm run test:mutation -- --force             # everything anew, and this page with it
\`\`\`

- Only the unit tests of the same folder count: what is broken in the runtime is to be noticed by a test of the runtime,
  not by a shop that happens to stumble over it.
- Properties run with a fixed seed, so that a score does not change with the dice.
- A mutant that survives gets a test that names the behaviour it broke, or simpler code in which it cannot exist. Where
  neither makes sense it stands below with the reason; one without a reason fails the run.
- Stryker is in a package of its own, [\`test/mutation\`](../test/mutation), which the command installs when it is missing:
  its 177 packages would make everybody's \`npm ci\` some 4 s longer.
- What a test reaches is found anew by each run, but a run that is not forced takes a mutant's last result when neither
  its file nor a test file has changed. Changed helpers of tests are not seen: then force it.
`;

/** The page of all scores, and of all survivors with their reasons. */
export function pageOf(scores: readonly FileScore[], survivors: readonly Explained[], machine: string): string {
  return [
    preface,
    `## Scores\n\n\`npm run test:mutation -- --force\`, on ${machine}:\n`,
    `${tableOf(scores)}\n`,
    '## Survivors\n',
    ...scores.flatMap(({ file, survivors: own }) => {
      const lines = own.map(
        (mutant) => `- \`${mutant.code}\`\n  → \`${mutant.instead}\`\\\n  ${reasonOf(mutant, survivors)}`,
      );
      return lines.length === 0 ? [] : [`**${file}**\n\n${lines.join('\n')}\n`];
    }),
  ].join('\n');
}

/** Mutants that survived without a reason, and reasons of which the mutant does not survive any more. */
export function contradictions(scores: readonly FileScore[], survivors: readonly Explained[]): readonly string[] {
  const alive = scores.flatMap((score) => score.survivors);
  const files = new Set(scores.map(({ file }) => file));
  return [
    ...alive.filter((mutant) => !survivors.some(sameAs(mutant))).map((mutant) => `survived: ${inWords(mutant)}`),
    ...survivors
      .filter((explained) => files.has(explained.file) && !alive.some(sameAs(explained)))
      .map((explained) => `explained, but does not survive: ${inWords(explained)}`),
  ];
}

/** As a table in Markdown, the sum last. */
export function tableOf(scores: readonly FileScore[]): string {
  const rows = [...scores, sumOf(scores)].map((score) => {
    const { file, killed, timedOut, survivors } = score;
    return `| ${file} | ${totalOf(score)} | ${killed} | ${timedOut} | ${survivors.length} | ${percentage(score)} |`;
  });
  return ['| file | mutants | killed | timed out | survived | score |', '|---|---:|---:|---:|---:|---:|', ...rows].join(
    '\n',
  );
}

function sumOf(scores: readonly FileScore[]): FileScore {
  return {
    file: 'all',
    killed: scores.reduce((sum, { killed }) => sum + killed, 0),
    timedOut: scores.reduce((sum, { timedOut }) => sum + timedOut, 0),
    survivors: scores.flatMap(({ survivors }) => survivors),
  };
}

function totalOf({ killed, timedOut, survivors }: FileScore): number {
  return killed + timedOut + survivors.length;
}

function percentage(score: FileScore): string {
  const { killed, timedOut } = score;
  return `${((100 * (killed + timedOut)) / totalOf(score)).toFixed(1)} %`;
}

function reasonOf(mutant: Mutant, survivors: readonly Explained[]): string {
  return survivors.find(sameAs(mutant))?.why ?? 'Nobody knows why yet.';
}

function sameAs(mutant: Mutant): (other: Mutant) => boolean {
  return ({ file, code, instead }) => file === mutant.file && code === mutant.code && instead === mutant.instead;
}

function inWords({ file, code, instead }: Mutant): string {
  return `${file}\n  - ${code}\n  + ${instead}`;
}
