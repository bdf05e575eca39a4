import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pageOf } from './page.ts';
import { shopGraphs } from './shop.ts';

/** `npm run draw`: writes docs/state-machines.md. */

const PAGE = path.resolve(import.meta.dirname, '../state-machines.md');

const graphs = shopGraphs();
writeFileSync(PAGE, pageOf(graphs));
console.log(`drew ${graphs.length} state machines: ${path.relative('', PAGE)}`);
