import { drainBacklog } from '../test/unit/orders/spike/backlog.ts';

/**
 * Ten times the load at once: backlogs of growing length, drained by one execution environment of the orders' function.
 * The heap is that of the function alone, after every tenth batch and without garbage.
 *
 *     node bench/spike.ts
 *
 * Ends with 1 when an order is lost or doubled, or the heap's high-water mark grows with the backlog by more than 1 MB.
 */

const BACKLOGS = [1_000, 5_000, 20_000];
const MB = 1024 * 1024;
const peaks: number[] = [];
let isExact = true;

console.log('backlog  delivered  lost  doubled  heap at most   time');
for (const backlog of BACKLOGS) {
  const { delivered, lost, doubled, deadLetters, heapBytes, elapsedMs } = await drainBacklog(backlog);
  const peak = Math.max(...heapBytes);
  peaks.push(peak);
  isExact &&= lost + doubled + deadLetters === 0;
  const cells = [
    backlog,
    delivered,
    lost,
    doubled,
    `${(peak / MB).toFixed(1)} MB`,
    `${(elapsedMs / 1000).toFixed(1)} s`,
  ];
  console.log(cells.map((cell, n) => String(cell).padStart([7, 11, 6, 9, 14, 7][n] ?? 0)).join(''));
}
process.exitCode = isExact && Math.max(...peaks) - Math.min(...peaks) < MB ? 0 : 1;
