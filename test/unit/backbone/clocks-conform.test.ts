import { systemClock } from '../../../functions/backbone/clock.ts';
import { clockConformance } from '../../conformance/clock.ts';
import { ManualClock } from '../../manual-clock.ts';

clockConformance("the system's clock", () => systemClock);

clockConformance('the clock that a test moves', () => new ManualClock());
